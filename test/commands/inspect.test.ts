import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { runCommand } from '../support/run-command.ts'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import {
  base64url,
  defaultHeader,
  now,
  signature,
  tokenOf,
  v1Delegated,
  v2AppOnly,
} from '../unit/jwt/tokens.ts'

interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function inspect(words: readonly string[], options: MemoryHostOptions = {}): Promise<Answer> {
  const host = memoryHost(options)
  const code = await runCommand(['inspect', ...words], host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

const token = tokenOf(v1Delegated)
const decoded = { header: defaultHeader, payload: v1Delegated, signature }
const json = `${JSON.stringify(decoded, null, 2)}\n`
const usage =
  'hint: usage: entra-auth-cli inspect TOKEN | -t TOKEN | -f FILE | -p PROFILE, or pipe the token in\n'

describe('inspect takes a token', () => {
  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['as an argument', [token], {}],
    ['with -t', ['-t', token], {}],
    ['with --token', ['--token', token], {}],
    ['with --token=', [`--token=${token}`], {}],
    ['from a file', ['-f', 'token.txt'], { files: { 'token.txt': `${token}\n` } }],
    ['with --file', ['--file', '/tmp/token.txt'], { files: { '/tmp/token.txt': token } }],
    ['from a pipe', [], { stdin: `${token}\n` }],
    ['from a pipe, by -', ['-'], { stdin: token }],
    ['from a pipe, by -t -', ['-t', '-'], { stdin: token }],
    ['from a pipe, by -f -', ['-f', '-'], { stdin: token }],
    ['although stdin is a pipe too', ['-t', token], { stdin: 'something else' }],
    ['with Bearer', [`Bearer ${token}`], {}],
    ['in quotes', ['-t', `"${token}"`], {}],
    ['with CRLF', ['-f', 't'], { files: { t: `${token}\r\n` } }],
    ['with a byte order mark', ['-f', 't'], { files: { t: `\ufeff${token}` } }],
    [
      'in UTF-16, as Windows PowerShell writes it',
      ['-f', 't'],
      { files: { t: Buffer.from(`\ufeff${token}\r\n`, 'utf16le') } },
    ],
    ['in big-endian UTF-16', [], { stdin: Buffer.from(`\ufeff${token}`, 'utf16le').swap16() }],
    ['in a token response', [], { stdin: JSON.stringify({ token_type: 'Bearer', access_token: token }) }],
    ['in the camelCase form', [], { stdin: JSON.stringify({ accessToken: token }, null, 2) }],
    ['over several lines', [], { stdin: token.replace(/.{76}/g, '$&\r\n') }],
  ])('%s, and prints it as JSON', async (_how, words, options) => {
    expect(await inspect(words, options)).toEqual({ code: 0, stdout: json, stderr: '' })
  })

  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['an argument and -t', [token, '-t', token], {}],
    ['-t and -f', ['-t', token, '-f', 'token.txt'], { files: { 'token.txt': token } }],
    ['-f and -p', ['-f', 'token.txt', '-p', 'work'], { files: { 'token.txt': token } }],
    ['- and -f', ['-', '-f', 'token.txt'], { stdin: token }],
  ])('one at a time: not %s', async (_how, words, options) => {
    const stderr = `error: more than one token was given\n${usage}`
    expect(await inspect(words, options)).toEqual({ code: 4, stdout: '', stderr })
  })

  it.each([[[]], [['-']], [['-o', 'pretty']], [['-t', '-']]])(
    'and waits for nobody to type it: %j',
    async (words) => {
      const stderr = `error: no token was given\n${usage}`
      expect(await inspect(words, { stderrIsTerminal: false })).toEqual({ code: 4, stdout: '', stderr })
    },
  )

  it('refuses a second argument', async () => {
    const answer = await inspect([token, token])
    expect(answer).toMatchObject({ code: 4, stdout: '' })
    expect(answer.stderr).toMatch(/^error: .*\nhint: see "entra-auth-cli inspect --help"\n$/)
  })
})

