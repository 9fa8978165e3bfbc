/**
 * A public key as an issuer publishes it: the members that are looked at.
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-6
 */
export interface PublishedKey {
  readonly kty: string
  readonly kid?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly alg?: string
  /** SHA-1 thumbprint of the key's certificate, by which v1.0 tokens may name their key. */
  readonly x5t?: string
  /** Entra's own member: whose tokens it may sign. `{tenantid}` stands for any tenant. */
  readonly issuer?: string
  readonly n?: string
  readonly e?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
}

/** Keys as an issuer publishes them (a JWK Set). @see https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export interface KeySet {
  readonly keys: readonly PublishedKey[]
}

/** Entra publishes about ten. More is a mistake or an attempt to keep somebody busy. */
const mostKeys = 200
/** An RSA key of 16384 bits has 2731 characters. */
const longestMember = 4096

const textMembers = ['kid', 'use', 'alg', 'x5t', 'issuer', 'n', 'e', 'crv', 'x', 'y'] as const

/**
 * Reads a JWK Set, or one JWK alone, that is not trusted: of each key the public members that are used, and only where
 * they are what they should be. Keys of no known form are left out, as RFC 7517, section 5 asks; private members never
 * come along.
 * @returns undefined where it is no key set, or one of more than 200 keys
 */
export function readKeySet(value: unknown): KeySet | undefined {
  const set = membersOf(value)
  if (set === undefined) return undefined
  const listed = set.get('kty') === undefined ? set.get('keys') : [value]
  if (!Array.isArray(listed) || listed.length > mostKeys) return undefined
  return { keys: listed.map(readKey).filter((key) => key !== undefined) }
}

function readKey(value: unknown): PublishedKey | undefined {
  const members = membersOf(value)
  const kty = members?.get('kty')
  if (members === undefined || !isShortText(kty)) return undefined
  const key: Record<string, unknown> = { kty }
  for (const name of textMembers) {
    const member = members.get(name)
    if (member === undefined) continue
    if (!isShortText(member)) return undefined
    key[name] = member
  }
  const operations = members.get('key_ops')
  if (operations !== undefined) {
    if (!Array.isArray(operations) || operations.length > 20 || !operations.every(isShortText))
      return undefined
    key['key_ops'] = operations
  }
  return { ...key, kty }
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return new Map(Object.entries(value))
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestMember
}
