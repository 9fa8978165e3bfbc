import type { DecodedToken } from './decode.ts'

/**
 * What a token may be used for now, judged by its times alone. `unclear`: `exp` or `nbf` is there but is no time, so an
 * API would refuse it.
 */
export type TokenStatus = 'valid' | 'expired' | 'not-yet-valid' | 'unclear'

/** What a token is, as far as its claims tell. An `unknown` one need not be of Entra. */
export type TokenKind = 'app-only access token' | 'delegated access token' | 'ID token' | 'unknown'

/** What a token says about itself, in words that are the same for v1.0 and v2.0. Nothing about it has been verified. */
export interface TokenDescription {
  readonly kind: TokenKind
  /** `1.0` or `2.0`. */
  readonly version: string | undefined
  readonly status: TokenStatus
  /** Epoch seconds, as in the token; undefined where the claim is missing or is no number. */
  readonly exp: number | undefined
  readonly iat: number | undefined
  readonly nbf: number | undefined
  /** Undefined also where the claim lies outside of what a date can hold. */
  readonly expiresAt: Date | undefined
  readonly issuedAt: Date | undefined
  readonly notBefore: Date | undefined
  /** Whole seconds; negative once it has expired; undefined without `exp`. */
  readonly expiresInSeconds: number | undefined
  /** As in the token: one audience or a list. */
  readonly audience: string | readonly string[] | undefined
  readonly issuer: string | undefined
  /** Delegated permissions (`scp`). */
  readonly scopes: readonly string[]
  /** Application permissions, or the roles of a user (`roles`). */
  readonly roles: readonly string[]
  /** The client that asked for the token: `appid` in v1.0, `azp` in v2.0. */
  readonly applicationId: string | undefined
  readonly tenantId: string | undefined
}

/**
 * Says what a token is and whether it is valid at a moment. A token without `exp` never ends (RFC 7519, section 4.1.4).
 * Verifies nothing and allows no clock skew.
 * @param now the moment to judge by
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1
 */
export function describeToken(token: DecodedToken, now: Date): TokenDescription {
  const { payload } = token
  const nowSeconds = now.getTime() / 1000
  const exp = numericDate(payload['exp'])
  const iat = numericDate(payload['iat'])
  const nbf = numericDate(payload['nbf'])
  return {
    kind: kindOf(token),
    version: text(payload['ver']),
    status: statusOf(token, nowSeconds),
    exp,
    iat,
    nbf,
    expiresAt: dateOf(exp),
    issuedAt: dateOf(iat),
    notBefore: dateOf(nbf),
    expiresInSeconds: exp === undefined ? undefined : Math.floor(exp - nowSeconds),
    audience: audienceOf(payload['aud']),
    issuer: text(payload['iss']),
    scopes: words(payload['scp']),
    roles: words(payload['roles']),
    applicationId: text(payload['appid']) ?? text(payload['azp']),
    tenantId: text(payload['tid']),
  }
}

/** The moment that epoch seconds stand for, or undefined where no date can hold it. */
export function dateOf(epochSeconds: number | undefined): Date | undefined {
  if (epochSeconds === undefined) return undefined
  const date = new Date(epochSeconds * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/**
 * Epoch seconds out of a claim. RFC 7519, section 2 asks for a number; some issuers write its digits as a string.
 * Undefined for anything else, also for 1e999, which JSON allows and no number holds.
 */
export function numericDate(claim: unknown): number | undefined {
  const seconds = typeof claim === 'string' && /^\d{1,16}$/.test(claim) ? Number(claim) : claim
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : undefined
}

function statusOf({ payload }: DecodedToken, nowSeconds: number): TokenStatus {
  const exp = numericDate(payload['exp'])
  const nbf = numericDate(payload['nbf'])
  if (exp !== undefined && nowSeconds >= exp) return 'expired'
  if (nbf !== undefined && nowSeconds < nbf) return 'not-yet-valid'
  const isBroken = (name: string, time: number | undefined) =>
    Object.hasOwn(payload, name) && time === undefined
  return isBroken('exp', exp) || isBroken('nbf', nbf) ? 'unclear' : 'valid'
}

/**
 * Access tokens of Entra name their client (`appid` or `azp`), its ID tokens do not. `idtyp` settles app-only or
 * delegated where it is given, else a delegated token is one with scopes.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference
 */
function kindOf({ payload }: DecodedToken): TokenKind {
  const has = (name: string) => Object.hasOwn(payload, name)
  if (has('appid') || has('azp')) {
    if (payload['idtyp'] === 'app') return 'app-only access token'
    return payload['idtyp'] === 'user' || has('scp') ? 'delegated access token' : 'app-only access token'
  }
  if (has('scp')) return 'delegated access token'
  const signsIn = ['nonce', 'at_hash', 'c_hash', 'preferred_username', 'unique_name', 'upn'].some(has)
  return has('sub') && has('tid') && signsIn ? 'ID token' : 'unknown'
}

function audienceOf(claim: unknown): string | readonly string[] | undefined {
  return Array.isArray(claim) ? words(claim) : text(claim)
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined
}

/** A list, whether it was written as an array or with spaces between (RFC 8693, section 4.2). */
function words(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.match(/\S+/g) ?? []
  return Array.isArray(claim) ? claim.filter((item): item is string => typeof item === 'string') : []
}
