import { randomUUID } from 'node:crypto'
import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import { newVaultKey, open, seal, vaultKey, type Opened, type VaultKey } from './envelope.ts'
import { explicitKey, explicitKeyHint } from './explicit-key.ts'
import { keyFilePath, readVaultFile, vaultPath, type Slot, type VaultFile } from './vault-file.ts'

export type VaultHost = Pick<Host, 'env' | 'files' | 'keychain' | 'configDirectory'>

/** Says a plain warning to the user, once. */
export type Warn = (text: string) => void

/** Seals and opens what must not lie readable on disk. Holds the key in memory, never writes it anywhere itself. */
export class Vault {
  readonly #key: VaultKey

  constructor(key: VaultKey) {
    this.#key = key
  }

  /** @param logicalName what the content is, such as `secret:ci`; it opens only under the same name */
  seal(logicalName: string, content: Uint8Array | string): Buffer {
    return seal(this.#key, logicalName, Buffer.from(content))
  }

  open(logicalName: string, sealed: Buffer): Opened {
    return open(this.#key, logicalName, sealed)
  }
}

/**
 * Opens the user's vault, making one at the first use. A vault that exists is opened with its own key or not at all:
 * never a new key, never another place, for that would make what is sealed unreadable.
 * @throws EntraAuthError `store_unavailable` naming the key that is missing and why; nothing was changed
 */
export async function openVault(host: VaultHost, warn: Warn): Promise<Vault> {
  const file = await readVaultFile(host)
  return new Vault(file ? await keyOf(file, host) : await createOnce(host, warn))
}

async function keyOf(file: VaultFile, host: VaultHost): Promise<VaultKey> {
  const slot = file.slots.find(({ keyId }) => keyId === file.activeKeyId)
  if (!slot) throw keyMissing('it names no place for its key', 'restore vault.json from a backup')
  const given = await explicitKey(host)
  if (given?.id === slot.keyId) return given
  if (given) {
    throw keyMissing(
      'the key given by environment is another one',
      `give the right key, or unset it to use the ${slot.type} slot`,
    )
  }
  const key = await keyIn(slot, file.vaultId, host)
  if (key.id !== slot.keyId)
    throw keyMissing(`the key in its ${slot.type} is another one`, 'restore the key it was made with')
  return key
}

async function keyIn(slot: Slot, vaultId: string, host: VaultHost): Promise<VaultKey> {
  switch (slot.type) {
    case 'explicit':
      throw keyMissing('it was made with a key given by environment, and none is given now', explicitKeyHint)
    case 'keychain': {
      const bytes = await askKeychain(host, keychainAccount(vaultId, slot.keyId))
      if (bytes) return vaultKey(bytes)
      throw keyMissing(
        'the keychain no longer holds it',
        'restore the keychain, or start anew without vault.json',
      )
    }
    case 'key-file': {
      const path = keyFilePath(host, slot.keyId)
      const bytes = await host.files.read(path)
      if (bytes?.length === 32) return vaultKey(bytes)
      throw keyMissing(bytes ? `"${path}" is damaged` : `"${path}" is gone`, 'restore the file from a backup')
    }
  }
}

async function askKeychain(host: VaultHost, account: string): Promise<Buffer | undefined> {
  const state = await host.keychain.state()
  if (state.kind === 'available') return host.keychain.get(account)
  throw keyMissing(`the keychain that holds it cannot be asked (${state.reason})`, keychainHint(state.kind))
}

function keychainHint(kind: 'no-binding' | 'no-bus' | 'no-service' | 'no-collection' | 'locked'): string {
  return kind === 'locked'
    ? 'unlock the keychain and try again'
    : 'run it in the desktop session it was set up in'
}

function keyMissing(why: string, hint: string): EntraAuthError {
  return new EntraAuthError(
    'store_unavailable',
    `the vault's key cannot be had: ${why}; nothing was changed`,
    { hint },
  )
}

/** Under a lock, so that fifty first runs at once make one key. */
async function createOnce(host: VaultHost, warn: Warn): Promise<VaultKey> {
  const path = vaultPath(host)
  return host.files.locked(`${path}.lock`, async () => {
    const meanwhile = await readVaultFile(host)
    if (meanwhile) return keyOf(meanwhile, host)
    const vaultId = randomUUID()
    const { key, type } = await keepNewKey(host, vaultId, warn)
    const file: VaultFile = { version: 1, vaultId, activeKeyId: key.id, slots: [{ type, keyId: key.id }] }
    await host.files.write(path, `${JSON.stringify(file, undefined, 2)}\n`)
    return key
  })
}

/** The ladder for a new vault: a key handed over, the keychain, and last a file, with a plain warning. */
async function keepNewKey(
  host: VaultHost,
  vaultId: string,
  warn: Warn,
): Promise<{ readonly key: VaultKey; readonly type: Slot['type'] }> {
  const given = await explicitKey(host)
  if (given) return { key: given, type: 'explicit' }
  const key = newVaultKey()
  const state = await host.keychain.state()
  if (state.kind === 'available') {
    const account = keychainAccount(vaultId, key.id)
    await host.keychain.set(account, key.bytes)
    const back = await host.keychain.get(account)
    if (back?.equals(key.bytes)) return { key, type: 'keychain' }
    throw keyMissing('the keychain took the new key but does not give it back', explicitKeyHint)
  }
  if (isSet(host.env['ENTRA_AUTH_CLI_REQUIRE_SECURE'])) {
    throw keyMissing(
      `there is no keychain (${state.reason}), and ENTRA_AUTH_CLI_REQUIRE_SECURE forbids a key file`,
      explicitKeyHint,
    )
  }
  const path = keyFilePath(host, key.id)
  await host.files.write(path, key.bytes)
  warn(
    `no keychain on this machine (${state.reason}): the key that seals your tokens is kept in "${path}", ` +
      'readable by whoever can read your files (root, backups); ' +
      'set ENTRA_AUTH_CLI_KEY or ENTRA_AUTH_CLI_KEY_FILE for real protection',
  )
  return { key, type: 'key-file' }
}

function keychainAccount(vaultId: string, keyId: string): string {
  return `${vaultId}:${keyId}`
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0'
}
