import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { runCommand } from '../support/run-command.ts'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { base64url, now, tokenOf, v1Delegated, v2AppOnly } from '../unit/jwt/tokens.ts'

interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

// The memory host throws on any network, browser and keychain use that a test does not allow.
async function discover(words: readonly string[], options: MemoryHostOptions = {}): Promise<Answer> {
  const host = memoryHost(options)
  const code = await runCommand(['discover', ...words], host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

const token = tokenOf(v1Delegated)
const summary = {
  valid: true,
  expired: false,
  format: 'JWT',
  type: 'Bearer',
  exp: now + 2700,
  iat: now - 900,
  nbf: now - 900,
  expires_at: '2026-01-31T10:45:00Z',
  issued_at: '2026-01-31T09:45:00Z',
  expires_in: 2700,
  audience: 'https://graph.microsoft.com',
  issuer: 'https://sts.windows.net/87654321-4321-4321-4321-cba987654321/',
  scopes: ['User.Read', 'Mail.Read'],
  roles: [],
  application_id: '12345678-1234-1234-1234-123456789abc',
  tenant_id: '87654321-4321-4321-4321-cba987654321',
  profile: null,
}
const json = `${JSON.stringify(summary, null, 2)}\n`
const text = `Token Information:
  Audience: https://graph.microsoft.com
  Issued: 2026-01-31 09:45:00 UTC
  Expires: 2026-01-31 10:45:00 UTC
  Time remaining: 45 minutes
  Scopes: User.Read Mail.Read
  Application ID: 12345678-1234-1234-1234-123456789abc
  Tenant ID: 87654321-4321-4321-4321-cba987654321
`

describe('discover takes a token', () => {
  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['as an argument', [token], {}],
    ['with -t', ['-t', token], {}],
    ['with -t and Bearer', ['-t', `Bearer ${token}`], {}],
    ['with -t and quotes', ['-t', ` '${token}' `], {}],
    ['with -t in a token response', ['-t', JSON.stringify({ access_token: token })], {}],
    ['from a file', ['-f', 'token.txt'], { files: { 'token.txt': `\ufeff${token}\r\n` } }],
    ['from a pipe', [], { stdin: `${token}\n` }],
    ['from a pipe, by -', ['-'], { stdin: token }],
  ])('%s, and prints JSON into a pipe', async (_how, words, options) => {
    expect(await discover(words, options)).toEqual({ code: 0, stdout: json, stderr: '' })
  })

  it.each([[[]], [['-']]])('and waits for nobody to type it: %j', async (words) => {
    const stderr =
      'error: no token was given\n' +
      'hint: usage: entra-auth-cli discover TOKEN | -t TOKEN | -f FILE | -p PROFILE, or pipe the token in\n'
    expect(await discover(words)).toEqual({ code: 4, stdout: '', stderr })
  })
})

