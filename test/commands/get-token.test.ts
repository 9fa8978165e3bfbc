import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EntraAuthError } from '../../src/errors.ts'
import {
  cacheDirectory,
  noKeychain,
  type MemoryHost,
  type MemoryHostOptions,
} from '../support/memory-host.ts'
import { clientId, daemon, hostWith, profilesPath, tenantId, vaultPath } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import {
  appAnswer,
  personAnswer,
  refusal,
  scriptedAuthority,
  type Scene,
} from '../support/scripted-authority.ts'

const graph = 'https://graph.microsoft.com'
const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }
const cachePath = `${cacheDirectory}/entra-auth-cli.ci.bin`
const secretly = { AZURE_CLIENT_SECRET: 's3cret~value' }
const terminal = { stdin: undefined, stdoutIsTerminal: true, stderrIsTerminal: true }

const appScene = (token = 'app-token', fields: object = {}): Scene => ({
  form: {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: 's3cret~value',
    scope: `${graph}/.default`,
  },
  answer: appAnswer(token, fields),
})
const deviceStart = (scope: string): Scene => ({
  endpoint: 'devicecode',
  form: { client_id: clientId, client_secret: undefined, scope: `${scope} openid profile offline_access` },
  answer: {
    device_code: 'the-device-code',
    user_code: 'ABCD1234',
    verification_uri: 'https://microsoft.com/devicelogin',
    expires_in: 900,
    interval: 0,
    message: '',
  },
})
const deviceEnd = (answer: object, status = 200): Scene => ({
  form: { grant_type: 'device_code', device_code: 'the-device-code', client_secret: undefined },
  status,
  answer,
})
const herRecord = { name: 'graph', scopes: [`${graph}/User.Read`], defaultFlow: 'DeviceCode' }
const herScope = `${graph}/User.Read`
const hers = (token: string, refreshToken: string | undefined, fields: object = {}) =>
  personAnswer(anna, token, `${herScope} openid profile`, refreshToken, fields)
const renewal = (refreshToken: string, answer: object, status = 200): Scene => ({
  form: {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    client_secret: undefined,
    scope: `${herScope} openid profile offline_access`,
  },
  status,
  answer,
})

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One machine on which commands are run one after another, against an authority that plays `scenes`. */
function machine(records: readonly object[], scenes: readonly Scene[] = [], options: MemoryHostOptions = {}) {
  const script = scriptedAuthority(tenantId, scenes)
  const host = hostWith(records, {
    http: script.http,
    now: new Date(),
    ...options,
    env: { NO_COLOR: '1', ...options.env },
  })
  let seen = { stdout: 0, stderr: 0 }
  const run = async (...words: readonly string[]): Promise<Run> => {
    const code = await runCommand(words, host)
    const [stdout, stderr] = [host.stdout().slice(seen.stdout), host.stderr().slice(seen.stderr)]
    seen = { stdout: host.stdout().length, stderr: host.stderr().length }
    return { code, stdout, stderr }
  }
  return { host, script, run }
}

const later = (host: MemoryHost, seconds: number) =>
  host.setNow(new Date(host.now().getTime() + seconds * 1000))

