import { authenticateClient, presentedClient } from './client-authentication.ts'
import type { IdentityContext } from './context.ts'
import { EntraError, required } from './entra-errors.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { deviceCode } from './grants/device-code.ts'
import { onBehalfOf } from './grants/on-behalf-of.ts'
import { refreshToken } from './grants/refresh-token.ts'
import { type SandboxRequest, type SandboxResponse, formOf, json } from '../http.ts'
import { issuerOf } from './issuers.ts'
import { type Audience, clientOf } from './tenancy.ts'
import type { Grant, TokenAnswer, TokenExchange } from './token-exchange.ts'

const grants: ReadonlyMap<string, Grant> = new Map([
  ['client_credentials', clientCredentials],
  ['authorization_code', authorizationCode],
  ['refresh_token', refreshToken],
  ['urn:ietf:params:oauth:grant-type:device_code', deviceCode],
  // What MSAL posts, as Entra's first documents spelled it.
  ['device_code', deviceCode],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', onBehalfOf],
])

/** The token endpoint, v1 and v2 (RFC 6749, section 3.2). Refusals are thrown as `EntraError`. */
export async function tokenEndpoint(
  context: IdentityContext,
  request: SandboxRequest,
  audience: Audience,
  version: 1 | 2,
): Promise<SandboxResponse> {
  if (request.method !== 'POST') {
    throw new EntraError(
      'invalid_request',
      900561,
      `The endpoint only accepts POST requests. Received a ${request.method} request.`,
    )
  }
  const form = formOf(request)
  const grantType = required(form, 'grant_type')
  const grant = grants.get(grantType)
  if (!grant) {
    throw new EntraError(
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grantType}'.`,
    )
  }
  if (version === 2 && form.has('resource')) {
    throw new EntraError('invalid_request', 901002, "The 'resource' request parameter is not supported.")
  }
  const presented = presentedClient(request, form)
  const app = clientOf(context.directory, audience, presented.clientId ?? required(form, 'client_id'))
  const { origin } = request.url
  const proof = await authenticateClient(context, app, presented, assertionAudiences(origin, audience))
  const exchange: TokenExchange = { context, origin, audience, version, form, app, presented, proof }
  const answer = await grant(exchange)
  return json(200, version === 2 ? version2(answer) : version1(answer, context.now()), { pragma: 'no-cache' })
}

/**
 * Whom a self-signed assertion may be for: this endpoint in either version, or the issuer, with the tenant as written
 * in the path or by its id. Lower case, as MSAL sends them.
 */
function assertionAudiences(origin: string, audience: Audience): readonly string[] {
  const tenantId = audience.kind === 'tenant' ? audience.tenant.id : audience.segment
  const segments = [...new Set([audience.segment, tenantId])]
  return segments
    .flatMap((segment) => [
      `${origin}/${segment}/oauth2/v2.0/token`,
      `${origin}/${segment}/oauth2/token`,
      `${origin}/${segment}/v2.0`,
      issuerOf(origin, segment, 1),
    ])
    .map((url) => url.toLowerCase())
}

const refreshInThresholdSeconds = 2 * 3600

function version2(answer: TokenAnswer): object {
  return {
    token_type: 'Bearer',
    ...defined({ scope: answer.scope }),
    expires_in: answer.expiresIn,
    ext_expires_in: answer.expiresIn,
    // Long-lived tokens say when to renew them early.
    ...(answer.expiresIn > refreshInThresholdSeconds ? { refresh_in: Math.floor(answer.expiresIn / 2) } : {}),
    access_token: answer.accessToken,
    ...defined({
      refresh_token: answer.refreshToken,
      id_token: answer.idToken,
      client_info: answer.clientInfo,
    }),
  }
}

/** The v1 endpoint answers numbers as text and names the resource. */
function version1(answer: TokenAnswer, now: Date): object {
  const seconds = Math.floor(now.getTime() / 1000)
  return {
    token_type: 'Bearer',
    ...defined({ scope: answer.scope }),
    expires_in: String(answer.expiresIn),
    ext_expires_in: String(answer.expiresIn),
    expires_on: String(seconds + answer.expiresIn + 1),
    not_before: String(seconds - 300),
    resource: answer.resource,
    access_token: answer.accessToken,
    ...defined({
      refresh_token: answer.refreshToken,
      id_token: answer.idToken,
      client_info: answer.clientInfo,
    }),
  }
}

function defined(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
