import { randomUUID } from 'node:crypto'
import type { Directory } from '../../directory.ts'
import { json, type SandboxRequest, type SandboxResponse } from '../../http.ts'
import { checkAccess, holdsOneOf, type Caller, type Refusal } from '../access.ts'
import { bearerChallenge } from '../challenge.ts'
import { graphAppId } from '../../well-known-apis.ts'
import type { Resource, ResourceContext } from '../resource.ts'
import {
  applications,
  organization,
  servicePrincipals,
  userEntity,
  users,
  type Entity,
  type EntitySet,
} from './entities.ts'
import { badRequest, failureAnswer, GraphFailure, notFound } from './failure.ts'
import { navigationOf } from './navigations.ts'
import { countCollection, queryCollection, querySingle } from './query.ts'

const host = 'graph.microsoft.com'
const sets = [users, applications, servicePrincipals, organization]
const selfPermissions = ['User.Read', 'User.ReadWrite', ...users.permissions]

/**
 * A small Microsoft Graph v1.0: `/me`, `/users`, `/applications`, `/servicePrincipals`, `/organization`, and what hangs on
 * an app: its federated credentials, grants and app roles. Reads only.
 * A permission in the token is enough: the directory roles a user would need beside it are not looked at.
 */
export function createGraph(context: ResourceContext): Resource {
  return {
    owns: ({ hostname, pathname }) => hostname === host || /^\/v1\.0(\/|$)/.test(pathname),
    async answer(request) {
      try {
        const caller = await admit(request, context)
        return success(read(request, caller, context.directory), request)
      } catch (error) {
        if (error instanceof GraphFailure) return failureAnswer(error, request, context.now())
        throw error
      }
    },
  }
}

async function admit(request: SandboxRequest, context: ResourceContext): Promise<Caller> {
  const api = context.directory.apis.find((candidate) => candidate.appId === graphAppId)
  if (api === undefined) throw badRequest('The sandbox has no Microsoft Graph.')
  const access = await checkAccess(request, context, [api])
  if ('caller' in access) return access.caller
  const message = wording(access.refusal)
  throw new GraphFailure(401, 'InvalidAuthenticationToken', message, {
    'www-authenticate': bearerChallenge(access.refusal, message, {
      realm: '',
      authorization_uri: 'https://login.microsoftonline.com/common/oauth2/authorize',
      client_id: graphAppId,
    }),
  })
}

function read(
  request: SandboxRequest,
  caller: Caller,
  directory: Directory,
): string | Record<string, unknown> {
  const { name, key, rest } = target(request.url.pathname)
  const set =
    name === 'me' ? users : sets.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  const navigation = rest === undefined ? undefined : navigationOf(set?.name, rest)
  if (set === undefined || (rest !== undefined && navigation === undefined))
    throw badRequest(`Resource not found for the segment '${rest ?? name}'.`)
  if (request.method !== 'GET')
    throw new GraphFailure(
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
      { allow: 'GET' },
    )
  if (name === 'me') return querySingle(users, self(caller, directory), request.url)

  const tenant = directory.tenants.find(({ id }) => id === caller.tenantId)
  const entities = tenant ? set.of(tenant, directory) : []
  if (key === undefined || key.value === '$count') {
    demand(caller, set.permissions)
    return key === undefined ? queryCollection(set, entities, request) : countCollection(entities, request)
  }
  const entity = find(entities, set, key)
  if (navigation !== undefined && tenant !== undefined) {
    demand(caller, navigation.permissions)
    if (entity === undefined) throw notFound(key.value)
    return queryCollection(navigation, navigation.from(entity, tenant, directory), request)
  }
  // Whoever may read themselves as /me may do so by name as well.
  const isSelf = set === users && caller.isDelegated && entity?.id === caller.objectId
  demand(caller, isSelf ? selfPermissions : set.permissions)
  if (entity === undefined) throw notFound(key.value)
  return querySingle(set, entity, request.url)
}

interface Target {
  readonly name: string
  readonly key: Key | undefined
  /** What comes after the object: a collection that hangs on it. */
  readonly rest: string | undefined
}

interface Key {
  /** The alternate key's property in `applications(appId='…')`. */
  readonly property: string | undefined
  readonly value: string
}

function target(pathname: string): Target {
  const [version, first = '', second, ...rest] = pathname.split('/').slice(1).map(decode)
  if (version !== 'v1.0') throw badRequest(`Invalid version: ${version}`)
  const [, called, property, value] = /^(\w+)\((\w+)='([^']*)'\)$/.exec(first) ?? []
  if (called !== undefined && value !== undefined)
    return { name: called, key: { property, value }, rest: second || undefined }
  if (first === 'me') return { name: first, key: undefined, rest: second || undefined }
  const key = second ? { property: undefined, value: second } : undefined
  return { name: first, key, rest: rest.find((segment) => segment !== '') }
}

function find(entities: readonly Entity[], set: EntitySet, { property, value }: Key): Entity | undefined {
  const bareKeys = set.keyStyle === 'bare' ? ['id', ...set.alternateKeys] : ['id']
  const keys = property === undefined ? bareKeys : set.alternateKeys.filter((name) => name === property)
  const wanted = value.toLowerCase()
  return entities.find((entity) => keys.some((name) => String(entity[name]).toLowerCase() === wanted))
}

function self(caller: Caller, directory: Directory): Entity {
  if (!caller.isDelegated) throw badRequest('/me request is only valid with delegated authentication flow.')
  demand(caller, selfPermissions)
  const user = directory.users.find(({ objectId }) => objectId === caller.objectId)
  if (user === undefined) throw notFound(caller.objectId)
  return userEntity(user)
}

function demand(caller: Caller, permissions: readonly string[]): void {
  if (!holdsOneOf(caller, permissions))
    throw new GraphFailure(
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    )
}

function success(content: string | Record<string, unknown>, request: SandboxRequest): SandboxResponse {
  const requestId = randomUUID()
  const headers = {
    'request-id': requestId,
    'client-request-id': request.headers['client-request-id'] ?? requestId,
  }
  if (typeof content === 'string')
    return { status: 200, headers: { 'content-type': 'text/plain', ...headers }, body: content }
  return json(200, content, {
    'content-type': 'application/json; odata.metadata=minimal; charset=utf-8',
    'odata-version': '4.0',
    ...headers,
  })
}

function wording(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'missing':
      return 'Access token is empty.'
    case 'malformed':
      return 'IDX14100: JWT is not well formed.'
    case 'expired':
      return 'Lifetime validation failed, the token is expired.'
    case 'not-yet-valid':
      return 'Lifetime validation failed, the token is not yet valid.'
    case 'audience':
      return 'Access token validation failure. Invalid audience.'
    case 'invalid':
      return `Access token validation failure. Invalid ${refusal.reason}.`
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw badRequest(`The path segment '${segment}' is not well formed.`)
  }
}
