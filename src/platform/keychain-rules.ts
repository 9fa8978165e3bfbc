import type { KeychainState } from '../core/ports.ts'

/** GNOME's Secret Service, as providers are named. */
export const gnomeKeyring = 'gnome-keyring-daemon'

/** How a keychain is asked. */
export type KeychainWay =
  /** In this process, at once: nothing that can be met there waits for a person. */
  | { readonly kind: 'here' }
  /** In a child that is killed after the time given: a call that waits for a dialog cannot be ended in any other way. */
  | { readonly kind: 'child'; readonly seconds: number; readonly notice?: KeychainNotice }
  /** Not at all. */
  | { readonly kind: 'refused'; readonly state: UnusableState }

/** What a person is told while a call waits for them. */
export interface KeychainNotice {
  readonly text: string
  /** Said when the call has taken this long; many such calls ask nobody, and silence is success. */
  readonly afterMilliseconds: number
}

export type UnusableState = Exclude<KeychainState, { kind: 'available' }>

const unattendedSeconds = 3
const attendedSeconds = 60

/**
 * How to ask a keychain found in this state.
 * @param attended whether somebody is there to answer a dialog
 */
export function keychainWay(platform: NodeJS.Platform, state: KeychainState, attended: boolean): KeychainWay {
  if (state.kind === 'locked' && attended)
    return { kind: 'child', seconds: attendedSeconds, notice: unlocking }
  if (state.kind !== 'available') return { kind: 'refused', state }
  if (!mayAsk(platform, state.provider, attended)) return { kind: 'here' }
  return attended
    ? { kind: 'child', seconds: attendedSeconds, notice: allowing }
    : { kind: 'child', seconds: unattendedSeconds }
}

const unlocking: KeychainNotice = {
  text: 'Unlock the keyring in the dialog on your desktop (Ctrl-C stops)',
  afterMilliseconds: 0,
}

const allowing: KeychainNotice = {
  text: 'Allow the access to your keychain in the dialog on your desktop (Ctrl-C stops)',
  afterMilliseconds: 1_000,
}

/**
 * Whether a keychain that is open may still show a dialog. KeePassXC and KWallet can be set to ask at every access, the
 * macOS Keychain asks when the program that reads is not the one that wrote; who sits before that one is asked rarely
 * enough to be spared the child. gnome-keyring asks only to unlock, Windows never.
 */
function mayAsk(platform: NodeJS.Platform, provider: string, attended: boolean): boolean {
  if (platform === 'win32') return false
  if (platform === 'darwin') return !attended
  return provider !== gnomeKeyring
}
