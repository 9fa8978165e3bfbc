import { missingProof } from '../client-authentication.ts'
import { delegatedScopes } from '../delegated-scopes.ts'
import { required } from '../entra-errors.ts'
import { issueForUser } from '../issuance.ts'
import { singleResource } from '../scopes.ts'
import { type TokenAnswer, type TokenExchange, issuingTenant } from '../token-exchange.ts'

/**
 * A poll of the device flow (RFC 8628, section 3.4).
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 */
export async function deviceCode(exchange: TokenExchange): Promise<TokenAnswer> {
  const { app, context, form, proof } = exchange
  if (proof === 'none' && !app.isFallbackPublicClient) throw missingProof('device_code')
  // v1 clients call it `code`.
  const code = form.get('device_code') ?? form.get('code') ?? required(form, 'device_code')
  const signIn = context.devices.poll(code, app, context.now())
  const { user, amr } = signIn.outcome
  const tenant = issuingTenant(exchange, user.tenantId)
  const asked = { scope: signIn.scope, resource: signIn.resource }
  const scopes = delegatedScopes(context.directory, asked, {
    appName: app.displayName,
    tenantName: tenant.displayName,
  })
  const answer = await issueForUser(exchange, {
    tenant,
    user,
    amr,
    signedInAt: signIn.outcome.at,
    resource: singleResource(context.directory, scopes, asked.scope),
    asked,
    openid: scopes.openid,
    nonce: undefined,
    claims: form.get('claims') ?? undefined,
    isConfidential: proof !== 'none',
  })
  context.devices.settle(code, { kind: 'redeemed' })
  return answer
}
