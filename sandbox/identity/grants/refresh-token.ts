import { missingProof } from '../client-authentication.ts'
import { delegatedScopes } from '../delegated-scopes.ts'
import { EntraError, required } from '../entra-errors.ts'
import { issueForUser } from '../issuance.ts'
import { singleResource } from '../scopes.ts'
import { type TokenAnswer, type TokenExchange, issuingTenant } from '../token-exchange.ts'

/**
 * Renews with a refresh token (RFC 6749, section 6). Every answer carries a new one. Any resource the app may use can be
 * asked for, not just the first one.
 * @see https://learn.microsoft.com/entra/identity-platform/refresh-tokens
 */
export async function refreshToken(exchange: TokenExchange): Promise<TokenAnswer> {
  const { app, context, form, proof } = exchange
  const token = required(form, 'refresh_token')
  const grant = context.refreshTokens.find(token, context.now(), {
    isSingleUse: context.settings.refreshTokensAreSingleUse,
  })
  if (grant.app.appId !== app.appId) {
    throw new EntraError(
      'invalid_grant',
      70000,
      'Provided grant is invalid or malformed: the refresh token was issued to another client.',
    )
  }
  if (grant.isConfidential && proof === 'none') throw missingProof('refresh_token')
  const tenant = issuingTenant(exchange, grant.tenantId)
  const scope = form.get('scope') ?? grant.asked.scope
  const namesScope = form.has('scope') || form.has('resource')
  const asked = { scope, resource: namesScope ? (form.get('resource') ?? undefined) : grant.asked.resource }
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
    openid: [...new Set([...scopes.openid, 'offline_access'])],
    nonce: undefined,
    claims: form.get('claims') ?? undefined,
    isConfidential: grant.isConfidential,
  })
  context.refreshTokens.spend(token)
  return answer
}
