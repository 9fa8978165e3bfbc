import type { Api, App, Directory, Tenant, User } from '../../directory.ts'
import { servicePrincipalId } from '../../stable-ids.ts'
import { keyCredential, passwordCredential } from './credentials.ts'
import { apiOf, appRoleId, delegatedPermissionId } from './permission-ids.ts'

/** An object as Graph shows it. */
export type Entity = Readonly<Record<string, unknown>> & { readonly id: string }

/** A collection of the directory and what may be asked of it. */
export interface EntitySet {
  /** As in the path and in `@odata.context`. */
  readonly name: string
  /** As in error texts: `microsoft.graph.user`. */
  readonly type: string
  readonly of: (tenant: Tenant, directory: Directory) => readonly Entity[]
  /** What is shown where nothing is selected; undefined shows everything. */
  readonly shownByDefault?: readonly string[]
  /** Further properties that name an object in the path, beside `id`: `/users/alice@contoso.com`. */
  readonly alternateKeys: readonly string[]
  /** Whether an alternate key stands in the path as it is, or as `/applications(appId='…')`. */
  readonly keyStyle: 'bare' | 'named'
  readonly supportsEndsWith: readonly string[]
  readonly sortsByDefault: readonly string[]
  /** Sorted by in advanced queries alone. */
  readonly sortsWhenAdvanced: readonly string[]
  /** Any of them, delegated or as an app role, lets a caller read the collection. */
  readonly permissions: readonly string[]
  /** An object as it is shown where `$select` does not name the property, or where it is one of several. */
  readonly hiddenInLists?: (entity: Entity) => Entity
}

const directoryReaders = ['Directory.Read.All', 'Directory.ReadWrite.All']

export const users: EntitySet = {
  name: 'users',
  type: 'microsoft.graph.user',
  of: (tenant, directory) => directory.users.filter(({ tenantId }) => tenantId === tenant.id).map(userEntity),
  shownByDefault: [
    'businessPhones',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
    'id',
  ],
  alternateKeys: ['userPrincipalName'],
  keyStyle: 'bare',
  supportsEndsWith: ['mail', 'userPrincipalName'],
  sortsByDefault: ['displayName', 'userPrincipalName'],
  sortsWhenAdvanced: [],
  permissions: ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', ...directoryReaders],
}

export const applications: EntitySet = {
  name: 'applications',
  type: 'microsoft.graph.application',
  of: (tenant, directory) =>
    directory.apps
      .filter(({ tenantId }) => tenantId === tenant.id)
      .map((app) => applicationEntity(app, tenant, directory)),
  alternateKeys: ['appId'],
  keyStyle: 'named',
  supportsEndsWith: [],
  sortsByDefault: [],
  sortsWhenAdvanced: ['displayName'],
  permissions: ['Application.Read.All', 'Application.ReadWrite.All', ...directoryReaders],
  hiddenInLists: withoutKeys,
}

export const servicePrincipals: EntitySet = {
  ...applications,
  name: 'servicePrincipals',
  type: 'microsoft.graph.servicePrincipal',
  of: (tenant, directory) => {
    const apps = directory.apps.filter(({ tenantId }) => tenantId === tenant.id)
    const clients = apps.filter(({ appId }) => directory.apis.every((api) => api.appId !== appId))
    return [
      ...clients.map((app) => principal(app, tenant, app.tenantId, [app.appId])),
      ...directory.apis.map((api) => apiPrincipal(api, tenant, directory)),
    ]
  },
}

export const organization: EntitySet = {
  name: 'organization',
  type: 'microsoft.graph.organization',
  of: (tenant) => [organizationEntity(tenant)],
  alternateKeys: [],
  keyStyle: 'bare',
  supportsEndsWith: [],
  sortsByDefault: [],
  sortsWhenAdvanced: [],
  permissions: ['User.Read', 'Organization.Read.All', 'Organization.ReadWrite.All', ...directoryReaders],
}

/** A user as `/users` and `/me` show it. The directory knows one name, which is taken apart at its last space. */
export function userEntity(user: User): Entity {
  const names = user.displayName.split(' ')
  const surname = names.length > 1 ? names.at(-1) : undefined
  return {
    businessPhones: [],
    displayName: user.displayName,
    givenName: surname === undefined ? user.displayName : names.slice(0, -1).join(' '),
    jobTitle: null,
    mail: user.userPrincipalName,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: surname ?? null,
    userPrincipalName: user.userPrincipalName,
    id: user.objectId,
    accountEnabled: true,
    mailNickname: user.userPrincipalName.split('@')[0],
    userType: 'Member',
  }
}

