import { resolve } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { cachedToken } from '../../src/commands/cached-token.ts'
import type { HttpResponse } from '../../src/core/ports.ts'
import { EntraAuthError } from '../../src/errors.ts'
import type { ValidationSummary } from '../../src/ui/validation-report.ts'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { profilesPath, recordOf } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { rsaKey, signed } from '../support/signing.ts'
import { now, v1Delegated, v2AppOnly, v2IdToken } from '../unit/jwt/tokens.ts'

vi.mock('../../src/commands/cached-token.ts', () => ({ cachedToken: vi.fn() }))
beforeEach(() => void vi.mocked(cachedToken).mockReset())

const key = rsaKey('key-1')
const header = { typ: 'JWT', alg: 'RS256', kid: 'key-1' }
const { tid, iss } = v2AppOnly
const token = signed(v2AppOnly, header, key)
const graphToken = signed(v1Delegated, { ...header, nonce: 'n' }, rsaKey('key-1'))
const metadata = `https://login.microsoftonline.com/${tid}/v2.0/.well-known/openid-configuration`
const jwksUri = `https://login.microsoftonline.com/${tid}/discovery/v2.0/keys`

const ok = (body: object): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) })
const entra: Readonly<Record<string, HttpResponse>> = {
  [metadata]: ok({ issuer: iss, jwks_uri: jwksUri }),
  [jwksUri]: ok({ keys: [key.published] }),
}
const online = (answers = entra): MemoryHostOptions => ({
  http: ({ url }) => {
    const answer = answers[url]
    if (answer === undefined) throw new EntraAuthError('network', `${new URL(url).host} cannot be found`)
    return answer
  },
})

