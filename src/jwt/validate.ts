import {
  checkApp,
  checkAudience,
  checkClientAuthentication,
  checkIdentityType,
  checkRoles,
  checkScopes,
  checkTokenType,
  checkVersion,
} from './claim-checks.ts'
import { failed, notApplicable, passed, type TokenCheck } from './check.ts'
import { decodeToken, type DecodedToken } from './decode.ts'
import { describeToken, type TokenDescription } from './describe.ts'
import { listOf, type Expectations } from './expectations.ts'
import { checkIssuer, checkTenant } from './issuer-check.ts'
import { tenantInIssuer, v2CounterpartOf } from './issuers.ts'
import type { PublishedKey } from './key-set.ts'
import { quoted } from './reason-words.ts'
import { checkExpiry, checkIssuedAt, checkNotBefore } from './time-checks.ts'
import { headerFlaw, ownKeysIn, verifySignature } from './verify-signature.ts'

/** Keys to judge a token by, and who vouches for them. A JWK Set as an issuer publishes it is one. */
export interface TrustedKeys {
  readonly keys: readonly PublishedKey[]
  /** The issuer whose keys they are, as its OpenID configuration names it; may hold `{tenantid}`. */
  readonly issuer?: string
  /** Where they are from, in a few words: `published by login.microsoftonline.com`. */
  readonly source?: string
}

/** Why no keys may be had for a token: its issuer is nobody's, or does not exist. One clause. */
export interface UntrustedIssuer {
  readonly refusal: string
}

/**
 * Finds the keys for a token, which is not verified yet: look at who it says made it, and trust nothing it says. Asked
 * once, and only for a token whose signature can be judged at all. What it throws, `validateToken` throws.
 */
export type KeyResolver = (
  token: DecodedToken,
) => TrustedKeys | UntrustedIssuer | Promise<TrustedKeys | UntrustedIssuer>

/** What came out of checking a token. */
export interface TokenValidation {
  /**
   * `unverifiable`: nothing speaks against it, but its signature can be checked by nobody but its own API (Microsoft
   * Graph and others of Microsoft's). Never to be taken for `valid`.
   */
  readonly verdict: 'valid' | 'invalid' | 'unverifiable'
  /** Whether every check that applies passed. */
  readonly valid: boolean
  /** Every check in a fixed order, also those that do not apply. */
  readonly checks: readonly TokenCheck[]
  readonly token: DecodedToken
  /** What it says about itself; to be believed where `valid` is true. */
  readonly description: TokenDescription
}

/**
 * Checks a token as an API would: signature, issuer, times, and what else is expected. Pure but for the resolver it is
 * handed: asks nobody, reads no clock. Only asymmetric algorithms are taken; keys that the token brings or names itself
 * are never used; keys count only for the issuer they are published for. Does not look up whether the token was revoked,
 * and does not replace an audience check that nobody asked for.
 *
 * @param token in compact serialization, without `Bearer`
 * @param keys the issuer's keys, or what finds them
 * @param expectations what the API wants; without an `audience` nobody knows whom it is for
 * @param now the moment to judge by
 * @throws EntraAuthError `invalid_token` for what is no JWT: malformed, encrypted or opaque
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 * @see https://www.rfc-editor.org/rfc/rfc8725
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export async function validateToken(
  token: string,
  keys: TrustedKeys | KeyResolver,
  expectations: Expectations,
  now: Date,
): Promise<TokenValidation> {
  const decoded = decodeToken(token)
  const description = describeToken(decoded, now)
  const described = { token: decoded, description }
  const { payload } = decoded
  const moment = {
    nowSeconds: now.getTime() / 1000,
    skewSeconds: Math.max(0, expectations.clockSkewSeconds ?? 300),
  }
  const checks = [
    ...(await checkOrigin(token, decoded, keys, expectations)),
    checkTenant(payload, listOf(expectations.tenant)),
    checkExpiry(payload, moment),
    checkNotBefore(payload, moment),
    checkIssuedAt(payload, moment),
    checkTokenType(described, expectations.tokenType ?? 'access'),
    checkAudience(described, expectations.audience),
    checkScopes(described, expectations.scope),
    checkRoles(described, expectations.role),
    checkApp(described, expectations.app),
    checkIdentityType(described, expectations.identityType),
    checkVersion(described, expectations.version),
    checkClientAuthentication(described, expectations.clientAuthentication),
  ]
  const verdict = verdictOf(checks)
  return { verdict, valid: verdict === 'valid', checks, token: decoded, description }
}

function verdictOf(checks: readonly TokenCheck[]): TokenValidation['verdict'] {
  if (checks.some(({ status }) => status === 'failed')) return 'invalid'
  const isSigned = checks.some(({ name, status }) => name === 'signature' && status === 'passed')
  return isSigned ? 'valid' : 'unverifiable'
}

/** In characters; a chain of certificates has room in it. Whoever verifies a signature reads the header several times. */
const longestHeader = 256 * 1024

