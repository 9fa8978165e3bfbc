import type { IdentityContext } from './context.ts'
import { instanceDiscovery, openidConfiguration } from './discovery.ts'
import { EntraError, diagnosticsOf, errorResponse } from './entra-errors.ts'
import { type SandboxRequest, type SandboxResponse, formOf, json } from './http.ts'
import { audienceOf } from './tenancy.ts'
import { tokenEndpoint } from './token-endpoint.ts'

/** The identity half of the sandbox; undefined for a path that is none of its own. */
export async function answerIdentity(
  context: IdentityContext,
  request: SandboxRequest,
): Promise<SandboxResponse | undefined> {
  try {
    return await route(context, request)
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    const sent = request.method === 'POST' ? formOf(request) : request.url.searchParams
    return errorResponse(error, diagnosticsOf(request, sent, context.now()), request.url.origin)
  }
}

async function route(
  context: IdentityContext,
  request: SandboxRequest,
): Promise<SandboxResponse | undefined> {
  const { origin, pathname, searchParams } = request.url
  const [, segment = '', ...rest] = pathname.split('/')
  const path = rest.join('/')
  if (path === 'discovery/instance') {
    return instanceDiscovery(origin, searchParams.get('authorization_endpoint') ?? '')
  }
  const audience = () => audienceOf(context.directory, decodeURIComponent(segment))
  switch (path) {
    case 'v2.0/.well-known/openid-configuration':
      return openidConfiguration(origin, audience(), 2)
    case '.well-known/openid-configuration':
      return openidConfiguration(origin, audience(), 1)
    case 'discovery/v2.0/keys':
    case 'discovery/keys':
      audience()
      return json(200, context.keys.published())
    case 'oauth2/v2.0/token':
      return tokenEndpoint(context, request, audience(), 2)
    case 'oauth2/token':
      return tokenEndpoint(context, request, audience(), 1)
    default:
      return undefined
  }
}
