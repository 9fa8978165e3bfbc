import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSecret } from '../../src/core/vault/secrets.ts'
import { certificateFixture } from '../support/certificate-fixtures.ts'
import {
  cacheDirectory,
  configDirectory,
  noKeychain,
  type MemoryHostOptions,
} from '../support/memory-host.ts'
import { clientId, daemon, hostWith, profilesPath, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { silentVoice } from '../../src/core/voice.ts'

const ids = ['--tenant-id', tenantId, '--client-id', clientId]
const terminal = { stdin: undefined, stdoutIsTerminal: true, stderrIsTerminal: true }

function machine(records: readonly object[] = [], options: MemoryHostOptions = {}) {
  const host = hostWith(records, { ...options, env: { NO_COLOR: '1', ...options.env } })
  let seen = { stdout: 0, stderr: 0 }
  const run = async (...words: readonly string[]) => {
    const code = await runCommand(['config', ...words], host)
    const [stdout, stderr] = [host.stdout().slice(seen.stdout), host.stderr().slice(seen.stderr)]
    seen = { stdout: host.stdout().length, stderr: host.stderr().length }
    return { code, stdout, stderr }
  }
  const profiles = () =>
    (JSON.parse(host.fileMap.get(profilesPath)!.toString()) as { profiles: Record<string, unknown>[] })
      .profiles
  return { host, run, profiles }
}

describe('config create', () => {
  it('makes a profile from three flags, and asks nothing', async () => {
    const { run, profiles } = machine([], terminal)
    expect(await run('create', '-n', 'work', ...ids)).toEqual({
      code: 0,
      stdout: '',
      stderr: "✓ Profile 'work' created successfully\n",
    })
    expect(profiles()).toEqual([
      {
        name: 'work',
        tenantId,
        clientId,
        authMethod: 'None',
        createdAt: '2026-01-31T10:00:00.000Z',
        updatedAt: '2026-01-31T10:00:00.000Z',
      },
    ])
  })

  it.each([[['work']], [['-n', 'work']], [['--name', 'work']], [['-p', 'work']], [['--profile', 'work']]])(
    'takes the name as %j',
    async (words) => {
      const { run, profiles } = machine()
      expect(await run('create', ...words, ...ids, '--silent')).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(profiles()[0]).toMatchObject({ name: 'work' })
    },
  )

  it.each<[string, readonly string[], object]>([
    [
      'scopes',
      ['--scope', 'api://a/b c', '--scope', 'api://d/e'],
      { scopes: ['api://a/b', 'api://a/c', 'api://d/e'] },
    ],
    ['a flow', ['--flow', 'device-code'], { defaultFlow: 'DeviceCode' }],
    ['a cloud', ['--cloud', 'UsGov'], { cloud: 'usgov' }],
    ['an authority', ['--authority', 'https://localhost:8443/'], { authority: 'https://localhost:8443' }],
    ['a Graph', ['--graph-url', 'https://localhost:8443'], { graphUrl: 'https://localhost:8443' }],
    ['a CA file, as an absolute path', ['--ca-file', 'ca.pem'], { caFile: resolve('ca.pem') }],
    ['what the client can handle', ['--client-capability', 'cp1'], { clientCapabilities: ['cp1'] }],
    ['a redirect URI', ['--redirect-uri', 'http://localhost:8080'], { redirectUri: 'http://localhost:8080' }],
    [
      'the variable of a secret',
      ['--client-secret-env', 'CI'],
      { authMethod: 'ClientSecret', clientSecretEnv: 'CI' },
    ],
    [
      'a certificate, as absolute paths',
      ['--certificate', 'c.pem', '--private-key', 'k.pem'],
      { authMethod: 'Certificate', certificatePath: resolve('c.pem'), privateKeyPath: resolve('k.pem') },
    ],
  ])('takes %s', async (_what, words, fields) => {
    const { run, profiles } = machine([], {
      files: {
        [resolve('c.pem')]: certificateFixture('leaf.pem'),
        [resolve('k.pem')]: certificateFixture('key-pkcs8.pem'),
      },
    })
    expect(await run('create', '-n', 'work', ...ids, ...words)).toMatchObject({ code: 0 })
    expect(profiles()[0]).toMatchObject(fields)
  })

  const other = '99999999-9999-4999-8999-999999999999'
  it.each([tenantId, tenantId.toUpperCase()])(
    'takes a tenant that the authority names too: %s',
    async (same) => {
      const { run, profiles } = machine()
      const authority = `https://login.microsoftonline.com/${same}`
      expect(await run('create', '-n', 'x', ...ids, '--authority', authority, '-q')).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
      expect(profiles()[0]).toMatchObject({ tenantId, authority: 'https://login.microsoftonline.com' })
    },
  )

  it.each([other, 'common'])('refuses two tenants, and says which to drop: %s', async (inAuthority) => {
    const { run, profiles } = machine()
    const authority = `https://login.microsoftonline.us/${inAuthority}`
    expect(await run('create', '-n', 'x', ...ids, '--authority', authority)).toEqual({
      code: 4,
      stdout: '',
      stderr: [
        `error: --authority names the tenant ${inAuthority}, and --tenant-id another, ${tenantId}`,
        `hint: for ${tenantId} give --authority https://login.microsoftonline.us without a tenant; for ${inAuthority} leave --tenant-id out\n`,
      ].join('\n'),
    })
    expect(profiles()).toEqual([])
  })

  it('takes --tenant-id where the authority ends in a domain, which may be the same tenant, and says so', async () => {
    const { run, profiles } = machine()
    const authority = 'https://login.microsoftonline.com/contoso.com'
    const { code, stderr } = await run('create', '-n', 'x', ...ids, '--authority', authority)
    expect(code).toBe(0)
    expect(stderr).toContain(
      `warning: --authority names the tenant contoso.com and --tenant-id ${tenantId}: ${tenantId} is taken\n`,
    )
    expect(profiles()[0]).toMatchObject({ tenantId, authority: 'https://login.microsoftonline.com' })
  })

  it('takes the tenant from an authority that ends in it', async () => {
    const { run, profiles } = machine()
    const authority = 'https://login.microsoftonline.us/contoso.onmicrosoft.us'
    expect(await run('create', '-n', 'gov', '--client-id', clientId, '--authority', authority)).toMatchObject(
      { code: 0 },
    )
    expect(profiles()[0]).toMatchObject({
      tenantId: 'contoso.onmicrosoft.us',
      authority: 'https://login.microsoftonline.us',
    })
  })

  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['from stdin', ['--client-secret', '-'], { stdin: 's3cret~value\n' }],
    ['from a file', ['--client-secret-file', '/s'], { files: { '/s': 's3cret~value\n' } }],
    ['literally', ['--client-secret', 's3cret~value'], {}],
  ])('seals a secret given %s', async (how, words, options) => {
    const { run, host } = machine([], options)
    const { code, stdout, stderr } = await run('create', '-n', 'ci', ...ids, ...words)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr.includes('warning: ')).toBe(how === 'literally')
    expect(stderr).not.toContain('s3cret')
    expect(await readSecret(host, 'ci', 'client-secret', silentVoice)).toBe('s3cret~value')
    const written = [...host.fileMap].filter(([path]) => path !== '/s')
    expect(written.some(([, content]) => content.includes('s3cret'))).toBe(false)
  })

  it('warns once where the key that seals it must lie in a file', async () => {
    const { run } = machine([], { keychain: noKeychain, stdin: 's3cret' })
    const { stderr } = await run('create', '-n', 'ci', ...ids, '--client-secret', '-')
    expect(stderr.match(/warning: /g)).toHaveLength(1)
    expect(stderr).toContain('no session D-Bus')
  })

  it('under REQUIRE_SECURE without a safe place makes nothing, exit code 8', async () => {
    const env = { ENTRA_AUTH_CLI_REQUIRE_SECURE: '1' }
    const { run, host } = machine([], { keychain: noKeychain, stdin: 's3cret', env })
    const before = new Map(host.fileMap)
    expect(await run('create', '-n', 'ci', ...ids, '--client-secret', '-')).toMatchObject({
      code: 8,
      stdout: '',
    })
    expect(host.fileMap).toEqual(before)
  })

  it('says what is missing for client credentials without a secret', async () => {
    const { run } = machine()
    const { stderr } = await run('create', '-n', 'ci', ...ids, '--flow', 'client-credentials')
    expect(stderr).toContain('AZURE_CLIENT_SECRET')
  })

  it.each<[string, readonly string[], string, MemoryHostOptions?]>([
    ['a taken name', ['-n', 'WORK', ...ids], 'profile "WORK" exists already'],
    ['a name with a slash', ['-n', 'a/b', ...ids], '"a/b" cannot be the name of a profile'],
    ['two names', ['a', '-n', 'b', ...ids], 'two profiles are named: "a" and "b"'],
    ['nobody to ask', ['-n', 'x'], '--tenant-id and --client-id are missing, and nobody can be asked'],
    [
      '--non-interactive on a terminal',
      ['-n', 'x', '--non-interactive'],
      '--tenant-id and --client-id are missing',
      terminal,
    ],
    [
      'an automated run',
      [],
      '--name, --tenant-id and --client-id are missing',
      { ...terminal, env: { CI: '1' } },
    ],
    [
      'a client that is no GUID',
      ['-n', 'x', '--tenant-id', tenantId, '--client-id', 'app'],
      'the client id "app" is not a GUID',
    ],
    [
      'a tenant that is none',
      ['-n', 'x', '--tenant-id', 'a b', '--client-id', clientId],
      '"a b" is neither a tenant id nor a domain',
    ],
    [
      'an http authority',
      ['-n', 'x', ...ids, '--authority', 'http://localhost'],
      '"http://localhost" is not an authority URL',
    ],
    ['an unknown cloud', ['-n', 'x', ...ids, '--cloud', 'moon'], 'there is no cloud "moon"'],
    [
      'a cloud and an authority',
      ['-n', 'x', ...ids, '--cloud', 'usgov', '--authority', 'https://localhost'],
      '--cloud and --authority',
    ],
    ['an unknown flow', ['-n', 'x', ...ids, '--flow', 'magic'], 'there is no flow "magic"'],
    [
      'two credentials',
      ['-n', 'x', ...ids, '--client-secret', 'a', '--certificate', 'b'],
      'more than one credential is given',
    ],
    ['a key without a certificate', ['-n', 'x', ...ids, '--private-key', 'k.pem'], '--private-key'],
    ['an empty secret', ['-n', 'x', ...ids, '--client-secret', ''], '--client-secret is empty'],
    ['an empty stdin', ['-n', 'x', ...ids, '--client-secret', '-'], 'stdin holds no secret'],
  ])('refuses %s with exit code 4, and writes nothing', async (_what, words, fact, options) => {
    const { run, host } = machine([{}], options)
    const before = new Map(host.fileMap)
    const { code, stdout, stderr } = await run('create', ...words)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(fact)
    expect(stderr).toMatch(/\nhint: .+\n$/)
    expect(stderr).not.toContain('--overwrite", or mend')
    expect(host.fileMap).toEqual(before)
  })

  it('with --overwrite replaces profile, secret and tokens', async () => {
    const { run, host, profiles } = machine([{ ...daemon, notes: 'mine' }, {}], { stdin: 'new' })
    const secret = `${configDirectory}/secure/ci.client-secret.bin`
    const tokens = `${cacheDirectory}/entra-auth-cli.ci.bin`
    host.fileMap.set(secret, Buffer.from('old')).set(tokens, Buffer.from('old'))
    expect(await run('create', '-n', 'ci', ...ids, '--overwrite')).toMatchObject({ code: 0 })
    expect(host.fileMap.has(secret)).toBe(false)
    expect(host.fileMap.has(tokens)).toBe(false)
    expect(profiles()).toMatchObject([{ name: 'ci', authMethod: 'None', notes: 'mine' }, { name: 'work' }])
  })

  it('leaves a file that cannot be read as it is', async () => {
    const { run, host } = machine([], { files: { [profilesPath]: '{"profiles": [\n  oops\n]}' } })
    const { code, stderr } = await run('create', '-n', 'x', ...ids)
    expect(code).toBe(1)
    expect(stderr).toContain('line 2, column 3')
    expect(host.fileMap.get(profilesPath)?.toString()).toBe('{"profiles": [\n  oops\n]}')
  })
})