/** Algorithm, signature and issuer, which hang together: whose keys count depends on who the token says made it. */
async function checkOrigin(
  jws: string,
  token: DecodedToken,
  keys: TrustedKeys | KeyResolver,
  expectations: Expectations,
): Promise<readonly TokenCheck[]> {
  const { header, payload } = token
  const expected = listOf(expectations.issuer)
  const forms = expected === undefined ? [] : [expected]
  const flaw =
    token.json.header.length > longestHeader ? 'the header is longer than 256 KB' : headerFlaw(header)
  if (flaw !== undefined) {
    const unjudged = failed('signature', 'not judged, for the header was refused')
    return [failed('algorithm', flaw), unjudged, checkIssuer(payload, forms)]
  }
  const algorithm = passed('algorithm', String(header['alg']))
  const owner = soleVerifierOf(token)
  if (owner !== undefined) {
    const meaning = 'an API of yours never gets such a token; to prove who called it, ask for one of its own'
    const signature = notApplicable('signature', `cannot be verified by anyone but ${owner}`, meaning)
    return [algorithm, signature, checkIssuer(payload, forms)]
  }
  const found = typeof keys === 'function' ? await keys(token) : keys
  if ('refusal' in found) {
    const unjudged = failed('signature', 'not judged, for there are no keys of an issuer to trust')
    return [algorithm, unjudged, failed('issuer', found.refusal)]
  }
  if (found.issuer !== undefined) forms.push([found.issuer])
  return [algorithm, await checkSignature(jws, token, found), checkIssuer(payload, forms)]
}

async function checkSignature(jws: string, token: DecodedToken, trusted: TrustedKeys): Promise<TokenCheck> {
  const { header } = token
  const ownKeys = ownKeysIn(header)
  const ignored =
    ownKeys.length === 0 ? '' : `; the key in its own header (${ownKeys.join(', ')}) was not used`
  const usable = trusted.keys.filter((key) => mayVouchFor(key, token))
  const verdict = await verifySignature(jws, header, usable)
  if (verdict.isGood) {
    const name = verdict.key.kid === undefined ? 'a key' : `the key ${quoted(verdict.key.kid)}`
    const source = trusted.source === undefined ? '' : ` ${trusted.source}`
    return passed('signature', `made with ${name}${source}${ignored}`)
  }
  const isAnothers = trusted.keys.some((key) => key.kid !== undefined && key.kid === header['kid'])
  const reason =
    isAnothers && !usable.some((key) => key.kid === header['kid'])
      ? `the key ${quoted(String(header['kid']))} is published for another issuer`
      : verdict.reason
  return failed('signature', reason + ignored)
}

/**
 * Whether a key may sign for the issuer that a token names. Documents for all tenants list keys of several issuers.
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer
 */
function mayVouchFor({ issuer }: PublishedKey, { payload }: DecodedToken): boolean {
  if (issuer === undefined) return true
  const { iss } = payload
  if (typeof iss !== 'string') return false
  const v2 = v2CounterpartOf(iss)
  return [iss, v2].some((one) => one !== undefined && tenantInIssuer(issuer, one) !== undefined)
}

const graphAudience =
  /^(?:00000003-0000-0000-c000-000000000000|https:\/\/(?:graph\.microsoft\.com|(?:dod-)?graph\.microsoft\.us|microsoftgraph\.chinacloudapi\.cn))\/?$/i

/**
 * The one API that can check a signature; undefined where everybody with the issuer's keys can. Graph's tokens carry a
 * `nonce` in the header that was another one when they were signed. Others of Microsoft's APIs do the same.
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
function soleVerifierOf({ header, payload }: DecodedToken): string | undefined {
  const audiences = typeof payload['aud'] === 'string' ? [payload['aud']] : []
  if (audiences.some((audience) => graphAudience.test(audience))) return 'Microsoft Graph'
  if (!Object.hasOwn(header, 'nonce')) return undefined
  const [audience] = audiences
  return audience === undefined
    ? 'the API it is for (its header has a nonce)'
    : `the API it is for, ${quoted(audience)} (its header has a nonce)`
}
