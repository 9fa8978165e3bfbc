import { EntraAuthError } from '../../errors.ts'
import type { KeychainState } from '../ports.ts'
import { explicitKey } from '../vault/explicit-key.ts'
import type { MigrateHost } from '../vault/migrate.ts'
import { passphraseFromEnvironment } from '../vault/passphrase.ts'
import { keepableTypes, keyFileForbidden, mustBeSecure } from '../vault/slots.ts'
import { openVault, type Vault } from '../vault/vault.ts'
import { readVaultFile, vaultPath, type SlotType, type VaultFile } from '../vault/vault-file.ts'
import type { Voice } from '../voice.ts'
import { whatFailed, type Finding } from './check.ts'

/** The vault as it is met. */
export type VaultSight =
  /** None yet; where the key of one would be kept, or why none can be made. */
  | { readonly kind: 'none'; readonly place: SlotType | EntraAuthError }
  | {
      readonly kind: 'closed'
      readonly file: VaultFile | undefined
      readonly why: Pick<Finding, 'fact' | 'remedy'>
    }
  | { readonly kind: 'open'; readonly file: VaultFile; readonly vault: Vault }

/** Opens the vault if there is one, and makes none. */
export async function lookAtVault(host: MigrateHost, voice: Voice): Promise<VaultSight> {
  let file: VaultFile | undefined
  try {
    file = await readVaultFile(host)
    if (!file) return { kind: 'none', place: await placeOfNewKey(host) }
    return { kind: 'open', file, vault: await openVault(host, voice) }
  } catch (error) {
    return { kind: 'closed', file, why: whatFailed(error) }
  }
}

/** The same ladder that a new vault climbs, without making one. */
async function placeOfNewKey(host: MigrateHost): Promise<SlotType | EntraAuthError> {
  try {
    if (await explicitKey(host)) return 'explicit'
    if ((await passphraseFromEnvironment(host)) !== undefined) return 'passphrase'
    const keychain = await host.keychain.state({ start: true })
    if (keychain.kind === 'available' || keychain.kind === 'locked') return 'keychain'
    return mustBeSecure(host)
      ? keyFileForbidden(`there is no keychain (${keychain.reason}), and `)
      : 'key-file'
  } catch (error) {
    if (error instanceof EntraAuthError) return error
    throw error
  }
}

/** Where the active key is kept; undefined where that is not known. */
export function activePlace(sight: VaultSight): SlotType | undefined {
  if (sight.kind === 'none') return sight.place instanceof EntraAuthError ? undefined : sight.place
  return sight.file?.slots.find(({ keyId }) => keyId === sight.file?.activeKeyId)?.type
}

const places: Readonly<Record<SlotType, string>> = {
  explicit: 'a key given by environment',
  keychain: "a key in the system's keychain",
  passphrase: 'a key sealed with a passphrase',
  'key-file': 'a key in a file, which whoever reads your files (root, backups) can read',
}

/** Whether there is a vault, where its key is, and whether it can be had now. */
export function vaultFinding(sight: VaultSight, keychain: KeychainState, host: MigrateHost): Finding {
  const name = 'vault'
  const path = vaultPath(host)
  switch (sight.kind) {
    case 'closed':
      return { name, status: 'failed', ...sight.why }
    case 'none': {
      if (sight.place instanceof EntraAuthError) {
        return {
          name,
          status: 'failed',
          fact: `none yet, and none can be made: ${sight.place.message}`,
          remedy: sight.place.hint,
        }
      }
      const fact = `none yet; the first secret or token makes "${path}" with ${places[sight.place]}`
      return sight.place === 'key-file'
        ? { name, status: 'warning', fact, remedy: 'export ENTRA_AUTH_CLI_PASSPHRASE_FILE=FILE' }
        : { name, status: 'ok', fact }
    }
    case 'open': {
      const place = activePlace(sight)
      const fact = `opens with ${place ? places[place] : 'its key'} (${sight.file.activeKeyId})`
      if (place !== 'key-file') return { name, status: 'ok', fact }
      const better = keychain.kind === 'available' ? 'keychain' : 'passphrase'
      return { name, status: 'warning', fact, remedy: `entra-auth-cli vault migrate --to ${better}` }
    }
  }
}

/** A migration that was cut off: more than one key is named. */
export function migrationFinding(sight: VaultSight): readonly Finding[] {
  const slots = sight.kind === 'none' ? undefined : sight.file?.slots
  if (slots === undefined || slots.length < 2) return []
  const kept = keepableTypes.find((type) => type === activePlace(sight))
  return [
    {
      name: 'migration',
      status: 'warning',
      fact: 'a migration of the vault was cut off; everything stays readable until it is finished',
      remedy: kept
        ? `entra-auth-cli vault migrate --to ${kept}`
        : 'entra-auth-cli vault migrate --to passphrase',
    },
  ]
}
