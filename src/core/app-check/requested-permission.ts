import type { ApiPermission, ResourceApi } from '../graph/resource-api.ts'
import { isDefaultScope, isOpenIdScope, resourceOf } from '../scopes.ts'

/** A scope, taken apart. */
export interface RequestedPermission {
  readonly scope: string
  /** As it is spelled in the scope; Graph for a bare one. */
  readonly resource: string
  /** Undefined for `/.default`: everything that is declared or granted. */
  readonly value: string | undefined
}

/** The permissions that scopes ask for. Those of OpenID Connect belong to the sign-in and need nobody's leave. */
export function requestedPermissions(
  scopes: readonly string[],
  graphUrl: string,
): readonly RequestedPermission[] {
  return scopes
    .filter((scope) => !isOpenIdScope(scope))
    .map((scope) => {
      const resource = resourceOf(scope)
      const value = isDefaultScope(scope)
        ? undefined
        : scope.slice(resource === undefined ? 0 : resource.length + 1)
      return { scope, resource: resource ?? graphUrl, value }
    })
}

/** The API a scope belongs to. A slash at the end of its name counts for nothing. */
export function apiNamed(resource: string, apis: readonly ResourceApi[]): ResourceApi | undefined {
  const wanted = bare(resource)
  return apis.find(({ appId, names }) => appId === wanted || names.some((name) => bare(name) === wanted))
}

/** The spellings by which an API may be looked up for a scope. */
export function lookupNames({ resource }: RequestedPermission): readonly string[] {
  const name = resource.replace(/\/+$/, '')
  return [name, `${name}/`]
}

/** A permission of an API by its name in a scope, whose case Entra does not regard. */
export function permissionNamed(
  value: string,
  kind: ApiPermission['kind'],
  api: ResourceApi,
): ApiPermission | undefined {
  const wanted = value.toLowerCase()
  return api.permissions.find((one) => one.kind === kind && one.value.toLowerCase() === wanted)
}

function bare(name: string): string {
  return name.toLowerCase().replace(/\/+$/, '')
}