// The memory host throws on any network use that a test does not allow.
async function validate(words: readonly string[], options: MemoryHostOptions = online()) {
  const host = memoryHost({ stdin: '', ...options })
  const code = await runCommand(['validate', ...words], host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

async function summaryOf(words: readonly string[], options?: MemoryHostOptions): Promise<ValidationSummary> {
  return JSON.parse((await validate([...words, '-o', 'json'], options)).stdout)
}

const failuresIn = ({ checks }: ValidationSummary) =>
  checks.filter(({ status }) => status === 'failed').map(({ name }) => name)

describe('validate', () => {
  it('tells a check a line, and the verdict', async () => {
    const { code, stdout, stderr } = await validate([
      token,
      '--audience',
      `api://${v2AppOnly.aud}`,
      '--role',
      'Orders.Read.All',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`✓ algorithm             RS256
✓ signature             made with the key "key-1" published by login.microsoftonline.com
✓ issuer                "${iss}"
- tenant                not asked for; it is "${tid}" (--tenant)
                        → anybody can have a tenant: an API that is not for all of them must check it
✓ expiry                ends 2026-01-31 10:45:00 UTC, in 45 minutes
✓ not before            begins 2026-01-31 09:45:00 UTC
✓ issued at             made 2026-01-31 09:45:00 UTC
✓ token type            an app-only access token
✓ audience              "${v2AppOnly.aud}"
- scope                 not asked for; it has none, but roles (--scope)
✓ role                  has "Orders.Read.All"
- app                   not asked for; it is "${v2AppOnly.azp}" (--app)
- identity type         not asked for; it stands for an app alone (--app-only or --delegated)
- version               not asked for; it is "2.0" (--token-version)
- client authentication not asked for; the client proved itself with a certificate or an assertion (--client-auth)

Valid.
`)
  })

  it('says what a failure means for an API', async () => {
    const { code, stdout, stderr } = await validate([token, '--audience', 'api://orders', '--app', 'x'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain(`✗ audience              "${v2AppOnly.aud}" is not "api://orders"
                        → it is meant for another API: `)
    expect(stdout).toMatch(/\n\nNot valid: audience, app\.\n$/)
  })

  it('tells it as JSON and YAML', async () => {
    const { code, stdout } = await validate([token, '--scope', 'Mail.Read', '-o', 'json'])
    const summary = JSON.parse(stdout)
    expect(code).toBe(1)
    expect(summary).toMatchObject({
      valid: false,
      verdict: 'invalid',
      token: {
        type: 'app-only access token',
        version: '2.0',
        algorithm: 'RS256',
        key_id: 'key-1',
        issuer: iss,
        tenant_id: tid,
        audience: v2AppOnly.aud,
        application_id: v2AppOnly.azp,
        scopes: [],
        roles: v2AppOnly.roles,
        expires_at: '2026-01-31T10:45:00Z',
        expires_in: 2700,
      },
    })
    expect(summary.checks.find(({ name }: { name: string }) => name === 'scope')).toEqual({
      name: 'scope',
      status: 'failed',
      reason: '"Mail.Read" is missing; it has none, but roles',
      meaning: 'the user did not permit that: answer 403',
    })
    expect(parseYaml((await validate([token, '--scope', 'Mail.Read', '-o', 'yaml'])).stdout)).toEqual(summary)
    expect((await validate([token, '--scope', 'Mail.Read', '--json'])).stdout).toBe(stdout)
  })

  it.each([
    ['valid', [token], 0],
    ['not valid', [token, '--delegated'], 1],
    ['for Graph alone to verify', [graphToken], 9],
    ['none', ['not-a-token'], 1],
    ['encrypted', ['a.b.c.d.e'], 1],
  ])('--quiet answers by exit code alone: %s', async (_what, words, code) => {
    expect(await validate([...words, '--quiet'])).toEqual({ code, stdout: '', stderr: '' })
  })

  it('--quiet still says why there is no answer', async () => {
    const { code, stdout, stderr } = await validate([token, '-q'], online({}))
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toContain('error: login.microsoftonline.com cannot be found')
  })

  it.each<[string, MemoryHostOptions, readonly string[]]>([
    ['a file', { files: { 'token.txt': `Bearer ${token}\r\n` } }, ['-f', 'token.txt']],
    ['a pipe', { stdin: `"${token}"\n` }, []],
    ['an answer in JSON', { stdin: JSON.stringify({ access_token: token }) }, ['-']],
    ['-t', {}, ['-t', token]],
  ])('takes a token from %s', async (_where, options, words) => {
    expect((await validate(words, { ...online(), ...options })).code).toBe(0)
  })

  it('expects what every flag says', async () => {
    const given = `--audience ${v2AppOnly.aud} --tenant ${tid} --app ${v2AppOnly.azp} --app-only --issuer ${iss}`
    const roles = '--role Orders.Read.All,Orders.Write.All --token-version 2.0 --client-auth certificate'
    const all = `${given} ${roles}`.split(' ')
    const summary = await summaryOf([token, ...all])
    expect(summary.valid).toBe(true)
    expect(summary.checks.filter(({ status }) => status !== 'passed').map(({ name }) => name)).toEqual([
      'scope',
    ])
  })

  it.each<[readonly string[], readonly string[]]>([
    [['--tenant', '00000000-0000-0000-0000-000000000001'], ['tenant']],
    [['--role', 'Orders.Read.All', '--role', 'Admin'], ['role']],
    [['--delegated'], ['identity_type']],
    [['--id-token'], ['token_type']],
    [['--token-version', '1.0'], ['version']],
    [['--client-auth', 'none'], ['client_authentication']],
    [
      ['--audience', 'x', '--scope', 'x', '--app', 'x'],
      ['audience', 'scope', 'app'],
    ],
  ])('%j: %j fail', async (words, names) => {
    expect(failuresIn(await summaryOf([token, ...words]))).toEqual(names)
  })

  it('measures times by --clock-skew', async () => {
    const late = signed({ ...v2AppOnly, exp: now - 90 }, header, key)
    expect(failuresIn(await summaryOf([late]))).toEqual([])
    expect(failuresIn(await summaryOf([late, '--clock-skew', '1m']))).toEqual(['expiry'])
    expect(failuresIn(await summaryOf([late, '--clock-skew', '0']))).toEqual(['expiry'])
  })
})

describe('what validate names', () => {
  it('an ID token, which no API may take', async () => {
    const idToken = signed(v2IdToken, header, key)
    const summary = await summaryOf([idToken])
    expect(failuresIn(summary)).toEqual(['token_type'])
    expect(summary.token.type).toBe('ID token')
    expect((await validate([idToken, '--id-token', '--audience', v2IdToken.aud])).code).toBe(0)
  })

  it.each([
    ['an encrypted token', 'a.b.c.d.e', /^error: invalid token: this is an encrypted token/],
    ['an opaque token', 'EwB4A8l6BAAUkj1NuJYtTVha', /^error: invalid token: this is an opaque token/],
    ['what is none', 'hello', /^error: invalid token: /],
  ])('%s', async (_what, text, stderr) => {
    const result = await validate([text], {})
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(stderr)
  })

  it('a token of Graph, which is not called forged, and asks nobody', async () => {
    const { code, stdout } = await validate([graphToken], {})
    expect(code).toBe(9)
    expect(stdout).toContain('- signature             cannot be verified by anyone but Microsoft Graph\n')
    expect(stdout).toMatch(
      /\n\nCannot be verified\. Nothing speaks against it, but its signature is for its own API/,
    )
  })

  it('a token of Graph that is wrong for another reason', async () => {
    expect((await validate([graphToken, '--audience', 'api://orders'], {})).code).toBe(1)
  })
})

describe('whom validate trusts', () => {
  it('asks nobody whom a token alone names', async () => {
    const foreign = signed({ ...v2AppOnly, iss: 'https://attacker.example' }, header, key)
    const { code, stdout } = await validate([foreign], {})
    expect(code).toBe(1)
    expect(stdout).toContain(
      `✗ issuer                "https://attacker.example" is none of Microsoft's issuers, and nobody`,
    )
  })

  it('--issuer vouches for one', async () => {
    const payload = { ...v2AppOnly, iss: 'https://accounts.example', tid: undefined }
    const answers = {
      'https://accounts.example/.well-known/openid-configuration': ok({
        issuer: payload.iss,
        jwks_uri: 'https://keys.example/k',
      }),
      'https://keys.example/k': ok({ keys: [key.published] }),
    }
    const words = [signed(payload, header, key), '--issuer', payload.iss]
    expect((await validate(words, online(answers))).code).toBe(0)
    const liar = {
      ...answers,
      'https://accounts.example/.well-known/openid-configuration': ok({
        issuer: 'https://other.example',
        jwks_uri: 'https://keys.example/k',
      }),
    }
    expect(failuresIn(await summaryOf(words, online(liar)))).toEqual(['issuer'])
  })

  it('--issuer trusts no other', async () => {
    const other = `https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0`
    const base = other.replace('/v2.0', '')
    const answers = {
      [`${other}/.well-known/openid-configuration`]: ok({ issuer: other, jwks_uri: `${base}/keys` }),
      [`${base}/keys`]: ok({ keys: [key.published] }),
    }
    expect(failuresIn(await summaryOf([token, '--issuer', other], online(answers)))).toEqual(['issuer'])
  })

  it('--jwks judges without any network', async () => {
    const files = { 'keys.json': JSON.stringify({ keys: [key.published] }) }
    expect((await validate([token, '--jwks', 'keys.json', '--offline'], { files })).code).toBe(0)
    const others = { 'keys.json': JSON.stringify({ keys: [rsaKey('key-1').published] }) }
    expect(failuresIn(await summaryOf([token, '--jwks', 'keys.json'], { files: others }))).toEqual([
      'signature',
    ])
  })

  it('--offline alone says what is missing', async () => {
    expect(await validate([token, '--offline'], {})).toEqual({
      code: 5,
      stdout: '',
      stderr:
        'error: no signing keys are kept from login.microsoftonline.com, and --offline sends nothing anywhere\n' +
        'hint: validate once without --offline, which keeps them for a day, or bring them with --jwks FILE\n',
    })
  })

  it('a network that fails is no verdict', async () => {
    const { code, stdout, stderr } = await validate([token, '-o', 'json'], online({}))
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toContain('cannot be found')
  })
})

describe('validate -p', () => {
  const sandbox = 'https://localhost:8443'
  const record = recordOf({ name: 'box', tenantId: tid, authority: sandbox, caFile: 'ca.pem' })
  const files = { [profilesPath]: JSON.stringify({ profiles: [record] }) }
  const payload = { ...v2AppOnly, iss: `${sandbox}/${tid}/v2.0` }
  const answers = {
    [`${sandbox}/${tid}/v2.0/.well-known/openid-configuration`]: ok({
      issuer: payload.iss,
      jwks_uri: `${sandbox}/keys`,
    }),
    [`${sandbox}/keys`]: ok({ keys: [key.published] }),
  }

  it("judges the profile's cached token by the profile's authority and tenant, with its CA", async () => {
    vi.mocked(cachedToken).mockResolvedValue(signed(payload, header, key))
    const caFiles: unknown[] = []
    const http: MemoryHostOptions['http'] = (request) => {
      caFiles.push(request.caFile)
      return online(answers).http!(request)
    }
    const summary = await summaryOf(['-p', 'box'], { files, http })
    expect(summary.valid).toBe(true)
    expect(summary.checks.find(({ name }) => name === 'tenant')?.status).toBe('passed')
    // Absolute, for the keys are kept under it.
    expect(caFiles).toEqual([resolve('ca.pem'), resolve('ca.pem')])
  })

  it('judges a token that is given otherwise in the same way', async () => {
    const stdin = signed(payload, header, key)
    expect((await validate(['-', '-p', 'box'], { ...online(answers), files, stdin })).code).toBe(0)
    expect(cachedToken).not.toHaveBeenCalled()
    const elsewhere = { ...payload, tid: '00000000-0000-0000-0000-000000000001' }
    const others = await summaryOf([signed(elsewhere, header, key), '-p', 'box', '--jwks', 'keys.json'], {
      files: { ...files, 'keys.json': JSON.stringify({ keys: [key.published] }) },
    })
    expect(failuresIn(others)).toContain('tenant')
  })

  it.each<[string, string, object, readonly string[]]>([
    ['v2.0', sandbox, payload, []],
    ['v1.0', sandbox, { ...payload, ver: '1.0', iss: `${sandbox}/${tid}/` }, []],
    ['of Microsoft', sandbox, v2AppOnly, ['issuer']],
    ['of nobody known', sandbox, { ...payload, iss: 'https://a.example' }, ['issuer']],
    ['v2.0 of Microsoft', 'https://login.microsoftonline.com', v2AppOnly, []],
    [
      'v1.0 of Microsoft',
      'https://login.microsoftonline.com',
      { ...v2AppOnly, iss: `https://sts.windows.net/${tid}/` },
      [],
    ],
    [
      'v1.0 of the US Government',
      'https://login.microsoftonline.us',
      { ...v2AppOnly, iss: `https://sts.windows.net/${tid}/` },
      [],
    ],
    [
      'v1.0 of China',
      'https://login.partner.microsoftonline.cn',
      { ...v2AppOnly, iss: `https://sts.chinacloudapi.cn/${tid}/` },
      [],
    ],
    ['of another cloud', 'https://login.microsoftonline.us', v2AppOnly, ['issuer']],
    ['of its tenant', `https://login.microsoftonline.com/${tid}`, v2AppOnly, []],
    ['of another tenant', `https://login.microsoftonline.com/${v2AppOnly.aud}`, v2AppOnly, ['issuer']],
    ['of a domain', 'https://login.microsoftonline.com/contoso.com', v2AppOnly, []],
  ])(
    'holds the issuer to the authority where keys are brought: %s',
    async (_what, authority, claims, names) => {
      const keysFile = { 'keys.json': JSON.stringify({ keys: [key.published] }) }
      const words = [signed(claims, header, key), '--authority', authority, '--jwks', 'keys.json']
      expect(failuresIn(await summaryOf(words, { files: keysFile }))).toEqual(names)
    },
  )

  it('is named where it is none', async () => {
    expect(await validate([token, '-p', 'nobody'], { files })).toMatchObject({ code: 3, stdout: '' })
  })
})

describe('flags that cannot be meant', () => {
  it.each<[readonly string[], RegExp]>([
    [['--audience', ''], /--audience is empty/],
    [['--audience', 'x', '--audience', ' '], /--audience is empty/],
    [['--scope', ''], /--scope is empty/],
    [['--role', ''], /--role is empty/],
    [['--tenant', ''], /--tenant is empty/],
    [['--app', ''], /--app is empty/],
    [['--issuer', ''], /--issuer is empty/],
    [['--authority', ''], /--authority is empty/],
    [['--jwks', ''], /--jwks is empty/],
    [['--ca-file', ''], /--ca-file is empty/],
    [['--scope', ','], /--scope is empty/],
    [['--app-only', '--delegated'], /contradict each other/],
    [['--issuer', iss, '--authority', 'https://a.example'], /contradict each other/],
    [['--offline', '--jwks', 'https://a.example/keys'], /contradict each other/],
    [
      ['--issuer', 'https://login.microsoftonline.com/common/v2.0'],
      /no token names the issuer ".+\/common\/v2.0"\nhint: .+\{tenantid\}/,
    ],
    [['--issuer', 'http://a.example'], /--issuer is not the address of an issuer/],
    [['--issuer', 'https://user:hunter2@a.example'], /--issuer is not the address of an issuer/],
    [['--authority', 'http://a.example'], /not an authority URL/],
    [['--token-version', '3.0'], /Allowed choices are 1.0, 2.0/],
    [['--client-auth', 'password'], /Allowed choices/],
    [['--clock-skew', 'soon'], /It must be a time/],
    [['-o', 'xml'], /no output form "xml"/],
    [['-t', token], /more than one token was given/],
  ])('%j', async (words, fact) => {
    const result = await validate([token, ...words])
    expect(result).toMatchObject({ code: 4, stdout: '' })
    expect(result.stderr).toMatch(fact)
    expect(result.stderr).not.toContain('hunter2')
  })

  it('says how a token is given', async () => {
    const { code, stderr } = await validate([], { stdin: undefined })
    expect(code).toBe(4)
    expect(stderr).toContain('usage: entra-auth-cli validate TOKEN')
  })
})

describe('text of a hostile token', () => {
  it('reaches no terminal as anything but text', async () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u202e\r'
    const payload = { ...v2AppOnly, aud: evil, azp: evil, tid: evil, ver: evil, roles: [evil] }
    const words = [
      signed(payload, header, key),
      '--audience',
      'x',
      '--role',
      'x',
      '--app',
      'x',
      '--token-version',
      '2.0',
    ]
    const options = { ...online(), stdoutIsTerminal: true, env: { NO_COLOR: '1' } }
    for (const output of ['text', 'json']) {
      const { stdout } = await validate([...words, '-o', output], options)
      expect(stdout).toContain('audience')
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    }
  })
})