describe('a token', () => {
  it('is told on a terminal by exactly two lines beside it, and by a third where it can be read there', async () => {
    const { run, script } = machine([daemon], [appScene()], { ...terminal, env: secretly })
    const { stdout, stderr } = await run('get-token', '-p', 'ci')
    expect(stdout).toBe('app-token\n')
    expect(stderr.split('\n')).toEqual([
      "Authenticating with profile 'ci'...",
      '✓ Token acquired successfully',
      expect.stringMatching(/^warning: the token can be read on this screen; /),
      '',
    ])
    script.finish()
  })

  it('is told in colour to a person who can see it', async () => {
    const { run } = machine([daemon], [appScene()], { ...terminal, env: { ...secretly, NO_COLOR: '' } })
    expect((await run('get-token', '-p', 'ci')).stderr).toContain('\u001b[32m✓\u001b[39m Token acquired')
  })

  it('stands alone in a pipe, with nothing on stderr', async () => {
    const { run } = machine([daemon], [appScene()], {
      env: { ...secretly, ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) },
    })
    expect(await run('get-token', '-p', 'ci')).toEqual({ code: 0, stdout: 'app-token\n', stderr: '' })
  })

  it.each(['--silent', '-q'])('leaves stderr empty on a terminal under %s', async (flag) => {
    const { run } = machine([daemon], [appScene()], { ...terminal, keychain: noKeychain, env: secretly })
    expect(await run('get-token', '-p', 'ci', flag)).toEqual({ code: 0, stdout: 'app-token\n', stderr: '' })
  })

  it('is handed out from the cache the second time, also to another spelling of the name', async () => {
    const { run, script } = machine([daemon], [appScene()], { env: secretly })
    await run('get-token', '-p', 'ci')
    expect(await run('get-token', '-p', 'CI')).toEqual({ code: 0, stdout: 'app-token\n', stderr: '' })
    script.finish()
  })

  it('is got anew once the folder of token caches is gone', async () => {
    const { run, host, script } = machine([daemon], [appScene('one'), appScene('two')], { env: secretly })
    await run('get-token', '-p', 'ci')
    for (const path of host.fileMap.keys()) if (path.startsWith(cacheDirectory)) host.fileMap.delete(path)
    expect(await run('get-token', '-p', 'ci')).toEqual({ code: 0, stdout: 'two\n', stderr: '' })
    script.finish()
  })

  it.each([
    ['hardly more than five minutes', 3599 - 302, 'one\n'],
    ['hardly less than five minutes', 3599 - 298, 'two\n'],
  ])('with %s left', async (_left, seconds, stdout) => {
    const { run, host } = machine([daemon], [appScene('one'), appScene('two')], { env: secretly })
    await run('get-token', '-p', 'ci')
    later(host, seconds)
    expect((await run('get-token', '-p', 'ci')).stdout).toBe(stdout)
  })
})

describe('flags about freshness', () => {
  it.each([
    [['--force'], 'two\n'],
    [['--min-ttl', '59m'], 'one\n'],
    [['--min-ttl', '2h'], 'two\n'],
    [['--min-ttl', '3590'], 'one\n'],
    [[], 'one\n'],
  ])('%j', async (words, stdout) => {
    const { run } = machine([daemon], [appScene('one'), appScene('two')], { env: secretly })
    await run('get-token', '-p', 'ci')
    expect(await run('get-token', '-p', 'ci', ...words)).toEqual({ code: 0, stdout, stderr: '' })
  })

  it('--no-cache keeps nothing', async () => {
    const { run, host } = machine([daemon], [appScene()], { env: secretly })
    expect(await run('get-token', '-p', 'ci', '--no-cache')).toMatchObject({ code: 0, stdout: 'app-token\n' })
    expect(host.fileMap.has(cachePath)).toBe(false)
  })

  it.each([
    [
      '10',
      3599 - 9 * 60 - 30,
      'warning: the token expires in 9 minutes; get a new one with "entra-auth-cli refresh -p ci"\n',
    ],
    ['10', 3599 - 11 * 60, ''],
    ['0', 3599 - 6 * 60, ''],
  ])('--warn-expiry %s speaks of a cached token after %i s', async (minutes, seconds, stderr) => {
    const { run, host } = machine([daemon], [appScene()], { env: secretly })
    await run('get-token', '-p', 'ci')
    later(host, seconds)
    expect(await run('get-token', '-p', 'ci', '--warn-expiry', minutes)).toEqual({
      code: 0,
      stdout: 'app-token\n',
      stderr,
    })
  })

  it('--warn-expiry does not speak of a token that is new', async () => {
    const { run } = machine([daemon], [appScene('t', { expires_in: 60 })], { env: secretly })
    expect(await run('get-token', '-p', 'ci', '--warn-expiry', '10')).toMatchObject({ stderr: '' })
  })
})

