import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TokenCache } from '../../src/core/token-cache.ts'
import { readSecret, writeSecret, type SecretKind } from '../../src/core/vault/secrets.ts'
import { silentVoice } from '../../src/core/voice.ts'
import { certificateFixture } from '../support/certificate-fixtures.ts'
import { cacheDirectory, type MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, daemon, hostWith, profilesPath, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const otherId = '33333333-3333-4333-8333-333333333333'
const terminal = { stdin: undefined, stdoutIsTerminal: true, stderrIsTerminal: true }
const now = '2026-01-31T10:00:00.000Z'

function machine(records: readonly object[], options: MemoryHostOptions = {}) {
  const host = hostWith(records, { ...options, env: { NO_COLOR: '1', ...options.env } })
  const run = async (...words: readonly string[]) => {
    const before = { stdout: host.stdout().length, stderr: host.stderr().length }
    const code = await runCommand(['config', ...words], host)
    return { code, stdout: host.stdout().slice(before.stdout), stderr: host.stderr().slice(before.stderr) }
  }
  const profiles = () =>
    (JSON.parse(host.fileMap.get(profilesPath)!.toString()) as { profiles: Record<string, unknown>[] })
      .profiles
  const secret = (name: string, kind: SecretKind = 'client-secret') =>
    readSecret(host, name, kind, silentVoice)
  const seal = (name: string, kind: SecretKind, text: string) =>
    writeSecret(host, name, kind, text, silentVoice)
  const cache = (name: string) => new TokenCache(name, host, silentVoice)
  const signIn = (name: string) =>
    cache(name).change((tokens) => ({ ...tokens, msalText: '{"AccessToken":{}}', signedIn: 'someone' }))
  const isSignedIn = async (name: string) => (await cache(name).read()).signedIn === 'someone'
  return { host, run, profiles, secret, seal, signIn, isSignedIn }
}

describe('config edit by flags', () => {
  it.each<[string, readonly string[], object]>([
    ['scopes', ['--scope', 'User.Read Mail.Read'], { scopes: ['User.Read', 'Mail.Read'] }],
    ['the tenant', ['--tenant-id', 'contoso.com'], { tenantId: 'contoso.com' }],
    ['the client', ['--client-id', otherId], { clientId: otherId }],
    ['the flow', ['--flow', 'device-code'], { defaultFlow: 'DeviceCode' }],
    ['the redirect URI', ['--redirect-uri', 'http://localhost:1'], { redirectUri: 'http://localhost:1' }],
    ['the CA file, as an absolute path', ['--ca-file', 'ca.pem'], { caFile: resolve('ca.pem') }],
    ['the cloud', ['--cloud', 'China'], { cloud: 'china' }],
    ['capabilities', ['--client-capability', 'cp1'], { clientCapabilities: ['cp1'] }],
    [
      'the authority with its tenant',
      ['--authority', 'https://login.microsoftonline.us/contoso.us'],
      { authority: 'https://login.microsoftonline.us', tenantId: 'contoso.us' },
    ],
    [
      'a secret in a variable',
      ['--client-secret-env', 'X'],
      { clientSecretEnv: 'X', authMethod: 'ClientSecret' },
    ],
    [
      'a secret from a command',
      ['--client-secret-command', 'op read x'],
      { clientSecretCommand: 'op read x' },
    ],
    [
      'a certificate',
      ['--certificate', 'c.pfx'],
      { authMethod: 'Certificate', certificatePath: resolve('c.pfx') },
    ],
    ['a certificate in a variable', ['--certificate-env', 'C'], { certificateEnv: 'C' }],
    ['GitHub Actions', ['--github-actions'], { authMethod: 'GitHubActions' }],
    ['a federated token in a file', ['--federated-token-file', '/t'], { federatedTokenFile: '/t' }],
    ['Azure Pipelines', ['--azure-pipelines', otherId], { azurePipelinesServiceConnection: otherId }],
  ])('changes %s, and nothing else', async (_what, words, fields) => {
    const { run, profiles } = machine([{ notes: ['mine'], createdAt: 'then' }, { name: 'other' }], {
      files: { [resolve('c.pfx')]: certificateFixture('open.pfx') },
    })
    expect(await run('edit', 'work', ...words)).toMatchObject({ code: 0, stdout: '' })
    const [work, other] = profiles()
    expect(work).toMatchObject({ ...fields, notes: ['mine'], createdAt: 'then', updatedAt: now })
    expect(other).toEqual(recordOf({ name: 'other' }))
  })

  it.each([[['work']], [['-p', 'WORK']], [['--profile', 'work']], [['-n', 'work']], [['--name', 'work']]])(
    'takes the profile as %j',
    async (words) => {
      const { run } = machine([{}, { name: 'other' }])
      expect(await run('edit', ...words, '--flow', 'device-code')).toEqual({
        code: 0,
        stdout: '',
        stderr: "✓ Profile 'work' updated\n",
      })
    },
  )

  it('writes a field under its own name where an older tool had another, in its place', async () => {
    const old = { name: 'work', Tenant_ID: tenantId, clientId, scope: 'a', flow: 'x', Flow: 'y', notes: 1 }
    const { run, host } = machine([])
    host.fileMap.set(profilesPath, Buffer.from(JSON.stringify([old])))
    expect(await run('edit', 'work', '--scope', 'User.Read', '--flow', 'device-code')).toMatchObject({
      code: 0,
    })
    const text = host.fileMap.get(profilesPath)?.toString() ?? ''
    expect(JSON.parse(text)).toEqual([
      {
        name: 'work',
        Tenant_ID: tenantId,
        clientId,
        scopes: ['User.Read'],
        defaultFlow: 'DeviceCode',
        notes: 1,
        updatedAt: now,
      },
    ])
    expect(Object.keys(JSON.parse(text)[0])).toEqual([
      'name',
      'Tenant_ID',
      'clientId',
      'scopes',
      'defaultFlow',
      'notes',
      'updatedAt',
    ])
  })

  it.each(['scope', 'flow', 'redirect-uri', 'cloud', 'graph-url', 'ca-file', 'client-capability'])(
    'takes %s away by --unset',
    async (field) => {
      const full = {
        defaultFlow: 'DeviceCode',
        redirectUri: 'http://localhost:1',
        cloud: 'usgov',
        graphUrl: 'https://localhost',
        caFile: '/ca',
        clientCapabilities: ['cp1'],
      }
      const { run, profiles } = machine([full])
      const count = Object.keys(recordOf(full)).length
      expect(await run('edit', '--unset', field)).toMatchObject({ code: 0 })
      // One less, and the time of the change.
      expect(Object.keys(profiles()[0] ?? {})).toHaveLength(count)
    },
  )

  it('a cloud takes the place of an authority, and the other way round', async () => {
    const { run, profiles } = machine([{ authority: 'https://localhost' }])
    await run('edit', '--cloud', 'usgov')
    expect(profiles()[0]).toMatchObject({ cloud: 'usgov' })
    expect(profiles()[0]).not.toHaveProperty('authority')
    await run('edit', '--authority', 'https://localhost')
    expect(profiles()[0]).not.toHaveProperty('cloud')
  })

  it('says that it is so already, and writes nothing', async () => {
    const { run, host } = machine([{ defaultFlow: 'DeviceCode' }])
    const before = new Map(host.fileMap)
    const { code, stderr } = await run('edit', '--flow', 'devicecode')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "Profile 'work' is so already; nothing was changed.\n",
    })
    expect(host.fileMap).toEqual(before)
  })

  it('mends a profile that cannot be used', async () => {
    const { run, profiles } = machine([{ name: 'broken', clientId: 'x', authMethod: 'magic' }])
    const words = ['--client-id', clientId, '--unset', 'credential']
    expect(await run('edit', 'broken', ...words)).toMatchObject({ code: 0 })
    expect(profiles()[0]).toMatchObject({ clientId, authMethod: 'None' })
  })

  it.each<[string, readonly string[], string]>([
    ['an empty value', ['--scope', ''], '--scope is empty'],
    ['an empty new name', ['--rename', ' '], '--rename is empty'],
    ['a client that is no GUID', ['--client-id', 'x'], 'the client id "x" is not a GUID'],
    ['an unknown field', ['--unset', 'magic'], '--unset does not take "magic"'],
    ['a field that is set and unset', ['--unset', 'scope', '--scope', 'a'], '--scope and --unset scope'],
    [
      'two credentials',
      ['--client-secret-env', 'A', '--github-actions'],
      'more than one credential is given',
    ],
    ['a credential that is given and unset', ['--github-actions', '--unset', 'credential'], 'contradict'],
    ['a key without a certificate', ['--private-key', 'k'], '--private-key belongs to a certificate'],
    [
      'an app for a managed identity',
      ['--managed-identity', '--client-id', otherId],
      '--client-id and --managed',
    ],
    ['a flow of others', ['--flow', 'managed-identity'], 'needs a managed identity'],
    ['a name that is taken', ['--rename', 'CI'], 'profile "ci" exists already'],
    ['a name with a slash', ['--rename', 'a/b'], 'cannot be the name of a profile'],
    ['nothing to change', [], 'nothing is given to change, and nobody can be asked'],
    ['nothing to change on a terminal', ['--non-interactive'], 'nothing is given to change'],
  ])('refuses %s with exit code 4, and changes nothing', async (what, words, fact) => {
    const { run, host } = machine([{}, daemon], what.endsWith('terminal') ? terminal : {})
    const before = new Map(host.fileMap)
    const outcome = await run('edit', 'work', ...words)
    expect(outcome).toMatchObject({ code: 4, stdout: '' })
    expect(outcome.stderr).toContain(fact)
    expect(outcome.stderr).toMatch(/\nhint: .+\n$/)
    expect(host.fileMap).toEqual(before)
  })

  it('of an unknown profile is exit code 3', async () => {
    expect(await machine([{}]).run('edit', 'x', '--flow', 'device-code')).toMatchObject({ code: 3 })
  })

  it('refuses two profiles that differ only in case, and says what helps', async () => {
    const { run, host } = machine([{ name: 'Work' }, { name: 'work' }])
    const before = new Map(host.fileMap)
    const { code, stderr } = await run('edit', 'work', '--flow', 'device-code')
    expect(code).toBe(4)
    expect(stderr).toContain('there are two profiles, "Work" and "work"')
    expect(host.fileMap).toEqual(before)
  })
})

