/** Tokens as the sandbox makes them, judged over HTTPS by the keys it publishes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SignJWT } from 'jose/jwt/sign'
import { contosoId, fabrikamId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import type { HttpRequest } from '../../src/core/ports.ts'
import { createHttpClient } from '../../src/platform/http.ts'
import type { ValidationSummary } from '../../src/ui/validation-report.ts'
import { memoryHost, type MemoryHost } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'
import { ecKey, rsaKey, signed, type TestKey } from '../support/signing.ts'
import { StillClock } from '../unit/platform/still-clock.ts'
import { ask, askJson, post, startTestSandbox, testNow } from './identity/support.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.clearFaults())

/** An app-only token of the daemon, of version 2.0 or 1.0 as the API has it. */
async function tokenFor(scope: string): Promise<string> {
  const answer = await post(sandbox, `/${contosoId}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    client_id: seedApps.daemonWithSecret,
    client_secret: seedSecrets.daemonWithSecret,
    scope,
  })
  return String(askJson(answer)['access_token'])
}
const v2Token = () => tokenFor('api://contoso-api/.default')
const v1Token = () => tokenFor('https://api.contoso.com/.default')

/** A token of Bob's, and his ID token. */
async function signIn(): Promise<{ readonly accessToken: string; readonly idToken: string }> {
  const endpoint = `/${contosoId}/oauth2/v2.0`
  const scope = 'openid profile User.Read'
  const started = askJson(
    await post(sandbox, `${endpoint}/devicecode`, { client_id: seedApps.desktop, scope }),
  )
  sandbox.control.approveDeviceCode(String(started['user_code']), 'bob@contoso.com')
  const answer = askJson(
    await post(sandbox, `${endpoint}/token`, {
      client_id: seedApps.desktop,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: String(started['device_code']),
    }),
  )
  return { accessToken: String(answer['access_token']), idToken: String(answer['id_token']) }
}

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function hostOfTheSandbox(now = testNow): MemoryHost & { readonly sent: HttpRequest[] } {
  const client = createHttpClient({ env: {}, clock: new StillClock() })
  const sent: HttpRequest[] = []
  const http = (request: HttpRequest) => {
    sent.push(request)
    return client.send(request)
  }
  return Object.assign(memoryHost({ stdin: '', now, http }), { sent })
}

async function validate(words: readonly string[], host: MemoryHost = hostOfTheSandbox()): Promise<Outcome> {
  const written = { stdout: host.stdout().length, stderr: host.stderr().length }
  const trust = ['--authority', sandbox.origin, '--ca-file', sandbox.caFile]
  const code = await runCommand(['validate', ...words, ...trust, '-o', 'json'], host)
  return { code, stdout: host.stdout().slice(written.stdout), stderr: host.stderr().slice(written.stderr) }
}

function failuresIn({ stdout }: Outcome): readonly string[] {
  const { checks } = JSON.parse(stdout) as ValidationSummary
  return checks.filter(({ status }) => status === 'failed').map(({ name }) => name)
}

function reasonOf(name: string, { stdout }: Outcome): string | undefined {
  return (JSON.parse(stdout) as ValidationSummary).checks.find((check) => check.name === name)?.reason
}

/** The published key that signs now, and claims as the sandbox gives them. */
async function stolen(
  token: string,
): Promise<{ header: Record<string, unknown>; payload: Record<string, unknown> }> {
  const [header = '', payload = ''] = token.split('.')
  const part = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  return { header: part(header), payload: part(payload) }
}

describe("the sandbox's tokens are valid", () => {
  it.each<[string, () => Promise<string>, readonly string[]]>([
    [
      'v2.0',
      v2Token,
      [
        '--audience',
        'api://ab100000-0000-4000-a000-000000000008',
        '--token-version',
        '2.0',
        '--role',
        'Tasks.Run',
      ],
    ],
    [
      'v2.0, by the id of the API',
      v2Token,
      ['--audience', seedApps.contosoApi, '--app-only', '--client-auth', 'secret'],
    ],
    [
      'v1.0',
      v1Token,
      ['--audience', 'https://api.contoso.com', '--token-version', '1.0', '--app', seedApps.daemonWithSecret],
    ],
    ['by tenant', v2Token, ['--tenant', contosoId]],
    ['by domain', v2Token, ['--tenant', 'contoso.com']],
    ['of an ID token', async () => (await signIn()).idToken, ['--id-token', '--audience', seedApps.desktop]],
  ])('%s', async (_what, token, words) => {
    expect(await validate([await token(), ...words])).toMatchObject({ code: 0, stderr: '' })
  })

  it('but for Graph, whose tokens nobody else can verify', async () => {
    const host = hostOfTheSandbox()
    const { accessToken } = await signIn()
    const outcome = await validate([accessToken, '--scope', 'User.Read', '--delegated'], host)
    expect(outcome.code).toBe(9)
    expect(JSON.parse(outcome.stdout)).toMatchObject({ valid: false, verdict: 'unverifiable' })
    expect(host.sent).toEqual([])
    expect(failuresIn(await validate([accessToken, '--scope', 'Mail.Send'], host))).toEqual(['scope'])
  })

  it.each([
    ['common', 0],
    ['organizations', 0],
    [contosoId, 0],
    ['contoso.com', 0],
    [fabrikamId, 1],
    ['consumers', 1],
  ])('where the authority is %s: %i', async (tenant, code) => {
    for (const token of [await v1Token(), await v2Token()]) {
      const words = [
        'validate',
        token,
        '--authority',
        `${sandbox.origin}/${tenant}`,
        '--ca-file',
        sandbox.caFile,
      ]
      expect(await runCommand(words, hostOfTheSandbox())).toBe(code)
    }
  })
})

describe('what the sandbox did not make is not', () => {
  const forged: readonly (readonly [string, (token: string) => Promise<string>, readonly string[]])[] = [
    [
      'other claims under its signature',
      async (token) => {
        const { payload } = await stolen(token)
        const parts = token.split('.')
        return parts
          .with(1, Buffer.from(JSON.stringify({ ...payload, roles: ['Admin'] })).toString('base64url'))
          .join('.')
      },
      ['signature'],
    ],
    ['its key name with another key', (token) => withKey(token, rsaKey('x'), {}), ['signature']],
    [
      'its key name with another algorithm',
      (token) => withKey(token, ecKey('x'), { alg: 'ES256' }),
      ['signature'],
    ],
    ['an unknown key', (token) => withKey(token, rsaKey('x'), { kid: 'unknown' }), ['signature']],
    [
      'no signature at all',
      (token) => withKey(token, rsaKey('x'), { alg: 'none' }),
      ['algorithm', 'signature'],
    ],
    ['a shared secret', (token) => withKey(token, rsaKey('x'), { alg: 'HS256' }), ['algorithm', 'signature']],
  ]

  async function withKey(token: string, key: TestKey, header: object): Promise<string> {
    const { header: had, payload } = await stolen(token)
    return signed(payload, { ...had, ...header }, key)
  }

  describe.each([
    ['v1.0', v1Token],
    ['v2.0', v2Token],
  ])('%s', (_version, tokenOf) => {
    it.each(forged)('%s', async (_what, forge, names) => {
      const outcome = await validate([await forge(await tokenOf())])
      expect(outcome.code).toBe(1)
      expect(failuresIn(outcome)).toEqual(names)
    })

    it('another tenant', async () => {
      expect(failuresIn(await validate([await tokenOf(), '--tenant', fabrikamId]))).toEqual(['tenant'])
      expect(failuresIn(await validate([await tokenOf(), '--tenant', 'fabrikam.com']))).toEqual(['tenant'])
    })
  })
})

describe('issuers and tenants that do not agree', () => {
  /** Made with the sandbox's own key, which its assertions are signed with, for no tenant of its own. */
  it('an issuer of another sandbox address', async () => {
    const assertion = await sandbox.control.mintAssertion({ audience: 'x' })
    const host = hostOfTheSandbox()
    const outcome = await validate([assertion], host)
    expect(outcome.code).toBe(1)
    expect(reasonOf('issuer', outcome)).toContain('names no tenant of')
    expect(host.sent).toEqual([])
  })

  it('an assertion of the cluster, by its own issuer', async () => {
    const assertion = await sandbox.control.mintAssertion({ audience: 'api://x' })
    const words = [
      'validate',
      assertion,
      '--issuer',
      `${sandbox.origin}/workload`,
      '--ca-file',
      sandbox.caFile,
    ]
    expect(await runCommand([...words, '--audience', 'api://x'], hostOfTheSandbox())).toBe(0)
    expect(await runCommand([...words, '--audience', 'api://y'], hostOfTheSandbox())).toBe(1)
  })

  it('a tenant that does not exist', async () => {
    const { header, payload } = await stolen(await v2Token())
    const nobody = '00000000-0000-4000-a000-00000000dead'
    const token = signed(
      { ...payload, tid: nobody, iss: `${sandbox.origin}/${nobody}/v2.0` },
      header,
      rsaKey('x'),
    )
    const outcome = await validate([token])
    expect(outcome.code).toBe(1)
    expect(reasonOf('issuer', outcome)).toContain(`knows no tenant as in "/${nobody}/v2.0/`)
  })

  it('a token that names a foreign issuer asks nobody', async () => {
    const host = memoryHost({ stdin: '' })
    const { header, payload } = await stolen(await v2Token())
    const token = await new SignJWT({ ...payload, iss: 'https://attacker.example/v2.0' })
      .setProtectedHeader({ ...header, alg: 'RS256', jku: 'https://attacker.example/keys' })
      .sign(rsaKey('x').privateKey)
    expect(await runCommand(['validate', token, '--json'], host)).toBe(1)
  })
})

