import { readFileSync, statSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose/jwt/decode'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runSandbox } from '../../../sandbox/main.ts'
import { contosoId, seedApps, seedSecrets } from '../../../sandbox/seed.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { type Answer, ask, askJson, post, startTestSandbox, testNow } from './support.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startTestSandbox()
})
afterEach(() => sandbox.close())

const tokenPath = `/${contosoId}/oauth2/v2.0/token`

function getToken(): Promise<Answer> {
  return post(sandbox, tokenPath, {
    grant_type: 'client_credentials',
    client_id: seedApps.daemonWithSecret,
    client_secret: seedSecrets.daemonWithSecret,
    scope: 'api://contoso-api/.default',
  })
}

function control(action: string, fields: object, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(sandbox, `/sandbox/${action}`, {
    method: 'POST',
    headers: { 'x-sandbox-key': readFileSync(sandbox.controlKeyFile, 'utf8'), ...headers },
    body: JSON.stringify(fields),
  })
}

describe('faults', () => {
  it('answer 429 with Retry-After as often as asked, on the path asked', async () => {
    await control('faults', { path: '/oauth2/v2.0/token', status: 429, retryAfterSeconds: 2, times: 2 })
    expect((await ask(sandbox, `/${contosoId}/v2.0/.well-known/openid-configuration`)).status).toBe(200)
    for (const _count of [1, 2]) {
      const answer = await getToken()
      expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '2' } })
      expect(askJson(answer)).toMatchObject({ error: 'temporarily_unavailable', error_codes: [90055] })
    }
    expect((await getToken()).status).toBe(200)
  })

  it('answer 503, drop the connection, and delay', async () => {
    await control('faults', { path: '/token', status: 503 })
    await control('faults', { path: '/token', drop: true })
    await control('faults', { path: '/token', delayMilliseconds: 1 })
    expect((await getToken()).status).toBe(503)
    await expect(getToken()).rejects.toThrow('socket hang up')
    expect((await getToken()).status).toBe(200)
  })

  it('block a way to sign in, as a conditional access policy does, and no other', async () => {
    await control('faults', { grantType: 'device_code', times: 9, blocked: true })
    const poll = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: seedApps.desktop }
    const answer = await post(sandbox, tokenPath, { ...poll, device_code: 'any' })
    expect(answer.status).toBe(400)
    expect(askJson(answer)).toMatchObject({ error: 'invalid_grant', error_codes: [53003] })
    expect((await getToken()).status).toBe(200)
  })

  it('are forgotten when cleared', async () => {
    await control('faults', { status: 500, times: 9 })
    await control('faults/clear', {})
    expect((await getToken()).status).toBe(200)
  })
})

describe('the control interface', () => {
  it('sets the clock, in tokens and in the Date header', async () => {
    await control('clock', { offsetSeconds: 3600 })
    const answer = await getToken()
    expect(answer.headers.date).toBe('Sat, 31 Jan 2026 11:00:00 GMT')
    expect(decodeJwt(String(askJson(answer).access_token)).exp).toBe(testNow.getTime() / 1000 + 7200)
  })

  it('sets the life of access tokens; long ones say when to renew', async () => {
    await control('access-token-lifetime', { seconds: 86_400 })
    expect(askJson(await getToken())).toMatchObject({ expires_in: 86_399, refresh_in: 43_199 })
    await control('access-token-lifetime', { seconds: null })
    expect(askJson(await getToken())).not.toHaveProperty('refresh_in')
  })

  it('rotates keys: the next one signs, three are published', async () => {
    const keys = async (): Promise<string[]> => {
      const answer = askJson(await ask(sandbox, `/${contosoId}/discovery/keys`))
      return (answer.keys as { kid: string }[]).map(({ kid }) => kid)
    }
    const [first, next] = await keys()
    await control('keys/rotate', {})
    const after = await keys()
    expect(after[0]).toBe(next)
    expect(after).toHaveLength(3)
    expect(after).toContain(first)
  })

  it.each([
    ['without the key', { 'x-sandbox-key': 'guess' }, 401],
    ['from a web page', { origin: 'https://evil.example' }, 403],
  ])('refuses requests %s', async (_name, headers, status) => {
    expect((await control('clock', { offsetSeconds: 3600 }, headers)).status).toBe(status)
    expect((await getToken()).headers.date).toBe('Sat, 31 Jan 2026 10:00:00 GMT')
  })

  it.each([
    ['faults', { status: 200 }, '"status" must be a whole number from 400 to 599'],
    ['faults', { delayMilliseconds: -1 }, '"delayMilliseconds" must be a whole number from 0 to 600000'],
    ['faults', { delayMilliseconds: 2 ** 31 }, '"delayMilliseconds" must be a whole number from 0 to 600000'],
    [
      'faults',
      { status: 429, retryAfterSeconds: 0.5 },
      '"retryAfterSeconds" must be a whole number from 0 to 86400',
    ],
    ['clock', { offsetSeconds: 1e18 }, '"offsetSeconds" must be a whole number from -315360000 to 315360000'],
    ['refresh-tokens/revoke', { user: 'nobody' }, 'no user named "nobody"'],
    ['device-codes/approve', { userCode: 'NONE', user: 'bob@contoso.com' }, 'no pending device sign-in'],
    ['clock', {}, '"offsetSeconds" must be a whole number from -315360000 to 315360000'],
  ])('says what is wrong with %s', async (action, fields, message) => {
    const answer = await control(action, fields)
    expect(answer.status).toBe(400)
    expect(askJson(answer).error).toContain(message)
  })

  it('keeps its key, like every private key, from other users of the machine', () => {
    const files = [
      sandbox.controlKeyFile,
      sandbox.clientCertificate.keyFile,
      sandbox.caFile.replace('.pem', '.key'),
    ]
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
  })
})

