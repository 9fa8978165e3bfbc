import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeSecret } from '../../src/core/vault/secrets.ts'
import { silentVoice } from '../../src/core/voice.ts'
import { certificateFixture as fixture } from '../support/certificate-fixtures.ts'
import { configDirectory, type MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, hostWith, profilesPath, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const ids = ['--tenant-id', tenantId, '--client-id', clientId]
const identity = '33333333-3333-4333-8333-333333333333'
const resourceId = `/subscriptions/${identity}/resourceGroups/app/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deploy`

function machine(records: readonly object[] = [], options: MemoryHostOptions = {}) {
  const host = hostWith(records, { ...options, env: { NO_COLOR: '1', ...options.env } })
  const run = async (...words: readonly string[]) => {
    const before = { stdout: host.stdout().length, stderr: host.stderr().length }
    const code = await runCommand(['config', ...words], host)
    return { code, stdout: host.stdout().slice(before.stdout), stderr: host.stderr().slice(before.stderr) }
  }
  const profiles = () =>
    (JSON.parse(host.fileMap.get(profilesPath)!.toString()) as { profiles: Record<string, unknown>[] })
      .profiles
  return { host, run, profiles }
}

/** Flags of `config create`, what they write, and the lines by which `config show` tells it. */
const appCredentials: readonly (readonly [readonly string[], object, readonly string[]])[] = [
  [
    ['--client-secret-env', 'CI'],
    { authMethod: 'ClientSecret', clientSecretEnv: 'CI' },
    ['Auth Method: client-secret', 'Secret in variable: CI'],
  ],
  [
    ['--client-secret-command', 'op read "op://ci/app/secret"'],
    { authMethod: 'ClientSecret', clientSecretCommand: 'op read "op://ci/app/secret"' },
    ['Auth Method: client-secret', 'Secret from command: op read "op://ci/app/secret"'],
  ],
  [
    ['--certificate-env', 'APP_CERTIFICATE'],
    { authMethod: 'Certificate', certificateEnv: 'APP_CERTIFICATE' },
    ['Auth Method: certificate', 'Certificate in variable: APP_CERTIFICATE'],
  ],
  [
    ['--certificate-path', 'c.pem', '--private-key-path', 'k.pem', '--use-certificate'],
    { authMethod: 'Certificate', certificatePath: resolve('c.pem'), privateKeyPath: resolve('k.pem') },
    ['Auth Method: certificate', `Certificate: ${resolve('c.pem')}`, `Private key: ${resolve('k.pem')}`],
  ],
  [
    ['--federated-token-file'],
    { authMethod: 'WorkloadIdentity' },
    ['Auth Method: federated', 'Assertion from: the file that AZURE_FEDERATED_TOKEN_FILE names'],
  ],
  [
    ['--federated-token-file', 'token.jwt'],
    { authMethod: 'WorkloadIdentity', federatedTokenFile: resolve('token.jwt') },
    ['Auth Method: federated', `Assertion from: the file ${resolve('token.jwt')}`],
  ],
  [
    ['--federated-token-env', 'GITLAB_TOKEN'],
    { authMethod: 'WorkloadIdentity', federatedTokenEnv: 'GITLAB_TOKEN' },
    ['Assertion from: the variable GITLAB_TOKEN'],
  ],
  [
    ['--federated-token-command', 'spire-agent api fetch jwt'],
    { authMethod: 'WorkloadIdentity', federatedTokenCommand: 'spire-agent api fetch jwt' },
    ['Assertion from: the command spire-agent api fetch jwt'],
  ],
  [['--github-actions'], { authMethod: 'GitHubActions' }, ['Assertion from: GitHub Actions']],
  [
    ['--github-actions', 'api://AzureADTokenExchangeChina'],
    { authMethod: 'GitHubActions', githubActionsAudience: 'api://AzureADTokenExchangeChina' },
    ['Assertion from: GitHub Actions, audience api://AzureADTokenExchangeChina'],
  ],
  [
    ['--azure-pipelines', identity],
    { authMethod: 'AzurePipelines', azurePipelinesServiceConnection: identity },
    [`Assertion from: Azure Pipelines, service connection ${identity}`],
  ],
]

const identities: readonly (readonly [readonly string[], object, string])[] = [
  [['--managed-identity'], {}, 'system-assigned'],
  [['--managed-identity', 'System'], {}, 'system-assigned'],
  [['--flow', 'msi'], { defaultFlow: 'ManagedIdentity' }, 'system-assigned'],
  [
    ['--managed-identity-client-id', identity],
    { managedIdentityClientId: identity },
    `user-assigned, client id ${identity}`,
  ],
  [
    ['--managed-identity-object-id', identity],
    { managedIdentityObjectId: identity },
    `user-assigned, object id ${identity}`,
  ],
  [
    ['--managed-identity-resource-id', resourceId],
    { managedIdentityResourceId: resourceId },
    `user-assigned, resource id ${resourceId}`,
  ],
]

describe('a credential without a stored secret', () => {
  it.each(appCredentials)('is made by %j, and shown', async (flags, fields, lines) => {
    const { run, profiles } = machine([], {
      files: { [resolve('c.pem')]: fixture('leaf.pem'), [resolve('k.pem')]: fixture('key-pkcs8.pem') },
    })
    expect(await run('create', '-n', 'work', ...ids, ...flags)).toMatchObject({ code: 0, stdout: '' })
    const written = profiles()[0] ?? {}
    expect(written).toEqual({ ...named, tenantId, clientId, ...fields })
    const { code, stdout } = await run('show', 'work')
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual(expect.arrayContaining([...lines, 'Flow: client-credentials']))
  })

  it.each(identities)('is made by %j, which needs no app, and shown', async (flags, fields, text) => {
    const { run, profiles } = machine()
    expect(await run('create', '-n', 'work', ...flags)).toMatchObject({ code: 0, stdout: '' })
    expect(profiles()[0]).toEqual({ ...named, authMethod: 'ManagedIdentity', ...fields })
    expect((await run('show', 'work')).stdout).toBe(
      [
        'Profile: work',
        'Auth Method: managed-identity',
        `Managed identity: ${text}`,
        'Default Scopes: https://graph.microsoft.com/.default',
        'Flow: managed-identity',
        'Updated: 2026-01-31 10:00:00 UTC',
        '',
      ].join('\n'),
    )
    expect(JSON.parse((await run('show', 'work', '--json')).stdout)).not.toHaveProperty('clientId')
  })

  it('stands in the list by its kind', async () => {
    const { run } = machine()
    await run('create', '-n', 'vm', '--managed-identity')
    await run('create', '-n', 'pod', ...ids, '--federated-token-file')
    const lines = (await run('list', '--verbose')).stdout.split('\n')
    expect(lines.find((line) => line.startsWith('vm'))).toMatch(
      /^vm +managed-identity +- +- +managed-identity /,
    )
    expect(lines.find((line) => line.startsWith('pod'))).toMatch(/^pod +client-credentials .* federated /)
  })

  it('of a managed identity asks nobody for an app', async () => {
    const terminal = { stdin: undefined, stdoutIsTerminal: true, stderrIsTerminal: true }
    expect(await machine([], terminal).run('create', 'vm', '--managed-identity')).toMatchObject({ code: 0 })
  })
})

const named = {
  name: 'work',
  createdAt: '2026-01-31T10:00:00.000Z',
  updatedAt: '2026-01-31T10:00:00.000Z',
}

describe('config create refuses', () => {
  it.each<[string, readonly string[], string, string]>([
    [
      'two credentials',
      [...ids, '--github-actions', '--client-secret-env', 'CI'],
      'more than one credential is given',
      'give one of --client-secret-env and --github-actions',
    ],
    [
      'two identities',
      ['--managed-identity', '--managed-identity-client-id', identity],
      'more than one credential is given',
      'give one of --managed-identity and --managed-identity-client-id',
    ],
    [
      'a managed identity by name',
      ['--managed-identity', 'deploy'],
      '--managed-identity does not take "deploy"',
      'give it alone for the system-assigned identity, or --managed-identity-client-id with the id of another',
    ],
    [
      'an app for a managed identity',
      ['--managed-identity', '--client-id', clientId],
      '--client-id and --managed-identity contradict each other',
      'leave it away; a user-assigned identity is named by --managed-identity-client-id',
    ],
    [
      'a tenant for a managed identity',
      ['--managed-identity', '--tenant-id', tenantId],
      '--tenant-id and --managed-identity contradict each other',
      'leave it away',
    ],
    [
      'a client id that is none',
      ['--managed-identity-client-id', 'deploy'],
      'the managed identity\'s client id "deploy" is not a GUID',
      'nothing was written; give these anew',
    ],
    [
      'a resource id that is none',
      ['--managed-identity-resource-id', identity],
      `the managed identity's resource id "${identity}" is no resource id of a managed identity`,
      'nothing was written; give these anew',
    ],
    [
      'another flow for a managed identity',
      ['--managed-identity', '--flow', 'device-code'],
      'the flow device-code does not go with the credential managed-identity',
      'nothing was written',
    ],
    [
      'its flow for another credential',
      [...ids, '--client-secret-env', 'CI', '--flow', 'managed-identity'],
      'the flow managed-identity does not go with the credential client-secret',
      'nothing was written',
    ],
    [
      'an empty variable name',
      [...ids, '--federated-token-env', ''],
      '--federated-token-env is empty',
      'is the variable it comes from set?',
    ],
    [
      'an empty command',
      [...ids, '--client-secret-command', ' '],
      '--client-secret-command is empty',
      'is the variable it comes from set?',
    ],
    [
      'a private key beside a variable',
      [...ids, '--certificate-env', 'C', '--private-key', 'k.pem'],
      '--private-key does not go with --certificate-env',
      'put the private key into the variable too',
    ],
    [
      'a password without a certificate',
      [...ids, '--github-actions', '--certificate-password', '-'],
      '--certificate-password belongs to a certificate, and none is given',
      'add --certificate with its path',
    ],
  ])('%s', async (_what, flags, fact, hint) => {
    const { run, host } = machine()
    const before = host.fileMap.get(profilesPath)
    const { code, stdout, stderr } = await run('create', '-n', 'work', ...flags)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(fact)
    expect(stderr).toContain(`hint: ${hint}`)
    expect(host.fileMap.get(profilesPath)).toEqual(before)
  })
})

const thumbprints = JSON.parse(fixture('thumbprints.json').toString()) as Record<
  'leaf',
  { readonly sha1: string; readonly sha256: string }
>

describe('config show of a certificate', () => {
  const facts = [
    'Subject: O=Fixtures, CN=fixture-app',
    `SHA-1 thumbprint: ${thumbprints.leaf.sha1.toUpperCase()}`,
    `SHA-256 thumbprint: ${thumbprints.leaf.sha256.toUpperCase()}`,
    expect.stringMatching(/^Valid: 20\d\d-\d\d-\d\d [\d:]{8} UTC to 20\d\d-\d\d-\d\d [\d:]{8} UTC$/),
  ]
  const show = (fields: object, options: MemoryHostOptions) => {
    const { run } = machine([{ name: 'ci', authMethod: 'Certificate', ...fields }], {
      now: new Date('2030-01-01T00:00:00Z'),
      ...options,
    })
    return run('show', 'ci')
  }
  const bundle = Buffer.concat([fixture('leaf.pem'), fixture('key-pkcs8.pem')])

  it.each<[string, object, MemoryHostOptions]>([
    [
      'PEM and key apart',
      { certificatePath: '/c.pem', privateKeyPath: '/k.pem' },
      { files: { '/c.pem': fixture('leaf.pem'), '/k.pem': fixture('key-pkcs8.pem') } },
    ],
    [
      'an encrypted key, without its password',
      { certificatePath: '/c.pem' },
      { files: { '/c.pem': fixture('leaf-then-encrypted-key.pem') } },
    ],
    [
      'the leaf of a chain, without the password of its key',
      { certificatePath: '/c.pem', privateKeyPath: '/k.pem' },
      {
        files: {
          '/c.pem': Buffer.concat([fixture('root.pem'), fixture('issuing.pem'), fixture('leaf.pem')]),
          '/k.pem': fixture('key-pkcs8-aes256.pem'),
        },
      },
    ],
    ['a PFX without a password', { certificatePath: '/c.pfx' }, { files: { '/c.pfx': fixture('open.pfx') } }],
    [
      'a PFX with its password in the variable',
      { certificatePath: '/c.pfx' },
      {
        files: { '/c.pfx': fixture('modern.pfx') },
        env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'correct-horse' },
      },
    ],
    ['PEM in a variable', { certificateEnv: 'CERT' }, { env: { CERT: bundle.toString() } }],
    [
      'base64 of a PFX in a variable',
      { certificateEnv: 'CERT' },
      { env: { CERT: fixture('open.pfx').toString('base64') } },
    ],
  ])('tells what it is: %s', async (_what, fields, options) => {
    const { code, stdout } = await show(fields, options)
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(facts))
    expect(stdout).not.toMatch(/^(?:Problem|Warning):/m)
  })

  it('opens a PFX with the password that is kept', async () => {
    const { host, run } = machine([{ name: 'ci', certificatePath: '/c.pfx' }], {
      files: { '/c.pfx': fixture('modern.pfx') },
    })
    await writeSecret(host, 'ci', 'certificate-password', 'correct-horse', silentVoice)
    expect([...host.fileMap.keys()]).toContain(`${configDirectory}/secure/ci.certificate-password.bin`)
    expect((await run('show', 'ci')).stdout).toContain(facts[0])
  })

  it('says that the password that is kept is wrong', async () => {
    const { host, run } = machine([{ name: 'ci', certificatePath: '/c.pfx' }], {
      files: { '/c.pfx': fixture('modern.pfx') },
    })
    await writeSecret(host, 'ci', 'certificate-password', 'wrong-horse', silentVoice)
    const { code, stdout } = await run('show', 'ci')
    expect(code).toBe(0)
    expect(stdout).toContain('Problem: the certificate password kept for "ci" is wrong\n')
    expect(stdout).not.toContain('wrong-horse')
  })

  it('says that the password in the environment is wrong', async () => {
    const { stdout } = await show(
      { certificatePath: '/c.pfx' },
      {
        files: { '/c.pfx': fixture('modern.pfx') },
        env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'wrong-horse' },
      },
    )
    expect(stdout).toContain(
      'Problem: the certificate password in AZURE_CLIENT_CERTIFICATE_PASSWORD is wrong\n',
    )
  })

  it('is an object in JSON', async () => {
    const { run } = machine([{ name: 'ci', certificatePath: '/c.pfx' }], {
      now: new Date('2030-01-01T00:00:00Z'),
      files: { '/c.pfx': fixture('open.pfx') },
    })
    const { certificate } = JSON.parse((await run('show', 'ci', '--json')).stdout) as { certificate: object }
    expect(certificate).toEqual({
      subject: 'O=Fixtures, CN=fixture-app',
      issuer: 'O=Fixtures, CN=Fixture Issuing',
      thumbprintSha1: thumbprints.leaf.sha1.toUpperCase(),
      thumbprintSha256: thumbprints.leaf.sha256.toUpperCase(),
      notBefore: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      notAfter: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
  })

  const files = { '/c.pfx': fixture('open.pfx') }
  it.each([
    ['1999-01-01T00:00:00Z', 'is not valid before '],
    ['2999-01-01T00:00:00Z', 'expired on '],
  ])('warns in %s', async (now, words) => {
    const { stdout } = await show({ certificatePath: '/c.pfx' }, { files, now: new Date(now) })
    expect(stdout).toContain(`Warning: the certificate "O=Fixtures, CN=fixture-app" ${words}`)
  })

  it('warns thirty days before its end, and not one day earlier', async () => {
    const { run } = machine([{ name: 'ci', certificatePath: '/c.pfx' }], { files })
    const { certificate } = JSON.parse((await run('show', 'ci', '--json')).stdout) as {
      certificate: { readonly notAfter: string }
    }
    const before = (days: number) => new Date(Date.parse(certificate.notAfter) - days * 86_400_000)
    const at = async (days: number) =>
      (await show({ certificatePath: '/c.pfx' }, { files, now: before(days) })).stdout
    expect(await at(31)).not.toContain('Warning')
    expect(await at(30)).toMatch(/^Warning: .* expires on .*, in 30 days$/m)
  })

  it.each<[string, object, MemoryHostOptions, string]>([
    [
      'a PFX whose password nobody kept',
      { certificatePath: '/c.pfx' },
      { files: { '/c.pfx': fixture('modern.pfx') } },
      '"/c.pfx" cannot be looked at without its password',
    ],
    [
      'a certificate without its key',
      { certificatePath: '/c.pem' },
      { files: { '/c.pem': fixture('leaf.pem') } },
      '"/c.pem" holds no private key',
    ],
    [
      'the key of another certificate',
      { certificatePath: '/c.pem', privateKeyPath: '/k.pem' },
      { files: { '/c.pem': fixture('leaf.pem'), '/k.pem': fixture('other-key.pem') } },
      'the private key in "/k.pem" does not belong to the certificate in "/c.pem"',
    ],
    [
      'a damaged file',
      { certificatePath: '/c.pfx' },
      { files: { '/c.pfx': fixture('modern.pfx').subarray(0, 1500) } },
      'the PFX file "/c.pfx" is damaged',
    ],
    ['a variable that is not set', { certificateEnv: 'CERT' }, {}, 'the variable CERT is not set'],
    [
      'a variable with nonsense',
      { certificateEnv: 'CERT' },
      { env: { CERT: 'nonsense!' } },
      '"$CERT" holds no certificate',
    ],
  ])('tells the problem with %s, and does not fail', async (_what, fields, options, problem) => {
    const { code, stdout, stderr } = await show(fields, options)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Problem: ${problem}\n`)
  })

  it('of a file that is not there is a problem too', async () => {
    const { code, stdout } = await show({ certificatePath: '/c.pfx' }, {})
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Problem: .*"?\/c\.pfx/m)
  })
})
