import { randomUUID } from 'node:crypto'
import type { Voice } from '../voice.ts'
import { newVaultKey } from './envelope.ts'
import { explicitKey } from './explicit-key.ts'
import { passphraseFromEnvironment } from './passphrase.ts'
import { forgetKey, keepKey, keyFileForbidden, keyFilePath, mustBeSecure, type SlotHost } from './slots.ts'
import {
  changeVaultFile,
  readVaultFile,
  vaultPath,
  writeVaultFile,
  type Slot,
  type VaultFile,
} from './vault-file.ts'

/** Whoever makes the key may wait for a person to answer the keychain's dialog. */
const creatingPatience = 90_000

/** Of fifty first runs at once one makes the key; the others wait for it. */
export function createOnce(host: SlotHost, voice: Voice): Promise<VaultFile> {
  return host.files.locked(
    `${vaultPath(host)}.creating`,
    async () => {
      const meanwhile = await readVaultFile(host)
      if (meanwhile) return meanwhile
      const vaultId = randomUUID()
      const slot = await firstSlot(vaultId, host, voice)
      const file: VaultFile = { version: 1, vaultId, activeKeyId: slot.keyId, slots: [slot] }
      try {
        await changeVaultFile(host, () => writeVaultFile(host, file))
      } catch (error) {
        // Nothing is sealed with it, and the next attempt makes another one.
        await forgetKey(slot, vaultId, host)
        throw error
      }
      return file
    },
    { waitMilliseconds: creatingPatience },
  )
}

/** The ladder for a new vault: a key handed over, a passphrase, the keychain, and last a file, with a plain warning. */
async function firstSlot(vaultId: string, host: SlotHost, voice: Voice): Promise<Slot> {
  const given = await explicitKey(host)
  if (given) return { type: 'explicit', keyId: given.id }
  const key = newVaultKey()
  if ((await passphraseFromEnvironment(host)) !== undefined)
    return keepKey(key, 'passphrase', vaultId, host, voice)
  const state = await host.keychain.state({ start: true })
  // Locked is not absent: a key file would be the weaker place for good, because nobody was there at the first run.
  if (state.kind === 'available' || state.kind === 'locked')
    return keepKey(key, 'keychain', vaultId, host, voice)
  if (mustBeSecure(host)) throw keyFileForbidden(`there is no keychain (${state.reason}), and `)
  const slot = await keepKey(key, 'key-file', vaultId, host, voice)
  voice.warn(
    `no keychain on this machine (${state.reason}): the key that seals your tokens is kept in "${keyFilePath(host, key.id)}", ` +
      'readable by whoever can read your files (root, backups); ' +
      '"entra-auth-cli vault migrate --to passphrase" protects it',
  )
  return slot
}
