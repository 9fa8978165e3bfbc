/** What DER bytes can hold that matters here; all but PFX are also the labels of their PEM blocks. */
export type DerKind =
  'PFX' | 'CERTIFICATE' | 'PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY' | 'RSA PRIVATE KEY' | 'EC PRIVATE KEY'

/** One ASN.1 element of a buffer: its tag, and where its content starts and ends in it. */
export interface DerElement {
  readonly tag: number
  readonly start: number
  /** Past the end of the buffer where that is cut short; the buffer's end for BER's indefinite length. */
  readonly end: number
}

const integer = 0x02
const octetString = 0x04
const objectIdentifier = 0x06
const sequence = 0x30
const explicitVersion = 0xa0

/** The element at an offset, by its header alone; undefined where there is none. @see ITU-T X.690 section 8.1 */
export function derElement(bytes: Buffer, offset: number): DerElement | undefined {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined) return undefined
  const start = offset + 2
  if (first < 0x80) return { tag, start, end: start + first }
  const lengthBytes = first & 0x7f
  if (lengthBytes === 0) return { tag, start, end: bytes.length }
  if (lengthBytes > 4 || start + lengthBytes > bytes.length) return undefined
  const length = bytes.readUIntBE(start, lengthBytes)
  return { tag, start: start + lengthBytes, end: start + lengthBytes + length }
}

/**
 * Tells by their first elements what DER (or, for a PFX, BER) bytes hold, without reading on: the bytes may still be
 * damaged. Undefined for anything else.
 */
export function derKind(bytes: Buffer): DerKind | undefined {
  const outer = derElement(bytes, 0)
  if (outer?.tag !== sequence) return undefined
  const first = derElement(bytes, outer.start)
  if (first?.tag === integer) return versionedKind(bytes, first)
  if (first?.tag !== sequence) return undefined
  switch (bytes[first.start]) {
    case objectIdentifier: // EncryptedPrivateKeyInfo starts with its AlgorithmIdentifier
      return 'ENCRYPTED PRIVATE KEY'
    case explicitVersion:
    case integer: // an X.509 v1 certificate states no version and starts with its serial number
      return 'CERTIFICATE'
    default:
      return undefined
  }
}

/** PFX and the unencrypted key formats all start with a version; what follows it tells them apart. */
function versionedKind(bytes: Buffer, version: DerElement): DerKind | undefined {
  switch (bytes[version.end]) {
    case sequence:
      return bytes[version.start] === 3 ? 'PFX' : 'PRIVATE KEY'
    case integer:
      return 'RSA PRIVATE KEY'
    case octetString:
      return 'EC PRIVATE KEY'
    default:
      return undefined
  }
}