describe('changing the credential', () => {
  it('replaces a secret, and signs out', async () => {
    const { run, secret, seal, signIn, isSignedIn } = machine([daemon], { stdin: 'new~secret\n' })
    await seal('ci', 'client-secret', 'old~secret')
    await signIn('ci')
    const { code, stderr } = await run('edit', '--name', 'ci', '--client-secret', '-')
    expect(code).toBe(0)
    expect(stderr).toBe(
      "✓ Profile 'ci' updated\nIts cached tokens are removed: they belonged to what it was.\n",
    )
    expect(await secret('ci')).toBe('new~secret')
    expect(await isSignedIn('ci')).toBe(false)
  })

  it.each<[string, readonly string[]]>([
    ['a variable', ['--client-secret-env', 'CI_SECRET']],
    ['GitHub Actions', ['--github-actions']],
    ['a managed identity', ['--managed-identity']],
    ['nothing', ['--unset', 'credential']],
  ])('to %s removes the secret and its tokens', async (_what, words) => {
    const { run, secret, seal, signIn, isSignedIn } = machine([daemon])
    await seal('ci', 'client-secret', 'old~secret')
    await signIn('ci')
    const { code, stderr } = await run('edit', 'ci', ...words)
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('The secret it had is removed.')
    expect(await secret('ci')).toBeUndefined()
    expect(await isSignedIn('ci')).toBe(false)
  })

  it('to a managed identity takes away the app, whose client id would be taken for the identity', async () => {
    const { run, profiles } = machine([{ ...daemon, defaultFlow: 'ClientCredentials' }])
    expect(await run('edit', 'ci', '--managed-identity-client-id', otherId)).toMatchObject({ code: 0 })
    expect(profiles()[0]).toMatchObject({ authMethod: 'ManagedIdentity', managedIdentityClientId: otherId })
    for (const gone of ['clientId', 'tenantId', 'defaultFlow']) expect(profiles()[0]).not.toHaveProperty(gone)
    const back = await run('edit', 'ci', '--github-actions')
    expect(back.code).toBe(4)
    expect(back.stderr).toContain('the tenant id is missing; the client id is missing')
    const ids = ['--tenant-id', tenantId, '--client-id', clientId]
    expect(await run('edit', 'ci', '--github-actions', ...ids)).toMatchObject({ code: 0 })
    expect(profiles()[0]).not.toHaveProperty('managedIdentityClientId')
  })

  it("sets a certificate's password alone", async () => {
    const cert = { name: 'cert', authMethod: 'Certificate', certificatePath: '/c.pfx' }
    const { run, secret, profiles } = machine([cert], {
      stdin: 'correct-horse',
      files: { '/c.pfx': certificateFixture('modern.pfx') },
    })
    expect(await run('edit', 'cert', '--certificate-password', '-')).toMatchObject({ code: 0 })
    expect(await secret('cert', 'certificate-password')).toBe('correct-horse')
    expect(profiles()[0]).toMatchObject(cert)
  })

  it('keeps secret and tokens where something else changes', async () => {
    const { run, secret, seal, signIn, isSignedIn } = machine([daemon])
    await seal('ci', 'client-secret', 'old~secret')
    await signIn('ci')
    await run('edit', 'ci', '--scope', 'https://vault.azure.net/.default')
    expect(await secret('ci')).toBe('old~secret')
    expect(await isSignedIn('ci')).toBe(true)
  })

  it('signs out where it is another app, and keeps the secret', async () => {
    const { run, secret, seal, signIn, isSignedIn } = machine([daemon])
    await seal('ci', 'client-secret', 'old~secret')
    await signIn('ci')
    await run('edit', 'ci', '--client-id', otherId)
    expect(await secret('ci')).toBe('old~secret')
    expect(await isSignedIn('ci')).toBe(false)
  })
})