describe('the client secret', () => {
  it('comes from stdin', async () => {
    const { run, script } = machine([daemon], [appScene()], { stdin: 's3cret~value\n' })
    expect(await run('get-token', '-p', 'ci', '--client-secret', '-')).toEqual({
      code: 0,
      stdout: 'app-token\n',
      stderr: '',
    })
    script.finish()
  })

  it('comes from a file, byte order mark and line break aside', async () => {
    const { run, script } = machine([daemon], [appScene()], { files: { '/s': '\ufeffs3cret~value\r\n' } })
    expect(await run('get-token', '-p', 'ci', '--client-secret-file', '/s')).toMatchObject({
      code: 0,
      stderr: '',
    })
    script.finish()
  })

  it('given literally is taken, with a warning that does not repeat it', async () => {
    const { run, script } = machine([daemon], [appScene()])
    const { code, stdout, stderr } = await run('get-token', '-p', 'ci', '--client-secret', 's3cret~value')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'app-token\n' })
    expect(stderr).toMatch(/^warning: the client secret can be seen in the process list/)
    expect(stderr).not.toContain('s3cret~value')
    script.finish()
  })

  it('given by flag comes before the variable', async () => {
    const { run, script } = machine([daemon], [appScene()], {
      stdin: 's3cret~value',
      env: { AZURE_CLIENT_SECRET: 'other' },
    })
    expect(await run('get-token', '-p', 'ci', '--client-secret', '-')).toMatchObject({ code: 0 })
    script.finish()
  })

  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['an empty one', ['--client-secret', ''], {}],
    ['an empty stdin', ['--client-secret', '-'], { stdin: '\n' }],
    ['two lines', ['--client-secret', '-'], { stdin: 'one\ntwo\n' }],
    [
      'one by flag and one by file',
      ['--client-secret', 'x', '--client-secret-file', '/s'],
      { files: { '/s': 'x' } },
    ],
  ])('is refused as %s before anything is sent', async (_what, words, options) => {
    const { run, script } = machine([daemon], [], options)
    expect(await run('get-token', '-p', 'ci', ...words)).toMatchObject({ code: 4, stdout: '' })
    expect(script.posted).toEqual([])
  })

  it.each([
    [['-p', ''], '--profile is empty'],
    [['-p', 'ci', '-s', ''], '--scope is empty'],
    [['-p', 'ci', '-s', ','], '--scope is empty'],
    [['-p', 'ci', '-s', 'User.Read', '-s', ''], '--scope is empty'],
    [['-p', 'ci', '--login-hint', ''], '--login-hint is empty'],
    [['-p', 'ci', '--account', ' '], '--account is empty'],
    [['-p', 'ci', '--redirect-uri='], '--redirect-uri is empty'],
    [['-p', 'ci', '--tenant', ''], '--tenant is empty'],
    [['-p', 'ci', '--claims', ''], '--claims is empty'],
    [['-p', 'ci', '--file', ''], '--file is empty'],
    [['-p', 'ci', '-o', ''], '--output is empty'],
    [['-p', 'ci', '--file', '-'], '"-" is no file to write to'],
    [['-p', 'ci', '--prompt', 'perhaps'], "argument 'perhaps' is invalid"],
  ])('%j is refused before anything is sent', async (words, fact) => {
    const { run, script } = machine([daemon], [])
    const { code, stdout, stderr } = await run('get-token', ...words)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(fact)
    expect(script.posted).toEqual([])
  })

  it('that is nowhere is asked for by name, exit code 3', async () => {
    const { run, script } = machine([daemon])
    const { code, stdout, stderr } = await run('get-token', '-p', 'ci')
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('error: profile "ci" has no client secret')
    expect(stderr).toContain('or keep one with "entra-auth-cli config edit ci --client-secret -"')
    expect(stderr).toContain('AZURE_CLIENT_SECRET')
    expect(script.posted).toEqual([])
  })

  it('in a variable of the profile that is not set is said to be missing there', async () => {
    const { run } = machine([{ ...daemon, clientSecretEnv: 'CI_SECRET' }])
    const { code, stderr } = await run('get-token', '-p', 'ci')
    expect(code).toBe(3)
    expect(stderr).toMatch(/error: .*CI_SECRET is not set\nhint: .+\n/)
  })
})

