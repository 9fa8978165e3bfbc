import type { App, ClientSecret, Directory, FederatedCredential, RequiredPermissions } from './directory.ts'
import { servicePrincipalId } from './stable-ids.ts'
import {
  azureManagementAppId,
  graphAppId,
  graphCommandLineToolsAppId,
  tokenExchangeAppId,
} from './well-known-apis.ts'

/** What the seed needs to know of the sandbox it is for. */
export interface SeedContext {
  /** `https://localhost:8443`: the issuer of the federated credentials. */
  readonly origin: string
  /** PEM of the certificate the certificate app proves itself with. */
  readonly clientCertificate: string
}

export const contosoId = 'c0270500-0000-4000-a000-000000000001'
export const fabrikamId = 'fab41ca0-0000-4000-a000-000000000002'

export const contosoLegacyApiId = 'ab100000-0000-4000-a000-000000000009'

/** The application ids of the seed, one app of each kind. */
export const seedApps = {
  daemonWithSecret: 'dae30000-0000-4000-a000-000000000001',
  daemonWithCertificate: 'ce270000-0000-4000-a000-000000000002',
  desktop: 'de5c0000-0000-4000-a000-000000000003',
  web: '3eb00000-0000-4000-a000-000000000004',
  federated: 'fed00000-0000-4000-a000-000000000005',
  expiredSecret: 'e4b1ed00-0000-4000-a000-000000000006',
  withoutConsent: '0c025e00-0000-4000-a000-000000000007',
  contosoApi: 'ab100000-0000-4000-a000-000000000008',
  fabrikamDaemon: 'fab41ca0-0000-4000-a000-00000000000a',
} as const

/** Secrets of the seed. They open nothing but a sandbox. */
export const seedSecrets = {
  daemonWithSecret: 'sandbox~daemon-secret',
  web: 'sandbox~web-secret',
  expiredSecret: 'sandbox~expired-secret',
  contosoApi: 'sandbox~contoso-api-secret',
  fabrikamDaemon: 'sandbox~fabrikam-secret',
} as const

/** Every seeded person's password. */
export const seedPassword = 'sandbox'

/** The subject the federated app trusts, as a Kubernetes service account would be named. */
export const workloadSubject = 'system:serviceaccount:default:workload'

/** The GitHub Actions job the federated app trusts. @see https://docs.github.com/actions/reference/security/oidc */
export const gitHubJob = {
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/deploy:ref:refs/heads/main',
} as const

/** The service connection of Azure Pipelines the federated app trusts. @see https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity */
export const pipelinesConnection = {
  issuer: 'https://vstoken.dev.azure.com/c0270500-0000-4000-a000-0000000000ad',
  subject: 'sc://contoso/deploy/production',
} as const

const tokenExchangeAudience = 'api://AzureADTokenExchange'

const graphDelegated = [
  'User.Read',
  'User.ReadWrite',
  'User.ReadBasic.All',
  'Mail.Read',
  'Mail.ReadWrite',
  'Mail.Send',
  'Calendars.Read',
  'Calendars.ReadWrite',
  'Contacts.Read',
  'Files.Read',
  'Files.ReadWrite',
  'Files.ReadWrite.All',
  'Tasks.Read',
  'Chat.Read',
]
const graphDelegatedByAdministrator = [
  'User.Read.All',
  'User.ReadWrite.All',
  'Application.Read.All',
  'Application.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'Group.Read.All',
  'Sites.Read.All',
  'AuditLog.Read.All',
]
const graphApplication = [
  'User.Read.All',
  'Application.Read.All',
  'Directory.Read.All',
  'Group.Read.All',
  'Mail.Read',
  'Sites.Read.All',
]