describe('keys that say whose tokens they sign', () => {
  /** The key document of an endpoint, in a file: then its keys alone are judged by, and no issuer comes with them. */
  async function keysOf(path: string): Promise<MemoryHost> {
    const host = memoryHost({ stdin: '', now: testNow })
    host.fileMap.set('keys.json', Buffer.from((await ask(sandbox, path)).body))
    return host
  }

  it.each([
    ['its tenant', `/${contosoId}/discovery/v2.0/keys`, []],
    ['every tenant', '/common/discovery/v2.0/keys', []],
    ['nobody, in version 1.0', `/${contosoId}/discovery/keys`, []],
    ['another tenant', `/${fabrikamId}/discovery/v2.0/keys`, ['signature']],
    ['personal accounts', '/consumers/discovery/v2.0/keys', ['signature']],
  ])('%s', async (_whose, path, names) => {
    for (const token of [await v1Token(), await v2Token()]) {
      const outcome = await validate([token, '--jwks', 'keys.json'], await keysOf(path))
      expect(failuresIn(outcome)).toEqual(names)
    }
  })
})

describe('when the key is replaced', () => {
  it('a token of the new key is valid at once, for it was published before; one of the next after a minute', async () => {
    const host = hostOfTheSandbox()
    expect((await validate([await v2Token()], host)).code).toBe(0)
    const fetched = host.sent.length
    await sandbox.control.rotateKeys()
    expect((await validate([await v2Token()], host)).code).toBe(0)
    expect(host.sent).toHaveLength(fetched)

    await sandbox.control.rotateKeys()
    const token = await v2Token()
    expect(failuresIn(await validate([token], host))).toEqual(['signature'])
    expect(host.sent).toHaveLength(fetched)
    host.setNow(new Date(testNow.getTime() + 60_000))
    expect((await validate([token], host)).code).toBe(0)
    expect(host.sent).toHaveLength(fetched + 2)
  })

  it('a token of the old key is valid until it is no longer published', async () => {
    const token = await v2Token()
    await sandbox.control.rotateKeys()
    expect((await validate([token])).code).toBe(0)
    await sandbox.control.rotateKeys()
    expect(failuresIn(await validate([token]))).toEqual(['signature'])
  })
})

