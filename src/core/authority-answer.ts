import { EntraAuthError } from '../errors.ts'

/** The fields of an authority's answers that are read by MSAL or by us, by what they must be. */
const texts = [
  'error',
  'error_description',
  'suberror',
  'claims',
  'timestamp',
  'trace_id',
  'correlation_id',
  'access_token',
  'token_type',
  'refresh_token',
  'id_token',
  'scope',
  'client_info',
  'device_code',
  'user_code',
  'verification_uri',
  'issuer',
  'end_session_endpoint',
  'jwks_uri',
] as const
const addresses = [
  'authorization_endpoint',
  'token_endpoint',
  'device_authorization_endpoint',
  'tenant_discovery_endpoint',
] as const
const durations = ['expires_in', 'ext_expires_in', 'refresh_in', 'interval'] as const

const longestSeconds = 2 ** 31 - 1
/** What a header, a shell and a `.env` file take as one word. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/
/** A person types it: nothing but what can be seen, on one line. */
const oneWord = /^[\p{L}\p{N}\p{P}\p{S} ]{1,64}$/u
const webAddress = /^https?:\/\/[\x21-\x7e]+$/i

/**
 * An authority's answer, taken apart and distrusted: MSAL takes every field for what it should be, and the token goes
 * into headers and shells as it is. Fields that nobody reads may be anything.
 * @param host only for the error's text
 * @throws EntraAuthError `network` naming what cannot be used, without repeating it
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5
 */
export function readAuthorityAnswer(text: string, host: string): Readonly<Record<string, unknown>> {
  const answer = parse(text, host)
  for (const name of texts) demand(answer, name, host, (value) => typeof value === 'string')
  // One is shown, and handed to whatever opens browsers here.
  for (const name of addresses) demand(answer, name, host, isWebAddress)
  for (const name of durations) demand(answer, name, host, isDuration)
  demand(answer, 'access_token', host, isBearerToken)
  // A client must not use a token of a type it does not understand (RFC 6749, section 7.1).
  demand(answer, 'token_type', host, (value) => /^bearer$/i.test(String(value)))
  return answer
}

/**
 * The answer to a request for a device code, whole and fit to be shown: MSAL shows whatever came, `undefined` included,
 * and polls without a pause where there is no `interval`.
 * @throws EntraAuthError `network`
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.2
 */
export function withDeviceCode(
  answer: Readonly<Record<string, unknown>>,
  host: string,
): Readonly<Record<string, unknown>> {
  for (const name of ['device_code', 'user_code', 'verification_uri', 'expires_in']) {
    if ((answer[name] ?? undefined) === undefined) throw unusable(host, `no "${name}"`)
  }
  demand(answer, 'user_code', host, (value) => oneWord.test(String(value)))
  demand(answer, 'verification_uri', host, isWebAddress)
  return { ...answer, interval: answer['interval'] ?? 5 }
}

function parse(text: string, host: string): Readonly<Record<string, unknown>> {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch (cause) {
    throw new EntraAuthError('network', `"${host}" answered with something that is not JSON`, {
      hint: 'a proxy or a captive portal may have answered in its place; open the address in a browser',
      cause,
    })
  }
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return { ...answer }
  throw unusable(host, 'JSON that is no object')
}

function isWebAddress(value: unknown): boolean {
  return typeof value === 'string' && webAddress.test(value)
}

/** Whether a token can go into a header as it is. */
export function isBearerToken(value: unknown): boolean {
  return typeof value === 'string' && bearerToken.test(value)
}

/** Fields that are missing or null are nobody's concern here. */
function demand(
  answer: Readonly<Record<string, unknown>>,
  name: string,
  host: string,
  isUsable: (value: unknown) => boolean,
): void {
  const value = answer[name] ?? undefined
  if (value !== undefined && !isUsable(value)) throw unusable(host, `an unusable "${name}"`)
}

/** Whole seconds; some authorities write them as text. */
function isDuration(value: unknown): boolean {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
  return isNumber && Number(value) >= 0 && Number(value) <= longestSeconds
}

function unusable(host: string, what: string): EntraAuthError {
  return new EntraAuthError('network', `"${host}" answered with ${what}`, {
    hint: 'check authority and tenant of the profile with "entra-auth-cli config show"',
  })
}