describe('renaming', () => {
  it('moves secret and tokens, and leaves nothing under the old name', async () => {
    const { run, host, profiles, secret, seal, signIn, isSignedIn } = machine([daemon, {}])
    await seal('ci', 'client-secret', 's3cret')
    await signIn('ci')
    expect(await run('edit', 'ci', '--rename', 'Deploy')).toEqual({
      code: 0,
      stdout: '',
      stderr: "✓ Profile 'Deploy' updated\n",
    })
    expect(profiles().map(({ name }) => name)).toEqual(['Deploy', 'work'])
    expect(await secret('deploy')).toBe('s3cret')
    expect(await isSignedIn('deploy')).toBe(true)
    expect([...host.fileMap.keys()].filter((path) => /[/.]ci\./.test(path))).toEqual([])
  })

  it('in its case alone moves nothing', async () => {
    const { run, profiles, secret, seal, signIn, isSignedIn } = machine([daemon])
    await seal('ci', 'client-secret', 's3cret')
    await signIn('ci')
    expect(await run('edit', 'ci', '--rename', 'CI')).toMatchObject({ code: 0 })
    expect(profiles()[0]).toMatchObject({ name: 'CI' })
    expect(await secret('CI')).toBe('s3cret')
    expect(await isSignedIn('CI')).toBe(true)
  })

  it('with a secret that does not open changes nothing', async () => {
    const { run, host, seal } = machine([daemon])
    await seal('ci', 'client-secret', 's3cret')
    const path = [...host.fileMap.keys()].find((key) => key.endsWith('ci.client-secret.bin')) ?? ''
    host.fileMap.set(path, Buffer.from('rubbish'))
    const before = new Map(host.fileMap)
    expect(await run('edit', 'ci', '--rename', 'x')).toMatchObject({ code: 8 })
    expect(host.fileMap).toEqual(before)
  })

  it('is undone where the profiles cannot be written', async () => {
    const { run, host, secret, seal } = machine([daemon])
    await seal('ci', 'client-secret', 's3cret')
    const write = host.files.write
    const before = host.fileMap.get(profilesPath)
    Object.assign(host.files, {
      write: (path: string, content: string) =>
        path === profilesPath ? Promise.reject(new Error('disk full')) : write(path, content),
    })
    expect(await run('edit', 'ci', '--rename', 'x')).toMatchObject({ code: 1 })
    expect(host.fileMap.get(profilesPath)).toBe(before)
    expect(await secret('ci')).toBe('s3cret')
    expect(await secret('x')).toBeUndefined()
  })
})

