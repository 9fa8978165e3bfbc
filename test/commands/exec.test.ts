import { describe, expect, it } from 'vitest'
import type { Environment, ProgramRunner, TokenServer } from '../../src/core/ports.ts'
import type { MemoryHost, MemoryHostOptions } from '../support/memory-host.ts'
import { daemon, hostWith, profilesPath, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, refusal, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

const graph = 'https://graph.microsoft.com/.default'
const arm = 'https://management.azure.com/.default'
const graphToken: Scene = { form: { scope: graph }, answer: appAnswer('graph.token.itself') }
const armToken: Scene = { form: { scope: arm }, answer: appAnswer('arm.token.itself') }
const apiToken: Scene = { form: { scope: 'api://x/.default' }, answer: appAnswer('api.token.itself') }

interface Story {
  readonly host: MemoryHost
  readonly code: number
  /** What was run; undefined where nothing was. */
  readonly ran: { readonly words: readonly string[]; readonly variables: Environment } | undefined
}

async function execute(
  words: readonly string[],
  scenes: readonly Scene[],
  options: MemoryHostOptions & { readonly exitCode?: number } = {},
): Promise<Story> {
  const authority = scriptedAuthority(tenantId, scenes)
  let ran: Story['ran']
  const programs: ProgramRunner = {
    run: async (program, variables) => {
      ran = { words: program, variables }
      return options.exitCode ?? 0
    },
  }
  const records = [daemon, { ...daemon, name: 'api', scopes: ['api://x/.default'] }]
  const host = hostWith(records, {
    env: { AZURE_CLIENT_SECRET: 'the-client-secret', ENTRA_AUTH_CLI_PROFILE: 'ci' },
    now: new Date(),
    http: authority.http,
    programs,
    ...options,
  })
  const code = await runCommand(['exec', ...words], host)
  authority.finish()
  return { host, code, ran }
}

describe('exec', () => {
  it('runs a program with the token in AZURE_ACCESS_TOKEN, and says nothing', async () => {
    const { code, ran, host } = await execute(['-p', 'ci', '--', 'tool', '-p', '--', 'x'], [graphToken])
    expect(ran).toEqual({
      words: ['tool', '-p', '--', 'x'],
      variables: { AZURE_ACCESS_TOKEN: 'graph.token.itself' },
    })
    expect({ code, stdout: host.stdout(), stderr: host.stderr() }).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  it('leaves the flags of a program to it also without --', async () => {
    const { ran } = await execute(['-s', arm, 'tool', '--scope', 'mine', '-q'], [armToken])
    expect(ran).toEqual({
      words: ['tool', '--scope', 'mine', '-q'],
      variables: { AZURE_ACCESS_TOKEN: 'arm.token.itself' },
    })
  })

  it('ends as the program does', async () => {
    expect((await execute(['--', 'tool'], [graphToken], { exitCode: 143 })).code).toBe(143)
  })

  it('gives tokens of several profiles and scopes, each asked for once', async () => {
    const { ran } = await execute(
      ['--env', 'GRAPH=ci', '--env', `ARM=ci:${arm}`, '--env', 'API=api', '--env', 'AGAIN=CI', '--', 'tool'],
      [graphToken, armToken, apiToken],
    )
    expect(ran?.variables).toEqual({
      GRAPH: 'graph.token.itself',
      ARM: 'arm.token.itself',
      API: 'api.token.itself',
      AGAIN: 'graph.token.itself',
    })
  })

  it.each(['--template', '--env-file'])(
    'fills in %s, with the token of -p and -s where it names none',
    async (flag) => {
      const { ran } = await execute(
        ['-p', 'api', '-s', arm, '--env', 'OWN', flag, 'service.env', '--', 'tool'],
        [armToken, graphToken],
        { files: { 'service.env': '# tokens\nAUTH="Bearer ${token:ci}"\nPLAIN=1\n' } },
      )
      expect(ran?.variables).toEqual({
        OWN: 'arm.token.itself',
        AUTH: 'Bearer graph.token.itself',
        PLAIN: '1',
      })
    },
  )

  it.each<[readonly string[], string]>([
    [[], "missing required argument 'command'"],
    [['-p', 'api', '--env', 'A=ci', '--', 'tool'], 'no variable holds the token that --profile names'],
    [['-s', arm, '--env', 'A=ci', '--', 'tool'], 'no variable holds the token that --scope names'],
    [['-s', '', '--', 'tool'], '--scope is empty'],
    [['--env', 'A=ci', '--env', 'A', '--', 'tool'], 'the variable A is named twice'],
    [['--serve', '--env', 'A', '--', 'tool'], '--serve and --env contradict each other'],
    [['--serve', '--env-file', 'a', '--', 'tool'], '--serve and --template contradict each other'],
    [['--template', 'a', '--env-file', 'b', '--', 'tool'], '--template and --env-file contradict each other'],
    [['--template', '', '--', 'tool'], '--template is empty'],
  ])('refuses %j', async (words, fact) => {
    const { code, ran, host } = await execute(words, [])
    expect({ code, ran, stdout: host.stdout() }).toEqual({ code: 4, ran: undefined, stdout: '' })
    expect(host.stderr()).toContain(`error: ${fact}\n`)
  })

  it('runs nothing without its token', async () => {
    const { code, ran } = await execute(
      ['--env', 'GRAPH=ci', '--env', `ARM=ci:${arm}`, '--', 'tool'],
      [
        graphToken,
        { form: { scope: arm }, status: 401, answer: refusal('invalid_client', 7000222, 'Expired.') },
      ],
    )
    expect({ code, ran }).toEqual({ code: 2, ran: undefined })
  })

  it('asks nobody to sign in under --no-interaction', async () => {
    const { code, host, ran } = await execute(['-p', 'person', '--no-interaction', '--', 'tool'], [], {
      files: {
        [profilesPath]: JSON.stringify({ profiles: [{ ...recordOf(), name: 'person' }] }),
      },
    })
    expect({ code, ran, stdout: host.stdout() }).toEqual({ code: 7, ran: undefined, stdout: '' })
  })

  it('with --serve, gives no token but the place to get it', async () => {
    const tokenServer: TokenServer = {
      open: async () => ({ port: 4711, close: async () => {} }),
      containerAddress: async () => undefined,
    }
    const { ran } = await execute(['-p', 'ci', '--serve', '--', 'tool', '-x'], [graphToken], { tokenServer })
    expect(ran?.words).toEqual(['tool', '-x'])
    expect(ran?.variables['IDENTITY_ENDPOINT']).toContain('http://127.0.0.1:4711/')
    expect(JSON.stringify(ran)).not.toContain('graph.token.itself')
  })
})
