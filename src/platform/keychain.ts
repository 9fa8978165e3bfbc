import type { Environment, Keychain, KeychainOptions, KeychainState } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { type Clock, systemClock } from './clock.ts'
import type { StartProcess } from './keychain-process.ts'
import { keychainWay, type UnusableState } from './keychain-rules.ts'
import {
  callKeyring,
  type KeychainCall,
  type KeychainResult,
  type KeyringBinding,
  loadBinding,
} from './keyring-binding.ts'
import { probeSecretService, startSecretService } from './secret-service-probe.ts'

/** What a keychain is reached through. */
export interface KeychainSetup {
  readonly platform: NodeJS.Platform
  readonly env: Environment
  readonly userId: number
  /** The words that start this program; without them a keychain that may ask before it answers cannot be used. */
  readonly ownCommand?: readonly string[]
  /** The native binding; throws where it is not installed for this machine. */
  readonly load?: () => Promise<KeyringBinding>
  readonly clock?: Clock
  readonly startProcess?: StartProcess
}

/**
 * The operating system's keychain. Every call looks first (5 ms on Linux), then asks as `keychainWay` says: here, or in
 * a child that can be killed, since a call that waits for a dialog blocks its process until somebody answers.
 */
export function createKeychain(setup: KeychainSetup): Keychain {
  const { platform, env, userId, load = loadBinding } = setup
  return {
    state,
    get: async (account, options) => (await use({ method: 'get', account }, options)) as Buffer | undefined,
    set: async (account, secret, options) => void (await use({ method: 'set', account, secret }, options)),
    remove: async (account, options) => (await use({ method: 'remove', account }, options)) as boolean,
  }

  async function state(options: { readonly start?: boolean } = {}): Promise<KeychainState> {
    const hasBus = platform !== 'darwin' && platform !== 'win32'
    // The bus answers while the binding is loaded.
    const looking = hasBus ? probeSecretService(env, userId) : undefined
    try {
      await load()
    } catch {
      await looking
      return {
        kind: 'no-binding',
        reason: 'the optional package @napi-rs/keyring is not installed for this machine',
      }
    }
    if (platform === 'win32') return { kind: 'available', provider: 'Windows Credential Manager' }
    if (!looking) return { kind: 'available', provider: 'macOS Keychain' }
    const seen = await looking
    if (seen.kind !== 'activatable' || !options.start) return seen
    const obstacle = await startSecretService(env, userId)
    if (obstacle === undefined) return probeSecretService(env, userId)
    return { kind: 'activatable', reason: `the Secret Service could not be started (${obstacle})` }
  }

  async function use(call: KeychainCall, options: KeychainOptions = {}): Promise<KeychainResult> {
    const seen = await state({ start: true })
    const way = keychainWay(platform, seen, options.attended === true)
    if (way.kind === 'refused') throw unavailable(way.state)
    try {
      if (way.kind === 'here') return await callKeyring((await load()).Entry, call)
      const { ownCommand, clock = systemClock, startProcess: start } = setup
      if (!ownCommand)
        throw new Error('it may ask before it answers, and there is no child to wait for it in')
      const { callInChild } = await import('./keychain-process.ts')
      return await callInChild(call, way, { ownCommand, env, clock, start }, options)
    } catch (cause) {
      if (cause instanceof EntraAuthError) throw cause
      throw failed(call, seen, cause)
    }
  }

  function failed(call: KeychainCall, seen: KeychainState, cause: unknown): EntraAuthError {
    const provider = ('provider' in seen && seen.provider) || 'keychain'
    const message = cause instanceof Error ? cause.message : String(cause)
    const done = call.method === 'get' ? 'read' : 'changed'
    return new EntraAuthError('store_unavailable', `the ${provider} could not be ${done}: ${message}`, {
      hint:
        seen.kind === 'locked'
          ? steps.locked
          : (hints[platform] ?? 'see whether it works for other programs'),
      cause,
    })
  }
}

const hints: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'unlock it with "security unlock-keychain", then try again',
  win32: 'over SSH the Credential Manager does not work; sign in to Windows itself',
}

const steps: Readonly<Record<UnusableState['kind'], string>> = {
  'no-binding': 'install it with "npm install @napi-rs/keyring"',
  'no-bus': 'run it inside your desktop session, or in "dbus-run-session"',
  'no-service': 'start one, such as "gnome-keyring-daemon --start --components=secrets"',
  activatable: 'start it yourself, such as "gnome-keyring-daemon --start --components=secrets"',
  'no-collection': 'make a default keyring, for example in "Passwords and Keys"',
  locked: 'unlock it in your desktop, or with "gnome-keyring-daemon --replace --unlock"',
}

function unavailable(state: UnusableState): EntraAuthError {
  return new EntraAuthError('store_unavailable', `the keychain cannot be used: ${state.reason}`, {
    hint: steps[state.kind],
  })
}
