import { basename } from 'node:path'
import type { EntraAuthError } from '../../errors.ts'
import type { Voice } from '../voice.ts'
import { open, seal, sealedKeyId, type Opened, type VaultKey } from './envelope.ts'
import { explicitKey } from './explicit-key.ts'
import { keyIn, keyMissing, type SlotHost } from './slots.ts'
import { changeVaultFile, readVaultFile, vaultPath, type VaultFile } from './vault-file.ts'

export type VaultHost = SlotHost

/**
 * Reads and writes sealed files. A file opens only under the name it was sealed for, so that two cannot be swapped.
 * Holds keys in memory and writes none anywhere itself.
 */
export class Vault {
  readonly #host: VaultHost
  readonly #voice: Voice
  readonly #keys: Map<string, VaultKey>
  #activeKeyId: string

  constructor(activeKey: VaultKey, host: VaultHost, voice: Voice) {
    this.#host = host
    this.#voice = voice
    this.#keys = new Map([[activeKey.id, activeKey]])
    this.#activeKeyId = activeKey.id
  }

  /** What a sealed file holds, or why it does not open; undefined where there is no such file. */
  async read(path: string): Promise<Opened | undefined> {
    const sealed = await this.#host.files.read(path)
    if (sealed === undefined) return undefined
    const stayed = async () => (await this.#host.files.read(path))?.equals(sealed) === true
    try {
      const opened = await this.#open(path, sealed)
      if (opened.ok || (await stayed())) return opened
    } catch (error) {
      if (await stayed()) throw error
    }
    // A migration sealed it anew and took the old key away, just when we had read it.
    return this.read(path)
  }

  /** Makes a key known that was just kept, so that nobody is asked for it again. */
  learn(key: VaultKey): void {
    this.#keys.set(key.id, key)
  }

  /**
   * Seals and replaces a file with the key that is active now: another process may have migrated the vault since this
   * one opened it, and the key of then may be gone soon.
   */
  async write(path: string, content: Uint8Array | string): Promise<void> {
    for (;;) {
      const key = this.#keys.get(this.#activeKeyId)
      const written = await changeVaultFile(this.#host, async () => {
        const file = await readVaultFile(this.#host)
        if (!file) throw keyMissing(`"${vaultPath(this.#host)}" is gone`, 'restore it from a backup')
        this.#activeKeyId = file.activeKeyId
        if (key?.id !== file.activeKeyId) return false
        await this.#host.files.write(path, seal(key, basename(path), Buffer.from(content)))
        return true
      })
      if (written) return
      await this.#learnActiveKey(this.#activeKeyId)
    }
  }

  /** Never under the lock: a keychain or a passphrase may take its time. */
  async #learnActiveKey(keyId: string): Promise<void> {
    try {
      if ((await this.#keyNamed(keyId)) === undefined) throw placeMissing()
    } catch (error) {
      // Migrated once more meanwhile: the caller looks again.
      if ((await readVaultFile(this.#host))?.activeKeyId === keyId) throw error
    }
  }

  async #open(path: string, sealed: Buffer): Promise<Opened> {
    const keyId = sealedKeyId(sealed)
    const key = keyId === undefined ? this.#keys.get(this.#activeKeyId) : await this.#keyNamed(keyId)
    return key ? open(key, basename(path), sealed) : { ok: false, damage: 'other-key' }
  }

  async #keyNamed(keyId: string): Promise<VaultKey | undefined> {
    const known = this.#keys.get(keyId)
    if (known) return known
    const file = await readVaultFile(this.#host)
    const slot = file?.slots.find((one) => one.keyId === keyId)
    if (!file || !slot) return undefined
    const key = await keyIn(slot, file.vaultId, this.#host, this.#voice)
    this.#keys.set(key.id, key)
    return key
  }
}

/**
 * Opens the user's vault, making one at the first use. A vault that exists is opened with its own key or not at all:
 * never a new key, never another place, for that would make what is sealed unreadable.
 * @throws EntraAuthError `store_unavailable` naming the key that is missing and why; nothing was changed
 */
export async function openVault(host: VaultHost, voice: Voice): Promise<Vault> {
  for (;;) {
    const file =
      (await readVaultFile(host)) ?? (await (await import('./create-vault.ts')).createOnce(host, voice))
    try {
      return new Vault(await activeKey(file, host, voice), host, voice)
    } catch (error) {
      // Unless a migration took the key away since the file was read.
      if ((await readVaultFile(host))?.activeKeyId === file.activeKeyId) throw error
    }
  }
}

async function activeKey(file: VaultFile, host: VaultHost, voice: Voice): Promise<VaultKey> {
  const slot = file.slots.find(({ keyId }) => keyId === file.activeKeyId)
  if (!slot) throw placeMissing()
  const given = await explicitKey(host)
  // The key of before is the vault's too, until a migration that was cut off is finished.
  const isOurs = given && file.slots.some(({ keyId }) => keyId === given.id)
  if (given && !isOurs && slot.type !== 'explicit') {
    throw keyMissing(
      'the key given by environment is another one',
      `give the right key, or unset it to use the ${slot.type} slot`,
    )
  }
  return given?.id === slot.keyId ? given : keyIn(slot, file.vaultId, host, voice)
}

function placeMissing(): EntraAuthError {
  return keyMissing('vault.json names no place for it', 'restore vault.json from a backup')
}
