import { createHmac, timingSafeEqual } from 'node:crypto'
import { children, der, integer, octets, oid, type Forge, type Node } from './asn1.ts'
import { decrypt, iterationCount, UnsupportedPfx } from './pfx-encryption.ts'

/** A PFX whose outer form was read; its parts are still closed. */
export interface Pfx {
  /** The AuthenticatedSafe as it stands in the file, one character a byte: what the checksum covers. */
  readonly authenticatedSafe: string
  readonly mac: Mac | undefined
}

interface Mac {
  readonly digest: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'
  readonly expected: string
  readonly salt: string
  readonly iterations: number
}

/** What one password made of a PFX. */
export interface PfxAttempt {
  readonly openedParts: number
  readonly lockedParts: number
  /** DER. */
  readonly certificates: readonly Buffer[]
  /** DER of unencrypted PKCS#8. */
  readonly privateKeys: readonly Buffer[]
}

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  pbmac1: '1.2.840.113549.1.5.14',
}

const macDigests: Readonly<Record<string, Mac['digest']>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/**
 * Reads the outer form of a PFX. Needs no password.
 *
 * node-forge's own `pkcs12FromAsn1` is not used: it re-encodes certificates, so that their thumbprint may change; it
 * stops at bags it does not know and at AES under a password beyond ASCII; and it cannot tell a damaged file from a
 * wrong password. Its ASN.1 reader, key derivation and old ciphers do the work here.
 * @throws Error where the bytes are no PFX
 * @throws UnsupportedPfx where the checksum is of a kind that is not read
 * @see https://www.rfc-editor.org/rfc/rfc7292#section-4
 */
export function parsePfx(forge: Forge, bytes: Buffer): Pfx {
  const [version, authSafe, macData] = children(forge.asn1.fromDer(bytes.toString('latin1')))
  if (integer(version) !== 3) throw new Error('not a PFX of version 3')
  const [contentType, content] = children(authSafe)
  if (oid(forge, contentType) !== oids.data) throw new UnsupportedPfx('a signature in place of a password')
  return {
    authenticatedSafe: octets(children(content)[0]),
    mac: macData === undefined ? undefined : macOf(forge, macData),
  }
}

/**
 * Opens every part of a PFX with one password, whatever its checksum says (see {@link macFits}). A part that stays locked
 * is counted, not an error.
 * @param password null for none at all, which RFC 7292 tells from an empty one
 * @throws Error where a part that did open holds something else
 * @throws UnsupportedPfx where a part is encrypted in a way that is not read
 */
export function openPfx(forge: Forge, pfx: Pfx, password: string | null): PfxAttempt {
  const safe = new OpenSafe(forge, password)
  children(forge.asn1.fromDer(pfx.authenticatedSafe)).forEach((contentInfo) => safe.takeContent(contentInfo))
  const { openedParts, lockedParts, certificates, privateKeys } = safe
  return { openedParts, lockedParts, certificates, privateKeys }
}

/** Collects what the parts of a PFX hold while they are opened one after the other. */
class OpenSafe {
  readonly certificates: Buffer[] = []
  readonly privateKeys: Buffer[] = []
  openedParts = 0
  lockedParts = 0
  private readonly forge: Forge
  private readonly password: string | null

  constructor(forge: Forge, password: string | null) {
    this.forge = forge
    this.password = password
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7292#section-4.1 ContentInfo */
  takeContent(contentInfo: Node): void {
    const [contentType, content] = children(contentInfo)
    const value = children(content)[0]
    switch (oid(this.forge, contentType)) {
      case oids.data:
        return this.takeBags(this.forge.asn1.fromDer(octets(value)))
      case oids.encryptedData: {
        const [, algorithm, encrypted] = children(children(value)[1])
        return this.takeBags(this.open(algorithm, encrypted))
      }
      default:
        throw new UnsupportedPfx('a public key in place of a password')
    }
  }

  private takeBags(safeContents: Node): void {
    if (safeContents !== undefined) children(safeContents).forEach((bag) => this.takeBag(bag))
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7292#section-4.2 SafeBag */
  private takeBag(bag: Node): void {
    const [bagId, bagValue] = children(bag)
    const value = children(bagValue)[0]
    switch (oid(this.forge, bagId)) {
      case oids.keyBag:
        return this.takeKey(value)
      case oids.shroudedKeyBag: {
        const [algorithm, encrypted] = children(value)
        return this.takeKey(this.open(algorithm, encrypted))
      }
      case oids.certificateBag:
        return this.takeCertificate(value)
      case oids.safeContentsBag:
        return this.takeBags(value)
      // Revocation lists, secrets and what vendors add prove nothing about an app.
    }
  }

  private takeKey(key: Node): void {
    if (key !== undefined) this.privateKeys.push(der(this.forge, key))
  }

  private takeCertificate(bag: Node): void {
    const [kind, certificate] = children(bag)
    if (oid(this.forge, kind) !== oids.x509Certificate) return
    this.certificates.push(Buffer.from(octets(children(certificate)[0]), 'latin1'))
  }

  private open(algorithm: Node, encrypted: Node): Node {
    const opened = decrypt(this.forge, algorithm, octets(encrypted), this.password)
    if (opened === undefined) this.lockedParts += 1
    else this.openedParts += 1
    return opened
  }
}

function macOf(forge: Forge, macData: Node): Mac {
  const [digestInfo, salt, iterations] = children(macData)
  const [algorithm, expected] = children(digestInfo)
  const algorithmId = oid(forge, children(algorithm)[0])
  const digest = macDigests[algorithmId]
  if (digest === undefined) {
    throw new UnsupportedPfx(`the checksum ${algorithmId === oids.pbmac1 ? 'PBMAC1' : algorithmId}`)
  }
  return {
    digest,
    expected: octets(expected),
    salt: octets(salt),
    iterations: iterations === undefined ? 1 : iterationCount(iterations),
  }
}

/**
 * Whether the checksum of a PFX fits under a password; undefined where it has none.
 * @see https://www.rfc-editor.org/rfc/rfc7292#appendix-B.4
 */
export function macFits(
  forge: Forge,
  { mac, authenticatedSafe }: Pfx,
  password: string | null,
): boolean | undefined {
  if (mac === undefined) return undefined
  const expected = Buffer.from(mac.expected, 'latin1')
  const digest = forge.md[mac.digest].create()
  const salt = forge.util.createBuffer(mac.salt)
  const key = forge.pkcs12.generateKey(password, salt, 3, mac.iterations, digest.digestLength, digest)
  const actual = createHmac(mac.digest, Buffer.from(key.getBytes(), 'latin1'))
    .update(authenticatedSafe, 'latin1')
    .digest()
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}
