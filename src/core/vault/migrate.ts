import { EntraAuthError } from '../../errors.ts'
import type { Voice } from '../voice.ts'
import { newVaultKey } from './envelope.ts'
import { sealedFiles, type SealedFile, type SealedFilesHost } from './sealed-files.ts'
import {
  forgetKey,
  keepableTypes,
  keepKey,
  keyFileIds,
  keyMissing,
  type KeepableType,
  type SlotHost,
} from './slots.ts'
import { openVault, type Vault } from './vault.ts'
import {
  changeVaultFile,
  readVaultFile,
  vaultPath,
  writeVaultFile,
  type Slot,
  type VaultFile,
} from './vault-file.ts'

export type MigrateHost = SlotHost & SealedFilesHost

/** What was done. */
export interface Migration {
  readonly slot: Slot
  /** How many files were sealed anew. */
  readonly resealed: number
  /** Whether an earlier migration that was cut off was finished in passing. */
  readonly finishedEarlier: boolean
}

/**
 * Moves the vault to a new key in another place; the old one lay there and counts as known. Every step leaves all files
 * readable, so a migration that is killed goes on where it was when it is run again.
 * @param target where the new key is kept; undefined: where the old one was
 * @throws EntraAuthError `store_unavailable` where a key cannot be had or kept, or a secret does not open
 */
export async function migrateVault(
  host: MigrateHost,
  target: KeepableType | undefined,
  voice: Voice,
): Promise<Migration> {
  return host.files.locked(`${vaultPath(host)}.migrating`, async () => {
    const vault = await openVault(host, voice)
    const earlier = await finish(vault, host, voice)
    const file = await mustRead(host)
    const old = activeSlot(file)
    const type = target ?? sameType(old)
    // Kept and proved before anything points to it. A process killed here leaves a key that nothing is sealed with.
    const key = newVaultKey()
    const slot = await keepKey(key, type, file.vaultId, host, voice)
    vault.learn(key)
    await changeVaultFile(host, async () => {
      const now = await mustRead(host)
      await writeVaultFile(host, { ...now, activeKeyId: slot.keyId, slots: [...now.slots, slot] })
    })
    const resealed = await finish(vault, host, voice)
    return { slot, resealed, finishedEarlier: earlier > 0 }
  })
}

/** Seals with the active key whatever is not, and forgets the keys that then seal nothing. */
async function finish(vault: Vault, host: MigrateHost, voice: Voice): Promise<number> {
  const { activeKeyId } = await mustRead(host)
  const old = (await sealedFiles(host)).filter(({ keyId }) => keyId !== undefined && keyId !== activeKeyId)
  let resealed = 0
  for (const file of old) if (await reseal(file, vault, host, voice)) resealed++

  const stillUsed = new Set((await sealedFiles(host)).map(({ keyId }) => keyId))
  const isNeeded = ({ keyId }: Slot) => keyId === activeKeyId || stillUsed.has(keyId)
  const { slots, vaultId } = await mustRead(host)
  // The key before its slot: a process killed here finds the slot again, and would not find the key.
  for (const slot of slots) if (!isNeeded(slot)) await forgetKey(slot, vaultId, host)
  if (!slots.every(isNeeded)) {
    await changeVaultFile(host, async () => {
      const file = await mustRead(host)
      await writeVaultFile(host, { ...file, slots: file.slots.filter(isNeeded) })
    })
  }
  await removeKeyFilesOfNobody(host)
  return resealed
}

/** Under the lock its writers take, so that nothing written meanwhile is overwritten with what was read before. */
async function reseal(file: SealedFile, vault: Vault, host: MigrateHost, voice: Voice): Promise<boolean> {
  return host.files.locked(file.lockPath, async () => {
    const opened = await vault.read(file.path)
    if (opened?.ok) {
      await vault.write(file.path, opened.content)
      return true
    }
    if (opened === undefined) return false
    if (file.kind === 'token-cache') {
      voice.warn(
        `the token cache "${file.path}" does not open (${opened.damage}) and is removed; sign in again`,
      )
      await host.files.remove(file.path)
      return false
    }
    throw new EntraAuthError(
      'store_unavailable',
      `the secret in "${file.path}" does not open (${opened.damage})`,
      {
        hint: 'restore the file, or delete its profile, then run this again; everything else is readable',
      },
    )
  })
}

/** Left by migrations that were killed between two steps. */
async function removeKeyFilesOfNobody(host: MigrateHost): Promise<void> {
  const { vaultId, slots } = await mustRead(host)
  const named = new Set(slots.map(({ keyId }) => keyId))
  for (const keyId of await keyFileIds(host)) {
    if (!named.has(keyId)) await forgetKey({ type: 'key-file', keyId }, vaultId, host)
  }
}

async function mustRead(host: MigrateHost): Promise<VaultFile> {
  const file = await readVaultFile(host)
  if (file) return file
  throw keyMissing(`"${vaultPath(host)}" is gone`, 'restore it from a backup')
}

function activeSlot(file: VaultFile): Slot {
  const slot = file.slots.find(({ keyId }) => keyId === file.activeKeyId)
  if (slot) return slot
  throw keyMissing('vault.json names no place for it', 'restore vault.json from a backup')
}

function sameType(slot: Slot): KeepableType {
  const type = keepableTypes.find((one) => one === slot.type)
  if (type) return type
  throw new EntraAuthError(
    'invalid_arguments',
    'this vault has no key of its own: it is given by environment',
    {
      hint: `say where a new one is to be kept: vault migrate --to ${keepableTypes.join('|')}`,
    },
  )
}
