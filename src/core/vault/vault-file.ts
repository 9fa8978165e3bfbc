import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import type { WrappedKey } from './passphrase.ts'

/** `vault.json`: which key seals the files here and where it is kept. Not secret. */
export interface VaultFile {
  readonly version: 1
  /** Keeps two configuration folders of one user apart in the keychain. */
  readonly vaultId: string
  readonly activeKeyId: string
  /** One; two while a migration is under way, for files sealed with the old key are still about. */
  readonly slots: readonly Slot[]
}

/** Where a key is kept. */
export type Slot =
  | { readonly type: 'explicit' | 'keychain' | 'key-file'; readonly keyId: string }
  | ({ readonly type: 'passphrase'; readonly keyId: string } & WrappedKey)

export type SlotType = Slot['type']

export type VaultFileHost = Pick<Host, 'files' | 'configDirectory'>

export function vaultPath(host: VaultFileHost): string {
  return join(host.configDirectory, 'vault.json')
}

/** Holds sealed secrets, and the key file where there is one. */
export function secureFolder(host: VaultFileHost): string {
  return join(host.configDirectory, 'secure')
}

/** @throws EntraAuthError `store_unavailable` where the file is there but cannot be used; it is left as it is */
export async function readVaultFile(host: VaultFileHost): Promise<VaultFile | undefined> {
  const path = vaultPath(host)
  const content = await host.files.read(path)
  if (content === undefined) return undefined
  const parsed = parseOrUndefined(content.toString('utf8'))
  if (isVaultFile(parsed)) return parsed
  if (isNewer(parsed)) {
    throw new EntraAuthError('store_unavailable', `"${path}" was made by a newer entra-auth-cli`, {
      hint: 'use that version, or a later one',
    })
  }
  throw new EntraAuthError('store_unavailable', `"${path}" cannot be understood`, {
    hint: 'restore it from a backup; without it, move it and "secure" away, then make the profiles and sign in anew',
  })
}

/** Changes the file as it is now. Held for the milliseconds of it: no keychain, no passphrase in there. */
export function changeVaultFile<T>(host: VaultFileHost, work: () => Promise<T>): Promise<T> {
  return host.files.locked(`${vaultPath(host)}.lock`, work)
}

/** Only inside `changeVaultFile`. */
export function writeVaultFile(host: VaultFileHost, file: VaultFile): Promise<void> {
  return host.files.write(vaultPath(host), `${JSON.stringify(file, undefined, 2)}\n`)
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isNewer(value: unknown): boolean {
  const version = (value as { version?: unknown } | null | undefined)?.version
  return typeof version === 'number' && version > 1
}

function isVaultFile(value: unknown): value is VaultFile {
  const file = value as Partial<VaultFile> | null | undefined
  return (
    typeof file === 'object' &&
    file?.version === 1 &&
    typeof file.vaultId === 'string' &&
    typeof file.activeKeyId === 'string' &&
    Array.isArray(file.slots) &&
    file.slots.every(isSlot)
  )
}

function isSlot(value: unknown): value is Slot {
  const slot = value as Partial<Extract<Slot, { type: 'passphrase' }>> | null
  if (typeof slot?.keyId !== 'string') return false
  if (slot.type !== 'passphrase') return plainSlots.has(slot.type)
  const { kdf, salt, wrapped } = slot
  return (
    kdf?.name === 'scrypt' &&
    [kdf.N, kdf.r, kdf.p].every(Number.isSafeInteger) &&
    typeof salt === 'string' &&
    typeof wrapped === 'string'
  )
}

const plainSlots: ReadonlySet<unknown> = new Set<SlotType>(['explicit', 'keychain', 'key-file'])
