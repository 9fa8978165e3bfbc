import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import type { asn1 } from 'node-forge'
import { children, integer, octets, oid, type Forge, type Node } from './asn1.ts'

/** The file is sound but asks for something that is not read; the message names it. */
export class UnsupportedPfx extends Error {}

const pbes2 = '1.2.840.113549.1.5.13'
const pbkdf2 = '1.2.840.113549.1.5.12'
const pkcs12Schemes = new Set([
  '1.2.840.113549.1.12.1.3', // pbeWithSHAAnd3-KeyTripleDES-CBC
  '1.2.840.113549.1.12.1.6', // pbeWithSHAAnd40BitRC2-CBC: what Windows and OpenSSL 1 gave certificates
])

/** @see https://www.rfc-editor.org/rfc/rfc8018#appendix-B.1 */
const digests: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

/** @see https://www.rfc-editor.org/rfc/rfc8018#appendix-B.2 */
const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
}

// Exporters use between 2 000 and 600 000 rounds; many more are a damaged or hostile file and would look like a hang.
const mostIterations = 5_000_000

/**
 * Decrypts what a PFX holds under a password.
 * @param algorithm the AlgorithmIdentifier that stands beside the encrypted bytes
 * @param password null for none at all, which PKCS#12's own schemes tell from an empty one
 * @returns the ASN.1 sequence that was encrypted; undefined where the password does not open it
 * @throws UnsupportedPfx where the algorithm is not read here
 */
export function decrypt(forge: Forge, algorithm: Node, encrypted: string, password: string | null): Node {
  const [scheme, parameters] = children(algorithm)
  const schemeId = oid(forge, scheme)
  if (schemeId === pbes2) return decryptPbes2(forge, parameters, encrypted, password ?? '')
  if (algorithm !== undefined && pkcs12Schemes.has(schemeId)) {
    return decryptPkcs12(forge, algorithm, encrypted, password)
  }
  throw new UnsupportedPfx(`the cipher ${schemeId}`)
}

/** A count of key derivation rounds. @throws UnsupportedPfx where it would take minutes */
export function iterationCount(node: Node): number {
  const count = integer(node)
  if (count < 1) throw new Error('an iteration count below one')
  if (count > mostIterations) throw new UnsupportedPfx(`${count} rounds of key derivation`)
  return count
}

/**
 * PKCS#5's scheme, in node:crypto: forge would need half a second for 100 000 rounds, and takes the password for Latin-1
 * where every writer of such files uses UTF-8.
 * @see https://www.rfc-editor.org/rfc/rfc8018#section-6.2.2
 */
function decryptPbes2(forge: Forge, parameters: Node, encrypted: string, password: string): Node {
  const [derivation, encryption] = children(parameters)
  const [derivationId, derivationParameters] = children(derivation)
  const [cipherId, iv] = children(encryption)
  const cipher = ciphers[oid(forge, cipherId)]
  if (cipher === undefined) throw new UnsupportedPfx(`the cipher ${oid(forge, cipherId)}`)
  if (oid(forge, derivationId) !== pbkdf2) {
    throw new UnsupportedPfx(`the key derivation ${oid(forge, derivationId)}`)
  }
  const [salt, rounds, ...optional] = children(derivationParameters)
  const digest = digestOf(forge, optional.at(-1))
  const key = pbkdf2Sync(password, latin1(octets(salt)), iterationCount(rounds), cipher.keyBytes, digest)
  return unlessLocked(forge, () => {
    const decipher = createDecipheriv(cipher.name, key, latin1(octets(iv)))
    return Buffer.concat([decipher.update(latin1(encrypted)), decipher.final()]).toString('latin1')
  })
}

/** The pseudo-random function stands last, after an optional key length; SHA-1 where it is left out. */
function digestOf(forge: Forge, prf: Node): string {
  if (!Array.isArray(prf?.value)) return 'sha1'
  const id = oid(forge, prf.value[0])
  const digest = digests[id]
  if (digest === undefined) throw new UnsupportedPfx(`the key derivation digest ${id}`)
  return digest
}

/** PKCS#12's own schemes, which Node reads in part (3DES) or not at all (RC2). RFC 7292 appendices B and C. */
function decryptPkcs12(forge: Forge, algorithm: asn1.Asn1, encrypted: string, password: string | null): Node {
  const { Class, Type, create } = forge.asn1
  iterationCount(children(children(algorithm)[1])[1])
  // forge decrypts private keys only, but safe contents are encrypted in just the same way.
  const asKey = create(Class.UNIVERSAL, Type.SEQUENCE, true, [
    algorithm,
    create(Class.UNIVERSAL, Type.OCTETSTRING, false, encrypted),
  ])
  try {
    // forge takes null for the password and answers null where the padding is wrong; its types say neither.
    return sequence(forge.pki.decryptPrivateKeyInfo(asKey, password as string))
  } catch {
    return undefined
  }
}

/** What does not decrypt, or does not decrypt to ASN.1, was encrypted under another password. */
function unlessLocked(forge: Forge, decipher: () => string): Node {
  try {
    return sequence(forge.asn1.fromDer(decipher()))
  } catch {
    return undefined
  }
}

function sequence(node: asn1.Asn1 | null): Node {
  return node !== null && node.type === 0x10 && Array.isArray(node.value) ? node : undefined
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
