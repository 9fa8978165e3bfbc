import type forge from 'node-forge'

/** node-forge as loaded by whoever opens a PFX; loading it takes longer than reading a whole PEM. */
export type Forge = typeof forge

/** An ASN.1 element as node-forge reads it, or its absence: each accessor below says what it misses. */
export type Node = forge.asn1.Asn1 | undefined

/** The parts of a constructed element. @throws Error where it has none */
export function children(node: Node): readonly forge.asn1.Asn1[] {
  if (!Array.isArray(node?.value)) throw new Error('an ASN.1 element misses its parts')
  return node.value
}

/** The bytes of an octet string, one character each. BER may cut one into pieces, and Windows does. */
export function octets(node: Node): string {
  if (node === undefined) throw new Error('an ASN.1 octet string is missing')
  return typeof node.value === 'string' ? node.value : node.value.map(octets).join('')
}

/** An object identifier in dots. @throws Error where the element is none */
export function oid(forge: Forge, node: Node): string {
  if (typeof node?.value !== 'string' || node.type !== 0x06) throw new Error('an ASN.1 identifier is missing')
  return forge.asn1.derToOid(node.value)
}

/** An integer; exact up to 2^53. @throws Error where the element is none */
export function integer(node: Node): number {
  if (typeof node?.value !== 'string' || node.value === '' || node.type !== 0x02) {
    throw new Error('an ASN.1 integer is missing')
  }
  const hex = Buffer.from(node.value, 'latin1').toString('hex')
  return Number(BigInt.asIntN(hex.length * 4, BigInt(`0x${hex}`)))
}

/** An element as DER. */
export function der(forge: Forge, node: Node): Buffer {
  if (node === undefined) throw new Error('an ASN.1 element is missing')
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')
}
