import { describe, expect, it, vi } from 'vitest'
import { run } from '../../src/commands/program.ts'
import { version } from '../../src/commands/version.ts'
import { memoryHost } from '../support/memory-host.ts'
import { hostWith, recordOf } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

async function outcome(...words: readonly string[]) {
  const host = memoryHost({ stdin: '', env: { NO_COLOR: '1' } })
  const code = await runCommand(words, host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])(
    '%j is all commands and all exit codes, on stdout',
    async (words) => {
      const { code, stdout, stderr } = await outcome(...words)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      for (const command of ['get-token', 'refresh', 'inspect', 'discover', 'config', 'sandbox'])
        expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
      for (const exitCode of [0, 1, 2, 3, 4, 5, 6, 7, 8, 130])
        expect(stdout).toMatch(new RegExp(`\\b${exitCode} [a-z]`, 'i'))
    },
  )

  it.each([[['get-token', '--help']], [['help', 'get-token']], [['get-token', '-p', 'x', '-h']]])(
    '%j is that of get-token, with examples',
    async (words) => {
      const { code, stdout, stderr } = await outcome(...words)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^Usage: entra-auth-cli get-token \[options\]/)
      expect(stdout).toContain('--min-ttl <time>')
      expect(stdout).toContain('$ TOKEN=$(entra-auth-cli get-token -p graph)')
    },
  )

  it.each([
    [['config', '--help'], 'create'],
    [['help', 'config', 'create'], '--tenant-id'],
    [['refresh', '--help'], 'refresh token'],
  ])('%j speaks of %s', async (words, text) => {
    const { code, stdout } = await outcome(...words)
    expect(code).toBe(0)
    expect(stdout).toContain(text)
  })
})

describe('the version', () => {
  it.each(['--version', '-V'])('%s', async (flag) => {
    expect(await outcome(flag)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('what is no command line of ours ends with 4 and one next step', () => {
  it.each([
    [['magic'], "unknown command 'magic'", 'entra-auth-cli --help'],
    [['toString'], "unknown command 'toString'", 'entra-auth-cli --help'],
    [['--magic'], "unknown option '--magic'", 'entra-auth-cli --help'],
    [['get-token', '--magic'], "unknown option '--magic'", 'entra-auth-cli get-token --help'],
    [['get-token', '-p'], 'argument missing', 'entra-auth-cli get-token --help'],
    [['get-token', 'x'], 'too many arguments', 'entra-auth-cli get-token --help'],
    [['get-token', '--port', '0'], 'It must be a port from 1 to 65535', 'entra-auth-cli get-token --help'],
    [['config', 'create', '--magic'], "unknown option '--magic'", 'entra-auth-cli config create --help'],
  ])('%j', async (words, fact, hint) => {
    const { code, stdout, stderr } = await outcome(...words)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    const lines = stderr.split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^error: /)
    expect(lines[0]).toContain(fact)
    expect(lines[1]).toBe(`hint: see "${hint}"`)
  })
})

describe('what was misspelled is guessed', () => {
  it.each([
    [['get-tokn'], 'did you mean "get-token"? see "entra-auth-cli --help"'],
    [['config', 'creat'], 'did you mean "create"? see "entra-auth-cli config --help"'],
    [['get-token', '--profil', 'x'], 'did you mean "--profile"? see "entra-auth-cli get-token --help"'],
    [['validate', '--app-onl'], 'did you mean "--app-only"? see "entra-auth-cli validate --help"'],
    [['inspekt', 'x'], 'did you mean "inspect"? see "entra-auth-cli --help"'],
    [['list-profile'], 'see "entra-auth-cli --help"'],
  ])('%j: %s', async (words, hint) => {
    const { code, stdout, stderr } = await outcome(...words)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toMatch(/^error: unknown (?:command|option) '[\w-]+'\n/)
    expect(stderr.split('\n').slice(1)).toEqual([`hint: ${hint}`, ''])
  })
})

describe('a defect of ours', () => {
  it('is owned up to, with exit code 1 and no stack', async () => {
    const host = hostWith([recordOf()], { env: { NO_COLOR: '1' } })
    vi.spyOn(host.files, 'read').mockRejectedValue(new TypeError('x is not a function'))
    expect(await runCommand(['config', 'list'], host)).toBe(1)
    expect(host.stdout()).toBe('')
    expect(host.stderr()).toMatch(/^error: unexpected: x is not a function\nhint: .+\n$/)
  })
})

describe('what the platform does', () => {
  it.each([
    [['--verbose'], 'GET https://x.example 200\n'],
    [[], ''],
  ])('is told on stderr under %j: %j', async (flags, traced) => {
    const host = hostWith([recordOf()], { env: { NO_COLOR: '1' } })
    let tell: (line: string) => void = () => {}
    await run(['get-token', '-p', 'nobody', ...flags], host, {
      signal: new AbortController().signal,
      runSandbox: () => Promise.resolve(0),
      traceTo: (sink) => (tell = sink),
    })
    const before = host.stderr().length
    tell('GET https://x.example 200')
    expect(host.stderr().slice(before)).toBe(traced)
  })
})