describe('discover prints', () => {
  it('the block of the user guide on a terminal', async () => {
    expect(await discover(['-t', token], { stdoutIsTerminal: true })).toEqual({
      code: 0,
      stdout: text,
      stderr: '',
    })
  })

  it('the block into a pipe when asked', async () => {
    expect(await discover(['-t', token, '-o', 'text'])).toEqual({ code: 0, stdout: text, stderr: '' })
  })

  it('JSON on a terminal when asked', async () => {
    const options = { stdoutIsTerminal: true, env: { NO_COLOR: '1' } }
    expect(await discover(['-t', token, '--json'], options)).toEqual(
      await discover(['-t', token, '-o', 'json'], options),
    )
    expect(await discover(['-t', token, '-o', 'json'], options)).toEqual({
      code: 0,
      stdout: json,
      stderr: '',
    })
  })

  it('YAML', async () => {
    const { code, stdout, stderr } = await discover(['-t', token, '-o', 'yaml'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(parseYaml(stdout)).toEqual(summary)
    expect(stdout).toMatch(/^valid: true\nexpired: false\n/)
  })

  it('what a v2.0 token of an app says', async () => {
    const { stdout } = await discover([tokenOf(v2AppOnly)])
    expect(JSON.parse(stdout)).toMatchObject({
      scopes: [],
      roles: ['Orders.Read.All', 'Orders.Write.All'],
      application_id: '12345678-1234-1234-1234-123456789abc',
    })
  })

  it('null for an end that is not there', async () => {
    const { code, stdout } = await discover([tokenOf({ aud: ['a', 'b'] })])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      exp: null,
      expires_in: null,
      expires_at: null,
      audience: ['a', 'b'],
    })
  })

  it('nothing with --quiet', async () => {
    expect(await discover(['-t', token, '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await discover(['-t', token, '-q', '-o', 'json'], { stdoutIsTerminal: true })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  it('nothing that a terminal acts on', async () => {
    const hostile = 'x\u001b[2J\u009b1m\u202e\ny'
    const hostileToken = tokenOf({ aud: hostile, scp: hostile, azp: hostile, tid: hostile, iss: hostile })
    for (const format of ['text', 'json', 'yaml']) {
      const options = { stdoutIsTerminal: true, env: { NO_COLOR: '1' } }
      const { stdout } = await discover([hostileToken, '-o', format], options)
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    }
  })
})

describe('the exit code of discover', () => {
  it.each<[string, object | string, object]>([
    ['an expired token', { exp: now - 60 }, { valid: false, expired: true, expires_in: -60 }],
    ['a token that ends now', { exp: now }, { valid: false, expired: true, expires_in: 0 }],
    [
      'a token of the future',
      { exp: now + 60, nbf: now + 1 },
      { valid: false, expired: false, expires_in: 60 },
    ],
    [
      'an end that is no time',
      { exp: 'soon' },
      { valid: false, expired: false, exp: null, expires_in: null },
    ],
    ['an end before all dates', '{"exp":-1e300}', { valid: false, expired: true, expires_at: null }],
  ])('is 1 for %s, which is told all the same', async (_what, payload, told) => {
    const { code, stdout, stderr } = await discover(['-t', tokenOf(payload)])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject(told)
    const onTerminal = await discover(['-t', tokenOf(payload)], { stdoutIsTerminal: true })
    expect(onTerminal).toMatchObject({ code: 1, stderr: '' })
    expect(onTerminal.stdout).toMatch(/^Token Information:\n/)
    expect(await discover(['-t', tokenOf(payload), '-q'])).toEqual({ code: 1, stdout: '', stderr: '' })
  })

  it.each<[string, readonly string[], MemoryHostOptions, string]>([
    [
      'a broken token',
      ['-t', 'eyJhbGciOiJub25lIn0.x'],
      {},
      'invalid token: it has 2 parts between dots, a token has 3',
    ],
    [
      'a token cut off',
      ['-t', token.slice(0, 200)],
      {},
      'invalid token: it has 2 parts between dots, a token has 3',
    ],
    ['an empty variable', ['-t', ''], {}, 'invalid token: the token given is empty'],
    ['garbage', ['-t', 'garbage'], {}, 'invalid token: it has no dots'],
    ['an opaque token', ['-t', 'EwB4A8l6BAAU'], {}, 'invalid token: this is an opaque token'],
    ['a refresh token', ['-t', '1.AQsAbcd.AgABAwEAAAD'], {}, 'invalid token: this is an opaque token'],
    [
      'an encrypted token',
      ['-t', `${base64url('{"alg":"dir"}')}..b.c.d`],
      {},
      'invalid token: this is an encrypted token',
    ],
    [
      'an empty file',
      ['-f', 'token.txt'],
      { files: { 'token.txt': '' } },
      'invalid token: the file "token.txt" is empty',
    ],
    ['a missing file', ['-f', 'token.txt'], {}, 'there is no file "token.txt"'],
    ['an empty pipe', [], { stdin: '' }, 'invalid token: stdin is empty'],
  ])('is 1 for %s, with an empty stdout', async (_what, words, options, reason) => {
    const { code, stdout, stderr } = await discover(words, options)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`error: ${reason}`)
    expect(await discover([...words, '--quiet'], options)).toEqual({ code: 1, stdout: '', stderr: '' })
  })

  it('is 3 for a profile that does not exist', async () => {
    const { code, stdout, stderr } = await discover(['-p', 'nobody'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('nobody')
    expect(await discover(['-p', 'nobody', '--quiet'])).toEqual({ code: 3, stdout: '', stderr: '' })
  })

  it('is 4 for a wrong command line, and says so under --quiet too', async () => {
    const { code, stdout, stderr } = await discover([token, '-f', 'token.txt', '--quiet'])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain('error: more than one token was given')
  })
})

describe('discover for app registrations', () => {
  it.each([
    [['-t', 'contoso.onmicrosoft.com']],
    [['-t', 'contoso.onmicrosoft.com', '-s', 'My*App']],
    [['-t', '87654321-4321-4321-4321-cba987654321']],
    [['-t', 'organizations']],
    [['--tenant', 'contoso.com']],
    [['-s', 'MyApp*']],
    [['--search', '*']],
  ])('looks for apps, for which somebody must sign in: %j', async (words) => {
    expect(await discover([...words, '--no-interaction'])).toEqual({
      code: 7,
      stdout: '',
      stderr:
        'error: somebody must sign in to read app registrations, and --no-interaction forbids to ask\n' +
        'hint: name a profile whose app may read them (Application.Read.All) with -p, or run it in a terminal\n',
    })
  })
})
