import { compactVerify } from 'jose/jws/compact/verify'
import type { JsonObject } from './decode.ts'
import type { PublishedKey } from './key-set.ts'
import { quoted, quotedList } from './reason-words.ts'

/** What a key must be to serve an algorithm: its type and, for elliptic curves, its curve. */
interface KeyForm {
  readonly kty: 'RSA' | 'EC'
  readonly crv?: string
}

/**
 * The signature algorithms that Entra could use: asymmetric ones alone. Entra itself uses RS256 today.
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
const algorithms: ReadonlyMap<string, KeyForm> = new Map<string, KeyForm>([
  ['RS256', { kty: 'RSA' }],
  ['RS384', { kty: 'RSA' }],
  ['RS512', { kty: 'RSA' }],
  ['PS256', { kty: 'RSA' }],
  ['PS384', { kty: 'RSA' }],
  ['PS512', { kty: 'RSA' }],
  ['ES256', { kty: 'EC', crv: 'P-256' }],
  ['ES384', { kty: 'EC', crv: 'P-384' }],
  ['ES512', { kty: 'EC', crv: 'P-521' }],
])

/** NIST SP 800-131A and RFC 7518, section 3.3 ask for as much. */
const leastRsaBits = 2048

/**
 * The library takes padding and line breaks in a signature too: one token would have many spellings.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-2
 */
const compactForm = /^[\w-]+\.[\w-]*\.[\w-]+$/

/** Header parameters by which a token brings or names its own key. They are never followed (RFC 8725, section 3.10). */
const ownKeyParameters = ['jwk', 'jku', 'x5c', 'x5u'] as const

/**
 * Why a token with this header is refused before any key is looked at; undefined where nothing speaks against it. `none`,
 * algorithms with a shared secret, unknown ones, and everything marked as critical, for Entra marks nothing so.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
 */
export function headerFlaw(header: JsonObject): string | undefined {
  const alg = header['alg']
  if (typeof alg !== 'string') return 'the header names no algorithm'
  if (/^none$/i.test(alg)) return `${quoted(alg)} says that nobody signed it`
  if (/^HS\d+$/i.test(alg)) {
    return `${quoted(alg)} is made with a shared secret; with a public key in its place anybody could forge it`
  }
  if (!algorithms.has(alg)) return `${quoted(alg)} is no algorithm that Entra could use`
  if (!Object.hasOwn(header, 'crit')) return undefined
  const { crit } = header
  const names = Array.isArray(crit) ? crit.filter((name) => typeof name === 'string') : []
  return `the header marks ${names.length > 0 ? quotedList(names) : 'something'} as critical, which nobody here understands`
}

/** The parameters of a header that bring or name a key, none of which is used. */
export function ownKeysIn(header: JsonObject): readonly string[] {
  return ownKeyParameters.filter((name) => Object.hasOwn(header, name))
}

/** How a signature was judged. `reason` is one clause and quotes the token and the key, cut to a line. */
export type SignatureVerdict =
  { readonly isGood: true; readonly key: PublishedKey } | { readonly isGood: false; readonly reason: string }

/**
 * Judges the signature of a JWS in compact serialization by keys that its caller trusts. Only a key that fits is tried:
 * of the `kid` in the header (or `x5t`, or of no name), of the algorithm's type, for signatures, and large enough. Keys
 * in or named by the header are never used. Looks at no claim; the payload may be anything.
 * @param header of the same JWS
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export async function verifySignature(
  jws: string,
  header: JsonObject,
  keys: readonly PublishedKey[],
): Promise<SignatureVerdict> {
  const flaw = headerFlaw(header)
  if (flaw !== undefined) return { isGood: false, reason: flaw }
  if (!compactForm.test(jws)) return { isGood: false, reason: 'it is not three parts of base64url' }
  const alg = String(header['alg'])
  const named = keysNamed(header, keys)
  if (named.length === 0) return { isGood: false, reason: nobodysKey(header, keys) }
  const misfits = named.map((key) => misfitOf(key, alg))
  const fitting = named.filter((_, index) => misfits[index] === undefined)
  if (fitting.length === 0) {
    return { isGood: false, reason: misfits.find((text) => text !== undefined) ?? 'no key fits' }
  }
  // More than one, where a token names no key, or where two keys bear one name.
  for (const key of fitting) {
    if (await isMadeWith(jws, key, alg)) return { isGood: true, key }
  }
  return {
    isGood: false,
    reason:
      fitting.length === 1
        ? `it does not match the key ${keyName(fitting[0])}; header or claims were changed, or somebody else signed it`
        : `it matches none of the ${fitting.length} keys in question`,
  }
}

/** Whether a header names a key that is none of these. One that names none is nobody's stranger. */
export function isUnknownKey(header: JsonObject, keys: readonly PublishedKey[]): boolean {
  return keysNamed(header, keys).length === 0
}

function keysNamed({ kid, x5t }: JsonObject, keys: readonly PublishedKey[]): readonly PublishedKey[] {
  if (kid !== undefined) {
    const bearers = keys.filter((key) => key.kid === kid)
    // A key without a name does not say that it is another one.
    return bearers.length > 0 ? bearers : keys.filter((key) => key.kid === undefined)
  }
  const bearers = x5t === undefined ? [] : keys.filter((key) => key.x5t === x5t)
  return bearers.length > 0 ? bearers : keys
}

function nobodysKey({ kid }: JsonObject, keys: readonly PublishedKey[]): string {
  if (keys.length === 0) return 'there is no key to judge it by'
  return typeof kid === 'string'
    ? `the key ${quoted(kid)} is none of the ${keys.length} that its issuer publishes`
    : 'the header names its key in no way that can be read'
}

/** Why a key cannot have made a signature of this algorithm. */
function misfitOf(key: PublishedKey, alg: string): string | undefined {
  const form = algorithms.get(alg)
  const name = keyName(key)
  if (key.kty !== form?.kty) return `the key ${name} is of type ${quoted(key.kty)}, which makes no ${alg}`
  if (form.crv !== undefined && key.crv !== form.crv) return `the key ${name} is on another curve than ${alg}`
  if (key.alg !== undefined && key.alg !== alg)
    return `the key ${name} is for ${quoted(key.alg)}, not for ${alg}`
  const isForSignatures = (key.use ?? 'sig') === 'sig' && (key.key_ops?.includes('verify') ?? true)
  if (!isForSignatures) return `the key ${name} is not for signatures`
  if (form.kty === 'RSA' && rsaBits(key.n ?? '') < leastRsaBits)
    return `the key ${name} has less than ${leastRsaBits} bits`
  return undefined
}

/** The bits of an RSA modulus in base64url, without leading zero bytes; to within 8. */
function rsaBits(modulus: string): number {
  const significant = modulus.replace(/^A+/, '')
  return Math.floor((significant.length * 6) / 8) * 8
}

function keyName(key: PublishedKey | undefined): string {
  return key?.kid === undefined ? 'without a name' : quoted(key.kid)
}

async function isMadeWith(jws: string, key: PublishedKey, alg: string): Promise<boolean> {
  try {
    await compactVerify(jws, { ...key, key_ops: key.key_ops && [...key.key_ops] }, { algorithms: [alg] })
    return true
  } catch {
    // A signature that does not match, a token of the wrong form, or a key that is none: nothing here speaks for it.
    return false
  }
}
