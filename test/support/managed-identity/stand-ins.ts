/**
 * Stand-ins for the places where Azure hands out managed identities' tokens. Each refuses what the real one refuses: a
 * missing header, another api-version, a parameter by another service's name, an identity nobody assigned.
 * Sources: how-to-use-vm-token (Entra), overview-managed-identity (App Service), how-to-managed-identity-service-fabric-
 * app-code (Service Fabric), managed-identity-authentication (Azure Arc).
 */
import type { HttpRequest, HttpResponse } from '../../../src/core/ports.ts'

export const vaultApi = 'https://vault.azure.net'

/** What was assigned beside the system-assigned identity. */
export const assigned = {
  clientId: '33333333-3333-4333-8333-333333333333',
  objectId: '44444444-4444-4444-8444-444444444444',
  resourceId:
    '/subscriptions/55555555-5555-4555-8555-555555555555/resourcegroups/app/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deploy',
}

export type StandIn = (request: HttpRequest) => HttpResponse

/** Seconds since 1970 at which every token of a stand-in ends: 2026-01-31 11:00 UTC. */
export const endSeconds = 1_769_857_200

interface Asked {
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
}

interface Rules {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly version: string | undefined
  /** Headers that must be there exactly so. */
  readonly headers: Readonly<Record<string, string>>
  /** This service's words for the ids of an identity; a request with any other is refused. */
  readonly identities: Partial<Record<'clientId' | 'objectId' | 'resourceId', string>>
  /** The service's own shape of an answer and of a refusal. */
  readonly token: (name: string, resource: string) => object
  readonly refusal: (status: number, code: string, text: string) => HttpResponse
  /** What identity it is where none is named. */
  readonly own: string | undefined
}

function standIn(rules: Rules): StandIn {
  return (request) => {
    const url = new URL(request.url)
    if (request.method !== rules.method || url.origin + url.pathname !== rules.url) {
      return json(404, { error: 'not_found', error_description: `${request.method} ${request.url}` })
    }
    const asked = read(request, url)
    return problem(asked, rules) ?? grant(asked, rules)
  }
}

function read(request: HttpRequest, url: URL): Asked {
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return { query: request.method === 'POST' ? new URLSearchParams(request.body) : url.searchParams, headers }
}

function problem({ query, headers }: Asked, rules: Rules): HttpResponse | undefined {
  for (const [name, value] of Object.entries(rules.headers)) {
    if (headers[name.toLowerCase()] !== value) {
      return rules.refusal(400, 'bad_request_102', 'Required metadata header not specified')
    }
  }
  const type = headers['content-type'] ?? ''
  if (rules.method === 'POST' && !type.startsWith('application/x-www-form-urlencoded')) {
    return rules.refusal(400, 'invalid_request', `content type ${type}`)
  }
  const version = query.get('api-version') ?? undefined
  if (version !== rules.version) return rules.refusal(400, 'invalid_request', `api-version ${version}`)
  const known = new Set(['resource', 'api-version', ...Object.values(rules.identities)])
  const stray = [...query.keys()].find((name) => !known.has(name))
  if (stray !== undefined) return rules.refusal(400, 'invalid_request', `unknown parameter ${stray}`)
  if (query.getAll('resource').length !== 1) return rules.refusal(400, 'invalid_request', 'one resource')
  return undefined
}

function grant({ query }: Asked, rules: Rules): HttpResponse {
  const resource = query.get('resource') ?? ''
  const named = Object.entries(rules.identities).filter(([, word]) => query.has(word))
  if (named.length > 1) return rules.refusal(400, 'invalid_request', 'two identities')
  const [kind, word = ''] = named[0] ?? []
  if (kind === undefined) {
    return rules.own === undefined
      ? rules.refusal(400, 'invalid_request', 'Identity not found')
      : json(200, rules.token(rules.own, resource))
  }
  if (query.get(word) !== assigned[kind as keyof typeof assigned]) {
    return rules.refusal(400, 'invalid_request', 'Identity not found')
  }
  return json(200, rules.token(kind, resource))
}

