import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Environment, ProgramRunner, TokenServer } from '../../src/core/ports.ts'
import { EntraAuthError } from '../../src/errors.ts'
import { openTokenServer } from '../../src/platform/token-server.ts'
import type { MemoryHost, MemoryHostOptions } from '../support/memory-host.ts'
import { daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import {
  appAnswer,
  personAnswer,
  refusal,
  scriptedAuthority,
  type Scene,
} from '../support/scripted-authority.ts'

const graph = 'https://graph.microsoft.com/.default'
const vault = 'https://vault.azure.net'
const env = { AZURE_CLIENT_SECRET: 'the-client-secret' }
const me = { platform: process.platform, userId: process.getuid?.() }

const graphToken: Scene = { form: { scope: graph }, answer: appAnswer('graph.token.itself') }
const vaultToken: Scene = { form: { scope: `${vault}/.default` }, answer: appAnswer('vault.token.itself') }

const tokenServer: TokenServer = {
  open: (options) => openTokenServer(options, me),
  containerAddress: async () => undefined,
}

interface Story {
  readonly host: MemoryHost
  readonly code: number
}

/** Runs `serve` with a program that is a function of the test. */
async function serving(
  flags: readonly string[],
  scenes: readonly Scene[],
  program: (variables: Environment, host: MemoryHost) => Promise<number | void>,
  options: MemoryHostOptions & { readonly records?: readonly object[] } = {},
): Promise<Story> {
  const authority = scriptedAuthority(tenantId, scenes)
  const programs: ProgramRunner = {
    run: async (_words, variables) => (await program(variables, host)) ?? 0,
  }
  const host: MemoryHost = hostWith(options.records ?? [daemon], {
    env,
    now: new Date(),
    http: authority.http,
    tokenServer,
    programs,
    ...options,
  })
  const code = await runCommand(['serve', ...flags, '--', 'program', '--its-flag'], host)
  authority.finish()
  return { host, code }
}

const identity = (variables: Environment, resource: string) =>
  fetch(`${variables['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=${resource}`, {
    headers: { 'X-IDENTITY-HEADER': variables['IDENTITY_HEADER'] ?? '' },
  })

const graphOf = (variables: Environment) => identity(variables, 'https://graph.microsoft.com')

describe('serve with a program', () => {
  it('gives it tokens, ends with its exit code and says nothing', async () => {
    const statuses: number[] = []
    let endpoint = ''
    const { host, code } = await serving([], [graphToken], async (variables) => {
      endpoint = variables['IDENTITY_ENDPOINT'] ?? ''
      const answer = await graphOf(variables)
      statuses.push(answer.status)
      expect(await answer.json()).toMatchObject({ access_token: 'graph.token.itself' })
      return 7
    })
    expect({ code, statuses, stdout: host.stdout(), stderr: host.stderr() }).toEqual({
      code: 7,
      statuses: [200],
      stdout: '',
      stderr: '',
    })
    await expect(fetch(endpoint)).rejects.toThrow('fetch failed')
  })

  it('asks Entra once for a thousand who ask at one time', async () => {
    const { code } = await serving(
      ['--allow-audience', vault],
      [graphToken, vaultToken],
      async (variables) => {
        const answers = await Promise.all(Array.from({ length: 1000 }, () => identity(variables, vault)))
        const texts = await Promise.all(answers.map((answer) => answer.text()))
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
        expect(new Set(texts).size).toBe(1)
        expect(texts[0]).toContain('vault.token.itself')
      },
    )
    expect(code).toBe(0)
  })

  it('serves several profiles, and each API by the one that asks for it', async () => {
    const arm = { ...daemon, name: 'arm', scopes: ['https://management.azure.com/.default'] }
    const armToken = { form: { scope: arm.scopes[0] }, answer: appAnswer('arm.token.itself') }
    await serving(
      ['-p', 'ci', '-p', 'arm', '-p', 'CI'],
      [graphToken, armToken],
      async (variables) => {
        const answer = await identity(variables, 'https://management.azure.com')
        expect(await answer.json()).toMatchObject({ access_token: 'arm.token.itself' })
      },
      { records: [daemon, arm] },
    )
  })

  it('answers and logs what Entra refuses, with neither secret nor token, and asks nobody', async () => {
    const wrong: Scene = {
      ...vaultToken,
      status: 400,
      answer: refusal('invalid_resource', 500011, 'The resource was not found.'),
    }
    let secret = ''
    const { host } = await serving(
      ['-v', '--allow-audience', vault],
      [graphToken, wrong],
      async (variables) => {
        secret = variables['IDENTITY_HEADER'] ?? ''
        const answer = await identity(variables, vault)
        expect(answer.status).toBe(400)
        expect(await answer.text()).toContain('AADSTS500011')
        expect((await graphOf(variables)).status).toBe(200)
      },
    )
    expect(host.stderr()).toContain('warning: ci: ')
    expect(host.stderr()).toContain(
      'ci: token for https://graph.microsoft.com/.default to "node" (App Service)',
    )
    for (const hidden of [secret, 'graph.token.itself', 'the-client-secret']) {
      expect(host.stderr()).not.toContain(hidden)
    }
  })

  it('tells what it refused', async () => {
    const { host } = await serving([], [graphToken], async (variables) => {
      expect((await identity(variables, vault)).status).toBe(403)
      expect((await fetch(variables['IDENTITY_ENDPOINT'] ?? '')).status).toBe(401)
    })
    expect(host.stderr()).toBe(
      `warning: refused "node": tokens for ${vault} are not served; start serve with --allow-audience ${vault}\n` +
        'warning: refused "node": the secret is missing or wrong\n',
    )
  })

  it('does not run it where the profile gets no token', async () => {
    const refused: Scene = {
      form: { scope: graph },
      status: 401,
      answer: refusal('invalid_client', 7000215, 'Invalid client secret provided.'),
    }
    const { host, code } = await serving([], [refused], async () => {
      throw new Error('it ran')
    })
    expect(code).toBe(2)
    expect(host.stderr()).toContain('AADSTS7000215')
  })
})

describe('serve for a person', () => {
  const work = { scopes: ['https://graph.microsoft.com/User.Read'] }

  it('runs nothing where nobody is signed in and nobody can be asked', async () => {
    const { host, code } = await serving([], [], async () => {}, { records: [work] })
    expect(code).toBe(7)
    expect(host.stdout()).toBe('')
    expect(host.stderr()).toContain('somebody must sign in for "work"')
  })

  it('lets a person sign in before it listens, and asks nobody afterwards', async () => {
    const alice = {
      objectId: '77777777-7777-4777-8777-777777777777',
      tenantId,
      username: 'alice@contoso.com',
    }
    const scope = 'https://graph.microsoft.com/User.Read'
    const scenes: Scene[] = [
      {
        endpoint: 'devicecode',
        form: {},
        answer: {
          user_code: 'ABCD1234',
          device_code: 'device',
          verification_uri: 'https://microsoft.com/devicelogin',
          expires_in: 900,
          interval: 0,
          message: '',
        },
      },
      {
        form: { grant_type: 'device_code' },
        answer: personAnswer(alice, 'alice.token.itself', scope, 'refresh'),
      },
      {
        form: { grant_type: 'refresh_token' },
        status: 400,
        answer: refusal('invalid_grant', 65001, 'The user has not consented.', {
          suberror: 'consent_required',
        }),
      },
    ]
    const { code } = await serving(
      ['--allow-audience', vault],
      scenes,
      async (variables) => {
        const graphAnswer = await graphOf(variables)
        expect(await graphAnswer.json()).toMatchObject({ access_token: 'alice.token.itself' })
        const azd = await fetch(`${variables['AZD_AUTH_ENDPOINT']}/token?api-version=2023-07-12-preview`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${variables['AZD_AUTH_KEY']}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ scopes: [`${vault}/.default`] }),
        })
        expect(azd.status).toBe(200)
        expect(await azd.json()).toMatchObject({
          status: 'error',
          code: 'NotSignedInError',
          message: expect.stringContaining('and serve asks nobody once it runs'),
        })
      },
      {
        records: [{ ...work, defaultFlow: 'DeviceCode' }],
        env: { ENTRA_AUTH_CLI_INTERACTIVE: '1' },
      },
    )
    expect(code).toBe(0)
  })
})

