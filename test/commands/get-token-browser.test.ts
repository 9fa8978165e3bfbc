import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RedirectAnswer } from '../../src/core/ports.ts'
import { EntraAuthError } from '../../src/errors.ts'
import { listening } from '../support/listening.ts'
import type { MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { personAnswer, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }
const scope = 'https://graph.microsoft.com/User.Read'
const hers = personAnswer(anna, 'her-token', `${scope} openid profile`, 'r1')
const terminal = { stdin: undefined, stderrIsTerminal: true }

const code: RedirectAnswer = { kind: 'code', code: 'the-code' }

/** Runs a sign-in; `url` is what the browser was told to open, or what was printed instead. */
async function signIn(
  words: readonly string[],
  record: object = {},
  answer: RedirectAnswer | Error | undefined = code,
  options: MemoryHostOptions = {},
  form: Scene['form'] = {},
) {
  const listener = listening(answer)
  const browsed: string[] = []
  const script = scriptedAuthority(tenantId, [
    {
      form: {
        grant_type: 'authorization_code',
        client_id: clientId,
        client_secret: undefined,
        code: 'the-code',
        scope: `${scope} openid profile offline_access`,
        ...form,
      },
      answer: hers,
    },
  ])
  const host = hostWith([record], {
    http: script.http,
    now: new Date(),
    redirects: listener.redirects,
    openBrowser: (url) => browsed.push(url) > 0,
    ...terminal,
    ...options,
    env: { NO_COLOR: '1', ...options.env },
  })
  const exitCode = await runCommand(['get-token', ...words], host)
  const printed = /https:\/\/login\S+/.exec(host.stderr())?.[0]
  const url = new URL(browsed[0] ?? printed ?? 'https://nothing.example')
  return { exitCode, host, listener, browsed, url, script, stdout: host.stdout(), stderr: host.stderr() }
}

const errorPageNote =
  'If the page shows an error, press Ctrl-C and give its number to "entra-auth-cli explain".'

describe('a sign-in in a browser', () => {
  it('asks with PKCE and state, and gives the token for the code', async () => {
    const { exitCode, stdout, stderr, url, listener, script, browsed } = await signIn([])
    script.finish()
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'her-token\n' })
    expect(browsed).toHaveLength(1)
    expect(stderr).toContain('Opening browser for authentication...')
    expect(stderr).toContain(`\n${errorPageNote}\n✓`)
    expect(`${url.origin}${url.pathname}`).toBe(
      `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`,
    )
    const query = Object.fromEntries(url.searchParams)
    expect(query).toMatchObject({
      client_id: clientId,
      response_type: 'code',
      response_mode: 'form_post',
      redirect_uri: 'http://localhost:49152',
      code_challenge_method: 'S256',
      state: listener.opened[0]?.state,
    })
    expect(query['state']).toMatch(/^[\w-]{32}$/)
    const verifier = script.posted[0]?.get('code_verifier') ?? ''
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(query['code_challenge'])
    expect(script.posted[0]?.get('redirect_uri')).toBe('http://localhost:49152')
    expect(listener.closed()).toBe(true)
  })

  it('never uses a state or a challenge twice', async () => {
    const [one, other] = [await signIn([]), await signIn([])]
    for (const field of ['state', 'code_challenge'])
      expect(one.url.searchParams.get(field)).not.toBe(other.url.searchParams.get(field))
  })

  it('passes on whom and how to ask', async () => {
    const words = [
      '--login-hint',
      'anna@contoso.com',
      '--prompt',
      'login',
      '--claims',
      '{"access_token":{"a":null}}',
    ]
    const { url } = await signIn(words, {}, code, {}, { claims: /"a":null/ })
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      login_hint: 'anna@contoso.com',
      prompt: 'login',
      claims: expect.stringContaining('"a":null') as string,
    })
  })

  it.each([
    ['not again while the token is good', [], 0],
    ['anew under --prompt login, although somebody is signed in', ['--prompt', 'login'], 1],
    ['not under --prompt none', ['--prompt', 'none'], 0],
  ])('is asked for %s', async (_how, words, times) => {
    const env = { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) }
    const { host } = await signIn([], {}, code, { env })
    const again = await signIn(words, {}, code, { env, files: Object.fromEntries(host.fileMap) })
    expect(again.stdout).toBe('her-token\n')
    expect(again.browsed).toHaveLength(times)
  })

  it('of another tenant for this call goes there', async () => {
    const other = '33333333-3333-4333-8333-333333333333'
    const { url } = await signIn(['--tenant', other])
    expect(url.pathname.split('/')[1]).toBe(other)
  })

  it.each([[['--no-browser']], [['--show-url']]])('prints the address instead under %j', async (words) => {
    const { exitCode, stdout, stderr, browsed } = await signIn(words, {}, code, { stdin: '' })
    expect({ exitCode, stdout, browsed }).toEqual({ exitCode: 0, stdout: 'her-token\n', browsed: [] })
    expect(stderr).toMatch(/open this address in a browser on this machine:\n {2}https:\/\/login/)
  })

  it('prints the address where the browser does not start', async () => {
    const failing = { openBrowser: () => false, stdin: '' }
    const { stderr, stdout } = await signIn(['-q'], {}, code, failing)
    expect(stdout).toBe('her-token\n')
    expect(stderr).toContain('https://login.microsoftonline.com/')
  })

  it('is silent with a browser under --silent', async () => {
    expect(await signIn(['--silent'])).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('the loopback redirect', () => {
  it.each<[string, readonly string[], object, readonly number[], string, string]>([
    ['is any free port', [], {}, [0], '/', 'http://localhost:49152'],
    ['is the given port', ['--port', '8400'], {}, [8400], '/', 'http://localhost:8400'],
    [
      'is the first of a range',
      ['--port-range', '8400-8402'],
      {},
      [8400, 8401, 8402],
      '/',
      'http://localhost:8400',
    ],
    ["is the profile's", [], { redirectUri: 'http://localhost:8080' }, [8080], '/', 'http://localhost:8080'],
    [
      "is the call's before the profile's",
      ['--redirect-uri', 'http://localhost:9090'],
      { redirectUri: 'http://localhost:8080' },
      [9090],
      '/',
      'http://localhost:9090',
    ],
    [
      "keeps the profile's path, with the call's port",
      ['--port', '8400'],
      { redirectUri: 'http://localhost/callback' },
      [8400],
      '/callback',
      'http://localhost:8400/callback',
    ],
    [
      'may be an address',
      ['--redirect-uri', 'http://127.0.0.1/cb'],
      {},
      [0],
      '/cb',
      'http://127.0.0.1:49152/cb',
    ],
    [
      "takes the call's port before the profile's",
      ['--port', '8400'],
      { redirectUri: 'http://localhost:8080' },
      [8400],
      '/',
      'http://localhost:8400',
    ],
  ])('%s', async (_what, words, record, ports, path, uri) => {
    const { exitCode, listener, url } = await signIn(words, record)
    expect(exitCode).toBe(0)
    expect(listener.opened[0]).toMatchObject({ ports, path })
    expect(url.searchParams.get('redirect_uri')).toBe(uri)
  })

  it.each(['https://localhost', 'http://contoso.com', 'http://localhost.contoso.com', 'urn:x'])(
    'never leads elsewhere: %s',
    async (uri) => {
      const { exitCode, stdout, listener } = await signIn(['--redirect-uri', uri])
      expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
      expect(listener.opened).toEqual([])
    },
  )
})

describe('a sign-in that fails', () => {
  it.each<[number, string, RedirectAnswer | Error]>([
    [
      2,
      'the sign-in was declined (access_denied)',
      { kind: 'error', error: 'access_denied', description: '' },
    ],
    [
      2,
      'the user declined to consent (AADSTS65004)',
      { kind: 'error', error: 'access_denied', description: 'AADSTS65004: no' },
    ],
    [130, 'interrupted', new EntraAuthError('interrupted', 'interrupted')],
  ])('ends with %i: %s, and leaves no listener behind', async (exitCode, fact, answer) => {
    const outcome = await signIn([], {}, answer)
    expect(outcome).toMatchObject({ exitCode, stdout: '' })
    expect(outcome.stderr).toContain(fact)
    expect(outcome.listener.closed()).toBe(true)
  })
})

describe('where no browser can be opened', () => {
  const obstacle = { browserObstacle: 'no display', stdin: '' }

  it('a flow that somebody chose is kept, and the address printed', async () => {
    const { exitCode, stderr } = await signIn(['-f', 'interactive'], {}, code, obstacle)
    expect(exitCode).toBe(0)
    expect(stderr).toContain('https://login.microsoftonline.com/')
  })

  it('a device code is used where nobody chose and nobody can paste', async () => {
    const { host, stderr, script } = await signIn([], {}, code, obstacle)
    expect(stderr).toContain('No browser can be opened here (no display): using a device code.')
    expect(script.complaints[0]).toContain('/devicecode')
    expect(host.stdout()).toBe('')
  })
})

describe('the authorization code flow of an app with a secret', () => {
  it('proves the app too', async () => {
    const record = { authMethod: 'ClientSecret', defaultFlow: 'AuthorizationCode' }
    const env = { AZURE_CLIENT_SECRET: 's3cret~value' }
    const { exitCode, stdout, script } = await signIn(
      [],
      record,
      code,
      { env },
      { client_secret: 's3cret~value' },
    )
    script.finish()
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'her-token\n' })
  })
})
