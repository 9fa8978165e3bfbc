import { createHash } from 'node:crypto'
import type { AuthorizationGrant } from '../authorization-codes.ts'
import { missingProof, publicClientWithProof } from '../client-authentication.ts'
import { delegatedScopes } from '../delegated-scopes.ts'
import { EntraError, required } from '../entra-errors.ts'
import { issueForUser } from '../issuance.ts'
import { registeredAs } from '../redirect-uris.ts'
import { singleResource } from '../scopes.ts'
import { type TokenAnswer, type TokenExchange, issuingTenant } from '../token-exchange.ts'

/**
 * Redeems an authorization code (RFC 6749, section 4.1.3, with RFC 7636).
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export async function authorizationCode(exchange: TokenExchange): Promise<TokenAnswer> {
  const { app, audience, context, form } = exchange
  const code = required(form, 'code')
  const redirectUri = required(form, 'redirect_uri')
  const grant = context.codes.find(code, context.now())
  if (grant.app.appId !== app.appId) {
    throw new EntraError(
      'invalid_grant',
      70000,
      'Provided grant is invalid or malformed: the code was issued to another client.',
    )
  }
  if (audience.kind === 'tenant' && audience.tenant.id !== grant.tenantId) {
    throw new EntraError(
      'invalid_grant',
      700005,
      'Provided Authorization Code is intended to use against other tenant, thus rejected.',
    )
  }
  if (redirectUri !== grant.redirectUri) {
    throw new EntraError(
      'invalid_client',
      500112,
      `The reply address '${redirectUri}' does not match the reply address '${grant.redirectUri}' provided when ` +
        'requesting Authorization code.',
      { status: 400 },
    )
  }
  const isConfidential = demandRightProof(exchange, redirectUri)
  checkVerifier(grant, form.get('code_verifier'))
  const tenant = issuingTenant(exchange, grant.tenantId)
  // The scopes of the code hold unless the redemption names its own.
  const scope = form.get('scope') ?? grant.scope
  const asked = { scope, resource: form.get('resource') ?? grant.resource }
  const scopes = delegatedScopes(context.directory, asked, {
    appName: app.displayName,
    tenantName: tenant.displayName,
  })
  const answer = await issueForUser(exchange, {
    tenant,
    user: grant.user,
    amr: grant.amr,
    signedInAt: grant.signedInAt,
    resource: singleResource(context.directory, scopes, scope),
    asked,
    openid: scopes.openid,
    nonce: grant.nonce,
    claims: form.get('claims') ?? grant.claims,
    isConfidential,
  })
  context.codes.spend(code)
  return answer
}

/** The redirect URI's kind decides: web apps must prove themselves, public clients must not pretend to. */
function demandRightProof({ app, proof }: TokenExchange, redirectUri: string): boolean {
  const isConfidential = registeredAs(app, redirectUri) === 'web'
  if (isConfidential && proof === 'none') throw missingProof('authorization_code')
  if (!isConfidential && proof !== 'none') throw publicClientWithProof()
  return isConfidential
}

function checkVerifier({ codeChallenge }: AuthorizationGrant, verifier: string | null): void {
  if (!codeChallenge && verifier === null) return
  const given = verifier ?? ''
  const derived =
    codeChallenge?.method === 'S256' ? createHash('sha256').update(given).digest('base64url') : given
  if (codeChallenge && verifier !== null && derived === codeChallenge.value) return
  throw new EntraError(
    'invalid_grant',
    501481,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  )
}