describe('scopes', () => {
  const both = 'https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Send'
  it('of the call replace those of the profile, are got anew and never saved', async () => {
    const { run, host, script } = machine(
      [herRecord],
      [
        deviceStart(herScope),
        deviceEnd(hers('for-user', 'r1')),
        {
          ...renewal('r1', personAnswer(anna, 'for-mail', `${both} openid profile`, 'r2')),
          form: {
            grant_type: 'refresh_token',
            refresh_token: 'r1',
            scope: `${both} openid profile offline_access`,
          },
        },
      ],
      { ...terminal, stdoutIsTerminal: false },
    )
    const before = host.fileMap.get(profilesPath)
    expect(await run('get-token', '-q')).toMatchObject({ stdout: 'for-user\n' })
    const wanted = ['--scope', 'https://graph.microsoft.com/User.Read Mail.Send']
    expect(await run('get-token', ...wanted)).toMatchObject({ code: 0, stdout: 'for-mail\n' })
    expect(await run('get-token', ...wanted)).toMatchObject({ code: 0, stdout: 'for-mail\n' })
    expect(host.fileMap.get(profilesPath)).toBe(before)
    script.finish()
  })

  it('of client credentials must be one .default, which is said without asking Entra', async () => {
    const { run, script } = machine([daemon], [], { env: secretly })
    const { code, stdout, stderr } = await run('get-token', '-p', 'ci', '-s', `${graph}/User.Read`)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain('"/.default"')
    expect(script.posted).toEqual([])
  })
})

describe('the profile', () => {
  it.each<[string, readonly object[], readonly string[], Record<string, string>, string]>([
    ['by flag', [daemon, { ...daemon, name: 'b' }], ['-p', 'ci'], { ENTRA_AUTH_CLI_PROFILE: 'b' }, 'ci'],
    ['by variable', [daemon, { ...daemon, name: 'b' }], [], { ENTRA_AUTH_CLI_PROFILE: 'CI' }, 'ci'],
    [
      'called default',
      [
        { ...daemon, name: 'a' },
        { ...daemon, name: 'default' },
      ],
      [],
      {},
      'default',
    ],
    ['that is the only one', [daemon], [], {}, 'ci'],
  ])('%s', async (_how, records, words, env, name) => {
    const { run } = machine(records, [appScene()], { ...terminal, env: { ...secretly, ...env } })
    const { code, stderr } = await run('get-token', ...words)
    expect({ code, first: stderr.split('\n')[0] }).toEqual({
      code: 0,
      first: `Authenticating with profile '${name}'...`,
    })
  })

  it.each([[[]], [['--no-interaction']]])(
    'must be named among several where nobody can be asked %j',
    async (words) => {
      const { run } = machine([daemon, herRecord], [], words.length > 0 ? terminal : {})
      const { code, stdout, stderr } = await run('get-token', ...words)
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
      expect(stderr).toContain('ci, graph')
    },
  )
})

