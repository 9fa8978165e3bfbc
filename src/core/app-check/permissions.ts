import { isAppOnly } from '../flows/flow.ts'
import type { Application } from '../graph/application.ts'
import type { ApiPermission, ResourceApi } from '../graph/resource-api.ts'
import { shellWord } from '../shell-word.ts'
import type { AppAsked } from './app-asked.ts'
import type { AppFacts, Known, PermissionGrant, Unknown } from './app-facts.ts'
import type { AppFinding } from './app-finding.ts'
import type { AppLinks } from './app-links.ts'
import {
  apiNamed,
  permissionNamed,
  requestedPermissions,
  type RequestedPermission,
} from './requested-permission.ts'

type Verdict = Omit<AppFinding, 'name' | 'subject'>

/** For each scope whether a token would carry it: what is declared, what was consented to, and who may consent. */
export function permissionFindings(
  { profile, flow, scopes }: AppAsked,
  facts: AppFacts,
  links: AppLinks,
): readonly AppFinding[] {
  return requestedPermissions(scopes, profile.graphUrl).map((requested) => ({
    name: 'permission',
    subject: requested.scope,
    ...(isAppOnly(flow)
      ? appVerdict(requested, profile.name, facts, links)
      : personVerdict(requested, facts, links)),
  }))
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
function appVerdict(
  requested: RequestedPermission,
  profileName: string,
  facts: AppFacts,
  links: AppLinks,
): Verdict {
  const { resource, value } = requested
  if (value !== undefined) {
    return {
      status: 'failed',
      fact: 'an app asks for itself by "/.default" alone, and gets what it was granted (AADSTS1002012)',
      remedy: `"entra-auth-cli config edit ${shellWord(profileName)} --scope ${shellWord(`${resource}/.default`)}", and have "${value}" granted as an application permission`,
      page: links.page('CallAnAPI'),
    }
  }
  const api = apiOf(requested, facts)
  if ('status' in api) return api
  if (!facts.roles.known) return unread(facts.roles, 'which application permissions were granted')
  const granted = facts.roles.value
    .filter(({ resourceObjectId }) => resourceObjectId === api.objectId)
    .map(({ appRoleId }) => api.permissions.find(({ id }) => id === appRoleId)?.value ?? appRoleId)
  const declared = declaredOf(api, 'application', facts).map(({ value: name }) => name)
  const missing = declared.filter((name) => !granted.includes(name))
  if (missing.length > 0) {
    return {
      status: 'failed',
      fact: `${missing.join(', ')} of ${api.displayName} ${verb(missing)} declared, and no administrator consented${granted.length > 0 ? `; granted: ${granted.join(', ')}` : ''}`,
      remedy: consent(links),
      page: links.page('CallAnAPI'),
    }
  }
  if (granted.length > 0) return { status: 'ok', fact: `the token will carry ${granted.join(', ')}` }
  return {
    status: 'warning',
    fact: `the token will carry no roles: the app has no application permission of ${api.displayName}`,
    remedy: `add application permissions of ${api.displayName} under "API permissions" and have an administrator consent`,
    page: links.page('CallAnAPI'),
  }
}

/** @see https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview */
function personVerdict(requested: RequestedPermission, facts: AppFacts, links: AppLinks): Verdict {
  const api = apiOf(requested, facts)
  if ('status' in api) return api
  const { value } = requested
  if (value === undefined) return declaredVerdict(api, facts, links)
  const permission = permissionNamed(value, 'delegated', api)
  if (permission === undefined) return noSuchPermission(requested, value, api)
  if (!facts.grants.known) return consentUnread(facts.grants, [permission])
  const how = consentTo(permission, api, facts.grants.value)
  if (how.byEverybody) return { status: 'ok', fact: 'an administrator consented for everybody' }
  if (how.people > 0) {
    const who = how.people === 1 ? 'one person' : `${how.people} people`
    return { status: 'ok', fact: `${who} consented for themselves; others are asked when they sign in` }
  }
  const isDeclared = declaredOf(api, 'delegated', facts).some(({ id }) => id === permission.id)
  return nobodyConsented([permission], isDeclared, facts, links)
}

/** `/.default` in a person's name: what was consented to, or else everything the app declares. */
function declaredVerdict(api: ResourceApi, facts: AppFacts, links: AppLinks): Verdict {
  const declared = declaredOf(api, 'delegated', facts)
  if (!facts.grants.known) return consentUnread(facts.grants, declared)
  const granted = facts.grants.value
    .filter(({ resourceObjectId, isForEverybody }) => isForEverybody && resourceObjectId === api.objectId)
    .flatMap(({ scopes }) => scopes)
  const missing = declared.filter(({ value }) => !granted.includes(value))
  if (granted.length === 0 && declared.length === 0) {
    return {
      status: 'failed',
      fact: `the app declares no permission of ${api.displayName}, so there is nothing to consent to (AADSTS650057)`,
      remedy: `add delegated permissions of ${api.displayName} under "API permissions", or name them in --scope`,
      page: links.page('CallAnAPI'),
    }
  }
  if (granted.length === 0) return nobodyConsented(missing, true, facts, links)
  if (missing.length === 0) return { status: 'ok', fact: `the token will carry ${granted.join(', ')}` }
  const names = missing.map(({ value }) => value)
  return {
    status: 'warning',
    fact: `the token will carry ${granted.join(', ')}, but not ${names.join(', ')}: declared later than the consent`,
    remedy: consent(links),
    page: links.page('CallAnAPI'),
  }
}

function nobodyConsented(
  permissions: readonly ApiPermission[],
  isDeclared: boolean,
  { application }: AppFacts,
  links: AppLinks,
): Verdict {
  const adminOnly = permissions.filter(({ isAdminOnly }) => isAdminOnly).map(({ value }) => value)
  const page = links.page('CallAnAPI')
  // Of an app that is registered elsewhere nobody here can say what it declares.
  const mayDeclare = application.known && application.value !== undefined
  const remedy =
    isDeclared || !mayDeclare ? consent(links) : `declare it under "API permissions"; then ${consent(links)}`
  if (adminOnly.length > 0) {
    return {
      status: 'failed',
      fact: `only an administrator can consent to ${adminOnly.join(', ')}, and none did`,
      remedy,
      page,
    }
  }
  return {
    status: 'warning',
    fact: 'nobody consented yet: each person is asked when they sign in, where the tenant lets them',
    remedy: `to spare them that, ${remedy}`,
    page,
  }
}

function noSuchPermission({ resource }: RequestedPermission, value: string, api: ResourceApi): Verdict {
  if (permissionNamed(value, 'application', api) !== undefined) {
    return {
      status: 'failed',
      fact: `"${value}" of ${api.displayName} is for apps alone, not for people who sign in`,
      remedy: `ask for ${resource}/.default with the flow client-credentials`,
    }
  }
  const similar = api.permissions
    .filter(({ kind, value: name }) => kind === 'delegated' && firstWord(name) === firstWord(value))
    .map(({ value: name }) => name)
    .slice(0, 5)
  return {
    status: 'failed',
    fact: `${api.displayName} has no delegated permission "${value}" (AADSTS650053)`,
    remedy:
      similar.length > 0 ? `it has ${similar.join(', ')}` : 'look it up in the documentation of the API',
  }
}

function firstWord(permission: string): string {
  return permission.toLowerCase().split('.')[0] ?? ''
}

/** The API, or why there is nothing to say. */
function apiOf(requested: RequestedPermission, { apis }: AppFacts): ResourceApi | Verdict {
  if (!apis.known) return unread(apis, 'which permissions its API has')
  return (
    apiNamed(requested.resource, apis.value) ?? {
      status: 'failed',
      fact: `this tenant knows no API "${requested.resource}" (AADSTS500011)`,
      remedy: 'check how it is spelled; an API of another tenant must be consented to here first',
    }
  )
}

function declaredOf(
  api: ResourceApi,
  kind: ApiPermission['kind'],
  { application }: AppFacts,
): readonly ApiPermission[] {
  const app: Application | undefined = application.known ? application.value : undefined
  return (app?.required ?? [])
    .filter((one) => one.kind === kind && one.resourceAppId === api.appId)
    .flatMap(({ permissionId }) => api.permissions.find(({ id }) => id === permissionId) ?? [])
}

function consentTo(permission: ApiPermission, api: ResourceApi, grants: readonly PermissionGrant[]) {
  const value = permission.value.toLowerCase()
  const given = grants.filter(
    ({ resourceObjectId, scopes }) =>
      resourceObjectId === api.objectId && scopes.some((scope) => scope.toLowerCase() === value),
  )
  return {
    byEverybody: given.some(({ isForEverybody }) => isForEverybody),
    people: given.filter(({ isForEverybody }) => !isForEverybody).length,
  }
}

function consentUnread(grants: Unknown, permissions: readonly ApiPermission[]): Verdict {
  const adminOnly = permissions.filter(({ isAdminOnly }) => isAdminOnly).map(({ value }) => value)
  const needed =
    adminOnly.length > 0 ? ` to ${adminOnly.join(', ')}, which only an administrator can do,` : ''
  return unread(grants, `who consented${needed}`)
}

function unread(unknown: Extract<Known<unknown>, { known: false }>, what: string): Verdict {
  return {
    status: 'unknown',
    fact: `${what} cannot be read`,
    remedy: `use --as with a profile whose app has ${unknown.permission}`,
  }
}

function consent({ adminConsentUrl }: AppLinks): string {
  return `an administrator consents at ${adminConsentUrl}`
}

function verb(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are'
}
