import { describe, expect, it } from 'vitest'
import { checkProfileName, isTenant, profileFileName } from '../../../../src/core/profiles/profile.ts'
import { readProfile } from '../../../../src/core/profiles/profile-record.ts'
import { textField, unknownFields } from '../../../../src/core/profiles/record-fields.ts'
import { failureOf } from '../../../support/failure.ts'

const tenantId = '11111111-1111-4111-8111-111111111111'
const clientId = '22222222-2222-4222-8222-222222222222'
const needed = { name: 'work', tenantId, clientId }
const graphDefault = ['https://graph.microsoft.com/.default']

describe('every documented spelling of a profile is read', () => {
  it.each<[string, object, object]>([
    [
      'the least',
      needed,
      { name: 'work', tenantId, clientId, scopes: graphDefault, credential: { kind: 'none' } },
    ],
    ['snake_case', { name: 'work', tenant_id: tenantId, client_id: clientId }, { tenantId, clientId }],
    [
      'Pascal',
      { Name: 'work', TenantId: tenantId, ClientId: clientId },
      { name: 'work', tenantId, clientId },
    ],
    [
      'any case',
      { NAME: 'work', tenantID: tenantId, ClientID: clientId },
      { name: 'work', tenantId, clientId },
    ],
    ['scopes as an array', { ...needed, scopes: ['a/b', 'c/d'] }, { scopes: ['a/b', 'c/d'] }],
    ['scope as one text', { ...needed, scope: 'api://a/b c' }, { scopes: ['api://a/b', 'api://a/c'] }],
    ['scope with commas', { ...needed, scope: 'api://a/b,c' }, { scopes: ['api://a/b', 'api://a/c'] }],
    ['empty scopes', { ...needed, scopes: [] }, { scopes: graphDefault }],
    [
      'null scopes and a resource',
      { ...needed, scopes: null, resource: 'https://vault.azure.net' },
      { scopes: ['https://vault.azure.net/.default'] },
    ],
    [
      'a resource with a trailing slash',
      { ...needed, resource: 'https://management.core.windows.net/' },
      { scopes: ['https://management.core.windows.net//.default'] },
    ],
    ['flow', { ...needed, flow: 'InteractiveBrowser' }, { defaultFlow: 'interactive-browser' }],
    ['defaultFlow', { ...needed, defaultFlow: 'DeviceCode' }, { defaultFlow: 'device-code' }],
    [
      'default_flow',
      { ...needed, default_flow: 'client_credentials' },
      { defaultFlow: 'client-credentials' },
    ],
    ['flow: interactive', { ...needed, flow: 'interactive' }, { defaultFlow: 'interactive-browser' }],
    ['defaultFlow: null', { ...needed, defaultFlow: null }, { defaultFlow: undefined }],
    [
      'useClientSecret',
      { ...needed, useClientSecret: true },
      { credential: { kind: 'client-secret', source: { from: 'vault' } } },
    ],
    ['useClientSecret: false', { ...needed, useClientSecret: false }, { credential: { kind: 'none' } }],
    [
      'useCertificate',
      { ...needed, useCertificate: true, certificatePath: '/c.pem' },
      {
        credential: {
          kind: 'certificate',
          source: { from: 'file', certificatePath: '/c.pem', privateKeyPath: undefined },
        },
      },
    ],
    [
      'certificatePath alone',
      { ...needed, certificatePath: '/c.pem' },
      {
        credential: {
          kind: 'certificate',
          source: { from: 'file', certificatePath: '/c.pem', privateKeyPath: undefined },
        },
      },
    ],
    [
      'a secret from a command',
      { ...needed, clientSecretCommand: 'op read x' },
      { credential: { kind: 'client-secret', source: { from: 'command', command: 'op read x' } } },
    ],
    [
      'a certificate in a variable',
      { ...needed, certificate_env: 'CERT' },
      { credential: { kind: 'certificate', source: { from: 'environment', variable: 'CERT' } } },
    ],
    [
      'auth_method: managed_identity',
      { name: 'vm', auth_method: 'managed_identity' },
      {
        tenantId: 'managed_identity',
        clientId: 'system_assigned_managed_identity',
        credential: { kind: 'managed-identity', identity: { by: 'system' } },
      },
    ],
    [
      'a managed identity by its flow alone',
      { name: 'vm', flow: 'msi' },
      { credential: { kind: 'managed-identity', identity: { by: 'system' } } },
    ],
    [
      'a managed identity by its id alone',
      { name: 'vm', managedIdentityObjectId: clientId },
      { clientId, credential: { kind: 'managed-identity', identity: { by: 'object-id', id: clientId } } },
    ],
    [
      "the client id of a managed identity, as Azure's own tools call it",
      { name: 'vm', authMethod: 'ManagedIdentity', clientId },
      { clientId, credential: { kind: 'managed-identity', identity: { by: 'client-id', id: clientId } } },
    ],
    [
      'authMethod: WorkloadIdentity',
      { ...needed, authMethod: 'WorkloadIdentity' },
      { credential: { kind: 'federated', source: { from: 'file', path: undefined } } },
    ],
    [
      'authMethod: Federated with a variable',
      { ...needed, authMethod: 'Federated', federatedTokenEnv: 'TOKEN' },
      { credential: { kind: 'federated', source: { from: 'environment', variable: 'TOKEN' } } },
    ],
    [
      'a federated token file alone',
      { ...needed, federatedTokenFile: '/token' },
      { credential: { kind: 'federated', source: { from: 'file', path: '/token' } } },
    ],
    [
      'a command for the federated token alone',
      { ...needed, federatedTokenCommand: 'spire' },
      { credential: { kind: 'federated', source: { from: 'command', command: 'spire' } } },
    ],
    [
      'authMethod: GitHubActions',
      { ...needed, authMethod: 'GitHubActions' },
      { credential: { kind: 'federated', source: { from: 'github-actions', audience: undefined } } },
    ],
    [
      'the audience of GitHub Actions alone',
      { ...needed, github_actions_audience: 'api://x' },
      { credential: { kind: 'federated', source: { from: 'github-actions', audience: 'api://x' } } },
    ],
    [
      'the service connection of Azure Pipelines alone',
      { ...needed, azurePipelinesServiceConnectionId: clientId },
      {
        credential: { kind: 'federated', source: { from: 'azure-pipelines', serviceConnectionId: clientId } },
      },
    ],
    [
      'authMethod: ClientSecret',
      { ...needed, authMethod: 'ClientSecret' },
      { credential: { kind: 'client-secret', source: { from: 'vault' } } },
    ],
    [
      'auth_method: client_secret',
      { ...needed, auth_method: 'client_secret' },
      { credential: { kind: 'client-secret', source: { from: 'vault' } } },
    ],
    [
      'authMethod: client-secret',
      { ...needed, authMethod: 'client-secret' },
      { credential: { kind: 'client-secret', source: { from: 'vault' } } },
    ],
    [
      'authMethod: Certificate',
      { ...needed, authMethod: 'Certificate', certificatePath: '/c.pem', privateKeyPath: '/k.pem' },
      {
        credential: {
          kind: 'certificate',
          source: { from: 'file', certificatePath: '/c.pem', privateKeyPath: '/k.pem' },
        },
      },
    ],
    [
      'authMethod: PasswordlessCertificate',
      { ...needed, authMethod: 'PasswordlessCertificate', certificatePath: '/c.pem' },
      {
        credential: {
          kind: 'certificate',
          source: { from: 'file', certificatePath: '/c.pem', privateKeyPath: undefined },
        },
      },
    ],
    [
      'authMethod: InteractiveBrowser',
      { ...needed, authMethod: 'InteractiveBrowser' },
      { credential: { kind: 'none' } },
    ],
    [
      'a secret in a variable',
      { ...needed, clientSecretEnv: 'CI_SECRET' },
      { credential: { kind: 'client-secret', source: { from: 'environment', variable: 'CI_SECRET' } } },
    ],
    [
      'a secret in a file',
      { ...needed, client_secret_file: '/run/s' },
      { credential: { kind: 'client-secret', source: { from: 'file', path: '/run/s' } } },
    ],
    [
      'cloud',
      { ...needed, cloud: 'usgov' },
      {
        authority: 'https://login.microsoftonline.us',
        graphUrl: 'https://graph.microsoft.us',
        scopes: ['https://graph.microsoft.us/.default'],
      },
    ],
    [
      'authority',
      { ...needed, authority: 'https://localhost:8443/' },
      { authority: 'https://localhost:8443' },
    ],
    [
      'Authority URL',
      { ...needed, 'Authority URL': 'https://login.microsoftonline.us' },
      { authority: 'https://login.microsoftonline.us', graphUrl: 'https://graph.microsoft.us' },
    ],
    [
      'authorityUrl that ends in the tenant',
      { name: 'work', clientId, authorityUrl: `https://login.microsoftonline.us/${tenantId}` },
      { tenantId, authority: 'https://login.microsoftonline.us' },
    ],
    [
      'graphUrl with a trailing slash',
      { ...needed, graphUrl: 'https://localhost:8443/' },
      { graphUrl: 'https://localhost:8443', scopes: ['https://localhost:8443/.default'] },
    ],
    [
      'redirectUri and caFile',
      { ...needed, redirect_uri: 'http://localhost:8080', ca_file: '/ca.pem' },
      { redirectUri: 'http://localhost:8080', caFile: '/ca.pem' },
    ],
    ['clientCapabilities', { ...needed, client_capabilities: ['cp1'] }, { clientCapabilities: ['cp1'] }],
    [
      'clientCapabilities as text',
      { ...needed, clientCapabilities: 'cp1, x' },
      { clientCapabilities: ['cp1', 'x'] },
    ],
    ['no clientCapabilities', needed, { clientCapabilities: [] }],
    [
      'white space around',
      { ...needed, tenantId: ` ${tenantId} `, name: ' work ' },
      { tenantId, name: 'work' },
    ],
    ['common', { ...needed, tenantId: 'common' }, { tenantId: 'common' }],
    ['a domain', { ...needed, tenantId: 'contoso.onmicrosoft.com' }, { tenantId: 'contoso.onmicrosoft.com' }],
  ])('%s', (_what, record, profile) => {
    expect(readProfile(record as never)).toMatchObject(profile)
  })

  it('prefers the canonical name where a field stands there twice', () => {
    expect(textField({ Flow: 'a', flow: 'b', defaultFlow: 'c' }, 'defaultFlow')).toBe('c')
  })
})

