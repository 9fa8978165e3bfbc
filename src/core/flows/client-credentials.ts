import type { AuthenticationResult } from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import { isDefaultScope } from '../scopes.ts'
import { isSharedTenant } from '../profiles/profile.ts'
import type { FlowContext } from './context.ts'
import { confidentialApplication } from './msal-application.ts'

/**
 * The app's own token. There is no refresh token: a new one is requested with the app's proof.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function acquireByClientCredentials(context: FlowContext): Promise<AuthenticationResult | null> {
  const { request } = context
  checkScopes(request.scopes)
  checkTenant(request.profile.tenantId)
  const application = await confidentialApplication(context)
  return application.acquireTokenByClientCredential({
    scopes: [...request.scopes],
    claims: request.claims,
    // The cache was looked at just before. MSAL would hand out a token with less left than was asked for.
    skipCache: true,
  })
}

/** Entra answers anything else with AADSTS1002012, after a network round trip. */
function checkScopes(scopes: readonly string[]): void {
  if (scopes.length === 1 && isDefaultScope(scopes[0] ?? '')) return
  throw new EntraAuthError(
    'invalid_arguments',
    `client credentials take one scope that ends in "/.default", not "${scopes.join(' ')}"`,
    {
      hint: 'name the API alone, such as --scope https://graph.microsoft.com/.default, or sign in with --flow interactive',
    },
  )
}

/** MSAL refuses these too, in words that name no flag. */
function checkTenant(tenantId: string): void {
  if (!isSharedTenant(tenantId)) return
  throw new EntraAuthError(
    'invalid_arguments',
    `"${tenantId}" is no single tenant, and an app's own token needs one`,
    { hint: 'name it with --tenant, such as --tenant contoso.onmicrosoft.com' },
  )
}