describe('config edit at the same moment', () => {
  it('keeps every change of different fields', async () => {
    const { host, profiles } = machine([{}])
    const edits = [
      ['--flow', 'device-code'],
      ['--scope', 'User.Read'],
      ['--redirect-uri', 'http://localhost:1'],
      ['--cloud', 'usgov'],
    ]
    const codes = await Promise.all(
      edits.map((words) => runCommand(['config', 'edit', 'work', ...words], host)),
    )
    expect(codes).toEqual([0, 0, 0, 0])
    expect(profiles()[0]).toMatchObject({
      defaultFlow: 'DeviceCode',
      scopes: ['User.Read'],
      redirectUri: 'http://localhost:1',
      cloud: 'usgov',
    })
  })
})

describe('config edit by lines on stdin', () => {
  it('answers the numbered menu of the older tool', async () => {
    const { run, secret, profiles } = machine([daemon], {
      stdin: `3\nnew~secret\n1\n${otherId}\n2\ncontoso.com\n4\nUser.Read Mail.Read\n5\nClientCredentials\n6\nhttps://localhost\nq\nrest`,
    })
    const { code, stdout, stderr } = await run('edit', '-p', 'ci')
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' })
    expect(await secret('ci')).toBe('new~secret')
    expect(profiles()[0]).toMatchObject({
      clientId: otherId,
      tenantId: 'contoso.com',
      scopes: ['User.Read', 'Mail.Read'],
      defaultFlow: 'ClientCredentials',
      authority: 'https://localhost',
    })
  })

  it.each<[string, string, string]>([
    ['a secret where a number should be', 's3cret\nq\n', 'line 1 of stdin is no item of the menu'],
    ['an item without its value', '4\n', 'item 4 on stdin has no value'],
    ['only an end', 'q\n', 'nothing is given to change'],
  ])('refuses %s, and never repeats it', async (_what, stdin, fact) => {
    const { run, host } = machine([daemon], { stdin })
    const before = new Map(host.fileMap)
    const { code, stderr } = await run('edit', '-p', 'ci')
    expect(code).toBe(4)
    expect(stderr).toContain(fact)
    expect(stderr).not.toContain('s3cret')
    expect(host.fileMap).toEqual(before)
  })
})

