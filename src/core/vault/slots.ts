import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Host, KeychainOptions } from '../ports.ts'
import type { Voice } from '../voice.ts'
import { vaultKey, type VaultKey } from './envelope.ts'
import { explicitKey, explicitKeyHint } from './explicit-key.ts'
import { secureFolder, type Slot, type SlotType, type VaultFileHost } from './vault-file.ts'

export type SlotHost = VaultFileHost & Pick<Host, 'env' | 'keychain'>

/** The kinds of slot a key can be moved to; an explicit key is handed over at every use and kept nowhere. */
export const keepableTypes = ['keychain', 'passphrase', 'key-file'] as const

export type KeepableType = (typeof keepableTypes)[number]

/**
 * The key a slot keeps.
 * @throws EntraAuthError `store_unavailable` saying which key is missing and why; nothing was changed
 */
export async function keyIn(slot: Slot, vaultId: string, host: SlotHost, voice: Voice): Promise<VaultKey> {
  const key = await readKey(slot, vaultId, host, voice)
  if (key.id === slot.keyId) return key
  throw keyMissing(`the key in its ${slot.type} is another one`, 'restore the key it was made with')
}

async function readKey(slot: Slot, vaultId: string, host: SlotHost, voice: Voice): Promise<VaultKey> {
  switch (slot.type) {
    case 'explicit': {
      const given = await explicitKey(host)
      if (given?.id === slot.keyId) return given
      if (given)
        throw keyMissing('the key given by environment is another one', 'give the key it was made with')
      throw keyMissing('it was made with a key given by environment, and none is given now', explicitKeyHint)
    }
    case 'keychain': {
      const bytes = await askKeychain(host, keychainAccount(vaultId, slot.keyId), voice)
      if (bytes) return vaultKey(bytes)
      throw keyMissing(
        'the keychain no longer holds it',
        'restore the keychain; without it, move vault.json and "secure" away and start anew',
      )
    }
    case 'passphrase':
      return (await import('./passphrase.ts')).unwrapKey(slot, host, voice)
    case 'key-file':
      return readKeyFile(slot.keyId, host)
  }
}

/**
 * Keeps a new key and proves that it can be had again.
 * @throws EntraAuthError `store_unavailable` where it cannot
 */
export async function keepKey(
  key: VaultKey,
  type: KeepableType,
  vaultId: string,
  host: SlotHost,
  voice: Voice,
): Promise<Slot> {
  const keyId = key.id
  switch (type) {
    case 'passphrase': {
      const { newPassphrase, wrapKey } = await import('./passphrase.ts')
      return { type, keyId, ...(await wrapKey(key, await newPassphrase(host, voice))) }
    }
    case 'keychain': {
      const account = keychainAccount(vaultId, keyId)
      await host.keychain.set(account, key.bytes, patience(voice))
      if ((await host.keychain.get(account, patience(voice)))?.equals(key.bytes)) return { type, keyId }
      throw keyMissing('the keychain took the new key but does not give it back', explicitKeyHint)
    }
    case 'key-file':
      if (mustBeSecure(host)) throw keyFileForbidden()
      await host.files.write(keyFilePath(host, keyId), key.bytes)
      await readKeyFile(keyId, host)
      return { type, keyId }
  }
}

/** Whether whoever runs this machine wants no key in a file. */
export function mustBeSecure({ env }: Pick<Host, 'env'>): boolean {
  return !['', '0', undefined].includes(env['ENTRA_AUTH_CLI_REQUIRE_SECURE'])
}

export function keyFileForbidden(why = ''): EntraAuthError {
  return new EntraAuthError(
    'store_unavailable',
    `${why}ENTRA_AUTH_CLI_REQUIRE_SECURE forbids a key file; nothing was changed`,
    { hint: `${explicitKeyHint}, or ENTRA_AUTH_CLI_PASSPHRASE` },
  )
}

/** Removes a key that seals nothing any more. */
export async function forgetKey(slot: Slot, vaultId: string, host: SlotHost): Promise<void> {
  if (slot.type === 'keychain') await host.keychain.remove(keychainAccount(vaultId, slot.keyId))
  if (slot.type === 'key-file') await host.files.remove(keyFilePath(host, slot.keyId))
}

/** The ids of the key files that lie about, whether a slot names them or not. */
export async function keyFileIds(host: VaultFileHost): Promise<readonly string[]> {
  const names = await host.files.list(secureFolder(host))
  return names.flatMap((name) => /^key-([0-9a-f]{16})\.bin$/.exec(name)?.[1] ?? [])
}

/** The key file of last resort. */
export function keyFilePath(host: VaultFileHost, keyId: string): string {
  return join(secureFolder(host), `key-${keyId}.bin`)
}

/** A key file that others can read protects nothing, and one that others can write may be anybody's. */
async function readKeyFile(keyId: string, host: SlotHost): Promise<VaultKey> {
  const path = keyFilePath(host, keyId)
  const facts = await host.files.look(path)
  if (!facts) throw keyMissing(`"${path}" is gone`, 'restore the file from a backup')
  // What a link leads to may be anybody's, whatever the link says.
  if (facts.kind !== 'file') throw keyMissing(`"${path}" is no plain file`, 'put the key file itself there')
  if (facts.othersMay !== 'nothing') {
    throw keyMissing(
      `"${path}" can be ${facts.othersMay === 'read' ? 'read' : 'written'} by others`,
      `chmod 600 "${path}"`,
    )
  }
  const bytes = await host.files.read(path)
  if (bytes?.length === 32) return vaultKey(bytes)
  throw keyMissing(`"${path}" is damaged`, 'restore the file from a backup')
}

async function askKeychain(host: SlotHost, account: string, voice: Voice): Promise<Buffer | undefined> {
  try {
    return await host.keychain.get(account, patience(voice))
  } catch (error) {
    if (!(error instanceof EntraAuthError) || error.code !== 'store_unavailable') throw error
    throw keyMissing(error.message, error.hint ?? 'run it in the desktop session it was set up in', error)
  }
}

/** A dialog is worth waiting for where somebody can answer it. */
function patience(voice: Voice): KeychainOptions {
  return { attended: voice.attended, onWait: (text) => voice.warn(text) }
}

export function keyMissing(why: string, hint: string, cause?: unknown): EntraAuthError {
  return new EntraAuthError(
    'store_unavailable',
    `the vault's key cannot be had: ${why}; nothing was changed`,
    { hint, cause },
  )
}

function keychainAccount(vaultId: string, keyId: string): string {
  return `${vaultId}:${keyId}`
}

/** Words for a slot type, as messages use them. */
export const slotWords: Readonly<Record<SlotType, string>> = {
  explicit: 'a key given by environment',
  keychain: 'the keychain',
  passphrase: 'a passphrase',
  'key-file': 'a key file',
}
