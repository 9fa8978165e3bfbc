import { describe, expect, it } from 'vitest'
import type { MemoryHostOptions } from '../support/memory-host.ts'
import { daemon, hostWith, profilesPath, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

const devOps = '499b84ac-1321-427f-aa17-267ca6975798/.default'
const tokenScene: Scene = { form: { scope: devOps }, answer: appAnswer('devops.token.itself') }
const env = { AZURE_CLIENT_SECRET: 's3cret~value' }

/** What git gets when it writes these lines. */
async function asked(
  words: readonly string[],
  lines: readonly string[],
  scenes: readonly Scene[] = [],
  options: MemoryHostOptions = {},
) {
  const authority = scriptedAuthority(tenantId, scenes)
  const stdin = `${lines.join('\n')}\n\n`
  const host = hostWith([daemon], { http: authority.http, now: new Date(), env, stdin, ...options })
  const code = await runCommand(['git-credential', ...words], host)
  authority.finish()
  return { code, lines: host.stdout().split('\n').slice(0, -1), stderr: host.stderr(), host }
}

const contoso = ['protocol=https', 'host=dev.azure.com']

describe('git-credential get', () => {
  it('gives an older git the token as a password, with its end', async () => {
    const { code, lines, stderr, host } = await asked(['get'], contoso, [tokenScene])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(lines).toEqual([
      'username=entra',
      'password=devops.token.itself',
      expect.stringMatching(/^password_expiry_utc=\d+$/),
    ])
    const expiry = Number(lines[2]?.split('=')[1])
    expect(Math.abs(expiry - host.now().getTime() / 1000 - 3599)).toBeLessThanOrEqual(2)
  })

  it('keeps the user name of the address', async () => {
    const { lines } = await asked(['get'], [...contoso, 'username=contoso'], [tokenScene])
    expect(lines[0]).toBe('username=contoso')
  })

  it('gives a newer git a bearer token, which no helper is to keep', async () => {
    const capable = ['capability[]=authtype', 'capability[]=state', ...contoso, 'wwwauth[]=Bearer realm="x"']
    const { lines } = await asked(['get'], capable, [tokenScene])
    expect(lines).toEqual([
      'capability[]=authtype',
      'authtype=Bearer',
      'credential=devops.token.itself',
      'ephemeral=1',
      expect.stringMatching(/^password_expiry_utc=\d+$/),
    ])
  })

  it.each([
    [['protocol=https', 'host=contoso.visualstudio.com', 'path=DefaultCollection/_git/x'], []],
    [
      ['protocol=https', 'host=devops.contoso.com:8443'],
      ['--host', 'devops.contoso.com:8443'],
    ],
  ])('answers for %j %j', async (lines, flags) => {
    expect((await asked([...flags, 'get'], lines, [tokenScene])).lines).toContain(
      'password=devops.token.itself',
    )
  })

  it.each([
    ['another server', ['protocol=https', 'host=github.com']],
    ['plain http', ['protocol=http', 'host=dev.azure.com']],
    ['a name that looks like it', ['protocol=https', 'host=dev.azure.com.evil.example']],
    ['a port that is another server', ['protocol=https', 'host=dev.azure.com:8443']],
    ['a tunnel', ['protocol=https', 'host=x-3000.euw.rel.tunnels.api.visualstudio.com']],
    ['no host', ['protocol=https']],
    ['a host named twice, the last of which counts', [...contoso, 'host=evil.example']],
    ['nothing', []],
  ])('says nothing to git about %s', async (_what, lines) => {
    expect(await asked(['get'], lines)).toMatchObject({ code: 0, lines: [], stderr: '' })
  })

  it('takes other scopes', async () => {
    const scene: Scene = { form: { scope: 'api://git/.default' }, answer: appAnswer('t') }
    expect((await asked(['get', '-s', 'api://git/.default'], contoso, [scene])).code).toBe(0)
  })

  it.each([
    [['--no-interaction'], env],
    [[], { ...env, GIT_TERMINAL_PROMPT: '0' }],
  ])('has git ask for no password where nobody may be asked to sign in: %j', async (flags, environment) => {
    const files = { [profilesPath]: JSON.stringify({ profiles: [recordOf()] }) }
    const answer = await asked([...flags, 'get'], contoso, [], {
      files,
      env: environment,
      stderrIsTerminal: true,
    })
    expect(answer).toMatchObject({ code: 7, lines: ['quit=1'] })
    expect(answer.stderr).toContain('somebody must sign in')
  })

  it('is not for a person to call', async () => {
    expect(await asked(['get'], [], [], { stdin: undefined })).toMatchObject({
      code: 4,
      lines: [],
      stderr: expect.stringContaining('this is for git to call'),
    })
  })

  it('trusts no pattern of hosts', async () => {
    expect(await asked(['--host', '*.contoso.com', 'get'], contoso)).toMatchObject({ code: 4, lines: [] })
  })
})

describe('git-credential', () => {
  it.each(['store', 'erase', 'whatever-git-will-know-one-day'])(
    'has nothing to do for %s',
    async (operation) => {
      expect(await asked([operation], [...contoso, 'username=entra', 'password=x'])).toMatchObject({
        code: 0,
        lines: [],
        stderr: '',
      })
    },
  )

  it('says what it can', async () => {
    expect((await asked(['capability'], [])).lines).toEqual(['version 0', 'capability authtype'])
  })
})
