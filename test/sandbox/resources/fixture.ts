import { generateKeyPairSync } from 'node:crypto'
import type { JWK, JWTPayload } from 'jose'
import { SignJWT } from 'jose/jwt/sign'
import { exportJWK } from 'jose/key/export'
import type { Api, App, Directory, User } from '../../../sandbox/directory.ts'
import type { SandboxResponse } from '../../../sandbox/http.ts'
import { createResources } from '../../../sandbox/resources/index.ts'

export const tenantId = '11111111-0000-4000-a000-000000000001'
export const issuer = `https://localhost:8443/${tenantId}/v2.0`
export const now = new Date('2026-01-31T10:00:00Z')
export const nowSeconds = now.getTime() / 1000
export const origin = 'https://localhost:8443'

// Keys of node:crypto sign with every RSA algorithm, also those the APIs must refuse.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const published: JWK = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig' }

export const alice = user('a1', 'alice@contoso.com', 'Alice Admin')
const people = [
  alice,
  user('b1', 'bob@contoso.com', 'Bob Baker'),
  user('o1', "pat.o'neil@contoso.com", "Pat O'Neil"),
  user('z1', 'zoe@contoso.com', 'Zoë'),
  { ...user('f1', 'frank@fabrikam.com', 'Frank Fabrikam'), tenantId: '22222222-0000-4000-a000-000000000002' },
]
const customApi = api('c0000000-0000-4000-a000-000000000001', [
  'api://contoso-api',
  'https://api.contoso.com',
])

const directory: Directory = {
  tenants: [
    { id: tenantId, displayName: 'Contoso', domains: ['contoso.com', 'contoso.onmicrosoft.com'] },
    { id: '22222222-0000-4000-a000-000000000002', displayName: 'Fabrikam', domains: ['fabrikam.com'] },
  ],
  users: people,
  apis: [
    api('00000003-0000-0000-c000-000000000000', ['https://graph.microsoft.com']),
    api('797f4846-ba00-4fd7-ba43-dac1f8f63013', [
      'https://management.azure.com',
      'https://management.azure.com/',
    ]),
    customApi,
    api('fb60f99c-7a34-4190-8149-302f77469936', ['api://AzureADTokenExchange']),
  ],
  apps: [
    app('d0000000-0000-4000-a000-000000000001', 'Contoso Daemon', {
      secrets: [{ keyId: 's1', value: 'abc~very-secret', expires: new Date('2099-12-31T00:00:00Z') }],
    }),
    app('e0000000-0000-4000-a000-000000000002', 'Contoso DesktopApp', {}),
    app(customApi.appId, 'Custom-API', {}),
  ],
}

export const answer = createResources({
  directory,
  issuers: [issuer],
  now: () => now,
  signingKeys: () => ({ keys: [published] }),
})

/** A token as the tenant issues it, but for what `claims` and `header` say; an undefined claim is left out. */
export async function token(
  claims: JWTPayload = {},
  header: { kid?: string; alg?: string } = {},
): Promise<string> {
  return new SignJWT({
    aud: 'https://graph.microsoft.com',
    iss: issuer,
    nbf: nowSeconds - 60,
    exp: nowSeconds + 3600,
    tid: tenantId,
    oid: alice.objectId,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
    .sign(privateKey)
}

/** Sends a request and reads the JSON answer. */
export async function call(
  path: string,
  options: {
    readonly token?: string
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  } = {},
) {
  const authorization: Record<string, string> =
    options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }
  const response = await answer({
    method: options.method ?? 'GET',
    url: new URL(path, origin),
    headers: { ...authorization, ...options.headers },
    body: options.body ?? '',
  })
  if (response === undefined) throw new Error(`nobody answers ${path}`)
  return { status: response.status, headers: response.headers ?? {}, body: bodyOf(response) }
}

/** Tests look into answers of many shapes. */
function bodyOf(response: SandboxResponse) {
  const text = response.body ?? ''
  return text.startsWith('{') ? JSON.parse(text) : text
}

function user(objectId: string, userPrincipalName: string, displayName: string): User {
  return {
    objectId,
    tenantId,
    userPrincipalName,
    displayName,
    password: 'p',
    isAdministrator: false,
    requiresMfa: false,
    groups: [],
  }
}

function api(appId: string, identifierUris: readonly string[]): Api {
  return {
    appId,
    displayName: identifierUris[0]!,
    identifierUris,
    tokenVersion: 1,
    delegatedPermissions: ['access_as_user', 'read', 'Files.Read'].map((value) => ({
      value,
      adminConsentRequired: false,
    })),
    applicationPermissions: ['Tasks.Run'],
  }
}

function app(appId: string, displayName: string, traits: Partial<App>): App {
  return {
    appId,
    objectId: appId.replace(/^./, '9'),
    displayName,
    tenantId,
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