describe('inspect prints', () => {
  const ordered = '{"b":12345678901234567890,"2":1.0,"1":"\\u001b[31m","a":{"z":1,"y":[]}}'
  const orderedToken = tokenOf(ordered, '{"kid":"k","alg":"RS256"}')

  it('order and digits of the token', async () => {
    const { stdout } = await inspect([orderedToken])
    expect(stdout).toBe(`{
  "header": {
    "kid": "k",
    "alg": "RS256"
  },
  "payload": {
    "b": 12345678901234567890,
    "2": 1.0,
    "1": "\\u001b[31m",
    "a": {
      "z": 1,
      "y": []
    }
  },
  "signature": "${signature}"
}
`)
  })

  it('the claims alone', async () => {
    const stdout = `${JSON.stringify(v1Delegated, null, 2)}\n`
    expect(await inspect([token, '--claims'])).toEqual({ code: 0, stdout, stderr: '' })
  })

  it('the header alone', async () => {
    const stdout = `${JSON.stringify(defaultHeader, null, 2)}\n`
    expect(await inspect([token, '--header', '-o', 'json'])).toEqual({ code: 0, stdout, stderr: '' })
  })

  it.each([
    ['everything', [], decoded],
    ['the claims', ['--claims'], v1Delegated],
    ['the header', ['--header'], defaultHeader],
  ])('%s as YAML', async (_what, words, value) => {
    const { code, stdout, stderr } = await inspect([token, '-o', 'yaml', ...words])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(parseYaml(stdout)).toEqual(value)
    expect(stdout).not.toMatch(/^[{[]/)
  })

  it('names of other scripts as they are', async () => {
    expect((await inspect([token])).stdout).toContain('"name": "Zoë Müller 山田"')
    expect((await inspect([token, '-o', 'yaml'])).stdout).toContain('name: Zoë Müller 山田')
    expect((await inspect([token, '-o', 'pretty'])).stdout).toContain('Zoë Müller 山田')
  })

  it('a form to read', async () => {
    const { code, stdout, stderr } = await inspect([token, '-o', 'pretty'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Token Type: delegated access token \(v1\.0\)\nAlgorithm: RS256\n/)
    expect(stdout).toMatch(/\n {2}Valid For: {2}45 minutes\n$/)
  })

  it('an expired token like any other', async () => {
    const expired = tokenOf({ ...v2AppOnly, exp: now - 60 })
    expect(await inspect([expired])).toMatchObject({ code: 0, stderr: '' })
    const { code, stdout } = await inspect([expired, '-o', 'pretty'])
    expect(code).toBe(0)
    expect(stdout).toContain('Warning: expired 1 minute ago; APIs refuse it')
  })

  it('a list of audiences, and no end', async () => {
    const { stdout } = await inspect([tokenOf({ aud: ['a', 'b'] }), '--claims'])
    expect(JSON.parse(stdout)).toEqual({ aud: ['a', 'b'] })
  })

  it('a token of 1 MB', async () => {
    const groups = Array.from({ length: 20_000 }, () => '11111111-2222-3333-4444-555555555555')
    const { code, stdout } = await inspect([], { stdin: tokenOf({ groups }) })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).payload.groups).toHaveLength(20_000)
  })

  it('an unsecured token', async () => {
    const unsecured = `${base64url('{"alg":"none"}')}.${base64url('{"a":1}')}.`
    expect(JSON.parse((await inspect([unsecured])).stdout)).toEqual({
      header: { alg: 'none' },
      payload: { a: 1 },
      signature: '',
    })
  })
})

describe('inspect in colour', () => {
  const short = tokenOf({ a: 'x', n: 1 })

  it('shows a person names, strings and numbers apart', async () => {
    const { stdout } = await inspect([short, '--claims'], { stdoutIsTerminal: true })
    expect(stdout).toBe(
      '{\n  \u001b[36m"a"\u001b[39m: \u001b[32m"x"\u001b[39m,\n  \u001b[36m"n"\u001b[39m: \u001b[33m1\u001b[39m\n}\n',
    )
  })

  it.each<[string, MemoryHostOptions]>([
    ['a pipe', {}],
    ['NO_COLOR', { stdoutIsTerminal: true, env: { NO_COLOR: '1' } }],
    ['FORCE_COLOR=0', { stdoutIsTerminal: true, env: { FORCE_COLOR: '0' } }],
    ['a dumb terminal', { stdoutIsTerminal: true, env: { TERM: 'dumb' } }],
  ])('has none for %s', async (_where, options) => {
    const { stdout } = await inspect([short, '--claims'], options)
    expect(stdout).toBe('{\n  "a": "x",\n  "n": 1\n}\n')
  })

  it('has it in a pipe with FORCE_COLOR', async () => {
    expect((await inspect([short], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[36m')
  })
})

describe('inspect of a hostile token', () => {
  const hostile = 'a\u001b[2J\u001b]0;x\u0007b\u009b31m\u007fc\u202ed\u2066'
  const payload = { [hostile]: hostile, aud: [hostile], own: { [hostile]: [hostile] }, exp: hostile }
  const hostileToken = tokenOf(payload, { alg: hostile, kid: hostile })
  // eslint-disable-next-line no-control-regex
  const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

  it.each(['json', 'yaml', 'pretty'])('lets nothing through to a terminal as %s', async (format) => {
    const options = { stdoutIsTerminal: true, env: { NO_COLOR: '1' } }
    const { code, stdout, stderr } = await inspect([hostileToken, '-o', format], options)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toMatch(dangerous)
  })

  it('gives a program the same values, on a terminal and in a pipe', async () => {
    for (const stdoutIsTerminal of [true, false]) {
      const options = { stdoutIsTerminal, env: { NO_COLOR: '1' } }
      expect(JSON.parse((await inspect([hostileToken, '--claims'], options)).stdout)).toEqual(payload)
      expect(parseYaml((await inspect([hostileToken, '--claims', '-o', 'yaml'], options)).stdout)).toEqual(
        payload,
      )
    }
  })
})

describe('inspect refuses', () => {
  it.each<[string, readonly string[], MemoryHostOptions, string]>([
    [
      'garbage',
      ['-t', 'garbage'],
      {},
      'it has no dots, so it is an opaque token that only its issuer can read, or no token at all',
    ],
    ['an empty variable', ['-t', ''], {}, 'the token given is empty'],
    ['an empty argument', [''], {}, 'the token given is empty'],
    ['an empty file', ['-f', 'token.txt'], { files: { 'token.txt': '' } }, 'the file "token.txt" is empty'],
    [
      'a file with a line feed',
      ['-f', 'token.txt'],
      { files: { 'token.txt': '\n' } },
      'the file "token.txt" is empty',
    ],
    ['an empty pipe', [], { stdin: '' }, 'stdin is empty'],
    ['an empty pipe by -', ['-'], { stdin: '\n' }, 'stdin is empty'],
    [
      'an encrypted token',
      [`${base64url('{"alg":"dir","enc":"A256GCM"}')}..b.c.d`],
      {},
      'this is an encrypted token (JWE, 5 parts, dir with A256GCM); only its recipient can read it',
    ],
    [
      'an error answer',
      [],
      { stdin: '{"error":"invalid_grant"}' },
      'the JSON has no access_token, accessToken or id_token',
    ],
    [
      'a binary file',
      ['-f', 'x'],
      { files: { x: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2) } },
      'it has no dots, so it is an opaque token that only its issuer can read, or no token at all',
    ],
  ])('%s with exit 1 and an empty stdout', async (_what, words, options, reason) => {
    const { code, stdout, stderr } = await inspect(words, options)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/)
    expect(stderr).toContain(`error: invalid token: ${reason}\n`)
  })

  it('an opaque token without showing it', async () => {
    const { code, stderr } = await inspect(['EwB4A8l6BAAUkj1NuJYtTVha'])
    expect(code).toBe(1)
    expect(stderr).toContain('invalid token: this is an opaque token')
    expect(stderr).not.toContain('kj1NuJYtTVha')
  })

  it('a missing file with exit 1', async () => {
    const { code, stdout, stderr } = await inspect(['-f', 'missing.txt'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('error: there is no file "missing.txt"')
  })

  it.each([
    ['an unknown format', ['-o', 'xml']],
    ['header and claims at once', ['--header', '--claims']],
    ['an unknown flag', ['--nope']],
  ])('%s with exit 4', async (_what, words) => {
    const { code, stdout, stderr } = await inspect([token, ...words])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/)
  })

  it('a profile that does not exist with exit 3', async () => {
    const { code, stdout, stderr } = await inspect(['-p', 'nobody'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('nobody')
  })
})
