import type { Api, App, DelegatedPermission, Directory, User } from '../directory.ts'
import type { Consents } from './consents.ts'
import { type ScopeContext, type ScopeRequest, parseScopes, resourceOf } from './scopes.ts'

/** What a delegated request asks for: v1 names one resource, v2 a list of scopes. */
export function delegatedScopes(
  directory: Directory,
  asked: { readonly scope: string; readonly resource: string | undefined },
  context: ScopeContext,
): ScopeRequest {
  if (asked.resource === undefined) return parseScopes(directory, asked.scope, context)
  return { resources: [resourceOf(directory, asked.resource, context.tenantName)], openid: ['openid'] }
}

export interface NeededConsent {
  readonly api: Api
  readonly permission: DelegatedPermission
}

/**
 * The permissions nobody consented to yet. `/.default` asks for consent once, for everything the registration lists,
 * and never again.
 * @param isForced `prompt=consent`: ask again for what was already consented to
 * @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope
 */
export function neededConsents(
  directory: Directory,
  consents: Consents,
  app: App,
  user: User,
  request: ScopeRequest,
  isForced = false,
): readonly NeededConsent[] {
  const needed = request.resources.flatMap((resource) => {
    const granted = consents.granted(app, user, resource.api)
    if (resource.isDefault) return granted.size > 0 && !isForced ? [] : registered(directory, app)
    return resource.permissions
      .filter((permission) => isForced || !granted.has(permission))
      .flatMap((permission) => needOf(resource.api, permission))
  })
  return [...new Map(needed.map((one) => [`${one.api.appId}/${one.permission.value}`, one])).values()]
}

function registered(directory: Directory, app: App): readonly NeededConsent[] {
  return app.requiredPermissions.flatMap(({ resource, delegated }) => {
    const api = directory.apis.find(({ appId }) => appId === resource)
    return api ? delegated.flatMap((permission) => needOf(api, permission)) : []
  })
}

function needOf(api: Api, permission: string): readonly NeededConsent[] {
  const known = api.delegatedPermissions.find(({ value }) => value === permission)
  return known ? [{ api, permission: known }] : []
}
