import { describe, expect, it } from 'vitest'
import { keysFrom, tenantIdOf, type KeyOrigin } from '../../../src/core/signing-keys.ts'
import type { HttpRequest, HttpResponse } from '../../../src/core/ports.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { decodeToken } from '../../../src/jwt/decode.ts'
import { rejectionOf } from '../../support/failure.ts'
import { cacheDirectory, memoryHost } from '../../support/memory-host.ts'
import { tokenOf, v1Delegated, v2AppOnly } from '../jwt/tokens.ts'

const { tid, iss } = v2AppOnly
const never = new AbortController().signal
const token = (payload: object = v2AppOnly, kid = 'key-1') =>
  decodeToken(tokenOf(payload, { alg: 'RS256', kid }))
const key = (kid: string) => ({ kty: 'RSA', use: 'sig', kid, n: 'AQ', e: 'AQAB' })
const metadata = (base: string) => `${base}/.well-known/openid-configuration`
const v2Metadata = metadata(`https://login.microsoftonline.com/${tid}/v2.0`)
const jwksUri = `https://login.microsoftonline.com/${tid}/discovery/v2.0/keys`

const ok = (body: unknown): HttpResponse => ({
  status: 200,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** A world in which these addresses answer, and every other one fails the test. */
function world(answers: Readonly<Record<string, HttpResponse | (() => HttpResponse)>>) {
  const asked: HttpRequest[] = []
  const host = memoryHost({
    http: (request) => {
      asked.push(request)
      const answer = answers[request.url]
      if (answer === undefined) throw new Error(`${request.url} was asked`)
      return typeof answer === 'function' ? answer() : answer
    },
  })
  const resolve = (origin: Partial<KeyOrigin> = {}, one = token()) =>
    Promise.resolve(keysFrom({ signal: never, ...origin }, host)(one))
  return { host, asked: () => asked.map(({ url }) => url), requests: asked, resolve }
}

const entra = (...kids: readonly string[]) => ({
  [v2Metadata]: ok({ issuer: iss, jwks_uri: jwksUri }),
  [jwksUri]: ok({ keys: kids.map(key) }),
})

describe('keys are discovered', () => {
  it('from the issuer that the token names, where it is one of Microsoft', async () => {
    const { resolve, asked } = world(entra('key-1'))
    expect(await resolve()).toEqual({
      issuer: iss,
      keys: [key('key-1')],
      source: 'published by login.microsoftonline.com',
    })
    expect(asked()).toEqual([v2Metadata, jwksUri])
  })

  const b2c = { iss: `https://contoso.b2clogin.com/${tid}/v2.0/`, tfp: 'B2C_1_susi' }
  it.each<[string, object, Partial<KeyOrigin>, string]>([
    ['v1.0', v1Delegated, {}, `https://login.microsoftonline.com/${tid}`],
    ['B2C', b2c, {}, `https://contoso.b2clogin.com/${tid}/B2C_1_susi/v2.0`],
    [
      'External ID',
      { iss: `https://${tid}.ciamlogin.com/${tid}/v2.0` },
      {},
      `https://${tid}.ciamlogin.com/${tid}/v2.0`,
    ],
    [
      'an authority',
      v2AppOnly,
      { authority: 'https://localhost:8443' },
      `https://localhost:8443/${tid}/v2.0`,
    ],
    [
      'an authority, v1.0',
      v1Delegated,
      { authority: 'https://localhost:8443' },
      `https://localhost:8443/${tid}`,
    ],
    [
      'an authority with a tenant',
      v2AppOnly,
      { authority: 'https://localhost:8443/common/' },
      'https://localhost:8443/common/v2.0',
    ],
    [
      'an authority with a user flow',
      b2c,
      { authority: 'https://login.contoso.com/contoso.com/B2C_1_susi' },
      'https://login.contoso.com/contoso.com/B2C_1_susi/v2.0',
    ],
    [
      'an authority that ends in v2.0',
      v2AppOnly,
      { authority: 'https://localhost:8443/common/v2.0' },
      'https://localhost:8443/common/v2.0',
    ],
    ['an issuer', v2AppOnly, { issuer: 'https://accounts.example/' }, 'https://accounts.example'],
    [
      'an issuer of Microsoft',
      v2AppOnly,
      { issuer: `https://sts.windows.net/${tid}/` },
      `https://login.microsoftonline.com/${tid}`,
    ],
    [
      'an issuer of every tenant',
      v2AppOnly,
      { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' },
      `https://login.microsoftonline.com/${tid}/v2.0`,
    ],
    [
      'an issuer, whatever the token says',
      { iss: 'https://attacker.example' },
      { issuer: 'https://accounts.example' },
      'https://accounts.example',
    ],
  ])('where they are: %s', async (_what, payload, origin, base) => {
    const { origin: server } = new URL(base)
    const { resolve, asked } = world({
      [metadata(base)]: ok({ issuer: 'https://issuer.example', jwks_uri: `${server}/keys` }),
      [`${server}/keys`]: ok({ keys: [key('key-1')] }),
    })
    expect(await resolve(origin, token(payload))).toMatchObject({
      issuer: 'https://issuer.example',
      keys: [key('key-1')],
    })
    expect(asked()).toEqual([metadata(base), `${server}/keys`])
  })

  it('for an app that signs with its own key', async () => {
    const appid = `?appid=${v2AppOnly.aud}`
    const { resolve, asked } = world({
      [v2Metadata + appid]: ok({ issuer: iss, jwks_uri: jwksUri + appid }),
      [jwksUri + appid]: ok({ keys: [key('key-1')] }),
    })
    expect(await resolve({ keysOfApp: v2AppOnly.aud })).toMatchObject({ keys: [key('key-1')] })
    expect(asked()).toEqual([v2Metadata + appid, jwksUri + appid])
  })

  it('with the CA that is given', async () => {
    const { resolve, requests } = world(entra('key-1'))
    await resolve({ caFile: 'ca.pem' })
    expect(requests.map(({ caFile }) => caFile)).toEqual(['ca.pem', 'ca.pem'])
  })
})

describe('a token leads nowhere', () => {
  it.each<[string, object, RegExp]>([
    ['by a foreign issuer', { iss: 'https://attacker.example/keys' }, /none of Microsoft's issuers/],
    [
      'by a name that looks like one',
      { iss: `https://login.microsoftonline.com.evil.example/${tid}/v2.0` },
      /none of Microsoft's/,
    ],
    ['by an address inside', { iss: 'http://169.254.169.254/latest' }, /none of Microsoft's/],
    ['by a file', { iss: 'file:///etc/passwd' }, /none of Microsoft's/],
    ['by no issuer', {}, /names no issuer/],
    [
      'by a user flow that climbs',
      { iss: `https://a.b2clogin.com/${tid}/v2.0/`, tfp: '../..' },
      /names none \(tfp, acr\)/,
    ],
  ])('%s', async (_how, payload, refusal) => {
    const { resolve, asked } = world({})
    expect(await resolve({}, token(payload))).toEqual({ refusal: expect.stringMatching(refusal) })
    expect(asked()).toEqual([])
  })

  it.each<[string, object]>([
    ['its jku', { jku: 'https://attacker.example/keys' }],
    ['its x5u', { x5u: 'https://attacker.example/keys' }],
  ])('by %s', async (_how, header) => {
    const { resolve, asked } = world(entra('key-1'))
    await resolve({}, decodeToken(tokenOf(v2AppOnly, { alg: 'RS256', kid: 'key-1', ...header })))
    expect(asked()).toEqual([v2Metadata, jwksUri])
  })

  it('by a tenant that climbs out of an authority', async () => {
    const { resolve, asked } = world({})
    const strange = token({ ...v2AppOnly, tid: '../../x', iss: 'https://localhost:8443/x/v2.0' })
    expect(await resolve({ authority: 'https://localhost:8443' }, strange)).toMatchObject({
      refusal: /names no tenant/,
    })
    expect(asked()).toEqual([])
  })
})

describe('keys are kept', () => {
  it('for a day, in a plain file', async () => {
    const { host, asked, resolve } = world(entra('key-1'))
    const start = host.now().getTime()
    await resolve()
    host.setNow(new Date(start + 24 * 3600_000 - 1))
    await resolve()
    expect(asked()).toHaveLength(2)
    host.setNow(new Date(start + 24 * 3600_000))
    await resolve()
    expect(asked()).toHaveLength(4)
    expect([...host.fileMap.keys()]).toEqual([
      expect.stringMatching(`^${cacheDirectory}/entra-auth-cli.signing-keys.[0-9a-f]{32}.json$`),
    ])
  })

  it('until a token names another one, which is asked for once a minute', async () => {
    const { host, asked, resolve } = world(entra('key-1'))
    const start = host.now().getTime()
    await resolve()
    for (const milliseconds of [0, 30_000, 59_999]) {
      host.setNow(new Date(start + milliseconds))
      await resolve({}, token(v2AppOnly, 'rotated'))
    }
    expect(asked()).toHaveLength(2)
    host.setNow(new Date(start + 60_000))
    await resolve({}, token(v2AppOnly, 'rotated'))
    await resolve({}, token(v2AppOnly, 'rotated'))
    expect(asked()).toHaveLength(4)
  })

  it('and the new one is used', async () => {
    let kids = ['key-1']
    const { host, resolve } = world({ ...entra(), [jwksUri]: () => ok({ keys: kids.map(key) }) })
    await resolve()
    kids = ['key-1', 'rotated']
    host.setNow(new Date(host.now().getTime() + 60_000))
    expect(await resolve({}, token(v2AppOnly, 'rotated'))).toMatchObject({
      keys: [key('key-1'), key('rotated')],
    })
  })

  it('not beyond a clock that was set back', async () => {
    const { host, asked, resolve } = world(entra('key-1'))
    await resolve()
    host.setNow(new Date(host.now().getTime() - 1))
    await resolve()
    expect(asked()).toHaveLength(4)
  })

  it('apart for each CA: who vouched for a server once does not vouch for it always', async () => {
    const { asked, resolve } = world(entra('key-1'))
    await resolve({ caFile: 'mine.pem' })
    await resolve()
    expect(asked()).toHaveLength(4)
    await resolve({ caFile: 'mine.pem' })
    await resolve()
    expect(asked()).toHaveLength(4)
  })

  it('also where they cannot be: then they are fetched each time', async () => {
    const { host, resolve } = world(entra('key-1'))
    const full = () => Promise.reject(new EntraAuthError('file_unusable', 'the disk is full'))
    const poor = { ...host, files: { ...host.files, write: full } }
    expect(await keysFrom({ signal: never }, poor)(token())).toMatchObject({ keys: [key('key-1')] })
    expect(await resolve()).toMatchObject({ keys: [key('key-1')] })
  })

  it.each<[string, (stored: Record<string, unknown>) => unknown]>([
    ['is no JSON', () => '{'],
    ['is of another form', (stored) => ({ ...stored, version: 2 })],
    ['is of another address', (stored) => ({ ...stored, url: 'https://a.example' })],
    ['holds no keys', (stored) => ({ ...stored, keys: 'none' })],
    ['has no time', (stored) => ({ ...stored, fetchedAt: undefined })],
    ['names no issuer in words', (stored) => ({ ...stored, issuer: 7 })],
    ['is null', () => 'null'],
  ])('and not believed where the file %s', async (_what, change) => {
    const { host, asked, resolve } = world(entra('key-1'))
    await resolve()
    const [path = '', content = Buffer.alloc(0)] = [...host.fileMap][0] ?? []
    const changed = change(JSON.parse(content.toString('utf8')))
    host.fileMap.set(path, Buffer.from(typeof changed === 'string' ? changed : JSON.stringify(changed)))
    expect(await resolve()).toMatchObject({ issuer: iss, keys: [key('key-1')] })
    expect(asked()).toHaveLength(4)
  })

  it.each<[string, (host: ReturnType<typeof world>['host'], path: string) => unknown]>([
    ['others may write it', (host, path) => host.openTo.set(path, 'write')],
    ['it is of another user', (host, path) => host.foreign.add(path)],
    [
      'it is larger than any set of keys',
      (host, path) => host.fileMap.set(path, Buffer.alloc(3 * 1024 * 1024)),
    ],
  ])('and not believed where %s', async (_what, change) => {
    const { host, asked, resolve } = world(entra('key-1'))
    await resolve()
    change(host, [...host.fileMap.keys()][0]!)
    await resolve()
    expect(asked()).toHaveLength(4)
  })
})

describe('offline', () => {
  it('what is kept is used, and nobody is asked', async () => {
    const { asked, resolve } = world(entra('key-1'))
    await resolve()
    expect(await resolve({ offline: true })).toMatchObject({ keys: [key('key-1')] })
    expect(asked()).toHaveLength(2)
  })

  it.each<[string, string, number, RegExp]>([
    ['nothing is kept', '', 0, /^no signing keys are kept from login.microsoftonline.com/],
    ['what is kept is a day old', 'key-1', 24 * 3600_000, /^no signing keys are kept/],
    ['the key is not among what is kept', 'other', 1000, /^the key of this token is not among those kept/],
  ])('says so where %s', async (_what, kid, milliseconds, fact) => {
    const { host, resolve } = world(entra('key-1'))
    if (kid !== '') await resolve()
    host.setNow(new Date(host.now().getTime() + milliseconds))
    const failure = await rejectionOf(resolve({ offline: true }, token(v2AppOnly, kid)))
    expect(failure).toMatchObject({ code: 'network', hint: expect.stringContaining('--jwks') })
    expect(failure.message).toMatch(fact)
  })
})

describe('keys that are brought', () => {
  it('in a file need no network', async () => {
    const { host, resolve } = world({})
    host.fileMap.set('keys.json', Buffer.from(JSON.stringify({ keys: [key('key-1')] })))
    expect(await resolve({ jwks: 'keys.json', offline: true })).toEqual({
      keys: [key('key-1')],
      source: 'in "keys.json"',
    })
  })

  it.each<[string, string]>([
    ['no JSON', 'keys'],
    ['no keys', '{"keys":[]}'],
    ['something else', '{"error":"x"}'],
    ['too much', `{"keys":[],"x":"${'x'.repeat(1024 * 1024)}"}`],
  ])('in a file with %s are none', async (_what, content) => {
    const { host, resolve } = world({})
    host.fileMap.set('keys.json', Buffer.from(content))
    const failure = await rejectionOf(resolve({ jwks: 'keys.json' }))
    expect(failure).toMatchObject({ code: 'file_unusable', message: '"keys.json" holds no signing keys' })
  })

  it('by an address are kept too', async () => {
    const url = 'https://keys.example/jwks'
    const { asked, resolve } = world({ [url]: ok({ keys: [key('key-1')] }) })
    await resolve({ jwks: url })
    expect(await resolve({ jwks: url })).toMatchObject({
      keys: [key('key-1')],
      source: 'published by keys.example',
    })
    expect(asked()).toEqual([url])
  })
})

describe('what is no answer with keys is a network error, and says nothing about the token', () => {
  const broken = (answer: HttpResponse | (() => HttpResponse)) => ({
    ...entra('key-1'),
    [v2Metadata]: answer,
  })
  const keysBroken = (answer: HttpResponse) => ({ ...entra('key-1'), [jwksUri]: answer })
  it.each<[string, Record<string, HttpResponse | (() => HttpResponse)>, RegExp]>([
    [
      '404',
      broken({ status: 404, headers: {}, body: '' }),
      /answered with status 404 when asked for its OpenID configuration/,
    ],
    ['503', broken({ status: 503, headers: {}, body: '{}' }), /status 503/],
    [
      'a redirect',
      broken({ status: 302, headers: { location: 'https://a.example' }, body: '' }),
      /status 302/,
    ],
    ['another 400', broken({ status: 400, headers: {}, body: '{"error":"invalid_request"}' }), /status 400/],
    ['a page', broken(ok('<html>')), /something that is not JSON/],
    ['a list', broken(ok([])), /JSON that is no object/],
    ['no issuer', broken(ok({ jwks_uri: jwksUri })), /names no issuer/],
    ['no address', broken(ok({ issuer: iss })), /names no address of keys/],
    [
      'keys elsewhere',
      broken(ok({ issuer: iss, jwks_uri: 'https://attacker.example/keys' })),
      /names no address of keys/,
    ],
    [
      'keys over http',
      broken(ok({ issuer: iss, jwks_uri: jwksUri.replace('https', 'http') })),
      /names no address/,
    ],
    ['an answer without end', broken(ok(`"${'x'.repeat(1024 * 1024)}"`)), /more than 1 MB/],
    ['no key set', keysBroken(ok({ keys: 'none' })), /something that is no set of keys/],
    [
      'no keys',
      keysBroken({ status: 500, headers: {}, body: '' }),
      /status 500 when asked for its signing keys/,
    ],
  ])('%s', async (_what, answers, fact) => {
    const { host, resolve } = world(answers)
    const failure = await rejectionOf(resolve())
    expect(failure).toMatchObject({
      code: 'network',
      exitCode: 5,
      hint: expect.stringContaining('https://login'),
    })
    expect(failure.message).toMatch(fact)
    expect([...host.fileMap.keys()]).toEqual([])
  })

  it('a connection that fails', async () => {
    const { resolve } = world(
      broken(() => {
        throw new EntraAuthError('network', 'login.microsoftonline.com cannot be found')
      }),
    )
    expect(await rejectionOf(resolve())).toMatchObject({ code: 'network' })
  })

  it('but a tenant that does not exist is', async () => {
    const body = '{"error":"invalid_tenant","error_codes":[90002]}'
    const { resolve } = world(broken({ status: 400, headers: {}, body }))
    expect(await resolve()).toEqual({
      refusal: expect.stringContaining('login.microsoftonline.com knows no tenant'),
    })
  })

  it('and keys of a named issuer may be where it says', async () => {
    const { resolve } = world({
      [metadata('https://accounts.example')]: ok({
        issuer: 'https://accounts.example',
        jwks_uri: 'https://keys.example/',
      }),
      'https://keys.example/': ok({ keys: [key('key-1')] }),
    })
    expect(await resolve({ issuer: 'https://accounts.example' })).toMatchObject({ keys: [key('key-1')] })
  })
})

describe('a tenant by its domain', () => {
  const asked = (base: string) => metadata(`${base}/contoso.com/v2.0`)
  it.each<[string, object, Partial<KeyOrigin>, string]>([
    [
      "the token's cloud",
      { iss: `https://login.microsoftonline.us/${tid}/v2.0` },
      {},
      'https://login.microsoftonline.us',
    ],
    ['the public cloud, where the token names none', {}, {}, 'https://login.microsoftonline.com'],
    ['the authority', v2AppOnly, { authority: 'https://localhost:8443/x' }, 'https://localhost:8443'],
  ])('is asked for in %s', async (_where, payload, origin, base) => {
    const { host } = world({
      [asked(base)]: ok({ issuer: `${base}/${tid}/v2.0`, jwks_uri: `${base}/keys` }),
      [`${base}/keys`]: ok({ keys: [] }),
    })
    expect(await tenantIdOf('contoso.com', tokenOf(payload), { signal: never, ...origin }, host)).toBe(tid)
  })

  it.each([tid, 'common', 'organizations', 'Consumers'])('%s needs nobody to be asked', async (tenant) => {
    const { host } = world({})
    expect(await tenantIdOf(tenant, 'not even a token', { signal: never }, host)).toBe(tenant)
  })

  it('that is nobody is said to be', async () => {
    const { host } = world({
      [asked('https://login.microsoftonline.com')]: {
        status: 400,
        headers: {},
        body: '{"error_codes":[90002]}',
      },
    })
    expect(
      await rejectionOf(tenantIdOf('contoso.com', tokenOf(v2AppOnly), { signal: never }, host)),
    ).toMatchObject({
      code: 'invalid_arguments',
      message: 'login.microsoftonline.com knows no tenant "contoso.com"',
    })
  })
})
