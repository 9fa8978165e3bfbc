import { authenticateClient, presentedClient } from './client-authentication.ts'
import type { IdentityContext } from './context.ts'
import { delegatedScopes } from './delegated-scopes.ts'
import { deviceLifetimeSeconds, pollIntervalSeconds } from './device-codes.ts'
import { EntraError, required } from './entra-errors.ts'
import { type SandboxRequest, type SandboxResponse, formOf, json } from '../http.ts'
import { type Audience, clientOf } from './tenancy.ts'
import { tenantName } from './token-exchange.ts'

/**
 * Starts a device sign-in (RFC 8628, section 3.1). Whether the app may finish it shows at the token endpoint, as at Entra.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code#device-authorization-request
 */
export async function deviceAuthorization(
  context: IdentityContext,
  request: SandboxRequest,
  audience: Audience,
  version: 1 | 2,
): Promise<SandboxResponse> {
  // v1 clients ask with the parameters in the query.
  const sent = request.method === 'POST' ? formOf(request) : request.url.searchParams
  if (version === 2 && request.method !== 'POST') {
    throw new EntraError(
      'invalid_request',
      900561,
      `The endpoint only accepts POST requests. Received a ${request.method} request.`,
    )
  }
  const app = clientOf(context.directory, audience, required(sent, 'client_id'))
  await authenticateClient(context, app, presentedClient(request, sent), [])
  const asked = {
    scope: version === 2 ? required(sent, 'scope') : '',
    resource: version === 1 ? required(sent, 'resource') : undefined,
  }
  // Refused now rather than after somebody signed in.
  delegatedScopes(context.directory, asked, {
    appName: app.displayName,
    tenantName: tenantName(audience),
  })
  const { deviceCode, userCode } = context.devices.start({ app, audience, ...asked }, context.now())
  const page = `${request.url.origin}/common/oauth2/deviceauth`
  const text = (number: number): number | string => (version === 1 ? String(number) : number)
  return json(200, {
    user_code: userCode,
    device_code: deviceCode,
    [version === 1 ? 'verification_url' : 'verification_uri']: page,
    expires_in: text(deviceLifetimeSeconds),
    interval: text(pollIntervalSeconds),
    message: `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`,
  })
}
