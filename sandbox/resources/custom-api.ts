import { randomUUID } from 'node:crypto'
import type { Api, Directory } from '../directory.ts'
import { json, type SandboxRequest, type SandboxResponse } from '../http.ts'
import { checkAccess, holdsOneOf, type Caller, type Refusal } from './access.ts'
import { bearerChallenge } from './challenge.ts'
import type { Resource, ResourceContext } from './resource.ts'

/** Hosts that speak for the APIs the directory's developers registered. */
const ownHosts = new Set(['api.contoso.com', 'correct-api.com'])
/** Greets whoever holds a valid token of the tenant, whatever it is for. */
const openHost = 'api.example.com'
const resourcesPath = '/v1/resources'
const singlePath = /^\/v1\/resources\/([^/]+)$/

interface StoredResource {
  readonly id: string
  readonly createdDateTime: string
  readonly createdBy: string
  readonly content: Readonly<Record<string, unknown>>
}

/**
 * An API such as a developer would register: `GET` and `POST /v1/resources`, `GET /v1/resources/ID`, and a greeting at
 * `/` of its own hosts. It wants a token for an API that is an app registration of the directory, with one of its scopes
 * or app roles. What is posted is kept in memory, by tenant.
 */
export function createCustomApi(context: ResourceContext): Resource {
  const apis = registeredApis(context.directory)
  const shelves = new Map<string, StoredResource[]>()
  return {
    owns: ({ hostname, pathname }) =>
      ownHosts.has(hostname) ||
      hostname === openHost ||
      pathname === resourcesPath ||
      singlePath.test(pathname),
    async answer(request) {
      const { hostname, pathname } = request.url
      const isOpen = hostname === openHost && pathname === '/'
      const access = await checkAccess(request, context, isOpen ? 'any' : apis)
      if ('refusal' in access) return unauthorized(access.refusal)
      const { caller } = access
      if (pathname === '/') return isOpen || maySee(caller, apis) ? greeting(caller) : forbidden()
      const shelf = shelves.get(caller.tenantId) ?? []
      shelves.set(caller.tenantId, shelf)
      if (pathname !== resourcesPath) return maySee(caller, apis) ? one(shelf, pathname) : forbidden()
      switch (request.method) {
        case 'GET':
          return maySee(caller, apis) ? json(200, { value: shelf.map(shown) }) : forbidden()
        case 'POST':
          return mayChange(caller, apis) ? add(shelf, request, caller, context.now()) : forbidden()
        default:
          return failure(405, 'method_not_allowed', `${request.method} is not supported here.`, {
            allow: 'GET, POST',
          })
      }
    },
  }
}

function one(shelf: readonly StoredResource[], pathname: string): SandboxResponse {
  const found = shelf.find(({ id }) => id === singlePath.exec(pathname)?.[1])
  return found ? json(200, shown(found)) : failure(404, 'not_found', `There is nothing at ${pathname}.`)
}

function add(shelf: StoredResource[], request: SandboxRequest, caller: Caller, now: Date): SandboxResponse {
  const content = objectIn(request.body)
  if (content === undefined) return failure(400, 'invalid_json', 'The body is not a JSON object.')
  const created: StoredResource = {
    id: randomUUID(),
    createdDateTime: now.toISOString(),
    createdBy: caller.objectId,
    content,
  }
  shelf.push(created)
  return json(201, shown(created), { location: `${request.url.origin}${resourcesPath}/${created.id}` })
}

/** The APIs that are app registrations of somebody, unlike those that Microsoft brings along. */
function registeredApis({ apis, apps }: Directory): readonly Api[] {
  return apis.filter(({ appId }) => apps.some((app) => app.appId === appId))
}

/** Any scope lets a user read; an app needs any of the roles. */
function maySee(caller: Caller, apis: readonly Api[]): boolean {
  return holdsOneOf(caller, permissionsOf(caller, apis))
}

/** A scope that says it only reads does not let a user write. */
function mayChange(caller: Caller, apis: readonly Api[]): boolean {
  const permissions = permissionsOf(caller, apis)
  const readsOnly = /(^|\.)read(\.all)?$/i
  return holdsOneOf(
    caller,
    caller.isDelegated ? permissions.filter((value) => !readsOnly.test(value)) : permissions,
  )
}

function permissionsOf({ isDelegated }: Caller, apis: readonly Api[]): readonly string[] {
  return apis.flatMap(({ delegatedPermissions, applicationPermissions }) =>
    isDelegated ? delegatedPermissions.map(({ value }) => value) : applicationPermissions,
  )
}

function objectIn(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function shown({ content, ...given }: StoredResource) {
  return { ...content, ...given }
}

function greeting({ tenantId, objectId, isDelegated, permissions }: Caller): SandboxResponse {
  return json(200, { message: 'hello', tenantId, objectId, isDelegated, permissions })
}

function unauthorized(refusal: Refusal): SandboxResponse {
  const message = wording(refusal)
  const code = refusal.kind === 'missing' ? 'missing_token' : 'invalid_token'
  return failure(401, code, message, { 'www-authenticate': bearerChallenge(refusal, message) })
}

function wording(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'missing':
      return 'The request carries no bearer token.'
    case 'malformed':
      return 'The access token is malformed.'
    case 'not-yet-valid':
      return 'The access token is not valid yet.'
    case 'expired':
      return `The access token expired at ${refusal.expired?.toISOString()}.`
    case 'audience':
      return `The access token is for '${refusal.audience}', not for this API.`
    case 'invalid':
      return `The access token's ${refusal.reason} ${refusal.reason === 'claims' ? 'are' : 'is'} not valid.`
  }
}

function forbidden(): SandboxResponse {
  return failure(
    403,
    'insufficient_scope',
    'The access token lacks a scope or role of this API that allows it.',
    {
      'www-authenticate': 'Bearer error="insufficient_scope"',
    },
  )
}

function failure(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): SandboxResponse {
  return json(status, { error: { code, message } }, headers)
}
