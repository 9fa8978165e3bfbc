import { describe, expect, it } from 'vitest'
import { readProfile } from '../../../../src/core/profiles/profile-record.ts'
import { exportDocument } from '../../../../src/core/sharing/export-document.ts'
import { readImport } from '../../../../src/core/sharing/read-import.ts'
import { clientId, recordOf, tenantId } from '../../../support/profiles.ts'

const one = (record: Record<string, unknown>, secrets = {}) =>
  exportDocument([{ record, secrets }], { asList: false })

/** One of every kind of credential there is, and of every place it may be kept. */
const everyKind: readonly (readonly [string, Record<string, unknown>])[] = [
  ['a person', { authMethod: 'None', defaultFlow: 'DeviceCode', redirectUri: 'http://localhost:8080' }],
  ['a sealed secret', { authMethod: 'ClientSecret' }],
  ['a secret in a variable', { authMethod: 'ClientSecret', clientSecretEnv: 'CI_SECRET' }],
  ['a secret in a file', { authMethod: 'ClientSecret', clientSecretFile: '/run/secrets/ci' }],
  ['a secret from a command', { authMethod: 'ClientSecret', clientSecretCommand: 'op read op://ci/app' }],
  ['a certificate', { authMethod: 'Certificate', certificatePath: '/c.pem', privateKeyPath: '/k.pem' }],
  ['a certificate in a variable', { authMethod: 'Certificate', certificateEnv: 'CI_CERTIFICATE' }],
  ['a federated token in a file', { authMethod: 'WorkloadIdentity', federatedTokenFile: '/var/run/token' }],
  ['the file Kubernetes names', { authMethod: 'WorkloadIdentity' }],
  ['a federated token in a variable', { authMethod: 'WorkloadIdentity', federatedTokenEnv: 'OIDC' }],
  ['a federated token from a command', { authMethod: 'WorkloadIdentity', federatedTokenCommand: 'spire' }],
  ['GitHub Actions', { authMethod: 'GitHubActions', githubActionsAudience: 'api://ours' }],
  ['Azure Pipelines', { authMethod: 'AzurePipelines', azurePipelinesServiceConnection: clientId }],
  ['another cloud', { cloud: 'usgov', clientCapabilities: ['cp1'], caFile: '/ca.pem' }],
  ['another authority', { authority: 'https://login.example', graphUrl: 'https://graph.example' }],
  ['a resource', { scopes: undefined, resource: 'https://vault.azure.net' }],
]

const identities: readonly (readonly [string, Record<string, unknown>])[] = [
  ['the machine', { name: 'mi', authMethod: 'ManagedIdentity' }],
  ['a client id', { name: 'mi', authMethod: 'ManagedIdentity', managedIdentityClientId: clientId }],
  ['an object id', { name: 'mi', authMethod: 'ManagedIdentity', managedIdentityObjectId: clientId }],
]

describe('an export', () => {
  it.each([...everyKind.map(([what, fields]) => [what, recordOf(fields)] as const), ...identities])(
    'comes back as the same profile: %s',
    async (_what, record) => {
      const { text } = one(record)
      const { profiles, warnings } = await readImport(text, 'it')
      expect(warnings).toEqual([])
      expect(readProfile(profiles[0]!.record)).toEqual(readProfile(record))
      expect(one(profiles[0]!.record).text).toBe(text)
    },
  )

  it('is the same text, whatever spelling and order the file has', () => {
    const tidy = one(recordOf({ redirectUri: 'http://localhost', team: 'blue', area: 'a' })).text
    const wild = one({
      area: 'a',
      'Redirect URI': ' http://localhost ',
      scope: 'https://graph.microsoft.com/User.Read',
      client_id: clientId,
      team: 'blue',
      Name: 'work',
      updatedAt: '2026-01-31T10:00:00.000Z',
      TenantId: tenantId,
      createdAt: '2026-01-31T10:00:00.000Z',
      resource: null,
    }).text
    expect(wild).toBe(tidy)
    expect(Object.keys(JSON.parse(tidy) as object)).toEqual([
      'name',
      'tenantId',
      'clientId',
      'scopes',
      'redirectUri',
      'area',
      'team',
    ])
  })

  it('is one object for one profile, and a list for several or where a list is wanted', () => {
    const profile = { record: recordOf(), secrets: {} }
    const shapeOf = (text: string) => Object.keys(JSON.parse(text) as object)[0]
    expect(shapeOf(exportDocument([profile], { asList: false }).text)).toBe('name')
    expect(shapeOf(exportDocument([profile], { asList: true }).text)).toBe('profiles')
    expect(shapeOf(exportDocument([profile, profile], { asList: false }).text)).toBe('profiles')
  })

  it('holds the secrets it is given', async () => {
    const secrets = { 'client-secret': 's', 'certificate-password': 'p' } as const
    const { profiles } = await readImport(one(recordOf(), secrets).text, 'it')
    expect(profiles[0]!.secrets).toEqual(secrets)
  })

  it('leaves out what somebody wrote into profiles.json as a secret, and says so', () => {
    const { text, warnings } = one(recordOf({ clientSecret: 'canary', deep: { passwords: ['canary'] } }))
    expect(text).not.toContain('canary')
    expect(warnings).toEqual([
      '"clientSecret" of "work" in profiles.json looks like a secret and was left out; take it out there too',
      '"deep" of "work" in profiles.json looks like a secret and was left out; take it out there too',
    ])
  })

  it.each([
    ['/home/me/ci.pem', true],
    [String.raw`C:\certs\ci.pfx`, true],
    ['certs/ci.pem', false],
    ['~/certs/ci.pem', false],
  ])('warns of a path of this machine: %s', (certificatePath, warns) => {
    const { warnings } = one(recordOf({ authMethod: 'Certificate', certificatePath }))
    expect(warnings).toEqual(
      warns
        ? [
            `certificatePath of "work" is a path of this machine: "${certificatePath}"; the file itself is not exported`,
          ]
        : [],
    )
  })
})