describe('what cannot be used', () => {
  it.each<[string, object, string]>([
    ['no tenant', { name: 'work', clientId }, 'the tenant id is missing'],
    ['no client', { name: 'work', tenantId }, 'the client id is missing'],
    ['a client that is no GUID', { ...needed, clientId: 'my-app' }, 'the client id "my-app" is not a GUID'],
    [
      'a tenant that is neither',
      { ...needed, tenantId: 'contoso' },
      '"contoso" is neither a tenant id nor a domain',
    ],
    ['an unknown method', { ...needed, authMethod: 'Magic' }, 'there is no authentication method "Magic"'],
    ['an unknown flow', { ...needed, flow: 'Magic' }, 'there is no flow "Magic"'],
    ['an unknown cloud', { ...needed, cloud: 'Magic' }, 'there is no cloud "Magic"'],
    [
      'an http authority',
      { ...needed, authority: 'http://localhost' },
      '"http://localhost" is not an authority URL',
    ],
    [
      'an http Graph',
      { ...needed, graphUrl: 'http://localhost' },
      'the Graph URL "http://localhost" is not an https URL',
    ],
    [
      'a capability that is no name',
      { ...needed, clientCapabilities: [{ cp1: true }] },
      'the client capabilities are no list of names such as cp1',
    ],
    [
      'a certificate without its path',
      { ...needed, useCertificate: true },
      'the path of the certificate is missing',
    ],
    [
      'a service connection without its id',
      { ...needed, authMethod: 'AzurePipelines' },
      'the id of the service connection is missing',
    ],
    [
      'two managed identities',
      { name: 'work', managedIdentityClientId: clientId, managedIdentityObjectId: tenantId },
      'managedIdentityClientId and managedIdentityObjectId name two managed identities',
    ],
    [
      'a managed identity whose id is none',
      { name: 'work', managedIdentityObjectId: 'deploy' },
      'the managed identity\'s object id "deploy" is not a GUID',
    ],
    [
      'a managed identity with another flow',
      { name: 'work', authMethod: 'ManagedIdentity', flow: 'device-code' },
      'the flow device-code does not go with the credential managed-identity',
    ],
    [
      'the flow of a managed identity with another credential',
      { ...needed, authMethod: 'ClientSecret', flow: 'managed-identity' },
      'the flow managed-identity does not go with the credential client-secret',
    ],
  ])('%s', (_what, record, problem) => {
    expect(failureOf(() => readProfile(record as never))).toMatchObject({
      code: 'profile_incomplete',
      message: `profile "work" cannot be used: ${problem}`,
      hint: expect.stringContaining('entra-auth-cli config edit work'),
    })
  })

  it('is told all at once', () => {
    const failure = failureOf(() => readProfile({ name: 'work', flow: 'Magic' }))
    expect(failure.message).toBe(
      'profile "work" cannot be used: the tenant id is missing; the client id is missing; there is no flow "Magic"',
    )
  })
})

