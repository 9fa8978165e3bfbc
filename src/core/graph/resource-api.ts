import type { RequiredPermission } from './application.ts'
import { isGuid } from '../profiles/profile.ts'
import type { Graph } from './graph.ts'
import { objectsAt, textAt, textsAt, type JsonObject } from './json-fields.ts'
import { literal } from './odata.ts'

/** An API as the tenant knows it, with the permissions it has. */
export interface ResourceApi {
  /** Of its service principal in the tenant. */
  readonly objectId: string
  readonly appId: string
  readonly displayName: string
  /** Every spelling that a scope may have before its last slash. */
  readonly names: readonly string[]
  readonly permissions: readonly ApiPermission[]
}

export interface ApiPermission {
  readonly id: string
  /** As in a scope: `User.Read`. */
  readonly value: string
  readonly kind: RequiredPermission['kind']
  /** Whether no person may consent for themselves; app roles are an administrator's to give, always. */
  readonly isAdminOnly: boolean
}

const fields = 'id,appId,displayName,servicePrincipalNames,oauth2PermissionScopes,appRoles'
/** Graph takes 15 comparisons in one filter, and refuses more. */
const mostAtOnce = 10

/**
 * The APIs that go by the given client ids and names. Those the tenant does not know are left out.
 * @throws GraphError, and whatever the network throws
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list
 */
export async function resourceApis(graph: Graph, names: readonly string[]): Promise<readonly ResourceApi[]> {
  const distinct = [...new Set(names)]
  const filters = [
    ...filtersOf(distinct.filter(isGuid), (some) => `appId in (${some.map(literal).join(',')})`),
    ...filtersOf(
      distinct.filter((name) => !isGuid(name)),
      (some) => some.map((name) => `servicePrincipalNames/any(name:name eq ${literal(name)})`).join(' or '),
    ),
  ]
  const apis = new Map<string, ResourceApi>()
  for (const $filter of filters) {
    const found = graph.collection({
      path: '/servicePrincipals',
      query: { $filter, $select: fields },
      what: 'APIs',
      permission: 'Application.Read.All',
    })
    for await (const entity of found) {
      const api = readApi(entity)
      apis.set(api.appId, api)
    }
  }
  return [...apis.values()]
}

/** A filter for each so many of the names. */
function filtersOf(names: readonly string[], filter: (some: readonly string[]) => string): readonly string[] {
  const count = Math.ceil(names.length / mostAtOnce)
  return Array.from({ length: count }, (_, index) =>
    filter(names.slice(index * mostAtOnce, (index + 1) * mostAtOnce)),
  )
}

function readApi(entity: JsonObject): ResourceApi {
  return {
    objectId: textAt(entity, 'id') ?? '',
    appId: (textAt(entity, 'appId') ?? '').toLowerCase(),
    displayName: textAt(entity, 'displayName') ?? '',
    names: textsAt(entity, 'servicePrincipalNames'),
    permissions: [
      ...objectsAt(entity, 'oauth2PermissionScopes').flatMap((scope) =>
        permissionOf(scope, 'delegated', textAt(scope, 'type') === 'Admin'),
      ),
      ...objectsAt(entity, 'appRoles')
        .filter((role) => textsAt(role, 'allowedMemberTypes').includes('Application'))
        .flatMap((role) => permissionOf(role, 'application', true)),
    ],
  }
}

function permissionOf(
  entity: JsonObject,
  kind: ApiPermission['kind'],
  isAdminOnly: boolean,
): readonly ApiPermission[] {
  const [id, value] = [textAt(entity, 'id'), textAt(entity, 'value')]
  if (id === undefined || value === undefined || entity['isEnabled'] === false) return []
  return [{ id: id.toLowerCase(), value, kind, isAdminOnly }]
}

/** A permission that an app declares, by its name; one that nobody could look up has its ids alone. */
export interface NamedPermission extends RequiredPermission {
  readonly resource: string | undefined
  readonly value: string | undefined
  readonly isAdminOnly: boolean | undefined
}

/** The permissions an app declares, by the names their APIs give them. */
export function namedPermissions(
  required: readonly RequiredPermission[],
  apis: readonly ResourceApi[],
): readonly NamedPermission[] {
  return required.map((one) => {
    const api = apis.find(({ appId }) => appId === one.resourceAppId)
    const permission = api?.permissions.find(({ id, kind }) => id === one.permissionId && kind === one.kind)
    return {
      ...one,
      resource: api?.displayName,
      value: permission?.value,
      isAdminOnly: permission?.isAdminOnly ?? (one.kind === 'application' ? true : undefined),
    }
  })
}
