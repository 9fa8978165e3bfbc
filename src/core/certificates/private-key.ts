import { createPrivateKey, type KeyObject } from 'node:crypto'
import { EntraAuthError } from '../../errors.ts'
import { derElement } from './der.ts'
import { blockBytes, type PemBlock } from './pem-blocks.ts'

/** A private key, or why a password stands in the way. */
export type PrivateKeyReading =
  { readonly kind: 'read'; readonly key: KeyObject } | { readonly kind: 'password-needed' | 'password-wrong' }

const keyLabels = new Set(['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'])

/** True for a block that holds a private key in a format read here: PKCS#8, PKCS#1 or SEC 1. */
export function isPrivateKey(block: PemBlock): boolean {
  return keyLabels.has(block.label)
}

/**
 * Reads a PKCS#8 or PKCS#1 private key, encrypted or not.
 *
 * Encrypted keys carry no checksum: where such a file is whole in form but does not open, the password is taken to be
 * wrong.
 * @param password ignored where the key is not encrypted
 * @param path names the file in errors
 * @throws EntraAuthError `profile_incomplete` where the key is damaged or encrypted in a way OpenSSL 3 has given up
 * @see https://www.rfc-editor.org/rfc/rfc5958 PKCS#8
 * @see https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2 PKCS#1
 */
export function readPrivateKey(
  block: PemBlock,
  password: string | undefined,
  path: string,
): PrivateKeyReading {
  const encrypted = isEncrypted(block)
  if (!isWhole(block, encrypted)) throw damagedKey(path)
  if (encrypted && password === undefined) return { kind: 'password-needed' }
  try {
    return {
      kind: 'read',
      key: createPrivateKey({ key: block.pem, passphrase: encrypted ? password : undefined }),
    }
  } catch (cause) {
    if (!encrypted) throw damagedKey(path, cause)
    if (isUnsupported(cause)) throw unsupportedEncryption(path, cause)
    return { kind: 'password-wrong' }
  }
}

function isEncrypted(block: PemBlock): boolean {
  return block.label === 'ENCRYPTED PRIVATE KEY' || block.pem.includes('\nProc-Type: 4,ENCRYPTED')
}

/** A key cut short must not look like a wrong password. */
function isWhole(block: PemBlock, encrypted: boolean): boolean {
  const bytes = blockBytes(block)
  if (!block.complete || bytes.length === 0) return false
  const opaque = encrypted && block.label !== 'ENCRYPTED PRIVATE KEY'
  if (opaque) return bytes.length % 8 === 0 // whole cipher blocks: 8 bytes for 3DES, 16 for AES
  const outer = derElement(bytes, 0)
  return (
    outer?.tag === 0x30 &&
    outer.end === bytes.length &&
    (!encrypted || isEncryptedKeyInfo(bytes, outer.start))
  )
}

/** `EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING }`, RFC 5958 section 3. */
function isEncryptedKeyInfo(bytes: Buffer, offset: number): boolean {
  const algorithm = derElement(bytes, offset)
  if (algorithm?.tag !== 0x30) return false
  const encrypted = derElement(bytes, algorithm.end)
  return encrypted?.tag === 0x04 && encrypted.end === bytes.length
}

/** OpenSSL's answer for a cipher it only has in its legacy provider, which Node does not load. */
function isUnsupported(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_OSSL_EVP_UNSUPPORTED'
}

function damagedKey(path: string, cause?: unknown): EntraAuthError {
  return new EntraAuthError('profile_incomplete', `the private key in "${path}" is damaged`, {
    hint: `export it again; "openssl pkey -in '${path}' -noout" tells more`,
    cause,
  })
}

function unsupportedEncryption(path: string, cause: unknown): EntraAuthError {
  return new EntraAuthError(
    'profile_incomplete',
    `the private key in "${path}" is encrypted with an outdated cipher`,
    {
      hint: `encrypt it anew with "openssl pkcs8 -topk8 -provider legacy -provider default -in '${path}' -out key.pem"`,
      cause,
    },
  )
}
