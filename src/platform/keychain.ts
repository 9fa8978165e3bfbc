import type { Environment, Keychain, KeychainState } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { probeSecretService } from './secret-service-probe.ts'

const service = 'entra-auth-cli'

/** What a keychain is reached through. */
export interface KeychainOptions {
  readonly platform: NodeJS.Platform
  readonly env: Environment
  readonly userId: number
  /** The native binding; throws where it is not installed for this machine. */
  readonly load?: () => Promise<KeyringBinding>
}

/** The part of @napi-rs/keyring that is used. */
export interface KeyringBinding {
  readonly Entry: new (
    service: string,
    account: string,
    options: { readonly linux: { readonly store: 'secret-service' } },
  ) => {
    getSecret(): number[] | null
    setSecret(secret: Uint8Array): void
    deleteCredential(): boolean
  }
}

/**
 * The operating system's keychain. On Linux every call looks first (5 ms) and refuses unless the keyring is open: a call
 * that had to wait for a dialog would block this process for ever.
 *
 * The store is always named: without that the binding falls back to the kernel's keyring on its own, which forgets
 * after three days, and says "absent" where it means "unreachable".
 */
export function createKeychain(options: KeychainOptions): Keychain {
  const { load = loadBinding } = options
  return {
    state,
    get: (account) =>
      use(account, 'read', (entry) => {
        const secret = entry.getSecret()
        return secret === null ? undefined : Buffer.from(secret)
      }),
    set: (account, secret) => use(account, 'changed', (entry) => entry.setSecret(secret)),
    remove: (account) => use(account, 'changed', (entry) => entry.deleteCredential()),
  }

  async function state(): Promise<KeychainState> {
    try {
      await load()
    } catch {
      return {
        kind: 'no-binding',
        reason: 'the optional package @napi-rs/keyring is not installed for this machine',
      }
    }
    if (options.platform === 'darwin') return { kind: 'available', provider: 'macOS Keychain' }
    if (options.platform === 'win32') return { kind: 'available', provider: 'Windows Credential Manager' }
    return probeSecretService(options.env, options.userId)
  }

  async function use<T>(
    account: string,
    done: 'read' | 'changed',
    work: (entry: InstanceType<KeyringBinding['Entry']>) => T,
  ): Promise<T> {
    const seen = await state()
    if (seen.kind !== 'available') throw unavailable(seen)
    const { Entry } = await load()
    try {
      return work(new Entry(service, account, { linux: { store: 'secret-service' } }))
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new EntraAuthError('store_unavailable', `the ${seen.provider} could not be ${done}: ${message}`, {
        hint: hints[options.platform] ?? 'run "entra-auth-cli doctor"',
        cause,
      })
    }
  }
}

const hints: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'unlock it with "security unlock-keychain", then try again',
  win32:
    'over SSH the Credential Manager does not work; sign in to Windows itself, or set ENTRA_AUTH_CLI_KEY',
}

function unavailable(state: Exclude<KeychainState, { kind: 'available' }>): EntraAuthError {
  const otherKey = 'or set ENTRA_AUTH_CLI_KEY'
  const steps = {
    'no-binding': `install it with "npm install @napi-rs/keyring", ${otherKey}`,
    'no-bus': `run inside a desktop session or "dbus-run-session", ${otherKey}`,
    'no-service': `start one, such as "gnome-keyring-daemon --start --components=secrets", ${otherKey}`,
    'no-collection': `make a default keyring, for example in "Passwords and Keys", ${otherKey}`,
    locked: `unlock it in your desktop, or with "gnome-keyring-daemon --unlock", ${otherKey}`,
  } as const
  return new EntraAuthError('store_unavailable', `the keychain cannot be used: ${state.reason}`, {
    hint: steps[state.kind],
  })
}

async function loadBinding(): Promise<KeyringBinding> {
  // The binding would load any library this variable names.
  delete process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  return import('@napi-rs/keyring')
}
