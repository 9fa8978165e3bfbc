import { describe, expect, it } from 'vitest'
import type { MemoryHostOptions } from '../../../support/memory-host.ts'
import { hostWith } from '../../../support/profiles.ts'
import { fixture } from '../certificates/fixtures.ts'
import { examined } from './examining.ts'

const key = { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) }
const identity = '33333333-3333-4333-8333-333333333333'

/** What is found of one profile. */
async function found(fields: object, options: MemoryHostOptions = {}) {
  const host = hostWith([fields], { ...options, env: { ...key, ...options.env } })
  const { checks } = await examined(host)
  return checks
    .filter(({ group, subject }) => group === 'profiles' && subject === 'work')
    .map(({ name, status, fact, remedy }) => ({ name, status, fact, remedy }))
}

const managed = { tenantId: undefined, clientId: undefined, authMethod: 'ManagedIdentity' }

describe('a managed identity', () => {
  it('is not looked for, and not asked about', async () => {
    expect(await found(managed)).toEqual([
      { name: 'profile', status: 'ok', fact: 'managed-identity, no token cached', remedy: undefined },
    ])
  })

  it('asks no authority', async () => {
    const { the } = await examined(hostWith([managed], { env: key }), { offline: false })
    expect(the('authority')).toEqual({
      name: 'authority',
      status: 'not_applicable',
      fact: 'not asked, for no profile names one',
    })
  })
})

describe('a certificate in a variable', () => {
  const fields = { certificateEnv: 'CERT' }
  const now = new Date('2030-01-01T10:00:00Z')
  const bundle = Buffer.concat([fixture('leaf.pem'), fixture('key-pkcs8.pem')]).toString()

  it('that can be used is fine', async () => {
    expect(await found(fields, { now, env: { CERT: bundle } })).toMatchObject([
      { name: 'profile', status: 'ok' },
    ])
  })

  it('that is not set has failed', async () => {
    expect(await found(fields)).toEqual([
      {
        name: 'certificate',
        status: 'failed',
        fact: 'the variable CERT with the certificate of "work" is not set',
        remedy: 'read -rs CERT && export CERT',
      },
    ])
  })

  it('that holds something else has failed', async () => {
    expect(await found(fields, { env: { CERT: 'nonsense!' } })).toMatchObject([
      { name: 'certificate', status: 'failed', fact: '"$CERT" holds no certificate' },
    ])
  })
})

describe('a secret from a command', () => {
  it('is not asked for just to look', async () => {
    expect(await found({ clientSecretCommand: 'op read x' })).toMatchObject([
      { name: 'profile', status: 'ok' },
    ])
  })
})

describe('an assertion', () => {
  const ok = { name: 'profile', status: 'ok' }

  it.each<[string, object, MemoryHostOptions]>([
    ['from a file', { federatedTokenFile: '/token' }, { files: { '/token': 'x' } }],
    [
      'from the file of Kubernetes',
      { authMethod: 'WorkloadIdentity' },
      { files: { '/token': 'x' }, env: { AZURE_FEDERATED_TOKEN_FILE: '/token' } },
    ],
    ['from a variable', { federatedTokenEnv: 'TOKEN' }, { env: { TOKEN: 'x' } }],
    ['from a command', { federatedTokenCommand: 'spire' }, {}],
    [
      'in a job of GitHub',
      { authMethod: 'GitHubActions' },
      { env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' } },
    ],
    [
      'in an Azure Pipelines job',
      { azurePipelinesServiceConnection: identity },
      { env: { SYSTEM_OIDCREQUESTURI: 'https://x' } },
    ],
  ])('%s is fine', async (_what, fields, options) => {
    expect(await found(fields, options)).toMatchObject([ok])
  })

  it.each<[string, object, string]>([
    ['a pod', { authMethod: 'WorkloadIdentity' }, "a pod with Kubernetes' workload identity"],
    ['a job of GitHub', { authMethod: 'GitHubActions' }, 'a GitHub Actions job with "id-token: write"'],
    ['a pipeline', { azurePipelinesServiceConnection: identity }, 'an Azure Pipelines job'],
  ])('for %s is no fault elsewhere', async (_what, fields, place) => {
    expect(await found(fields)).toMatchObject([
      ok,
      { name: 'assertion', status: 'not_applicable', fact: `its assertion can be had only in ${place}` },
    ])
  })

  it('whose file is not there has failed', async () => {
    expect(await found({ federatedTokenFile: '/token' })).toEqual([
      {
        name: 'assertion',
        status: 'failed',
        fact: 'the file "/token" with the assertion of "work" is not there',
        remedy: 'entra-auth-cli config edit work --federated-token-file FILE',
      },
    ])
  })

  it('whose variable is not set has failed', async () => {
    expect(await found({ federatedTokenEnv: 'TOKEN' })).toMatchObject([
      {
        name: 'assertion',
        status: 'failed',
        fact: 'the variable TOKEN with the assertion of "work" is not set',
      },
    ])
  })
})
