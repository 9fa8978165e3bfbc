import { missingProof } from '../client-authentication.ts'
import type { Tenant } from '../../directory.ts'
import { EntraError, required } from '../entra-errors.ts'
import { issueForApp } from '../issuance.ts'
import { type ResourceRequest, parseScopes, resourceOf, singleResource } from '../scopes.ts'
import type { TokenAnswer, TokenExchange } from '../token-exchange.ts'

/**
 * The app itself signs in (RFC 6749, section 4.4).
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function clientCredentials(exchange: TokenExchange): Promise<TokenAnswer> {
  if (exchange.proof === 'none') throw missingProof('client_credentials')
  const tenant = appTenant(exchange)
  return issueForApp(exchange, tenant, requestedResource(exchange, tenant))
}

/** Neither `common` nor a tenant that never installed the app can be meant. */
function appTenant({ app, audience }: TokenExchange): Tenant {
  if (audience.kind !== 'tenant') {
    throw new EntraError(
      'invalid_request',
      50059,
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    )
  }
  if (audience.tenant.id !== app.tenantId) {
    throw new EntraError(
      'unauthorized_client',
      7000229,
      `The client application '${app.appId}' is missing service principal in the tenant '${audience.tenant.id}'.`,
    )
  }
  return audience.tenant
}

function requestedResource({ app, context, form, version }: TokenExchange, tenant: Tenant): ResourceRequest {
  if (version === 1) return resourceOf(context.directory, required(form, 'resource'), tenant.displayName)
  const scope = required(form, 'scope')
  const words = scope.split(/\s+/).filter((word) => word !== '')
  // Checked on the words: which permission a named scope would be does not matter here.
  const named = words.find((word) => !word.toLowerCase().endsWith('/.default'))
  if (named !== undefined) {
    throw new EntraError(
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
        '/.default suffixed to the resource identifier (application ID URI).',
    )
  }
  const request = parseScopes(context.directory, scope, {
    appName: app.displayName,
    tenantName: tenant.displayName,
  })
  return singleResource(context.directory, request, scope)
}