describe('failures leave stdout empty and end with', () => {
  const said = (error: string, number: number, sentence: string): Scene => ({
    form: {},
    status: error === 'invalid_client' ? 401 : 400,
    answer: refusal(error, number, sentence),
  })
  const env = secretly
  it.each<[number, string, readonly object[], readonly string[], readonly Scene[], MemoryHostOptions]>([
    [
      2,
      'the client secret is wrong (AADSTS7000215)',
      [daemon],
      [],
      [said('invalid_client', 7000215, 'Invalid client secret provided.')],
      { env },
    ],
    [
      2,
      'the client secret has expired (AADSTS7000222)',
      [daemon],
      [],
      [said('invalid_client', 7000222, 'Expired.')],
      { env },
    ],
    [
      2,
      'there is no app with this client id in this tenant (AADSTS700016)',
      [daemon],
      [],
      [said('unauthorized_client', 700016, 'Not found.')],
      { env },
    ],
    [3, 'there is no profile "nobody"', [daemon], ['-p', 'nobody'], [], {}],
    [3, 'there are no profiles yet', [], [], [], {}],
    [3, 'the client id "x" is not a GUID', [{ ...daemon, clientId: 'x' }], [], [], {}],
    [4, "unknown option '--forced'", [daemon], ['--forced'], [], {}],
    [4, 'too many arguments', [daemon], ['extra'], [], {}],
    [4, 'there is no flow "magic"', [daemon], ['-f', 'magic'], [], {}],
    [4, 'there is no output form "xml"', [daemon], ['-o', 'xml'], [], {}],
    [4, 'the claims are not JSON', [daemon], ['--claims', '{'], [], {}],
    [4, '"a b" is no tenant', [daemon], ['--tenant', 'a b'], [], {}],
    [4, 'It must be a time', [daemon], ['--timeout', 'soon'], [], {}],
    [4, '--port and --port-range', [herRecord], ['--port', '80', '--port-range', '80-90'], [], {}],
    [
      4,
      'the redirect URI "nonsense" does not lead to this machine',
      [herRecord],
      ['-f', 'interactive', '--redirect-uri', 'nonsense'],
      [],
      terminal,
    ],
    [
      5,
      'the line is dead',
      [daemon],
      [],
      [{ form: {}, answer: new EntraAuthError('network', 'the line is dead') }],
      { env },
    ],
    [
      6,
      'no answer',
      [daemon],
      [],
      [{ form: {}, answer: new EntraAuthError('timeout', 'no answer') }],
      { env },
    ],
    [
      7,
      'somebody must sign in for "graph" (nobody is signed in), and there is no terminal',
      [herRecord],
      [],
      [],
      {},
    ],
    [7, '--no-interaction forbids to ask', [herRecord], ['--no-interaction'], [], terminal],
    [7, 'CI is set', [herRecord], [], [], { ...terminal, env: { CI: 'true' } }],
    [
      8,
      'cannot be understood',
      [{ ...daemon, authMethod: 'ClientSecret' }],
      [],
      [],
      { files: { [vaultPath]: '{', [cachePath]: 'EAC1' } },
    ],
    [
      130,
      'interrupted',
      [daemon],
      [],
      [{ form: {}, answer: new EntraAuthError('interrupted', 'interrupted') }],
      { env },
    ],
    [1, 'line 1, column', [], [], [], { files: { [profilesPath]: '{ broken' } }],
  ])('%i: %s', async (code, fact, records, words, scenes, options) => {
    const { run } = machine(records, scenes, options)
    const outcome = await run('get-token', ...words)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toMatch(/^(Authenticating .*\n)?.*error:/)
    expect(outcome.stderr).toContain(fact)
    expect(outcome.stderr).not.toMatch(/\n\s+at /)
  })
})

describe('--timeout', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('ends a request that is not answered, with exit code 6', async () => {
    const { host, run } = machine([daemon], [], { env: secretly })
    const asked = new Promise<void>((resolve) => {
      vi.spyOn(host.http, 'send').mockImplementation(
        ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason as Error))
            resolve()
          }),
      )
    })
    const outcome = run('get-token', '-p', 'ci', '--timeout', '30s')
    await asked
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await outcome).toEqual({
      code: 6,
      stdout: '',
      stderr:
        'error: Entra did not answer in time\nhint: give it more time with --timeout, such as --timeout 5m\n',
    })
  })
})

describe('a device code', () => {
  it('is shown on stderr, and stdout is the token', async () => {
    const { run, script } = machine(
      [herRecord],
      [deviceStart(herScope), deviceEnd(hers('her-token', 'r1'))],
      {
        ...terminal,
        stdoutIsTerminal: false,
      },
    )
    const { code, stdout, stderr } = await run('get-token')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'her-token\n' })
    expect(stderr).toContain('https://microsoft.com/devicelogin')
    expect(stderr).toContain('ABCD1234')
    expect(stderr).toContain('15 minutes')
    expect(stderr).not.toContain('the-device-code')
    script.finish()
  })

  it('is shown also under --silent, for nobody could sign in else', async () => {
    const { run } = machine(
      [herRecord],
      [deviceStart(herScope), deviceEnd(hers('her-token', 'r1'))],
      terminal,
    )
    expect((await run('get-token', '--silent')).stderr).toContain('ABCD1234')
  })

  it('that is declined ends with exit code 2', async () => {
    const { run } = machine(
      [herRecord],
      [
        deviceStart(herScope),
        deviceEnd({ error: 'authorization_declined', error_description: 'AADSTS70018: Declined.' }, 400),
      ],
      terminal,
    )
    const { code, stdout, stderr } = await run('get-token')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('the sign-in was declined')
  })
})