describe('config clear-cache', () => {
  const words = ['clear-cache', '--profile', 'ci']

  it('forgets the tokens of one, and keeps its secret', async () => {
    const { run, secret, seal, signIn, isSignedIn } = machine([daemon, {}])
    await seal('ci', 'client-secret', 's3cret')
    await signIn('ci')
    await signIn('work')
    expect(await run(...words)).toEqual({ code: 0, stdout: '', stderr: "✓ Cached tokens of 'ci' removed\n" })
    expect(await isSignedIn('ci')).toBe(false)
    expect(await isSignedIn('work')).toBe(true)
    expect(await secret('ci')).toBe('s3cret')
    expect(await run(...words)).toEqual({
      code: 0,
      stdout: '',
      stderr: "There are no cached tokens of 'ci'.\n",
    })
  })

  it('forgets those of a profile that is gone, by its name', async () => {
    const { run, signIn, isSignedIn } = machine([{}])
    await signIn('Gone')
    expect(await run('clear-cache', 'GONE', '-q')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await isSignedIn('Gone')).toBe(false)
    expect(await run('clear-cache', 'GONE')).toMatchObject({ code: 3 })
  })

  it.each([['--force'], ['-y']])('forgets all with --all %s, and leaves what is not ours', async (flag) => {
    const { run, host, signIn } = machine([daemon])
    const foreign = `${cacheDirectory}/msal.cache`
    host.fileMap.set(foreign, Buffer.from('x'))
    await signIn('ci')
    await signIn('gone')
    expect(await run('clear-cache', '--all', flag)).toEqual({
      code: 0,
      stdout: '',
      stderr: "✓ Cached tokens of 'ci' removed\n✓ Cached tokens of 'gone' removed (that profile is gone)\n",
    })
    expect([...host.fileMap.keys()].filter((path) => path.startsWith(cacheDirectory))).toEqual([foreign])
    expect((await run('clear-cache', '--all', flag)).stderr).toBe('There are no cached tokens.\n')
  })

  it.each<[string, readonly string[], number, string]>([
    ['all without a word from anybody', ['--all'], 4, 'must be confirmed, and nobody can be asked'],
    ['all and one', ['--all', '-p', 'ci'], 4, '--all and "ci" contradict each other'],
    ['an unknown one', ['-p', 'x'], 3, 'there is no profile "x"'],
    ['one of several', [], 4, 'there are several profiles, and none is named'],
  ])('refuses %s', async (_what, flags, code, fact) => {
    const { run, host, signIn } = machine([daemon, {}])
    await signIn('ci')
    const before = new Map(host.fileMap)
    const outcome = await run('clear-cache', ...flags)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(fact)
    expect(host.fileMap).toEqual(before)
  })
})

