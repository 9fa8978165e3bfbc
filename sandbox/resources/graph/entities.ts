import type { Api, App, Directory, Tenant, User } from '../../directory.ts'
import { servicePrincipalId } from '../../stable-ids.ts'

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
    identifierUris: directory.apis.find(({ appId }) => appId === app.appId)?.identifierUris ?? [],
    isFallbackPublicClient: app.isFallbackPublicClient,
    publisherDomain: tenant.domains[0],
    signInAudience: app.signInAudience,
    tags: [],
    publicClient: { redirectUris: app.publicClientRedirectUris },
    web: { redirectUris: app.webRedirectUris, logoutUrl: null },
    spa: { redirectUris: [] },
    // Graph never gives a secret back, only the three characters it begins with.
    passwordCredentials: app.secrets.map(({ keyId, value, expires }) => ({
      keyId,
      displayName: null,
      hint: value.slice(0, 3),
      secretText: null,
      endDateTime: expires.toISOString(),
    })),
    keyCredentials: app.certificates.map(({ keyId }) => ({
      keyId,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      key: null,
    })),
  }
}

function apiPrincipal(api: Api, tenant: Tenant, { apps }: Directory): Entity {
  const owner = apps.find(({ appId }) => appId === api.appId)?.tenantId ?? null
  const oauth2PermissionScopes = api.delegatedPermissions.map(({ value, adminConsentRequired }) => ({
    value,
    type: adminConsentRequired ? 'Admin' : 'User',
    isEnabled: true,
  }))
  const appRoles = api.applicationPermissions.map((value) => ({
    value,
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