describe('renewal', () => {
  const signedIn = async (scenes: readonly Scene[], refreshToken: string | null = 'r0') => {
    const made = machine(
      [herRecord],
      [deviceStart(herScope), deviceEnd(hers('t0', refreshToken ?? undefined)), ...scenes],
      {
        ...terminal,
        stdoutIsTerminal: false,
      },
    )
    await made.run('get-token', '-q')
    return made
  }

  it('is silent, without anybody being asked', async () => {
    const { run, host, script } = await signedIn([renewal('r0', hers('t1', 'r1'))])
    later(host, 3400)
    expect(await run('get-token', '-q')).toEqual({ code: 0, stdout: 't1\n', stderr: '' })
    script.finish()
  })

  it('keeps up with twenty rotations in a row', async () => {
    const rotations = Array.from({ length: 20 }, (_, index) =>
      renewal(`r${index}`, hers(`t${index + 1}`, `r${index + 1}`)),
    )
    const { run, script } = await signedIn(rotations)
    for (let turn = 1; turn <= 20; turn++)
      expect(await run('refresh', '-q')).toEqual({ code: 0, stdout: `t${turn}\n`, stderr: '' })
    script.finish()
  })

  it('keeps the refresh token where no new one is given', async () => {
    const { run, script } = await signedIn([
      renewal('r0', hers('t1', undefined)),
      renewal('r0', hers('t2', undefined)),
    ])
    await run('refresh')
    expect(await run('refresh', '-q')).toMatchObject({ code: 0, stdout: 't2\n' })
    script.finish()
  })

  it('that is refused for a revoked sign-in asks again, where somebody can be asked', async () => {
    const { run, host, script } = await signedIn([
      renewal('r0', refusal('invalid_grant', 50173, 'The grant was revoked.'), 400),
      deviceStart(herScope),
      deviceEnd(hers('t1', 'r1')),
    ])
    later(host, 3400)
    expect(await run('get-token', '-q')).toMatchObject({ code: 0, stdout: 't1\n' })
    script.finish()
  })

  it.each([
    ['get-token --no-interaction', 'get-token -p graph'],
    // The cached access token is still good: without --force it would be handed out, and nobody asked.
    ['refresh', 'get-token -p graph --force'],
  ])(
    'that is refused for a revoked sign-in ends in exit code 7 with the command that mends it: %s',
    async (words, mends) => {
      const { run, host } = await signedIn([
        renewal('r0', refusal('invalid_grant', 50173, 'The grant was revoked.'), 400),
      ])
      later(host, 3400)
      const { code, stdout, stderr } = await run(...words.split(' '))
      expect({ code, stdout }).toEqual({ code: 7, stdout: '' })
      expect(stderr).toContain('AADSTS50173')
      expect(stderr).toContain(`hint: run "entra-auth-cli ${mends}"`)
    },
  )

  it('says who must mend what where it is refused for another reason', async () => {
    const { run, host } = await signedIn([
      renewal('r0', refusal('unauthorized_client', 700016, 'Application not found.'), 400),
    ])
    later(host, 3400)
    const { code, stderr } = await run('get-token')
    expect(code).toBe(2)
    expect(stderr).toContain('AADSTS700016')
  })

  it('without a refresh token ends in exit code 7 and speaks of offline_access', async () => {
    const { run, script } = await signedIn([], null)
    const { code, stdout, stderr } = await run('refresh')
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' })
    expect(stderr).toContain('offline_access')
    script.finish()
  })
})

describe('no secret is ever shown', () => {
  it('neither on success nor on failure, also with --verbose', async () => {
    const { run } = machine(
      [{ ...herRecord, defaultFlow: 'DeviceCode' }, daemon],
      [
        deviceStart(herScope),
        deviceEnd(hers('t0', 'refresh~secret')),
        renewal('refresh~secret', refusal('invalid_grant', 50173, 'Revoked refresh~secret.'), 400),
        {
          form: {},
          status: 401,
          answer: refusal('invalid_client', 7000215, "Invalid secret 's3cret~value'."),
        },
      ],
      { ...terminal, env: secretly },
    )
    const outcomes = [
      await run('get-token', '-p', 'graph', '--verbose'),
      await run('get-token', '-p', 'graph', '-o', 'json'),
      await run('refresh', '-p', 'graph', '--verbose'),
      await run('get-token', '-p', 'ci', '--verbose'),
    ]
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 7, 2])
    const everything = outcomes.map(({ stdout, stderr }) => stdout + stderr).join('')
    expect(everything).not.toMatch(/refresh~secret|s3cret~value|the-device-code/)
  })
})