/** The directory every sandbox starts with. */
export function seedDirectory({ origin, clientCertificate }: SeedContext): Directory {
  return {
    tenants: [
      { id: contosoId, displayName: 'Contoso', domains: ['contoso.onmicrosoft.com', 'contoso.com'] },
      { id: fabrikamId, displayName: 'Fabrikam', domains: ['fabrikam.onmicrosoft.com', 'fabrikam.com'] },
    ],
    users: [
      person('a11ce000-0000-4000-a000-0000000000a1', contosoId, 'alice@contoso.com', 'Alice Admin', {
        isAdministrator: true,
      }),
      person('b0b00000-0000-4000-a000-0000000000b1', contosoId, 'bob@contoso.com', 'Bob Baker'),
      person('31a00000-0000-4000-a000-0000000000c1', contosoId, 'mia@contoso.com', 'Mia Factor', {
        requiresMfa: true,
      }),
      person('20e00000-0000-4000-a000-0000000000d1', contosoId, 'zoe@contoso.com', 'Zoë Žižková 山田'),
      person('f4a00000-0000-4000-a000-0000000000e1', fabrikamId, 'frank@fabrikam.com', 'Frank Fabrikam', {
        isAdministrator: true,
      }),
    ],
    apis: [
      {
        appId: graphAppId,
        displayName: 'Microsoft Graph',
        // By the last one it is known to clients that take the sandbox for a cloud of its own.
        identifierUris: ['https://graph.microsoft.com', 'https://graph.microsoft.com/', origin],
        tokenVersion: 1,
        delegatedPermissions: [
          ...graphDelegated.map((value) => ({ value, adminConsentRequired: false })),
          ...graphDelegatedByAdministrator.map((value) => ({ value, adminConsentRequired: true })),
        ],
        applicationPermissions: graphApplication,
      },
      {
        appId: azureManagementAppId,
        displayName: 'Azure Service Management',
        identifierUris: [
          'https://management.azure.com',
          'https://management.azure.com/',
          'https://management.core.windows.net',
          'https://management.core.windows.net/',
        ],
        tokenVersion: 1,
        delegatedPermissions: [{ value: 'user_impersonation', adminConsentRequired: false }],
        applicationPermissions: [],
      },
      {
        appId: seedApps.contosoApi,
        displayName: 'Contoso API',
        identifierUris: ['api://contoso-api', `api://${seedApps.contosoApi}`],
        tokenVersion: 2,
        delegatedPermissions: [
          { value: 'access_as_user', adminConsentRequired: false },
          { value: 'Files.Read', adminConsentRequired: false },
          { value: 'Files.Manage', adminConsentRequired: true },
        ],
        applicationPermissions: ['Files.Read.All', 'Tasks.Run'],
      },
      {
        appId: contosoLegacyApiId,
        displayName: 'Contoso Legacy API',
        identifierUris: ['https://api.contoso.com', 'https://correct-api.com'],
        tokenVersion: 1,
        delegatedPermissions: [{ value: 'access_as_user', adminConsentRequired: false }],
        applicationPermissions: ['Orders.Read.All'],
      },
      {
        appId: tokenExchangeAppId,
        displayName: 'AAD Token Exchange Endpoint',
        identifierUris: ['api://AzureADTokenExchange'],
        tokenVersion: 2,
        delegatedPermissions: [],
        applicationPermissions: [],
      },
    ],
    apps: [
      app(1, seedApps.daemonWithSecret, 'Contoso Daemon', {
        secrets: [secret(seedSecrets.daemonWithSecret)],
        ...consentedAppOnly,
      }),
      app(2, seedApps.daemonWithCertificate, 'Contoso Daemon (certificate)', {
        certificates: [{ keyId: 'ce270000-0000-4000-b000-000000000002', pem: clientCertificate }],
        ...consentedAppOnly,
      }),
      app(3, seedApps.desktop, 'Contoso Desktop', {
        isFallbackPublicClient: true,
        signInAudience: 'AzureADMultipleOrgs',
        publicClientRedirectUris: ['http://localhost', 'http://localhost/callback', 'http://127.0.0.1'],
        requiredPermissions: desktopPermissions,
        adminConsented: desktopPermissions,
      }),
      app(4, seedApps.web, 'Contoso Web', {
        secrets: [secret(seedSecrets.web)],
        certificates: [{ keyId: '3eb00000-0000-4000-b000-000000000004', pem: clientCertificate }],
        federatedCredentials: [cluster(origin)],
        webRedirectUris: ['http://localhost/web/callback', 'https://web.contoso.com/callback'],
        requiredPermissions: [
          permissions(graphAppId, ['User.Read']),
          permissions(seedApps.contosoApi, ['access_as_user', 'Files.Read']),
        ],
        adminConsented: [
          permissions(graphAppId, ['User.Read']),
          permissions(seedApps.contosoApi, ['access_as_user', 'Files.Read']),
        ],
      }),
      app(5, seedApps.federated, 'Contoso Workload (federated)', {
        federatedCredentials: [
          cluster(origin),
          { name: 'github', ...gitHubJob, audience: tokenExchangeAudience },
          { name: 'pipelines', ...pipelinesConnection, audience: tokenExchangeAudience },
          {
            name: 'daemon',
            issuer: `${origin}/${contosoId}/v2.0`,
            subject: servicePrincipalId(seedApps.daemonWithSecret, contosoId),
            audience: tokenExchangeAudience,
          },
        ],
        ...consentedAppOnly,
      }),
      app(6, seedApps.expiredSecret, 'Contoso Forgotten Job', {
        secrets: [secret(seedSecrets.expiredSecret, new Date('2024-01-31T00:00:00Z'))],
        ...consentedAppOnly,
      }),
      app(7, seedApps.withoutConsent, 'Contoso Newcomer', {
        isFallbackPublicClient: true,
        publicClientRedirectUris: ['http://localhost'],
        requiredPermissions: [permissions(graphAppId, ['User.Read', 'Mail.Read'])],
      }),
      app(8, seedApps.contosoApi, 'Contoso API', {
        secrets: [secret(seedSecrets.contosoApi)],
        certificates: [{ keyId: 'ab100000-0000-4000-b000-000000000008', pem: clientCertificate }],
        federatedCredentials: [cluster(origin)],
        requiredPermissions: [permissions(graphAppId, ['User.Read'])],
        adminConsented: [permissions(graphAppId, ['User.Read'])],
      }),
      app(9, contosoLegacyApiId, 'Contoso Legacy API', {}),
      app(10, seedApps.fabrikamDaemon, 'Fabrikam Daemon', {
        tenantId: fabrikamId,
        secrets: [secret(seedSecrets.fabrikamDaemon)],
        ...consentedAppOnly,
      }),
      // Microsoft's own, which every tenant knows and none has registered.
      app(11, graphCommandLineToolsAppId, 'Microsoft Graph Command Line Tools', {
        tenantId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
        signInAudience: 'AzureADandPersonalMicrosoftAccount',
        isFallbackPublicClient: true,
        publicClientRedirectUris: ['http://localhost'],
        adminConsented: [permissions(graphAppId, ['User.Read', 'Application.Read.All'])],
      }),
    ],
  }
}

