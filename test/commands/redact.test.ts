import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { plainAnswer } from '../../src/commands/plain/answer.ts'
import type { MemoryHost, MemoryHostOptions } from '../support/memory-host.ts'
import { daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, scriptedAuthority } from '../support/scripted-authority.ts'
import { tokenOf, v2AppOnly } from '../unit/jwt/tokens.ts'

const token = tokenOf({ ...v2AppOnly, exp: 1_769_857_200, evil: '\u001b[31m' })
const signature = token.split('.')[2] ?? ''
const fingerprint = `sha256:${createHash('sha256').update(token).digest('hex').slice(0, 32)}`

interface Story {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly host: MemoryHost
}

async function getting(
  words: readonly string[],
  options: MemoryHostOptions = {},
  answers: readonly string[] = [token],
): Promise<Story> {
  const scenes = answers.map((text) => ({
    form: { scope: 'https://graph.microsoft.com/.default' },
    answer: appAnswer(text),
  }))
  const authority = scriptedAuthority(tenantId, scenes)
  const host = hostWith([daemon], {
    http: authority.http,
    // MSAL's own clock is that of the machine.
    now: new Date(),
    ...options,
    env: { AZURE_CLIENT_SECRET: 'the-client-secret', NO_COLOR: '1', ...options.env },
  })
  const code = await runCommand(['get-token', ...words], host)
  authority.finish()
  return { code, stdout: host.stdout(), stderr: host.stderr(), host }
}

const redacting = { env: { ENTRA_AUTH_CLI_REDACT: '1' } }

describe('--redact', () => {
  it('shows a fingerprint and what the token is for, and nothing of the token', async () => {
    const { code, stdout, stderr } = await getting(['--redact'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^redacted token ${fingerprint}\n  aud: `))
    expect(stdout).toContain('  exp: 2026-01-31 11:00:00 UTC\n')
    expect(stdout).not.toContain(signature)
    expect(stdout).not.toContain(token.slice(0, 20))
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    ['-o', 'json'],
    ['--json', undefined],
    ['-o', 'yaml'],
  ])('is one object with %s %s', async (flag, form) => {
    const { stdout } = await getting(['--redact', flag, ...(form === undefined ? [] : [form])])
    expect(parseYaml(stdout)).toMatchObject({
      redacted: true,
      fingerprint,
      token_type: 'Bearer',
      scope: 'https://graph.microsoft.com/.default',
      expires_in: expect.any(Number),
      from_cache: false,
      claims: { aud: v2AppOnly.aud, iss: v2AppOnly.iss, exp: 1_769_857_200 },
    })
    expect(stdout).not.toContain(signature)
  })

  it('shows of a token that only its API reads no more than its end', async () => {
    const { stdout } = await getting(['--redact'], {}, ['opaque'])
    expect(stdout).toMatch(/^redacted token sha256:[0-9a-f]{32}\n {2}expires: [\d-]{10} [\d:]{8} UTC\n$/)
  })

  it('goes to files too', async () => {
    const { host } = await getting(['--redact', '--file', '/tmp/token'])
    expect(String(host.fileMap.get('/tmp/token'))).toContain(fingerprint)
    expect(String(host.fileMap.get('/tmp/token'))).not.toContain(signature)
  })

  it.each(['header', 'env', 'exec-credential', 'az'])(
    'does not go with -o %s, which programs use',
    async (form) => {
      const { code, stdout, stderr } = await getting(['--redact', '-o', form], {}, [])
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
      expect(stderr).toContain(`error: --redact and -o ${form} contradict each other\n`)
    },
  )
})

describe('ENTRA_AUTH_CLI_REDACT', () => {
  it('does the same without the flag, for refresh too', async () => {
    expect((await getting([], redacting)).stdout).toContain(fingerprint)
    const scenes = [{ form: { scope: 'https://graph.microsoft.com/.default' }, answer: appAnswer(token) }]
    const authority = scriptedAuthority(tenantId, scenes)
    const host = hostWith([daemon], {
      http: authority.http,
      env: { AZURE_CLIENT_SECRET: 'x', ENTRA_AUTH_CLI_REDACT: 'true' },
    })
    expect(await runCommand(['refresh', '-q'], host)).toBe(0)
    expect(host.stdout()).toContain(fingerprint)
    expect(host.stdout()).not.toContain(signature)
  })

  it('refuses a form that programs take the token from', async () => {
    const { code, stdout, stderr } = await getting(['-o', 'header'], redacting, [])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain('ENTRA_AUTH_CLI_REDACT and -o header contradict each other')
  })

  it.each(['', '0', 'false'])('%j is none', async (value) => {
    expect((await getting([], { env: { ENTRA_AUTH_CLI_REDACT: value } })).stdout).toBe(`${token}\n`)
  })

  it('keeps the short way from answering', async () => {
    const { host } = await getting([])
    const again = (env: Record<string, string>) => plainAnswer(['get-token', '-p', 'ci'], { ...host, env })
    expect(await again({})).toEqual({ text: `${token}\n`, exitCode: 0 })
    expect(await again({ ENTRA_AUTH_CLI_REDACT: '1' })).toBeUndefined()
    expect(await again({ CLAUDECODE: '1' })).toBeUndefined()
  })
})

describe('a token in sight', () => {
  const onScreen =
    'warning: the token can be read on this screen; "-o header | curl -H @-", exec and call use it unseen, --redact hides it\n'
  const inRecords =
    'warning: what a coding agent reads is recorded, tokens too; exec and call use one unseen, --redact hides it\n'

  it.each<[string, readonly string[], MemoryHostOptions, string]>([
    ['on a screen', [], { stdoutIsTerminal: true }, onScreen],
    ['on a screen, in silence', ['--silent'], { stdoutIsTerminal: true }, ''],
    ['on a screen, redacted', ['--redact'], { stdoutIsTerminal: true }, ''],
    ['in a file', ['--file', '/tmp/token'], { stdoutIsTerminal: true }, ''],
    ['in a pipe', [], {}, ''],
    ['where an agent reads', [], { env: { GEMINI_CLI: '1' } }, inRecords],
    ['where an agent reads JSON', ['-o', 'json'], { env: { AI_AGENT: 'some' } }, inRecords],
    ['where an agent reads, in silence', ['-q'], { env: { CLAUDECODE: '1' } }, ''],
    ['in the pipe of an agent to a program', ['-o', 'header'], { env: { CLAUDECODE: '1' } }, ''],
    ['where an agent is not', [], { env: { CURSOR_AGENT: '0' } }, ''],
  ])('%s', async (_where, words, options, expected) => {
    const { code, stdout, stderr, host } = await getting(words, options)
    expect({ code, stderr }).toEqual({ code: 0, stderr: expected })
    expect(stdout + [...host.fileMap.keys()].join('')).not.toBe('')
  })
})