function applicationEntity(app: App, tenant: Tenant, directory: Directory): Entity {
  return {
    id: app.objectId,
    appId: app.appId,
    displayName: app.displayName,
    description: null,
    createdDateTime: app.createdDateTime ?? '2025-01-31T10:00:00Z',
    identifierUris: directory.apis.find(({ appId }) => appId === app.appId)?.identifierUris ?? [],
    isFallbackPublicClient: app.isFallbackPublicClient,
    publisherDomain: tenant.domains[0],
    signInAudience: app.signInAudience,
    tags: [],
    publicClient: { redirectUris: app.publicClientRedirectUris },
    web: { redirectUris: app.webRedirectUris, logoutUrl: null },
    spa: { redirectUris: app.spaRedirectUris ?? [] },
    passwordCredentials: app.secrets.map(passwordCredential),
    keyCredentials: app.certificates.map(keyCredential),
    requiredResourceAccess: app.requiredPermissions.map((required) => ({
      resourceAppId: required.resource,
      resourceAccess: [
        ...required.delegated.map((value) => ({
          id: delegatedPermissionId(required.resource, value),
          type: 'Scope',
        })),
        ...required.application.map((value) => ({ id: appRoleId(required.resource, value), type: 'Role' })),
      ],
    })),
  }
}

/** @see https://learn.microsoft.com/graph/api/resources/keycredential#properties */
function withoutKeys(entity: Entity): Entity {
  const keys = entity['keyCredentials']
  return Array.isArray(keys)
    ? { ...entity, keyCredentials: keys.map((key: object) => ({ ...key, key: null })) }
    : entity
}

/** What the app may do for people: one grant for each API, for everybody. What people allowed for themselves is left out. */
export function oauth2PermissionGrants(app: App, tenant: Tenant, directory: Directory): readonly Entity[] {
  return app.adminConsented
    .filter(({ delegated }) => delegated.length > 0)
    .map(({ resource, delegated }) => ({
      id: Buffer.from(`${app.appId}/${resource}`).toString('base64url'),
      clientId: servicePrincipalId(app.appId, tenant.id),
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId: servicePrincipalId(apiOf(directory, resource).appId, tenant.id),
      scope: delegated.join(' '),
    }))
}

/** The app roles it holds itself. */
export function appRoleAssignments(app: App, tenant: Tenant, directory: Directory): readonly Entity[] {
  return app.adminConsented.flatMap(({ resource, application }) =>
    application.map((value) => ({
      id: Buffer.from(`${app.appId}/${resource}/${value}`).toString('base64url'),
      deletedDateTime: null,
      appRoleId: appRoleId(resource, value),
      createdDateTime: '2025-01-31T10:00:00Z',
      principalDisplayName: app.displayName,
      principalId: servicePrincipalId(app.appId, tenant.id),
      principalType: 'ServicePrincipal',
      resourceDisplayName: apiOf(directory, resource).displayName,
      resourceId: servicePrincipalId(resource, tenant.id),
    })),
  )
}

/** Whose assertions the app takes as its proof. */
export function federatedIdentityCredentials(app: App): readonly Entity[] {
  return app.federatedCredentials.map(({ name, issuer, subject, audience }) => ({
    id: Buffer.from(`${app.appId}/${name}`).toString('base64url'),
    name,
    issuer,
    subject,
    description: null,
    audiences: [audience],
  }))
}

function apiPrincipal(api: Api, tenant: Tenant, { apps }: Directory): Entity {
  const owner = apps.find(({ appId }) => appId === api.appId)?.tenantId ?? null
  const oauth2PermissionScopes = api.delegatedPermissions.map(({ value, adminConsentRequired }) => ({
    id: delegatedPermissionId(api.appId, value),
    value,
    type: adminConsentRequired ? 'Admin' : 'User',
    isEnabled: true,
    adminConsentDisplayName: value,
  }))
  const appRoles = api.applicationPermissions.map((value) => ({
    id: appRoleId(api.appId, value),
    value,
    displayName: value,
    allowedMemberTypes: ['Application'],
    isEnabled: true,
  }))
  const names = [api.appId, ...api.identifierUris]
  return { ...principal(api, tenant, owner, names), appRoles, oauth2PermissionScopes }
}

function principal(
  { appId, displayName }: Pick<App, 'appId' | 'displayName'>,
  tenant: Tenant,
  appOwnerOrganizationId: string | null,
  servicePrincipalNames: readonly string[],
): Entity {
  return {
    id: servicePrincipalId(appId, tenant.id),
    appId,
    displayName,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    appOwnerOrganizationId,
    servicePrincipalNames,
    servicePrincipalType: 'Application',
    appRoles: [],
    oauth2PermissionScopes: [],
    tags: [],
  }
}

function organizationEntity({ id, displayName, domains }: Tenant): Entity {
  return {
    id,
    displayName,
    tenantType: 'AAD',
    verifiedDomains: domains.map((name, index) => ({
      name,
      type: 'Managed',
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: index === 0,
      isInitial: name.endsWith('.onmicrosoft.com'),
    })),
  }
}
