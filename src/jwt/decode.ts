import { decode as decodeBase64url } from 'jose/base64url'
import { EntraAuthError } from '../errors.ts'
import { depthOf } from './json-depth.ts'
import { jsonFacts } from './json-grammar.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** A JSON Web Token taken apart. Nothing about it has been verified. */
export interface DecodedToken {
  /** The JOSE header. @see https://www.rfc-editor.org/rfc/rfc7515#section-4 */
  readonly header: JsonObject
  /** The claims. Of a name that stands there twice, the last one. @see https://www.rfc-editor.org/rfc/rfc7519#section-4 */
  readonly payload: JsonObject
  /** As it stands in the token (base64url); empty when the token is unsecured. */
  readonly signature: string
  /**
   * Header and payload as they were written: a parsed object loses digits of large numbers, repeated names, and the
   * order of names that look like integers.
   */
  readonly json: { readonly header: string; readonly payload: string }
}

/** A token taken apart, whose JSON is still text. */
export type TokenJson = Pick<DecodedToken, 'json' | 'signature'>

/** Longer tokens are refused: no service takes them, and a mistaken file should end in an error, not in a wait. */
export const maximumTokenLength = 10 * 1024 * 1024

// Claims nest two or three levels deep. A hostile token nests a million and breaks whatever walks it by recursion.
const maximumDepth = 32

// 10 MB hold as many only where there is nothing in them, and to make them takes seconds.
const mostCollections = 1_000_000

/**
 * Takes a token in compact serialization apart: `header.payload.signature`. Works on expired and on unsecured tokens
 * (`alg` none, RFC 7519, section 6). Verifies nothing, reads no clock. Text around the token is not understood here:
 * see `tokenInText`.
 * @throws EntraAuthError `invalid_token`; the message starts with "invalid token" and never contains the token
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-3.1
 */
export function decodeToken(token: string): DecodedToken {
  const { header, payload, signature } = partsOf(token)
  return {
    header: valueOf('header', header),
    payload: valueOf('payload', payload),
    signature,
    json: { header: header.text, payload: payload.text },
  }
}

/**
 * Takes a token apart as `decodeToken` does, for those who show its JSON as it was written: it makes no values of it, which
 * of a hostile token are millions, and so refuses none for their number.
 * @throws EntraAuthError `invalid_token`, as `decodeToken` does
 */
export function decodeToJson(token: string): TokenJson {
  const { header, payload, signature } = partsOf(token)
  return { json: { header: header.text, payload: payload.text }, signature }
}

interface Parts {
  readonly header: JsonPart
  readonly payload: JsonPart
  readonly signature: string
}

/** A part that is a JSON object. */
interface JsonPart {
  readonly text: string
  /** How many objects and arrays are in it. */
  readonly collections: number
}

function partsOf(token: string): Parts {
  if (token === '') throw invalid('it is empty')
  if (token.length > maximumTokenLength) throw invalid('it is larger than 10 MB')
  refuseKnownOpaqueToken(token)
  const parts = token.split('.', 6)
  if (parts.length === 1) {
    throw invalid(
      'it has no dots, so it is an opaque token that only its issuer can read, or no token at all',
    )
  }
  if (parts.length === 5) throw encrypted(parts[0] ?? '')
  if (parts.length !== 3) {
    const count = parts.length > 5 ? 'more than 5' : parts.length
    throw invalid(`it has ${count} parts between dots, a token has 3`)
  }
  const [encodedHeader, encodedPayload, signature] = parts as [string, string, string]
  const header = jsonPart('header', encodedHeader)
  const payload = jsonPart('payload', encodedPayload)
  if (!isBase64url(signature)) throw invalid('the signature is not base64url')
  return { header, payload, signature }
}

/** Tokens of Microsoft that are no JWTs, by the way they start. Only Microsoft can read them, and their form may change. */
const opaqueTokens: readonly { readonly start: RegExp; readonly what: string }[] = [
  {
    start: /^(?:[01]\.A|AQAB)/,
    what: 'an opaque token that looks like a refresh token or an authorization code',
  },
  {
    start: /^M\.[CR]\d+_/,
    what: 'an opaque token that looks like a refresh token or a code of a personal account',
  },
  { start: /^Ew[A-D]/, what: 'an opaque token that looks like an access token of a personal account' },
]

/** Whether a text starts like a token of Microsoft's that only Microsoft can read. It is as secret as any other. */
export function isOpaqueToken(text: string): boolean {
  return opaqueTokens.some(({ start }) => start.test(text))
}

function refuseKnownOpaqueToken(token: string): void {
  const known = opaqueTokens.find(({ start }) => start.test(token))
  if (known) {
    throw invalid(`this is ${known.what}; only Microsoft can read it`, {
      hint: 'a token that can be read starts with "eyJ"; access tokens for work and school accounts do',
    })
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7516#section-3.1 */
function encrypted(encodedHeader: string): EntraAuthError {
  const names = encryptionNames(encodedHeader)
  return invalid(
    `this is an encrypted token (JWE, 5 parts${names ? `, ${names}` : ''}); only its recipient can read it`,
    {
      hint: 'the API it was issued for holds the key',
    },
  )
}

function encryptionNames(encodedHeader: string): string | undefined {
  if (encodedHeader.length > 65_536) return undefined
  try {
    const { alg, enc } = valueOf('header', jsonPart('header', encodedHeader))
    const names = [alg, enc].filter((name) => typeof name === 'string' && /^[\w+.-]{1,40}$/.test(name))
    return names.length > 0 ? names.join(' with ') : undefined
  } catch {
    // The names are an extra: a token of five parts is said to be encrypted either way.
    return undefined
  }
}

type PartName = 'header' | 'payload'

function jsonPart(name: PartName, encoded: string): JsonPart {
  if (encoded === '') throw invalid(`the ${name} is empty`)
  if (!isBase64url(encoded)) throw invalid(`the ${name} is not base64url`)
  const text = utf8(decodeBase64url(encoded))
  if (text === undefined) throw invalid(`the ${name} is not UTF-8`)
  if (depthOf(text) > maximumDepth) {
    throw invalid(`the ${name} is nested more than ${maximumDepth} levels deep`)
  }
  const facts = jsonFacts(text)
  if (!facts) throw invalid(`the ${name} is not JSON`)
  if (!facts.isObject) throw invalid(`the ${name} is not a JSON object`)
  return { text, collections: facts.collections }
}

function valueOf(name: PartName, { text, collections }: JsonPart): JsonObject {
  if (collections > mostCollections) throw invalid(`the ${name} holds more than a million lists and objects`)
  return JSON.parse(text) as JsonObject
}

/** Without padding, as RFC 7515, section 2 has it. A length of 4n + 1 stands for no bytes. */
function isBase64url(text: string): boolean {
  return text.length % 4 !== 1 && !/[^A-Za-z0-9_-]/.test(text)
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function invalid(what: string, details: { readonly hint?: string } = {}): EntraAuthError {
  return new EntraAuthError('invalid_token', `invalid token: ${what}`, {
    hint: details.hint ?? 'it may have been cut off; get a new one with "entra-auth-cli get-token"',
  })
}
