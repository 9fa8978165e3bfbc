/** Apps and directories as Graph would tell of them, for the rules. */
import type { AppAsked } from '../../../../src/core/app-check/app-asked.ts'
import type { AppFacts } from '../../../../src/core/app-check/app-facts.ts'
import { checkApp } from '../../../../src/core/app-check/check-app.ts'
import { readApplication, type Application } from '../../../../src/core/graph/application.ts'
import type { ResourceApi } from '../../../../src/core/graph/resource-api.ts'
import { naturalFlow, type Profile } from '../../../../src/core/profiles/profile.ts'

export const now = new Date('2026-01-31T10:00:00Z')
export const clientId = '22222222-2222-4222-8222-222222222222'
export const graphUrl = 'https://graph.microsoft.com'

export function appFrom(fields: object = {}): Application {
  return readApplication({
    id: '99999999-0000-4000-8000-000000000000',
    appId: clientId,
    displayName: 'Contoso App',
    signInAudience: 'AzureADMyOrg',
    isFallbackPublicClient: false,
    ...fields,
  })
}

export const graphApi: ResourceApi = {
  objectId: 'graph-principal',
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  names: [graphUrl, '00000003-0000-0000-c000-000000000000'],
  permissions: [
    { id: 'd1', value: 'User.Read', kind: 'delegated', isAdminOnly: false },
    { id: 'd2', value: 'User.Read.All', kind: 'delegated', isAdminOnly: true },
    { id: 'd3', value: 'User.ReadBasic.All', kind: 'delegated', isAdminOnly: false },
    { id: 'a1', value: 'User.Read.All', kind: 'application', isAdminOnly: true },
    { id: 'a2', value: 'Sites.Selected', kind: 'application', isAdminOnly: true },
  ],
}

export const contosoApi: ResourceApi = {
  objectId: 'contoso-principal',
  appId: 'ab100000-0000-4000-a000-000000000008',
  displayName: 'Contoso API',
  names: ['ab100000-0000-4000-a000-000000000008', 'api://contoso-api'],
  permissions: [{ id: 'c1', value: 'access_as_user', kind: 'delegated', isAdminOnly: false }],
}

/** The permissions an app declares, by the ids above: `declared(graphApi, 'd1', 'a1')`. */
export function declared(api: ResourceApi, ...ids: readonly string[]): object {
  return {
    requiredResourceAccess: [
      {
        resourceAppId: api.appId,
        resourceAccess: ids.map((id) => ({ id, type: id.startsWith('a') ? 'Role' : 'Scope' })),
      },
    ],
  }
}

export function known<T>(value: T) {
  return { known: true, value } as const
}

export const unknown = { known: false, why: '403', permission: 'Directory.Read.All' } as const

export function factsOf(application: Application | undefined, fields: Partial<AppFacts> = {}): AppFacts {
  return {
    application: known(application),
    servicePrincipal: known({
      objectId: 'principal',
      displayName: 'Contoso App',
      isEnabled: true,
      homeTenantId: '11111111-1111-4111-8111-111111111111',
    }),
    apis: known([graphApi, contosoApi]),
    grants: known([]),
    roles: known([]),
    federated: known([]),
    ...fields,
  }
}

/** A profile of that app, and what it asks for. */
export function askedOf(fields: Partial<Profile> = {}, asked: Partial<AppAsked> = {}): AppAsked {
  const profile: Profile = {
    name: 'work',
    tenantId: '11111111-1111-4111-8111-111111111111',
    clientId,
    scopes: [`${graphUrl}/.default`],
    credential: { kind: 'none' },
    defaultFlow: undefined,
    authority: 'https://login.microsoftonline.com',
    graphUrl,
    caFile: undefined,
    redirectUri: undefined,
    clientCapabilities: [],
    ...fields,
  }
  return {
    profile,
    flow: naturalFlow(profile),
    scopes: profile.scopes,
    proof: { kind: 'nothing' },
    now,
    ...asked,
  }
}

/** The findings of one name, each as `status: fact`. */
export function told(name: string, asked: AppAsked, facts: AppFacts): readonly string[] {
  return checkApp(asked, facts)
    .findings.filter((finding) => finding.name === name)
    .map(({ status, fact }) => `${status}: ${fact}`)
}

export const secret = { kind: 'client-secret', source: { from: 'vault' } } as const
export const certificate = {
  kind: 'certificate',
  source: { from: 'environment', variable: 'PEM' },
} as const
export const federated = { kind: 'federated', source: { from: 'environment', variable: 'JWT' } } as const
