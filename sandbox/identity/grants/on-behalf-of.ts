import { type JWTPayload } from 'jose'
import { createLocalJWKSet } from 'jose/jwks/local'
import { jwtVerify } from 'jose/jwt/verify'
import { missingProof } from '../client-authentication.ts'
import { delegatedScopes } from '../delegated-scopes.ts'
import type { User } from '../../directory.ts'
import { EntraError, required } from '../entra-errors.ts'
import { issueForUser } from '../issuance.ts'
import { singleResource } from '../scopes.ts'
import { type TokenAnswer, type TokenExchange, issuingTenant } from '../token-exchange.ts'
import { asSigned, methodsIn } from '../tokens.ts'

/**
 * An API trades the token it was called with for one to call the next API with.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export async function onBehalfOf(exchange: TokenExchange): Promise<TokenAnswer> {
  const { app, context, form, proof } = exchange
  if (proof === 'none') throw missingProof('jwt-bearer')
  if (required(form, 'requested_token_use') !== 'on_behalf_of') {
    throw new EntraError(
      'invalid_request',
      90100,
      "requested_token_use parameter is empty or not valid: it must be 'on_behalf_of'.",
    )
  }
  const claims = await checkedAssertion(exchange, required(form, 'assertion'))
  const user = userOf(exchange, claims)
  const tenant = issuingTenant(exchange, user.tenantId)
  const scope = form.get('scope') ?? ''
  const asked = { scope, resource: form.get('resource') ?? undefined }
  const scopes = delegatedScopes(context.directory, asked, {
    appName: app.displayName,
    tenantName: tenant.displayName,
  })
  return issueForUser(exchange, {
    tenant,
    user,
    amr: methodsIn(claims),
    signedInAt: new Date((claims.iat ?? 0) * 1000),
    resource: singleResource(context.directory, scopes, scope),
    asked,
    openid: scopes.openid,
    nonce: undefined,
    claims: form.get('claims') ?? undefined,
    isConfidential: true,
  })
}

async function checkedAssertion(exchange: TokenExchange, assertion: string): Promise<JWTPayload> {
  const { app, context } = exchange
  const claims = await verified(exchange, assertion)
  const now = context.now().getTime() / 1000
  if (claims.exp === undefined || claims.exp <= now) {
    throw new EntraError(
      'invalid_grant',
      500133,
      'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for ' +
        `user assertion, or request a new token. Current time: ${context.now().toISOString()}, expiry time of ` +
        `assertion ${new Date((claims.exp ?? 0) * 1000).toISOString()}.`,
    )
  }
  const audience = [claims.aud ?? ''].flat().join(' ')
  const own = context.directory.apis.find(({ appId }) => appId === app.appId)
  const isForThisApp = audience === app.appId || own?.identifierUris.includes(audience)
  if (!isForThisApp) {
    throw new EntraError(
      'invalid_grant',
      500131,
      'Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was ' +
        `'${audience}' and the expected audience is one of the Application Uris of this application with App ID ` +
        `'${app.appId}' (${app.displayName}).`,
    )
  }
  return claims
}

async function verified({ context }: TokenExchange, assertion: string): Promise<JWTPayload> {
  try {
    // Also Graph's own tokens are read, so that their wrong audience is named and not their unusual signature.
    const { payload } = await jwtVerify(asSigned(assertion), createLocalJWKSet(context.keys.published()), {
      algorithms: ['RS256'],
      currentDate: context.now(),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
    return payload
  } catch {
    throw new EntraError(
      'invalid_grant',
      50013,
      'Assertion failed signature validation. [Reason - The key was not found or the signature is not valid.]',
    )
  }
}

function userOf({ app, context }: TokenExchange, claims: JWTPayload): User {
  const user = context.directory.users.find(({ objectId }) => objectId === claims.oid)
  if (user && typeof claims.scp === 'string') return user
  throw new EntraError(
    'invalid_grant',
    7000114,
    `Application '${app.appId}' is not allowed to make application on-behalf-of calls.`,
  )
}