function json(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

const flat = (status: number, error: string, text: string) => json(status, { error, error_description: text })
const nested = (status: number, code: string, message: string) => json(status, { error: { code, message } })

export const imdsOrigin = 'http://169.254.169.254'

/**
 * The metadata service, of a machine that has a system-assigned identity or none.
 * @param ends when its tokens end, in seconds since 1970
 */
export function imds(
  origin = imdsOrigin,
  own: 'system' | 'none' = 'system',
  ends: number = endSeconds,
): StandIn {
  return standIn({
    method: 'GET',
    url: `${origin}/metadata/identity/oauth2/token`,
    version: '2018-02-01',
    headers: { Metadata: 'true' },
    identities: { clientId: 'client_id', objectId: 'object_id', resourceId: 'msi_res_id' },
    token: (name, resource) => ({
      access_token: `imds.${name}`,
      client_id: assigned.clientId,
      expires_in: '3600',
      expires_on: String(ends),
      ext_expires_in: '3600',
      not_before: String(ends - 3600),
      resource,
      token_type: 'Bearer',
    }),
    refusal: flat,
    own: own === 'none' ? undefined : own,
  })
}

export const appServiceEnv = {
  IDENTITY_ENDPOINT: 'http://localhost:41741/msi/token',
  IDENTITY_HEADER: 'c0de',
}

export function appService(): StandIn {
  return standIn({
    method: 'GET',
    url: appServiceEnv.IDENTITY_ENDPOINT,
    version: '2019-08-01',
    headers: { 'X-IDENTITY-HEADER': appServiceEnv.IDENTITY_HEADER },
    identities: { clientId: 'client_id', objectId: 'object_id', resourceId: 'mi_res_id' },
    token: (name, resource) => ({
      access_token: `app-service.${name}`,
      client_id: assigned.clientId,
      expires_on: String(endSeconds),
      resource,
      token_type: 'Bearer',
    }),
    refusal: (statusCode, _code, message) => json(statusCode, { statusCode, message }),
    own: 'system',
  })
}

export const machineLearningEnv = {
  MSI_ENDPOINT: 'http://127.0.0.1:46808/MSI/auth',
  MSI_SECRET: 'c0de',
  DEFAULT_IDENTITY_CLIENT_ID: assigned.clientId,
}

/** Where the identity has no default there, as Functions on Linux Consumption, `own` is the system-assigned one. */
export function machineLearning(own?: string): StandIn {
  return standIn({
    method: 'GET',
    url: machineLearningEnv.MSI_ENDPOINT,
    version: '2017-09-01',
    headers: { secret: machineLearningEnv.MSI_SECRET },
    identities: { clientId: 'clientid' },
    token: (name, resource) => ({
      access_token: `msi.${name}`,
      expires_on: '1/31/2026 11:00:00 AM +00:00',
      resource,
      token_type: 'Bearer',
    }),
    refusal: flat,
    own,
  })
}

export const cloudShellEnv = { MSI_ENDPOINT: 'http://localhost:50342/oauth2/token' }

export function cloudShell(): StandIn {
  return standIn({
    method: 'POST',
    url: cloudShellEnv.MSI_ENDPOINT,
    version: undefined,
    headers: { Metadata: 'true' },
    identities: {},
    token: (name, resource) => ({
      access_token: `cloud-shell.${name}`,
      expires_in: '3600',
      expires_on: String(endSeconds),
      resource,
      token_type: 'Bearer',
    }),
    refusal: nested,
    own: 'user',
  })
}

export const serviceFabricEnv = {
  IDENTITY_ENDPOINT: 'https://localhost:2377/metadata/identity/oauth2/token',
  IDENTITY_HEADER: 'c0de',
  IDENTITY_SERVER_THUMBPRINT: 'a'.repeat(40),
}

export function serviceFabric(url = serviceFabricEnv.IDENTITY_ENDPOINT): StandIn {
  return standIn({
    method: 'GET',
    url,
    version: '2019-07-01-preview',
    headers: { Secret: serviceFabricEnv.IDENTITY_HEADER },
    identities: {},
    token: (name, resource) => ({
      token_type: 'Bearer',
      access_token: `service-fabric.${name}`,
      expires_on: endSeconds,
      resource,
    }),
    refusal: nested,
    own: 'system',
  })
}

export const arcEnv = {
  IMDS_ENDPOINT: 'http://localhost:40342',
  IDENTITY_ENDPOINT: 'http://localhost:40342/metadata/identity/oauth2/token',
}
export const arcKey = { path: '/var/opt/azcmagent/tokens/4f2a.key', content: 'the-key' }

/**
 * The Azure Arc agent: a first request is challenged, and answered only with the content of the key file it named.
 * @param agent.challenge its `WWW-Authenticate` header
 * @param agent.names whether it says whose token it gives, as agents do that know several identities
 */
export function azureArc(agent: { readonly challenge?: string; readonly names?: boolean } = {}): StandIn {
  const { challenge = `Basic realm=${arcKey.path}`, names = true } = agent
  const words = { clientId: 'client_id', objectId: 'object_id', resourceId: 'msi_res_id' } as const
  const answer = standIn({
    method: 'GET',
    url: 'http://127.0.0.1:40342/metadata/identity/oauth2/token',
    version: '2020-06-01',
    headers: { Metadata: 'true' },
    identities: words,
    token: (name, resource) => ({
      access_token: `arc.${names ? name : 'system'}`,
      expires_in: '3600',
      expires_on: String(endSeconds),
      resource,
      token_type: 'Bearer',
      ...(names && name in words
        ? { [words[name as keyof typeof words]]: assigned[name as keyof typeof assigned] }
        : {}),
    }),
    refusal: nested,
    own: 'system',
  })
  return (request) => {
    const response = answer(request)
    const { authorization } = read(request, new URL(request.url)).headers
    if (response.status !== 200 || authorization === `Basic ${arcKey.content}`) return response
    return authorization === undefined
      ? { status: 401, headers: { 'www-authenticate': challenge }, body: '' }
      : nested(401, 'unauthorized', 'the key is wrong')
  }
}
