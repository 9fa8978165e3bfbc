import { randomBytes, randomUUID } from 'node:crypto'
import type { Host, KeychainState } from '../ports.ts'
import { whatFailed, type Finding } from './check.ts'

/**
 * Whether the keychain can be asked, and keeps what it is given: a throw-away item goes there and back. One that is
 * locked is left alone, for it would show a dialog.
 * @param options.role whether the vault's key is there, or would be; whether it would be better there
 * @param options.attended whether somebody is there to unlock it when it is needed
 */
export async function keychainFinding(
  host: Pick<Host, 'keychain' | 'platform'>,
  state: KeychainState,
  { role, attended }: { readonly role: 'needed' | 'better' | 'unused'; readonly attended: boolean },
): Promise<Finding> {
  const name = 'keychain'
  if (state.kind !== 'available') {
    const remedy = remedyOf(state, host.platform)
    if (role === 'needed') {
      const status = state.kind === 'locked' && attended ? 'warning' : 'failed'
      return { name, status, fact: state.reason, remedy }
    }
    const fact = `not used (${state.reason})`
    // Without a bus there is no desktop, and nowhere to put a keychain.
    const mayHelp = role === 'better' && state.kind !== 'no-bus'
    return { name, status: 'not_applicable', fact, remedy: mayHelp ? remedy : undefined }
  }
  const wrong = await roundTrip(host)
  if (wrong) return { name, status: role === 'needed' ? 'failed' : 'warning', ...wrong }
  return { name, status: 'ok', fact: `${state.provider} kept a throw-away item and gave it back` }
}

/** What went wrong with an item that was set, read and removed; undefined where all went well. */
async function roundTrip({
  keychain,
}: Pick<Host, 'keychain'>): Promise<Pick<Finding, 'fact' | 'remedy'> | undefined> {
  const account = `doctor:${randomUUID()}`
  const secret = randomBytes(32)
  try {
    await keychain.set(account, secret)
    const isSame = (await keychain.get(account))?.equals(secret) === true
    const wasThere = await keychain.remove(account)
    if (isSame && wasThere) return undefined
    return {
      fact: `the keychain took a throw-away item and ${isSame ? 'does not remove it' : 'does not give it back'}`,
      remedy: 'entra-auth-cli vault migrate --to passphrase',
    }
  } catch (error) {
    const wrong = whatFailed(error)
    await keychain.remove(account).catch(() => false)
    return wrong
  }
}

function remedyOf({ kind }: KeychainState, platform: NodeJS.Platform): string {
  switch (kind) {
    case 'no-binding':
      return 'npm install --global @napi-rs/keyring'
    case 'no-bus':
      return 'run it inside the desktop session the keychain belongs to'
    case 'no-service':
    case 'activatable':
      return 'gnome-keyring-daemon --start --components=secrets'
    case 'no-collection':
      return 'make a default keyring, for example in "Passwords and Keys"'
    case 'locked':
      return platform === 'darwin'
        ? 'security unlock-keychain'
        : 'unlock it in your desktop, or with "gnome-keyring-daemon --replace --unlock"'
    case 'available':
      return 'entra-auth-cli doctor'
  }
}
