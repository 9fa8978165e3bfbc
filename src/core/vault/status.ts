import { EntraAuthError } from '../../errors.ts'
import type { KeychainState } from '../ports.ts'
import type { Voice } from '../voice.ts'
import { sealedFiles } from './sealed-files.ts'
import { keyFileIds } from './slots.ts'
import { openVault } from './vault.ts'
import { readVaultFile, vaultPath, type SlotType } from './vault-file.ts'
import type { MigrateHost } from './migrate.ts'

/** How the vault is. */
export interface VaultStatus {
  readonly path: string
  /** Undefined where there is no vault yet. */
  readonly slot: { readonly type: SlotType; readonly keyId: string } | undefined
  /** Whether its key can be had now, and if not why. */
  readonly reachable: boolean
  readonly obstacle: string | undefined
  readonly remedy: string | undefined
  readonly secrets: number
  readonly tokenCaches: number
  /** Files that are not sealed, or with a key this vault does not name. */
  readonly strangers: readonly string[]
  /** Slots beside the active one: a migration was cut off, and is finished by running it again. */
  readonly unfinished: boolean
  /** Key files that no slot names: weaker than what is used now, and of no use. */
  readonly leftoverKeyFiles: number
  readonly keychain: KeychainState
}

export async function vaultStatus(host: MigrateHost, voice: Voice): Promise<VaultStatus> {
  const file = await readVaultFile(host)
  const active = file?.slots.find(({ keyId }) => keyId === file.activeKeyId)
  const sealed = await sealedFiles(host)
  const named = new Set(file?.slots.map(({ keyId }) => keyId))
  const failure = file && (await failureToOpen(host, voice))
  return {
    path: vaultPath(host),
    slot: active && { type: active.type, keyId: active.keyId },
    reachable: file !== undefined && failure === undefined,
    obstacle: failure?.message,
    remedy: failure?.hint,
    secrets: sealed.filter(({ kind }) => kind === 'secret').length,
    tokenCaches: sealed.filter(({ kind }) => kind === 'token-cache').length,
    strangers: sealed.filter(({ keyId }) => keyId === undefined || !named.has(keyId)).map(({ path }) => path),
    unfinished: (file?.slots.length ?? 0) > 1,
    leftoverKeyFiles: (await keyFileIds(host)).filter((keyId) => !named.has(keyId)).length,
    keychain: await host.keychain.state(),
  }
}

async function failureToOpen(host: MigrateHost, voice: Voice): Promise<EntraAuthError | undefined> {
  try {
    await openVault(host, voice)
    return undefined
  } catch (error) {
    if (error instanceof EntraAuthError) return error
    throw error
  }
}