describe('config list', () => {
  const records = [
    daemon,
    { defaultFlow: 'DeviceCode', tenantId: 'contoso.com' },
    { name: 'broken', clientId: 'x' },
  ]

  it('is bare names in a pipe, one a line', async () => {
    const { run } = machine(records)
    expect(await run('list')).toEqual({ code: 0, stdout: 'ci\nwork\nbroken\n', stderr: '' })
  })

  it('is an aligned table on a terminal, cut at its width', async () => {
    const { run } = machine(records, terminal)
    expect((await run('list')).stdout).toBe(
      [
        'NAME    FLOW                TENANT ID                             CLIENT ID',
        `ci      client-credentials  ${tenantId}  ${clientId.slice(0, 33)}…`,
        `work    device-code         contoso.com                           ${clientId.slice(0, 33)}…`,
        `broken  cannot be used      ${tenantId}  x`,
        '',
      ].join('\n'),
    )
  })

  it('has more columns under --verbose, also in a pipe', async () => {
    const { run } = machine(records)
    const { stdout } = await run('list', '--verbose')
    expect(stdout.split('\n')[0]).toMatch(/^NAME .*CREDENTIAL +SCOPES +AUTHORITY +UPDATED$/)
    expect(stdout).toContain('https://login.microsoftonline.com')
  })

  it.each([[['--json']], [['-o', 'json']], [['--output', 'JSON']]])('is JSON under %j', async (words) => {
    const { run } = machine(records)
    const { stdout } = await run('list', ...words)
    const { profiles } = JSON.parse(stdout) as { profiles: Record<string, unknown>[] }
    expect(profiles).toMatchObject([
      {
        name: 'ci',
        tenantId,
        clientId,
        scope: 'https://graph.microsoft.com/.default',
        flow: 'client-credentials',
        useClientSecret: true,
      },
      { name: 'work', flow: 'device-code', useClientSecret: false },
      { name: 'broken', problem: 'profile "broken" cannot be used: the client id "x" is not a GUID' },
    ])
  })

  it('is YAML under -o yaml', async () => {
    expect((await machine([daemon]).run('list', '-o', 'yaml')).stdout).toMatch(/^profiles:\n {2}- name: ci\n/)
  })

  it('of no profiles is empty, and says so to people', async () => {
    const { run, host } = machine()
    host.fileMap.delete(profilesPath)
    expect(await run('list')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No profiles found. Make one with "entra-auth-cli config create".\n',
    })
    expect(await run('list', '--json')).toEqual({ code: 0, stdout: '{\n  "profiles": []\n}\n', stderr: '' })
  })

  it('in an unknown form is exit code 4', async () => {
    expect(await machine(records).run('list', '-o', 'xml')).toMatchObject({ code: 4, stdout: '' })
  })

  it('never shows control characters on a terminal', async () => {
    const { run } = machine([{ name: 'a\u001b[31mb', tenantId: '\u009b31m' }], terminal)
    // eslint-disable-next-line no-control-regex
    expect((await run('list')).stdout).not.toMatch(/[\u001b\u009b]/)
  })
})

