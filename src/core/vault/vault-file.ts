import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'

/** `vault.json`: which key seals the files here and where it is kept. Not secret. */
export interface VaultFile {
  readonly version: 1
  /** Keeps two configuration folders of one user apart in the keychain. */
  readonly vaultId: string
  readonly activeKeyId: string
  readonly slots: readonly Slot[]
}

/** Where a key is kept. */
export interface Slot {
  readonly type: 'explicit' | 'keychain' | 'key-file'
  readonly keyId: string
}

type VaultHost = Pick<Host, 'files' | 'configDirectory'>

export function vaultPath(host: VaultHost): string {
  return join(host.configDirectory, 'vault.json')
}

/** The key file of last resort. */
export function keyFilePath(host: VaultHost, keyId: string): string {
  return join(host.configDirectory, 'secure', `key-${keyId}.bin`)
}

/** @throws EntraAuthError `store_unavailable` where the file is there but cannot be used; it is left as it is */
export async function readVaultFile(host: VaultHost): Promise<VaultFile | undefined> {
  const path = vaultPath(host)
  const content = await host.files.read(path)
  if (content === undefined) return undefined
  const parsed = parseOrUndefined(content.toString('utf8'))
  if (isVaultFile(parsed)) return parsed
  throw new EntraAuthError('store_unavailable', `"${path}" cannot be understood`, {
    hint: 'restore it from a backup; without it, move it and "secure" away, then make the profiles and sign in anew',
  })
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isVaultFile(value: unknown): value is VaultFile {
  const file = value as Partial<VaultFile> | null | undefined
  return (
    typeof file === 'object' &&
    file?.version === 1 &&
    typeof file.vaultId === 'string' &&
    typeof file.activeKeyId === 'string' &&
    Array.isArray(file.slots) &&
    file.slots.every((slot) => slotTypes.has(slot?.type) && typeof slot.keyId === 'string')
  )
}

const slotTypes: ReadonlySet<unknown> = new Set<Slot['type']>(['explicit', 'keychain', 'key-file'])
