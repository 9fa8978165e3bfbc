import type { Api, Directory } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { graphAppId } from '../well-known-apis.ts'

/** What a client asks of one API, in the client's own spelling. */
export interface ResourceRequest {
  readonly api: Api
  /**
   * The resource as the client wrote it, with any trailing slash; `aud` of v1 tokens and the answered `scope` repeat it.
   * Clients look their cache up by it: Azure CLI asks again on every call when the spelling was tidied.
   */
  readonly spelling: string
  /** How a permission of it is written in the answered scope: bare (`User.Read`) or after the resource. */
  readonly isBare: boolean
  readonly permissions: readonly string[]
  /** `/.default`: everything the app's registration asks for. */
  readonly isDefault: boolean
}

export interface ScopeRequest {
  readonly resources: readonly ResourceRequest[]
  /** `openid`, `profile`, `email`, `offline_access` where asked for. */
  readonly openid: readonly string[]
}

const openidScopes = new Set(['openid', 'profile', 'email', 'offline_access'])

/**
 * Reads the `scope` parameter: `.default`, qualified, bare (Microsoft Graph's) and OpenID Connect scopes.
 * @throws EntraError AADSTS70011 for a malformed scope, 500011 for an unknown resource, 650053 for an unknown permission
 * @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 */
export function parseScopes(directory: Directory, scope: string, context: ScopeContext): ScopeRequest {
  const words = [...new Set(scope.split(/\s+/).filter((word) => word !== ''))]
  const openid = words
    .filter((word) => openidScopes.has(word.toLowerCase()))
    .map((word) => word.toLowerCase())
  const resources = new Map<string, ResourceRequest>()
  for (const word of words) {
    if (openidScopes.has(word.toLowerCase())) continue
    const one = parseOne(directory, word, context)
    const earlier = resources.get(one.api.appId)
    resources.set(one.api.appId, earlier ? merged(earlier, one) : one)
  }
  const all = [...resources.values()]
  if (all.some(({ isDefault }) => isDefault) && all.some(({ permissions }) => permissions.length > 0)) {
    throw new EntraError(
      'invalid_scope',
      70011,
      "The provided request must include a 'scope' input parameter. The provided value for the input parameter " +
        `'scope' is not valid. The scope ${scope} is not valid. .default scope can't be combined with ` +
        'resource-specific scopes.',
    )
  }
  return { resources: all, openid }
}

export interface ScopeContext {
  readonly appName: string
  readonly tenantName: string
}

/**
 * The one resource a token is for. With OpenID Connect scopes alone that is Microsoft Graph, as `userinfo` is served there.
 * @throws EntraError AADSTS28000 when several resources are asked for in one token request
 */
export function singleResource(directory: Directory, request: ScopeRequest, scope: string): ResourceRequest {
  const [first, ...others] = request.resources
  if (others.length > 0) {
    throw new EntraError(
      'invalid_request',
      28000,
      'Provided value for the input parameter scope is not valid because it contains more than one resource. ' +
        `Scope ${scope} is not valid.`,
    )
  }
  return (
    first ?? {
      api: graphOf(directory),
      spelling: graphAppId,
      isBare: true,
      permissions: [],
      isDefault: false,
    }
  )
}

/** The API a v1 request names in `resource`, by identifier URI or application id. */
export function resourceOf(directory: Directory, spelling: string, tenantName: string): ResourceRequest {
  return {
    api: apiNamed(directory, spelling) ?? unknownResource(spelling, tenantName),
    spelling,
    isBare: false,
    permissions: [],
    isDefault: true,
  }
}

/** A permission in the spelling the client used for its resource. */
export function spelled(request: ResourceRequest, permission: string): string {
  return request.isBare ? permission : `${request.spelling}/${permission}`
}

function parseOne(directory: Directory, word: string, context: ScopeContext): ResourceRequest {
  const slash = word.lastIndexOf('/')
  if (slash === 0 || slash === word.length - 1) throw invalidScope(word)
  const spelling = slash < 0 ? graphAppId : word.slice(0, slash)
  const permission = word.slice(slash + 1)
  // What is no name at all is refused as a scope; what looks like a resource, as a resource.
  if (slash >= 0 && !/^[\w.+-]+:\/\/|^[0-9a-f-]{36}$/i.test(spelling)) throw invalidScope(word)
  const api = apiNamed(directory, spelling) ?? unknownResource(spelling, context.tenantName)
  if (permission.toLowerCase() === '.default') {
    return { api, spelling, isBare: slash < 0, permissions: [], isDefault: true }
  }
  const known = api.delegatedPermissions.find(({ value }) => value.toLowerCase() === permission.toLowerCase())
  if (!known) {
    throw new EntraError(
      'invalid_client',
      650053,
      `The application '${context.appName}' asked for scope '${permission}' that doesn't exist on the resource ` +
        `'${api.appId}'. Contact the app vendor.`,
      { status: 400 },
    )
  }
  return { api, spelling, isBare: slash < 0, permissions: [known.value], isDefault: false }
}

function merged(one: ResourceRequest, other: ResourceRequest): ResourceRequest {
  return {
    ...one,
    isDefault: one.isDefault || other.isDefault,
    permissions: [...new Set([...one.permissions, ...other.permissions])],
  }
}

function apiNamed(directory: Directory, spelling: string): Api | undefined {
  const wanted = spelling.toLowerCase()
  return directory.apis.find(
    ({ appId, identifierUris }) =>
      appId === wanted || identifierUris.some((identifier) => identifier.toLowerCase() === wanted),
  )
}

function graphOf(directory: Directory): Api {
  return apiNamed(directory, graphAppId) ?? unknownResource(graphAppId, 'the directory')
}

export function invalidScope(scope: string): EntraError {
  return new EntraError(
    'invalid_scope',
    70011,
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' " +
      `is not valid. The scope ${scope} is not valid.`,
  )
}

function unknownResource(spelling: string, tenantName: string): never {
  throw new EntraError(
    'invalid_resource',
    500011,
    `The resource principal named ${spelling} was not found in the tenant named ${tenantName}. This can happen if the ` +
      'application has not been installed by the administrator of the tenant or consented to by any user in the ' +
      'tenant. You might have sent your authentication request to the wrong tenant.',
  )
}
