import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'

// The memory host throws on any network, browser and keychain use that a test does not allow.
async function explain(words: readonly string[], options: MemoryHostOptions = {}) {
  const host = memoryHost(options)
  const code = await runCommand(['explain', ...words], host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

const text = `AADSTS50126 (InvalidUserNameOrPassword)
  the user name or password is wrong
  Likely causes:
    - a typing error
    - the password was changed
    - the account belongs to another tenant
  Who must act: you, who sign in or run the command
  What to do:
    1. try again, and check the tenant of the profile
    2. reset the password at https://aka.ms/sspr, or ask an administrator to reset it
  More: https://login.microsoftonline.com/error?code=50126
`
const message =
  'AADSTS50126: Error validating credentials.\r\nTrace ID: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\r\n' +
  'Correlation ID: 12345678-9abc-def0-1234-56789abcdef0\r\nTimestamp: 2026-01-31 10:00:00Z'
const ids = `
Trace ID: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
Correlation ID: 12345678-9abc-def0-1234-56789abcdef0
Timestamp: 2026-01-31 10:00:00Z
`

describe('explain takes', () => {
  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['a number', ['50126'], {}],
    ['a marked number', ['AADSTS50126'], {}],
    ['a message in words', ['AADSTS50126:', 'Error', 'validating', 'credentials'], {}],
    ['a pipe', [], { stdin: '50126\n' }],
    ['a pipe, by -', ['-'], { stdin: '50126\n' }],
    ['text behind --', ['--', '50126'], {}],
  ])('%s', async (_what, words, options) => {
    expect(await explain(words, options)).toEqual({ code: 0, stdout: text, stderr: '' })
  })

  it('a message with ids, and shows what a ticket needs', async () => {
    expect(await explain([message])).toEqual({ code: 0, stdout: text + ids, stderr: '' })
    expect(await explain([], { stdin: message })).toEqual({ code: 0, stdout: text + ids, stderr: '' })
  })

  it('UTF-16, as Windows PowerShell writes it into files', async () => {
    const stdin = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('AADSTS50126: x', 'utf16le')])
    expect((await explain([], { stdin })).stdout).toBe(text)
  })

  it('several errors, each told once, in their order', async () => {
    const { code, stdout } = await explain([], { stdin: 'AADSTS50011: a\nAADSTS50126: b\nAADSTS50011: c\n' })
    expect(code).toBe(0)
    expect(stdout.match(/^AADSTS\d+/gm)).toEqual(['AADSTS50011', 'AADSTS50126'])
  })

  it('an error that has a name alone', async () => {
    const { code, stdout } = await explain(['http://localhost/?error=access_denied&state=1'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^access_denied\n {2}the sign-in was declined\n/)
  })
})

describe('explain prints', () => {
  const data = {
    explanations: [
      {
        code: 50126,
        name: 'InvalidUserNameOrPassword',
        known: true,
        fact: 'the user name or password is wrong',
        causes: ['a typing error', 'the password was changed', 'the account belongs to another tenant'],
        who: 'you',
        remedy: [
          'try again, and check the tenant of the profile',
          'reset the password at https://aka.ms/sspr, or ask an administrator to reset it',
        ],
        link: 'https://login.microsoftonline.com/error?code=50126',
      },
    ],
    error: null,
    suberror: null,
    trace_id: '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
    correlation_id: '12345678-9abc-def0-1234-56789abcdef0',
    timestamp: '2026-01-31 10:00:00Z',
    codes_left_out: 0,
  }

  it('JSON whose names stay', async () => {
    const { code, stdout, stderr } = await explain(['-o', 'json', message])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(data)
    expect((await explain(['--json', message])).stdout).toBe(stdout)
  })

  it('YAML', async () => {
    expect(parseYaml((await explain([message, '-o', 'yaml'])).stdout)).toEqual(data)
  })

  it('an unknown number by the general rule, and guesses nothing', async () => {
    const { code, stdout, stderr } = await explain(['AADSTS999999: The moon is full. Wait for it.'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`AADSTS999999
  The moon is full
  What to do:
    1. look it up at https://login.microsoftonline.com/error?code=999999
  More: https://login.microsoftonline.com/error?code=999999
`)
  })

  it('sentences broken to the width of the terminal, but no command', async () => {
    const { stdout } = await explain(['53003'], { stdoutIsTerminal: true, env: { NO_COLOR: '1' } })
    const lines = stdout.split('\n')
    const command = '"entra-auth-cli get-token -p NAME --force --flow interactive-browser"'
    expect(lines.filter((line) => line.includes(command)).length).toBeGreaterThan(0)
    expect(lines.filter((line) => line.length > 100 && !line.includes('https://'))).toEqual([])
    const piped = (await explain(['53003'])).stdout
    expect(stdout.replace(/\s+/g, ' ')).toBe(piped.replace(/\s+/g, ' '))
    expect(lines.length).toBeGreaterThan(piped.split('\n').length)
  })

  it('nothing that a terminal acts on', async () => {
    const hostile = 'AADSTS999999: x\u001b[2J\u009b1m\u202ey\u0007 is bad.'
    for (const format of ['text', 'json', 'yaml']) {
      const options = { stdoutIsTerminal: true, env: { NO_COLOR: '1' } }
      const { stdout } = await explain([hostile, '-o', format], options)
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      expect(stdout).toContain('is bad')
    }
  })

  it('all numbers with --list', async () => {
    const published = readFileSync(
      join(import.meta.dirname, '../fixtures/entra-codes/published.txt'),
      'utf8',
    ).trim()
    const { code, stdout, stderr } = await explain(['--list'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const listed = new Set(stdout.match(/(?<=^AADSTS)\d+/gm))
    expect(published.split('\n').filter((number) => !listed.has(number))).toEqual([])
    const list = JSON.parse((await explain(['--list', '-o', 'json'])).stdout) as { code: number }[]
    expect(list.length).toBe(listed.size)
    expect(list[0]).toHaveProperty('remedy')
  })
})

describe('explain ends with', () => {
  it.each([['nothing here'], ['2026'], ['12345678-1234-1234-1234-123456789abc']])(
    '1 where there is no error: %s',
    async (given) => {
      const stderr =
        'error: no error of Entra was found in the text\n' +
        'hint: give a number such as AADSTS50011, or the whole message\n'
      expect(await explain([given])).toEqual({ code: 1, stdout: '', stderr })
      expect(await explain([], { stdin: given })).toEqual({ code: 1, stdout: '', stderr })
    },
  )

  it('1 for an empty pipe', async () => {
    expect((await explain([], { stdin: '' })).code).toBe(1)
  })

  it.each([[[]], [['-']]])('4 where nobody gave anything, and waits for nobody: %j', async (words) => {
    const stderr =
      'error: no error was given\nhint: usage: entra-auth-cli explain NUMBER | MESSAGE | URL, or pipe a log in\n'
    expect(await explain(words)).toEqual({ code: 4, stdout: '', stderr })
  })

  it('4 for an output form that is none, and for --list with a text', async () => {
    expect((await explain(['50126', '-o', 'xml'])).code).toBe(4)
    expect(await explain(['--list', '50126'])).toMatchObject({
      code: 4,
      stdout: '',
      stderr: 'error: --list takes no text\nhint: leave one of them out\n',
    })
  })
})