describe('config delete of several', () => {
  it('deletes them all, after one unknown none', async () => {
    const { run, profiles } = machine([daemon, {}, { name: 'third' }])
    expect(await run('delete', 'ci', 'nope', '--force')).toMatchObject({ code: 3 })
    expect(profiles()).toHaveLength(3)
    expect(await run('delete', 'ci', 'third', 'CI', '--force')).toEqual({
      code: 0,
      stdout: '',
      stderr: "✓ Profile 'ci' deleted successfully\n✓ Profile 'third' deleted successfully\n",
    })
    expect(profiles()).toEqual([recordOf()])
  })

  it('names them all where nobody can be asked', async () => {
    const { stderr } = await machine([daemon, {}]).run('delete', 'ci', 'work')
    expect(stderr).toContain('deleting "ci", "work" must be confirmed, and nobody can be asked')
  })

  it('of two that differ in case deletes the one that is spelled so, and leaves the secret to the other', async () => {
    const { run, profiles, secret, seal } = machine([
      { ...daemon, name: 'CI' },
      { ...daemon, name: 'ci' },
    ])
    await seal('ci', 'client-secret', 's3cret')
    const { code, stderr } = await run('delete', 'ci', '--force')
    expect(code).toBe(0)
    expect(stderr).toContain("Its secrets and tokens stay: profile 'CI' has the same name")
    expect(profiles().map(({ name }) => name)).toEqual(['CI'])
    expect(await secret('CI')).toBe('s3cret')
    await run('delete', 'ci', '--force')
    expect(await secret('CI')).toBeUndefined()
  })
})

describe('config show', () => {
  it('declines to show secrets, and shows the rest', async () => {
    const { run, seal } = machine([daemon])
    await seal('ci', 'client-secret', 's3cret')
    const { code, stdout, stderr } = await run('show', '--name', 'ci', '--output', 'json', '--show-secrets')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ name: 'ci' })
    expect(stderr).toMatch(/^warning: secrets are never shown/)
    expect(stdout + stderr).not.toContain('s3cret')
  })
})
