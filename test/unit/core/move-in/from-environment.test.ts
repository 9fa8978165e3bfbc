import { describe, expect, it } from 'vitest'
import { fromEnvironment } from '../../../../src/core/move-in/from-environment.ts'
import { failureOf } from '../../../support/failure.ts'
import { clientId, tenantId } from '../../../support/profiles.ts'

const ids = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId }
const app = { name: 'azure', tenantId, clientId }

describe('a profile of the AZURE_… variables', () => {
  it.each<[string, Record<string, string>, object, object]>([
    ['nothing but ids', {}, { authMethod: 'None' }, {}],
    ['a secret', { AZURE_CLIENT_SECRET: 's' }, { authMethod: 'ClientSecret' }, { 'client-secret': 's' }],
    [
      'a certificate',
      { AZURE_CLIENT_CERTIFICATE_PATH: '/c.pem' },
      { authMethod: 'Certificate', certificatePath: '/c.pem' },
      {},
    ],
    [
      'a certificate with a password',
      { AZURE_CLIENT_CERTIFICATE_PATH: '/c.pfx', AZURE_CLIENT_CERTIFICATE_PASSWORD: 'p' },
      { authMethod: 'Certificate', certificatePath: '/c.pfx' },
      { 'certificate-password': 'p' },
    ],
    [
      'a federated token',
      { AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/token' },
      { authMethod: 'WorkloadIdentity', federatedTokenFile: '/var/run/secrets/token' },
      {},
    ],
    [
      'several: a secret comes first',
      { AZURE_FEDERATED_TOKEN_FILE: '/t', AZURE_CLIENT_CERTIFICATE_PATH: '/c', AZURE_CLIENT_SECRET: 's' },
      { authMethod: 'ClientSecret' },
      { 'client-secret': 's' },
    ],
    [
      'several: then a certificate',
      { AZURE_FEDERATED_TOKEN_FILE: '/t', AZURE_CLIENT_CERTIFICATE_PATH: '/c' },
      { authMethod: 'Certificate', certificatePath: '/c' },
      {},
    ],
    [
      'another cloud, by its URL',
      { AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' },
      { authMethod: 'None', authority: 'https://login.microsoftonline.us' },
      {},
    ],
    [
      'another cloud, by its host',
      { AZURE_AUTHORITY_HOST: 'login.microsoftonline.us' },
      { authMethod: 'None', authority: 'https://login.microsoftonline.us' },
      {},
    ],
    ['the usual cloud', { AZURE_AUTHORITY_HOST: 'login.microsoftonline.com' }, { authMethod: 'None' }, {}],
    ['empty ones', { AZURE_CLIENT_SECRET: '', AZURE_AUTHORITY_HOST: '' }, { authMethod: 'None' }, {}],
  ])('with %s', (_what, env, fields, secrets) => {
    const { profile, warnings } = fromEnvironment({ ...ids, ...env }, 'azure')
    expect(profile.record).toEqual({ ...app, ...fields })
    expect(profile.secrets).toEqual(secrets)
    expect(warnings).toEqual([])
  })

  it('says what it does not take', () => {
    const env = { ...ids, AZURE_USERNAME: 'me@contoso.com', AZURE_PASSWORD: 'canary' }
    const { warnings } = fromEnvironment(env, 'azure')
    expect(warnings).toHaveLength(2)
    expect(warnings.join()).not.toContain('canary')
  })

  it('names every variable that is missing', () => {
    expect(failureOf(() => fromEnvironment({}, 'azure')).message).toBe(
      'AZURE_TENANT_ID and AZURE_CLIENT_ID are not set',
    )
    expect(failureOf(() => fromEnvironment({ AZURE_TENANT_ID: tenantId }, 'azure')).message).toBe(
      'AZURE_CLIENT_ID is not set',
    )
  })
})