describe('serve without a program', () => {
  /** Runs it until it has said where it is, looks around, and stops it. */
  async function until(flags: readonly string[], look: (host: MemoryHost) => Promise<void> = async () => {}) {
    const authority = scriptedAuthority(tenantId, [graphToken])
    const stop = new AbortController()
    let opened: (() => void) | undefined
    const isOpen = new Promise<void>((resolve) => (opened = resolve))
    const host = hostWith([daemon], {
      env,
      now: new Date(),
      http: authority.http,
      tokenServer: {
        ...tokenServer,
        open: async (options) => {
          const server = await tokenServer.open(options)
          setImmediate(() => opened?.())
          return server
        },
      },
      files: { 'mine.env': 'PASSWORD=hunter2\n', 'empty.env': '' },
    })
    const ended = runCommand(['serve', ...flags], host, stop.signal)
    await Promise.race([isOpen, ended])
    await look(host)
    stop.abort(new EntraAuthError('interrupted', 'interrupted'))
    return { host, code: await ended }
  }

  it('prints the variables as lines of a shell, and ends with 0 when it is told to stop', async () => {
    const { host, code } = await until([])
    const lines = host.stdout().trimEnd().split('\n')
    expect(code).toBe(0)
    expect(lines.map((line) => line.replace(/='.*'$/, ''))).toEqual([
      'export IDENTITY_ENDPOINT',
      'export IDENTITY_HEADER',
      'export AZURE_TOKEN_CREDENTIALS',
      'export AZD_AUTH_ENDPOINT',
      'export AZD_AUTH_KEY',
      'export ENTRA_AUTH_CLI_TOKEN_URL',
      'export ENTRA_AUTH_CLI_TOKEN_SECRET',
    ])
    expect(host.stderr()).toMatch(/^Serving tokens of "ci" at http:\/\/127\.0\.0\.1:\d+ until Ctrl-C\.\n$/)
  })

  it('serves a profile that is named twice once', async () => {
    const { host } = await until(['-p', 'ci', '-p', 'CI'])
    expect(host.stderr()).toContain('Serving tokens of "ci" at ')
  })

  it('prints them in another form, and nothing for people where that was asked for', async () => {
    const { host } = await until(['-o', 'json', '--quiet'])
    expect(JSON.parse(host.stdout())).toMatchObject({ AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' })
    expect(host.stderr()).toBe('')
  })

  it.each(['serve.env', 'empty.env'])('keeps them in %s for as long as it runs', async (file) => {
    const { host } = await until(['--file', file], async ({ fileMap }) => {
      expect(fileMap.get(file)?.toString()).toMatch(
        /^IDENTITY_ENDPOINT=http:\/\/127\.0\.0\.1:\d+\/msi\/token\n/,
      )
    })
    expect(host.fileMap.has(file)).toBe(false)
    expect(host.stdout()).toBe('')
  })

  it('leaves a file that is somebody else', async () => {
    const { host, code } = await until(['--file', 'mine.env'])
    expect(code).toBe(1)
    expect(host.stderr()).toContain('error: "mine.env" is there already, and holds something else')
    expect(host.fileMap.get('mine.env')?.toString()).toBe('PASSWORD=hunter2\n')
  })

  it.each([
    [['--imds'], 'the secret is a part of the address in AZURE_POD_IDENTITY_AUTHORITY_HOST'],
    [['--any-audience'], 'whoever has the secret gets tokens for every API'],
    [['--container'], 'whoever of them has the secret gets tokens'],
  ])('warns of %j', async (flags, warning) => {
    const { host } = await until(flags)
    expect(host.stderr()).toContain('warning: ')
    expect(host.stderr()).toContain(warning)
  })

  it('answers containers by the name that they know this machine by, and strangers by none', async () => {
    await until(['--container', '-o', 'json'], async (host) => {
      const variables = JSON.parse(host.stdout()) as Record<string, string>
      expect(variables['IDENTITY_ENDPOINT']).toMatch(/^http:\/\/host\.docker\.internal:\d+\/msi\/token$/)
      const { port } = new URL(variables['IDENTITY_ENDPOINT'] ?? '')
      const secret = variables['IDENTITY_HEADER'] ?? ''
      expect(await statusFor(`host.docker.internal:${port}`, port, secret)).toBe(200)
      expect(await statusFor(`host.containers.internal:${port}`, port, secret)).toBe(200)
      expect(await statusFor(`evil.example:${port}`, port, secret)).toBe(403)
    })
  })

  // All of 127.0.0.0/8 is this machine there: one of its addresses stands for a bridge.
  it.runIf(process.platform === 'linux')('listens on the address of a bridge too', async () => {
    await until(['--container', '127.0.0.77', '-o', 'json'], async (host) => {
      const variables = JSON.parse(host.stdout()) as Record<string, string>
      const { port } = new URL(variables['IDENTITY_ENDPOINT'] ?? '')
      const secret = variables['IDENTITY_HEADER'] ?? ''
      expect(await statusFor(`127.0.0.77:${port}`, port, secret, '127.0.0.77')).toBe(200)
      expect(await statusFor(`127.0.0.78:${port}`, port, secret, '127.0.0.77')).toBe(403)
      expect(host.stderr()).toContain('warning: whatever reaches 127.0.0.77 can reach this address')
    })
  })
})

function statusFor(
  host: string,
  port: string,
  secret: string,
  address = '127.0.0.1',
): Promise<number | undefined> {
  const path = '/msi/token?api-version=2019-08-01&resource=https://graph.microsoft.com'
  const headers = { host, 'x-identity-header': secret }
  return new Promise((resolve, reject) => {
    request({ host: address, port, path, headers, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('serve refuses before it asks Entra for anything', () => {
  it.each([
    [
      ['--any-audience', '--allow-audience', vault],
      '--any-audience and --allow-audience contradict each other',
    ],
    [['--allow-audience', vault, '--allow-audience', ''], '--allow-audience is empty'],
    [['--allow-scope', ' '], '--allow-scope is empty'],
    [['-o', 'json', '--', 'program'], '-o and a command contradict each other'],
    [['--container', '0.0.0.0'], 'on 0.0.0.0 every machine of the network could ask for tokens'],
    [['--container', '::'], '"::" is no IPv4 address of this machine'],
    [['--container', '172.17.0'], '"172.17.0" is no IPv4 address of this machine'],
    [['--port', '0'], "option '--port <port>' argument '0' is invalid. It must be a port from 1 to 65535"],
    [['-p', 'api'], 'profile "api" cannot be served'],
  ])('%j', async (flags, fact) => {
    const api = { ...daemon, name: 'api', defaultFlow: 'OnBehalfOf' }
    const records = flags.includes('api') ? [daemon, api] : [daemon]
    const host = hostWith(records, { env, tokenServer })
    expect(await runCommand(['serve', ...flags], host)).toBe(4)
    expect(host.stderr()).toContain(`error: ${fact}`)
    expect(host.stdout()).toBe('')
  })
})
