import { SignJWT } from 'jose/jwt/sign'
import { generateKeyPair } from 'jose/key/generate/keypair'
import { describe, expect, it } from 'vitest'
import { answer, call, issuer, nowSeconds, origin, tenantId, token } from './fixture.ts'

const scp = 'User.Read'

describe('a token Graph lets in', () => {
  it.each([
    ['the canonical audience', { aud: 'https://graph.microsoft.com' }],
    ['a closing slash', { aud: 'https://graph.microsoft.com/' }],
    ['the application id', { aud: '00000003-0000-0000-c000-000000000000' }],
    ['one audience of several', { aud: ['other', 'https://graph.microsoft.com'] }],
    ['an end less than five minutes ago', { exp: nowSeconds - 299 }],
    ['a start in less than five minutes', { nbf: nowSeconds + 299 }],
  ])('%s', async (_, claims) => {
    expect(await call('/v1.0/me', { token: await token({ scp, ...claims }) })).toMatchObject({ status: 200 })
  })
})

describe('a token Graph does not let in', () => {
  it.each([
    [
      'another audience',
      { aud: 'https://management.azure.com' },
      'Access token validation failure. Invalid audience.',
    ],
    ['no audience', { aud: undefined }, 'Access token validation failure. Invalid claims.'],
    ['another issuer', { iss: 'https://evil.example/' }, 'Access token validation failure. Invalid issuer.'],
    [
      'the end five minutes ago',
      { exp: nowSeconds - 301 },
      'Lifetime validation failed, the token is expired.',
    ],
    ['no end', { exp: undefined }, 'Access token validation failure. Invalid claims.'],
    [
      'a start in the future',
      { nbf: nowSeconds + 301 },
      'Lifetime validation failed, the token is not yet valid.',
    ],
  ])('%s', async (_, claims, message) => {
    const { status, body, headers } = await call('/v1.0/me', { token: await token({ scp, ...claims }) })
    expect(status).toBe(401)
    expect(body.error).toMatchObject({ code: 'InvalidAuthenticationToken', message })
    expect(headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token", error_description="/)
  })

  it.each([
    ['an unknown key', { kid: 'k2' }],
    ['no key id', { kid: undefined }],
    ['another algorithm', { alg: 'RS512' }],
  ])('%s', async (_, header) => {
    const { status, body } = await call('/v1.0/me', { token: await token({ scp }, header) })
    expect([status, body.error.message]).toEqual([401, 'Access token validation failure. Invalid signature.'])
  })

  it('a signature by somebody else under the right key id', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const claims = {
      aud: 'https://graph.microsoft.com',
      iss: issuer,
      tid: tenantId,
      exp: nowSeconds + 60,
      scp,
    }
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey)
    const { status, body } = await call('/v1.0/me', { token: forged })
    expect([status, body.error.message]).toEqual([401, 'Access token validation failure. Invalid signature.'])
  })

  it('no signature at all', async () => {
    const unsigned = withHeader(await token({ scp }), { alg: 'none' }).replace(/[^.]*$/, '')
    expect((await call('/v1.0/me', { token: unsigned })).status).toBe(401)
  })

  it.each(['garbage', 'a.b', 'a.b.c', 'a.b.c.d.e'])('what is no token: %s', async (text) => {
    const { status, body } = await call('/v1.0/me', { token: text })
    expect([status, body.error.message]).toEqual([401, 'IDX14100: JWT is not well formed.'])
  })
})

it.each<Record<string, string>>([
  {},
  { authorization: '' },
  { authorization: 'Bearer' },
  { authorization: 'Basic eDp5' },
])('asks for a token, without calling it an error, when there is none: %o', async (headers) => {
  const { status, body, headers: answered } = await call('/v1.0/me', { headers })
  expect([status, body.error.message]).toEqual([401, 'Access token is empty.'])
  expect(answered['www-authenticate']).toMatch(/^Bearer realm=""/)
  expect(answered['www-authenticate']).not.toContain('error')
})

it('keeps what a token says out of the syntax of the header', async () => {
  const aud = 'x", evil="1\\\r\nset-cookie: a=b'
  const { headers } = await call('/subscriptions?api-version=2020-01-01', { token: await token({ aud }) })
  expect(headers['www-authenticate']).not.toMatch(/[\r\n\\]|evil="/)
})

it.each(['/', '/common/oauth2/v2.0/token', '/v1.0x', '/v1/other'])('leaves %s to others', async (path) => {
  expect(await answer({ method: 'GET', url: new URL(path, origin), headers: {}, body: '' })).toBeUndefined()
})

function withHeader(signed: string, change: object): string {
  const [header = '', ...rest] = signed.split('.')
  const changed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), ...change }
  return [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.')
}
