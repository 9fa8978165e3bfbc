import { EntraAuthError } from '../errors.ts'
import { readChallenges, type Challenge } from './www-authenticate.ts'

/** Longer than any challenge of Entra's, and short enough for an address and a header. */
const longestText = 16 * 1024

/** @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter, and `access_token` is Entra's own */
const destinations = ['access_token', 'id_token', 'userinfo'] as const

/**
 * What an API demands of the next token, as people copy it: the decoded JSON, the base64 text as it stands in a
 * `WWW-Authenticate` header, the whole header line, or a token endpoint's refusal that holds it.
 * @returns the claims request as JSON on one line, for the `claims` parameter
 * @throws EntraAuthError `invalid_arguments` that repeats nothing of the text
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function readClaims(text: string): string {
  const given = text.trim()
  if (given === '') throw unusable('the claims are empty')
  if (given.length > longestText) throw unusable(`the claims are longer than ${longestText} characters`)
  if (given.startsWith('{')) return claimsInJson(given)
  // Checked before the header's grammar, in which a lone word is a scheme without parameters.
  const decoded = decodedClaims(given)
  return decoded ?? claimsInHeader(given)
}

/**
 * Whether the claims say that tokens issued before a moment no longer count: continuous access evaluation revoked them.
 * @see https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation
 */
export function endsOlderTokens(claims: string): boolean {
  const { access_token: wanted } = JSON.parse(claims) as { access_token?: object | null }
  return typeof wanted === 'object' && wanted !== null && 'nbf' in wanted
}

function claimsInJson(text: string): string {
  const value = parsed(text)
  if (value === undefined) throw unusable('the claims are not JSON')
  const inner = value['claims']
  // A refusal of the token endpoint carries its challenge as text within it.
  if (typeof value['error'] === 'string' && typeof inner === 'string') return readClaims(inner)
  if (!destinations.some((name) => isObject(value[name]))) throw unusable('the claims ask for nothing')
  return JSON.stringify(value)
}

/** Undefined where the text is no base64 of JSON, in either alphabet. */
function decodedClaims(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined
  const json = Buffer.from(text, 'base64').toString('utf8')
  return parsed(json) === undefined ? undefined : claimsInJson(json)
}

function claimsInHeader(line: string): string {
  const value = line.replace(/^[<\s]*www-authenticate\s*:/i, '')
  const challenges = readChallenges(value)
  // By the grammar any word is a scheme without parameters.
  const isHeader = (found: readonly Challenge[]) =>
    value !== line || found.some(({ scheme, parameters }) => scheme === 'bearer' || parameters.size > 0)
  if (challenges === undefined || !isHeader(challenges))
    throw unusable('the claims are neither JSON nor base64 of it')
  const bearers = challenges.filter(({ scheme }) => scheme === 'bearer')
  const [claims, ...others] = bearers.flatMap(({ parameters }) => parameters.get('claims') ?? [])
  if (others.length > 0) throw unusable('the WWW-Authenticate header holds more than one claims challenge')
  if (claims === undefined) throw withoutClaims(bearers)
  const json = claims.startsWith('{') ? claimsInJson(claims) : decodedClaims(claims)
  if (json === undefined) throw unusable('the claims in the WWW-Authenticate header are not base64 of JSON')
  return json
}

function withoutClaims(bearers: readonly Challenge[]): EntraAuthError {
  const isExpired = bearers.some(({ parameters }) => parameters.get('error') === 'invalid_token')
  return unusable(
    'the WWW-Authenticate header holds no claims challenge',
    isExpired ? 'the API does not take the token: get a new one with --force' : undefined,
  )
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unusable(
  fact: string,
  hint = "give the API's WWW-Authenticate header between single quotes, the text after claims= in it, or its JSON",
): EntraAuthError {
  return new EntraAuthError('invalid_arguments', fact, { hint })
}