/**
 * The same directory with many more apps in its first tenant, `Team 0001 Service` and on: for lists of many pages.
 * Every tenth is `Team 0010 Billing API` in place of it.
 */
export function withManyApps(directory: Directory, count: number): Directory {
  const many = Array.from({ length: count }, (_, index) => {
    const digits = String(index + 1).padStart(4, '0')
    const name = `Team ${digits} ${(index + 1) % 10 === 0 ? 'Billing API' : 'Service'}`
    return app(100_000 + index, `7ea30000-0000-4000-a000-${String(index + 1).padStart(12, '0')}`, name, {})
  })
  return { ...directory, apps: [...directory.apps, ...many] }
}

const appOnlyPermissions = [
  permissions(graphAppId, [], ['User.Read.All', 'Application.Read.All']),
  permissions(seedApps.contosoApi, [], ['Files.Read.All', 'Tasks.Run']),
  permissions(contosoLegacyApiId, [], ['Orders.Read.All']),
]
const consentedAppOnly = { requiredPermissions: appOnlyPermissions, adminConsented: appOnlyPermissions }

const desktopPermissions = [
  permissions(graphAppId, [
    'User.Read',
    'User.ReadBasic.All',
    'User.Read.All',
    'Mail.Read',
    'Calendars.Read',
    'Files.Read',
    'Application.Read.All',
  ]),
  permissions(azureManagementAppId, ['user_impersonation']),
  permissions(seedApps.contosoApi, ['access_as_user', 'Files.Read']),
  permissions(contosoLegacyApiId, ['access_as_user']),
]

function permissions(
  resource: string,
  delegated: readonly string[],
  application: readonly string[] = [],
): RequiredPermissions {
  return { resource, delegated, application }
}

/** The federated credential for the cluster's workload. */
function cluster(origin: string): FederatedCredential {
  return {
    name: 'cluster',
    issuer: `${origin}/workload`,
    subject: workloadSubject,
    audience: tokenExchangeAudience,
  }
}

function secret(value: string, expires = new Date('2099-12-31T00:00:00Z')): ClientSecret {
  return { keyId: '5ec2e700-0000-4000-b000-000000000001', value, expires }
}

function app(ordinal: number, appId: string, displayName: string, traits: Partial<App>): App {
  return {
    appId,
    objectId: `0b9ec700-0000-4000-b000-${String(ordinal).padStart(12, '0')}`,
    displayName,
    tenantId: contosoId,
    signInAudience: 'AzureADMyOrg',
    isFallbackPublicClient: false,
    publicClientRedirectUris: [],
    webRedirectUris: [],
    secrets: [],
    certificates: [],
    federatedCredentials: [],
    requiredPermissions: [],
    adminConsented: [],
    ...traits,
  }
}

function person(
  objectId: string,
  tenantId: string,
  userPrincipalName: string,
  displayName: string,
  traits: { readonly isAdministrator?: boolean; readonly requiresMfa?: boolean } = {},
): Directory['users'][number] {
  return {
    objectId,
    tenantId,
    userPrincipalName,
    displayName,
    password: seedPassword,
    isAdministrator: traits.isAdministrator ?? false,
    requiresMfa: traits.requiresMfa ?? false,
    groups: ['62009500-0000-4000-a000-000000000001'],
  }
}
