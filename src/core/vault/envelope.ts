import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'

/**
 * How everything secret lies on disk: AES-256-GCM under the vault's key.
 *
 *     "EAC1" | version u8 | algorithm u8 | key id 8 | nonce 12 | ciphertext | tag 16
 *
 * The header and the logical name (`token-cache:work`) are authenticated with the content, so that neither can be
 * changed and two files cannot be swapped. An older copy of the same file still opens: rolling back is not noticed.
 */
const magic = Buffer.from('EAC1')
const version = 1
const aes256Gcm = 1
const keyIdBytes = 8
const nonceBytes = 12
const tagBytes = 16
const headerBytes = magic.length + 2 + keyIdBytes + nonceBytes

/** The vault's key: 32 bytes, and the id by which sealed files name it. */
export interface VaultKey {
  readonly bytes: Buffer
  /** 16 hex digits, derived from the key: tells a wrong key from a damaged file, and nothing else. */
  readonly id: string
}

export function vaultKey(bytes: Buffer): VaultKey {
  const digest = hash('sha256', Buffer.concat([Buffer.from('entra-auth-cli key id\0'), bytes]))
  return { bytes, id: digest.slice(0, keyIdBytes * 2) }
}

export function newVaultKey(): VaultKey {
  return vaultKey(randomBytes(32))
}

export function seal(key: VaultKey, logicalName: string, content: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const header = Buffer.concat([magic, Buffer.from([version, aes256Gcm]), Buffer.from(key.id, 'hex'), nonce])
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagBytes })
  cipher.setAAD(associatedData(header, logicalName))
  return Buffer.concat([header, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

/** Why sealed bytes do not open. */
export type Damage = 'not-sealed' | 'newer-version' | 'other-key' | 'does-not-verify'

export type Opened =
  { readonly ok: true; readonly content: Buffer } | { readonly ok: false; readonly damage: Damage }

export function open(key: VaultKey, logicalName: string, sealed: Buffer): Opened {
  if (sealed.length < headerBytes + tagBytes || !sealed.subarray(0, magic.length).equals(magic)) {
    return { ok: false, damage: 'not-sealed' }
  }
  if (sealed[magic.length] !== version || sealed[magic.length + 1] !== aes256Gcm) {
    return { ok: false, damage: 'newer-version' }
  }
  if (keyIdOf(sealed) !== key.id) return { ok: false, damage: 'other-key' }
  const header = sealed.subarray(0, headerBytes)
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, header.subarray(-nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(associatedData(header, logicalName))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    const content = Buffer.concat([
      decipher.update(sealed.subarray(headerBytes, -tagBytes)),
      decipher.final(),
    ])
    return { ok: true, content }
  } catch {
    return { ok: false, damage: 'does-not-verify' }
  }
}

/** The id of the key that sealed these bytes; undefined where they are not sealed at all. */
export function sealedKeyId(sealed: Buffer): string | undefined {
  const isSealed = sealed.length >= headerBytes + tagBytes && sealed.subarray(0, magic.length).equals(magic)
  return isSealed ? keyIdOf(sealed) : undefined
}

function keyIdOf(sealed: Buffer): string {
  const start = magic.length + 2
  return sealed.subarray(start, start + keyIdBytes).toString('hex')
}

function associatedData(header: Buffer, logicalName: string): Buffer {
  return Buffer.concat([header, Buffer.from(`\0${logicalName}`)])
}
