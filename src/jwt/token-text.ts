import { EntraAuthError } from '../errors.ts'
import { maximumTokenLength } from './decode.ts'

// What a copy from a shell, a chat, a JSON file or a word processor leaves around a token.
const leftAround = new Set(['"', "'", '`', '“', '”', '„', '‟', '‘', '’', '‚', '«', '»', ',', ';'])
const authorizationHeader = /^(?:authorization\s*:\s*)?(?:bearer\s+)?/i
// A line of `get-token -o env`, or one that a shell would take.
const variable = /^(?:export\s+)?[A-Za-z_]\w*=/
// Line breaks of a wrapped token, and the invisible characters that web pages break long words with.
const brokenInside = /[\s\u00ad\u200b-\u200d\u2060]+/g
const tokenMembers = ['access_token', 'accessToken', 'token', 'id_token', 'idToken'] as const

/**
 * The token in what a person pasted or piped: without surrounding white space, byte order mark, quotes and `Bearer `
 * (RFC 6750, section 2.1), without the line breaks of a wrapped token, taken out of a token response in JSON (RFC 6749,
 * section 5.1: `access_token`, else `id_token`; camelCase and Kubernetes' ExecCredential too), and off `NAME=`.
 * Does not decode it; what is no token stays none, and `decodeToken` says why.
 * @throws EntraAuthError `invalid_token` when the text is JSON without a token in it, or larger than 10 MB
 */
export function tokenInText(pasted: string): string {
  if (pasted.length > maximumTokenLength) throw invalid('it is larger than 10 MB')
  const text = withoutWrapping(pasted)
  return text.startsWith('{') ? withoutWrapping(tokenInJson(text)) : text
}

function withoutWrapping(pasted: string): string {
  const value = trimmed(trimmed(pasted).replace(variable, ''))
  const text = trimmed(value.replace(authorizationHeader, ''))
  // White space inside JSON is left alone: it may be part of a value.
  return text.startsWith('{') ? text : text.replace(brokenInside, '')
}

/** Cuts white space (a byte order mark is one) and the characters of `leftAround` off both ends, in linear time. */
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  const mayGo = (character: string) => leftAround.has(character) || character.trim() === ''
  while (start < end && mayGo(text.charAt(start))) start++
  while (end > start && mayGo(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

function tokenInJson(text: string): string {
  let response: unknown
  try {
    response = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, and with it perhaps a token.
    throw invalid('it starts like JSON but is not complete JSON')
  }
  const token = tokenMember(response) ?? tokenMember(member(response, 'status'))
  if (token === undefined) throw invalid('the JSON has no access_token, accessToken or id_token')
  return token
}

function tokenMember(value: unknown): string | undefined {
  return tokenMembers
    .map((name) => member(value, name))
    .find((found): found is string => typeof found === 'string' && found !== '')
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

function invalid(what: string): EntraAuthError {
  return new EntraAuthError('invalid_token', `invalid token: ${what}`, {
    hint: 'give the token itself, or the whole JSON answer that holds it',
  })
}