describe('a network that fails says nothing about the token', () => {
  it.each<[string, () => void]>([
    ['the connection is cut', () => sandbox.control.addFault({ times: 20, effect: { kind: 'drop' } })],
    ['404', () => sandbox.control.addFault({ effect: { kind: 'status', status: 404 } })],
    [
      '404 for the keys alone',
      () =>
        sandbox.control.addFault({ path: '/discovery/v2.0/keys', effect: { kind: 'status', status: 404 } }),
    ],
  ])('%s', async (_what, fail) => {
    const token = await v2Token()
    fail()
    const outcome = await validate([token])
    expect(outcome).toMatchObject({ code: 5, stdout: '' })
    expect(outcome.stderr).toMatch(/^error: .+\nhint: .+\n$/)
  })

  it('a server whose certificate nobody vouches for', async () => {
    const words = ['validate', await v2Token(), '--authority', sandbox.origin]
    const host = hostOfTheSandbox()
    expect(await runCommand(words, host)).toBe(5)
    expect(host.stdout()).toBe('')
  })
})

describe('times at the edge', () => {
  it.each([
    [3600 + 299, 0],
    [3600 + 300, 1],
  ])('%i s after it was made: exit %i', async (seconds, code) => {
    const host = hostOfTheSandbox(new Date(testNow.getTime() + seconds * 1000))
    expect((await validate([await v2Token()], host)).code).toBe(code)
  })

  it.each([
    // The sandbox dates its tokens five minutes back, as Entra does.
    [-600, 0],
    [-601, 1],
  ])('%i s from when it was made: exit %i', async (seconds, code) => {
    const host = hostOfTheSandbox(new Date(testNow.getTime() + seconds * 1000))
    expect((await validate([await v2Token()], host)).code).toBe(code)
  })
})
