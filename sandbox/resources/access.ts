import type { JSONWebKeySet } from 'jose'
import * as errors from 'jose/errors'
import { createLocalJWKSet } from 'jose/jwks/local'
import { jwtVerify } from 'jose/jwt/verify'
import type { Api } from '../directory.ts'
import type { SandboxRequest } from '../http.ts'

/** What the resource APIs need to judge a token. */
export interface TokenRules {
  readonly issuers: readonly string[]
  signingKeys(): JSONWebKeySet | Promise<JSONWebKeySet>
  now(): Date
}

/** Who calls, as the token says. */
export interface Caller {
  readonly tenantId: string
  /** Of the user, or of the service principal of an app that acts for itself. */
  readonly objectId: string
  /** A user is present: the token has `scp`. */
  readonly isDelegated: boolean
  /** The delegated permissions of `scp` or the app roles of `roles`, whichever counts for this caller. */
  readonly permissions: readonly string[]
}

/** Why a request is not let in; every API words it in its own way. */
export type Refusal =
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'not-yet-valid' }
  | { readonly kind: 'invalid'; readonly reason: 'signature' | 'issuer' | 'claims' }
  | { readonly kind: 'expired'; readonly expired: Date | undefined }
  | { readonly kind: 'audience'; readonly audience: string }

export type Access = { readonly caller: Caller } | { readonly refusal: Refusal }

const clockToleranceSeconds = 300

/**
 * Checks the bearer token of a request (RFC 6750, section 2.1) the way an API of the tenant would: RS256, signed by the
 * published key that `kid` names, issuer, lifetime with 5 minutes of tolerance, audience. Permissions are the API's own
 * business.
 * @param audiences the APIs of which the token must be for one; `any` lets in a token for whatever it is
 */
export async function checkAccess(
  request: SandboxRequest,
  rules: TokenRules,
  audiences: readonly Api[] | 'any',
): Promise<Access> {
  const authorization = (request.headers['authorization'] ?? '').trim()
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (token === undefined) return refused({ kind: 'missing' })
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return refused({ kind: 'malformed' })
  try {
    const keys = createLocalJWKSet(await rules.signingKeys())
    const { payload } = await jwtVerify(
      token,
      (header, jws) => {
        // Without a kid the key set would take the only key that fits.
        if (header.kid === undefined) throw new errors.JWKSNoMatchingKey()
        return keys(header, jws)
      },
      {
        algorithms: ['RS256'],
        issuer: [...rules.issuers],
        requiredClaims: ['exp', 'aud', 'tid'],
        clockTolerance: clockToleranceSeconds,
        currentDate: rules.now(),
      },
    )
    const spellings = [payload.aud ?? []].flat()
    const isForUs =
      audiences === 'any' ||
      audiences.some((api) => spellings.some((spelling) => isAudienceOf(api, spelling)))
    if (!isForUs) return refused({ kind: 'audience', audience: spellings.join(' ') })
    return { caller: callerOf(payload) }
  } catch (error) {
    return refused(refusalOf(error))
  }
}

/** Any spelling an API goes by: its identifier URIs with or without the closing slash, or its application id. */
function isAudienceOf(api: Api, audience: string): boolean {
  const spelling = withoutSlash(audience)
  return spelling === api.appId || api.identifierUris.some((uri) => withoutSlash(uri) === spelling)
}

/** Whether the caller holds one of the permissions; what suffices may differ with and without a user. */
export function holdsOneOf(caller: Caller, permissions: readonly string[]): boolean {
  return permissions.some((permission) => caller.permissions.includes(permission))
}

function callerOf(claims: Readonly<Record<string, unknown>>): Caller {
  const isDelegated = typeof claims['scp'] === 'string'
  const roles = Array.isArray(claims['roles']) ? claims['roles'].map(String) : []
  return {
    tenantId: String(claims['tid']),
    objectId: typeof claims['oid'] === 'string' ? claims['oid'] : '',
    isDelegated,
    // A delegated token may carry `roles` too: those are roles of the user, not application permissions.
    permissions: isDelegated ? String(claims['scp']).split(' ') : roles,
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) {
    const { exp } = error.payload
    return { kind: 'expired', expired: exp === undefined ? undefined : new Date(exp * 1000) }
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return { kind: 'not-yet-valid' }
    return { kind: 'invalid', reason: error.claim === 'iss' ? 'issuer' : 'claims' }
  }
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return { kind: 'malformed' }
  // What is left of jose's errors: wrong algorithm, unknown or missing kid, signature that does not verify.
  if (error instanceof errors.JOSEError) return { kind: 'invalid', reason: 'signature' }
  throw error
}

function refused(refusal: Refusal): Access {
  return { refusal }
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '')
}