describe('config show', () => {
  const text = [
    'Profile: ci',
    `Tenant ID: ${tenantId}`,
    `Client ID: ${clientId}`,
    'Auth Method: client-secret',
    'Default Scopes: https://graph.microsoft.com/.default',
    'Flow: client-credentials',
    'Authority: https://login.microsoftonline.com',
    '',
  ].join('\n')

  it.each([[['ci']], [['-p', 'CI']], [['--name', 'ci']], [[]]])(
    'is labelled lines, named as %j',
    async (words) => {
      expect(await machine([daemon]).run('show', ...words)).toEqual({ code: 0, stdout: text, stderr: '' })
    },
  )

  it('is JSON or YAML', async () => {
    const { run } = machine([daemon])
    expect(JSON.parse((await run('show', '--json')).stdout)).toMatchObject({
      name: 'ci',
      useClientSecret: true,
    })
    expect((await run('show', '-o', 'yaml')).stdout).toMatch(/^name: ci\n/)
  })

  it('says where Microsoft Graph is, if it is not where the cloud has it', async () => {
    const graphUrl = 'https://graph.contoso.com'
    const { run } = machine([{ ...daemon, graphUrl }])
    expect((await run('show')).stdout).toContain(`Graph URL: ${graphUrl}\n`)
    expect(JSON.parse((await run('show', '--json')).stdout)).toMatchObject({ graphUrl })
  })

  it('has one word for a person who signs in, and says it to people', async () => {
    const { run } = machine([{}])
    expect(JSON.parse((await run('show', '--json')).stdout)).toMatchObject({ authMethod: 'none' })
    expect((await run('show')).stdout).toContain('Auth Method: none (a person signs in)\n')
    expect((await run('list', '--verbose')).stdout).toContain('  none (a person signs in)  ')
  })

  it('tells what is wrong with a profile that cannot be used', async () => {
    const { run } = machine([{ name: 'broken', clientId: 'x' }])
    const { code, stdout } = await run('show', 'broken')
    expect(code).toBe(0)
    expect(stdout).toContain('Problem: profile "broken" cannot be used: the client id "x" is not a GUID')
  })

  it('tells it also where it is the only one and not named', async () => {
    expect(await machine([{ name: 'broken', clientId: 'x' }]).run('show')).toMatchObject({ code: 0 })
  })

  it('of an unknown one is exit code 3', async () => {
    expect(await machine([daemon]).run('show', 'x')).toMatchObject({ code: 3, stdout: '' })
  })
})