describe('tenants', () => {
  it.each([tenantId, 'contoso.com', 'a.b.c', 'common', 'Organizations', 'consumers'])('%s', (text) => {
    expect(isTenant(text)).toBe(true)
  })
  it.each(['', 'contoso', 'a/b.com', 'a b.com', '../x.y', '.com', 'x.', 'https://x.y', 'a.b?c', 'a\n.b'])(
    'not %j',
    (text) => {
      expect(isTenant(text)).toBe(false)
    },
  )
})

describe('unknown fields', () => {
  it('are what nobody here gives a meaning to', () => {
    const record = {
      ...needed,
      Flow: 'x',
      cacheCertificatePassword: true,
      notes: 'mine',
      'Authority URL': 'y',
    }
    expect(unknownFields(record)).toEqual({ cacheCertificatePassword: true, notes: 'mine' })
  })
})

describe('profile names', () => {
  it.each(['work', 'a', 'A.b_c-1', '0', 'x'.repeat(64)])('%s', (name) => {
    expect(checkProfileName(name)).toBe(name)
  })
  it.each(['', ' ', 'a b', 'a/b', '../a', '.a', '-a', '_a', 'a\\b', 'ä', 'a\n', 'x'.repeat(65)])(
    'not %j',
    (name) => {
      expect(failureOf(() => checkProfileName(name))).toMatchObject({ code: 'invalid_arguments' })
    },
  )
  it('lead to files in one folder, also those an older tool allowed', () => {
    expect(profileFileName('Work.1_x-y')).toBe('work.1_x-y')
    expect(profileFileName('../Other Place')).toBe('..%2Fother%20place')
  })
})