describe('the listener', () => {
  it('counts requests without keeping a secret', async () => {
    const answer = await getToken()
    expect(sandbox.requests).toEqual([
      {
        method: 'POST',
        host: new URL(sandbox.origin).host,
        path: tokenPath,
        grantType: 'client_credentials',
        clientId: seedApps.daemonWithSecret,
        status: 200,
      },
    ])
    const listed = await ask(sandbox, '/sandbox/requests', {
      headers: { 'x-sandbox-key': readFileSync(sandbox.controlKeyFile, 'utf8') },
    })
    expect(listed.body).not.toContain(seedSecrets.daemonWithSecret)
    expect(listed.body).not.toContain(String(askJson(answer).access_token))
  })

  it('answers to its own names alone', async () => {
    const answer = await ask(sandbox, '/common/discovery/keys', { headers: { host: 'evil.example' } })
    expect(answer.status).toBe(421)
  })

  it('refuses a body of more than a mebibyte', async () => {
    const answer = await post(sandbox, tokenPath, { filler: 'x'.repeat(1024 * 1024) })
    expect(answer.status).toBe(413)
  })
})

describe('under Microsoft names', () => {
  it('issues what Microsoft would, and vouches for the public cloud', async () => {
    await sandbox.close()
    sandbox = await startTestSandbox({ hostNames: ['login.microsoftonline.com', 'graph.microsoft.com'] })
    const headers = { host: 'login.microsoftonline.com' }
    const query =
      'api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize'
    const instance = askJson(await ask(sandbox, `/common/discovery/instance?${query}`, { headers }))
    expect(instance).toMatchObject({
      tenant_discovery_endpoint:
        'https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration',
      metadata: [{ aliases: expect.arrayContaining(['login.microsoftonline.com', 'sts.windows.net']) }],
    })
    const answer = await post(
      sandbox,
      tokenPath,
      {
        grant_type: 'client_credentials',
        client_id: seedApps.daemonWithSecret,
        client_secret: seedSecrets.daemonWithSecret,
        scope: 'https://graph.microsoft.com/.default',
      },
      headers,
    )
    const accessToken = String(askJson(answer).access_token)
    expect(decodeJwt(accessToken)).toMatchObject({
      iss: `https://sts.windows.net/${contosoId}/`,
      idtyp: 'app',
    })
    const users = await ask(sandbox, '/v1.0/users', {
      headers: { host: 'graph.microsoft.com', authorization: `Bearer ${accessToken}` },
    })
    expect(users.status).toBe(200)
  })
})

describe('the sandbox command', () => {
  async function run(argv: readonly string[], onReady: (text: string) => void = () => undefined) {
    const said = { stdout: '', stderr: '' }
    const controller = new AbortController()
    const code = await runSandbox(argv, {
      stdout: (text) => {
        said.stdout += text
        onReady(text)
        controller.abort()
      },
      stderr: (text) => (said.stderr += text),
      signal: controller.signal,
      defaultFolder: mkdtempSync(join(tmpdir(), 'sandbox-main-')),
    })
    return { code, ...said }
  }

  it('says where it is, in one line of JSON for programs', async () => {
    const { code, stdout, stderr } = await run(['--port', '0', '--json'])
    expect(code).toBe(0)
    const summary = JSON.parse(stdout) as Record<string, unknown>
    expect(summary).toMatchObject({
      origin: `https://localhost:${String(summary.port)}`,
      tenantId: contosoId,
    })
    expect(stderr).toContain(`--ca-file '${String(summary.caFile)}'`)
    expect(stderr).toContain('bob@contoso.com')
  })

  it('is silent on stderr when asked to', async () => {
    expect(await run(['--port', '0', '--json', '-q'])).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    [() => ['--port', String(sandbox.port)], () => `error: port ${sandbox.port} is in use`],
    [() => ['--port', 'high'], () => 'error: "high" is not a port number'],
    [() => ['--nonsense'], () => "error: unknown option '--nonsense'"],
    [() => ['--host-name', 'a b'], () => 'error: "a b" is not a DNS name in lower case'],
  ])('ends with 4 and one fact for wrong arguments', async (argv, fact) => {
    const { code, stdout, stderr } = await run(argv())
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(fact())
    expect(stderr.split('\n')[1]).toMatch(/^hint: /)
  })
})
