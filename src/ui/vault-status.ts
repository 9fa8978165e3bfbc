import type { VaultStatus } from '../core/vault/status.ts'
import { safeText } from './safe-text.ts'

const places: Readonly<Record<NonNullable<VaultStatus['slot']>['type'], string>> = {
  explicit: 'given by environment',
  keychain: "in the system's keychain",
  passphrase: 'sealed with a passphrase',
  'key-file': 'in a file that your user can read',
}

/** The state of the vault as labelled lines. */
export function vaultStatusText(status: VaultStatus): string {
  const { slot, keychain, obstacle } = status
  const isMade = slot !== undefined || obstacle !== undefined
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Vault', isMade ? status.path : `none yet; the first secret or token makes ${status.path}`],
    ['Key', slot && `${places[slot.type]} (${slot.keyId})`],
    ['Can be had', isMade ? (status.reachable ? 'yes' : `no: ${obstacle ?? ''}`) : undefined],
    ['To mend it', status.remedy],
    ['Seals', `${count(status.secrets, 'secret')}, ${count(status.tokenCaches, 'token cache')}`],
    ['Does not open', status.strangers.length === 0 ? undefined : status.strangers.join(', ')],
    ['Migration', status.unfinished ? 'cut off; run "vault migrate" again to finish it' : undefined],
    [
      'Left over',
      status.leftoverKeyFiles === 0
        ? undefined
        : `${count(status.leftoverKeyFiles, 'key file')} of no use; "vault rekey" removes them`,
    ],
    ['Keychain', keychain.kind === 'available' ? keychain.provider : `none (${keychain.reason})`],
  ]
  return lines
    .flatMap(([label, value]) => (value === undefined ? [] : `${label}: ${safeText(value)}`))
    .join('\n')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