describe('config delete', () => {
  it.each([[['ci', '--force']], [['-p', 'CI', '-f']], [['--name', 'ci', '-y']], [['-p', 'ci', '--yes']]])(
    'takes profile, secret and tokens: %j',
    async (words) => {
      const { run, host, profiles } = machine([daemon, {}])
      const secret = `${configDirectory}/secure/ci.client-secret.bin`
      const tokens = `${cacheDirectory}/entra-auth-cli.ci.bin`
      host.fileMap.set(secret, Buffer.from('x')).set(tokens, Buffer.from('x'))
      expect(await run('delete', ...words)).toEqual({
        code: 0,
        stdout: '',
        stderr: "✓ Profile 'ci' deleted successfully\n",
      })
      expect(profiles()).toEqual([recordOf()])
      expect(host.fileMap.has(secret) || host.fileMap.has(tokens)).toBe(false)
    },
  )

  it('says nothing under --silent', async () => {
    expect(await machine([daemon]).run('delete', 'ci', '-f', '-q')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  it.each<[number, string, readonly string[]]>([
    [4, 'deleting "ci" must be confirmed, and nobody can be asked', ['ci']],
    [3, 'there is no profile "x"', ['x', '--force']],
    [4, 'no profile is named', ['--force']],
    [4, 'two profiles are named', ['ci', '-p', 'work', '--force']],
  ])('ends with %i where %s, and deletes nothing', async (code, fact, words) => {
    const { run, host } = machine([daemon, {}])
    const before = new Map(host.fileMap)
    const outcome = await run('delete', ...words)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(fact)
    expect(host.fileMap).toEqual(before)
  })

  it('deletes also what cannot be used', async () => {
    const { run, profiles } = machine([{ name: 'broken', clientId: 'x' }])
    expect(await run('delete', 'broken', '-f')).toMatchObject({ code: 0 })
    expect(profiles()).toEqual([])
  })
})

describe('config alone', () => {
  it.each([[[]], [['magic']]])('%j is exit code 4 and leads to the help', async (words) => {
    const { code, stdout, stderr } = await machine().run(...words)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toMatch(/^error: .+\nhint: see "entra-auth-cli config --help"\n$/)
  })
})
