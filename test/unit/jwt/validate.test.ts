import { describe, expect, it } from 'vitest'
import { checkNames, type CheckName, type TokenCheck } from '../../../src/jwt/check.ts'
import type { Expectations } from '../../../src/jwt/expectations.ts'
import { validateToken, type KeyResolver, type TrustedKeys } from '../../../src/jwt/validate.ts'
import { ecKey, rsaKey, signed, type TestKey } from '../../support/signing.ts'
import { now, v1Delegated, v2AppOnly, v2IdToken } from './tokens.ts'

const clock = new Date(now * 1000)
const key = rsaKey('current')
const another = rsaKey('another')
const header = { typ: 'JWT', alg: 'RS256', kid: 'current' }
const keys: TrustedKeys = { keys: [key.published] }
const { tid, iss } = v2AppOnly

interface Signing {
  readonly head?: object
  readonly trusted?: TrustedKeys | KeyResolver
  readonly signer?: TestKey
}

function judge(payload: object, expectations: Expectations = {}, signing: Signing = {}) {
  const { head = header, trusted = keys, signer = key } = signing
  return validateToken(signed(payload, head, signer), trusted, expectations, clock)
}

async function checkOf(name: CheckName, ...how: Parameters<typeof judge>): Promise<TokenCheck> {
  return (await judge(...how)).checks.find((check) => check.name === name)!
}

describe('a token', () => {
  it('is valid when it is signed, in its time, and nothing else was asked for', async () => {
    const { valid, verdict, checks } = await judge(v2AppOnly)
    expect({ valid, verdict }).toEqual({ valid: true, verdict: 'valid' })
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'algorithm passed',
      'signature passed',
      'issuer passed',
      'tenant not_applicable',
      'expiry passed',
      'not_before passed',
      'issued_at passed',
      'token_type passed',
      'audience not_applicable',
      'scope not_applicable',
      'role not_applicable',
      'app not_applicable',
      'identity_type not_applicable',
      'version not_applicable',
      'client_authentication not_applicable',
    ])
  })

  it('is told by the same checks in the same order, whatever it is', async () => {
    for (const payload of [{}, v1Delegated, v2IdToken]) {
      const { checks } = await judge(payload)
      expect(checks.map(({ name }) => name)).toEqual(checkNames)
    }
  })

  it('is valid when all that was asked for is so', async () => {
    const { valid, checks } = await judge(v2AppOnly, {
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      tenant: tid,
      audience: v2AppOnly.aud,
      role: ['Orders.Read.All', 'Orders.Write.All'],
      app: v2AppOnly.azp,
      identityType: 'app',
      version: '2.0',
      clientAuthentication: 'certificate',
    })
    expect(valid).toBe(true)
    expect(checks.filter(({ status }) => status !== 'passed').map(({ name }) => name)).toEqual(['scope'])
  })

  it('that fails one check is not valid', async () => {
    const { valid, verdict } = await judge(v2AppOnly, { role: 'Orders.Delete.All' })
    expect({ valid, verdict }).toEqual({ valid: false, verdict: 'invalid' })
  })

  it('that is none is an error', async () => {
    await expect(validateToken('eyJ', keys, {}, clock)).rejects.toMatchObject({ code: 'invalid_token' })
    await expect(validateToken('a.b.c.d.e', keys, {}, clock)).rejects.toThrow(/encrypted token/)
  })

  it('says in every failure what it means for an API', async () => {
    const { checks } = await judge({}, { tenant: tid, audience: 'x', scope: 'x', role: 'x', app: 'x' })
    const failures = checks.filter(({ status }) => status === 'failed')
    expect(failures.length).toBeGreaterThan(5)
    expect(failures.filter(({ meaning }) => !meaning)).toEqual([])
  })
})

describe('the signature', () => {
  it('of somebody else fails', async () => {
    expect(await checkOf('signature', v2AppOnly, {}, { signer: another })).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^it does not match the key "current"/),
    })
  })

  it('with a stolen key name and another algorithm fails', async () => {
    const head = { ...header, alg: 'ES256' }
    expect(await checkOf('signature', v2AppOnly, {}, { head, signer: ecKey('x') })).toMatchObject({
      status: 'failed',
      reason: 'the key "current" is of type "RSA", which makes no ES256',
    })
  })

  it('by a key in the header fails, and says so', async () => {
    const head = { ...header, jwk: another.published, jku: 'https://attacker.example/' }
    const check = await checkOf('signature', v2AppOnly, {}, { head, signer: another })
    expect(check.reason).toMatch(/; the key in its own header \(jwk, jku\) was not used$/)
  })

  it('is not judged where the header is refused, and no keys are looked for', async () => {
    const trusted: KeyResolver = () => {
      throw new Error('nobody is to be asked')
    }
    const { verdict, checks } = await judge(v2AppOnly, {}, { head: { alg: 'none' }, trusted })
    expect(verdict).toBe('invalid')
    expect(checks.slice(0, 3)).toMatchObject([
      { name: 'algorithm', status: 'failed' },
      { name: 'signature', status: 'failed' },
      { name: 'issuer', status: 'passed' },
    ])
  })

  it('is not judged with a header that only a hostile sender makes so long', async () => {
    const long = { ...header, x: 'x'.repeat(256 * 1024) }
    expect(await checkOf('algorithm', v2AppOnly, {}, { head: long })).toMatchObject({
      status: 'failed',
      reason: 'the header is longer than 256 KB',
    })
    const chain = { ...header, x5c: Array<string>(60).fill('x'.repeat(4000)) }
    expect((await judge(v2AppOnly, {}, { head: chain })).valid).toBe(true)
  })

  it('is judged by what the resolver finds, and its failure is no verdict', async () => {
    const found: KeyResolver = async ({ header: { kid } }) => ({
      keys: [key.published].filter((one) => one.kid === kid),
    })
    expect((await judge(v2AppOnly, {}, { trusted: found })).valid).toBe(true)
    const broken: KeyResolver = () => Promise.reject(new Error('the network is down'))
    await expect(judge(v2AppOnly, {}, { trusted: broken })).rejects.toThrow('the network is down')
  })

  it('fails with the issuer where there are no keys to trust', async () => {
    const { checks } = await judge(v2AppOnly, {}, { trusted: () => ({ refusal: 'nobody knows it' }) })
    expect(checks.slice(1, 3)).toMatchObject([
      { name: 'signature', status: 'failed' },
      { name: 'issuer', status: 'failed', reason: 'nobody knows it' },
    ])
  })
})

// https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer
describe('a key that is published for an issuer', () => {
  const v1OwnApi = { ...v1Delegated, aud: 'https://orders.example' }
  const form = 'https://login.microsoftonline.com/{tenantid}/v2.0'
  const personal = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0'
  const other = 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0'
  it.each<[string, string, object, 'passed' | 'failed']>([
    ['every tenant', form, v2AppOnly, 'passed'],
    ['every tenant, for a v1.0 token', form, v1OwnApi, 'passed'],
    ['this tenant', iss, v2AppOnly, 'passed'],
    ['this tenant, for a v1.0 token', iss, v1OwnApi, 'passed'],
    ['another tenant', other, v2AppOnly, 'failed'],
    ['another tenant, for a v1.0 token', other, v1OwnApi, 'failed'],
    ['personal accounts', personal, v2AppOnly, 'failed'],
    ['another cloud', 'https://login.microsoftonline.us/{tenantid}/v2.0', v2AppOnly, 'failed'],
    ['anybody else', 'https://issuer.example', v2AppOnly, 'failed'],
    ['every tenant, for no issuer', form, { exp: now + 60 }, 'failed'],
  ])('%s', async (_whose, issuer, payload, status) => {
    const trusted = { keys: [{ ...key.published, issuer }] }
    expect((await checkOf('signature', payload, {}, { trusted })).status).toBe(status)
  })

  it('is said to be of another issuer', async () => {
    const trusted = { keys: [{ ...key.published, issuer: other }, another.published] }
    expect((await checkOf('signature', v2AppOnly, {}, { trusted })).reason).toBe(
      'the key "current" is published for another issuer',
    )
  })

  it('does not keep another of the same name from being used', async () => {
    const trusted = {
      keys: [
        { ...another.published, kid: 'current', issuer: other },
        { ...key.published, issuer: form },
      ],
    }
    expect((await checkOf('signature', v2AppOnly, {}, { trusted })).status).toBe('passed')
  })
})

describe('the issuer', () => {
  const form = 'https://login.microsoftonline.com/{tenantid}/v2.0'
  it.each<[string, object, Expectations, string | undefined, TokenCheck['status'], RegExp]>([
    [
      'is one of Microsoft by its form',
      v2AppOnly,
      {},
      undefined,
      'passed',
      /an issuer of Microsoft's by its form/,
    ],
    ['is the one that came with the keys', v2AppOnly, {}, iss, 'passed', /./],
    ['is of the form that came with the keys', v2AppOnly, {}, form, 'passed', /./],
    [
      'is none that came with the keys',
      v2AppOnly,
      {},
      'https://a.example',
      'failed',
      /is not "https:\/\/a.example"/,
    ],
    ['must be what is expected', v2AppOnly, { issuer: 'https://a.example' }, undefined, 'failed', /is not/],
    ['may be one of several', v2AppOnly, { issuer: ['https://a.example', form] }, undefined, 'passed', /./],
    [
      'must be what is expected and came with the keys',
      v2AppOnly,
      { issuer: iss },
      'https://a.example',
      'failed',
      /is not/,
    ],
    [
      'of nobody known is not judged',
      { ...v2AppOnly, iss: 'https://a.example' },
      {},
      undefined,
      'not_applicable',
      /^not asked for; /,
    ],
    ['is missing', { ...v2AppOnly, iss: undefined }, {}, undefined, 'failed', /names no issuer/],
    ['is no text', { ...v2AppOnly, iss: [iss] }, {}, undefined, 'failed', /names no issuer/],
    [
      'is of another tenant than tid',
      { ...v2AppOnly, tid: now },
      {},
      undefined,
      'failed',
      /something that is no id/,
    ],
    [
      'of every tenant needs a tid',
      { ...v2AppOnly, tid: undefined },
      { issuer: form },
      undefined,
      'failed',
      /names no tenant/,
    ],
    [
      'of Microsoft by its form needs a tid',
      { ...v2AppOnly, tid: undefined },
      {},
      undefined,
      'failed',
      /names no tenant/,
    ],
    ['of one tenant needs none', { ...v2AppOnly, tid: undefined }, {}, iss, 'passed', /./],
    [
      'may leave the tenant open in other letters',
      v2AppOnly,
      { issuer: form.replace('tenantid', 'tenantId') },
      undefined,
      'passed',
      /./,
    ],
    [
      'is of another tenant than a tid that is one',
      { ...v2AppOnly, tid: '00000000-0000-0000-0000-000000000001' },
      { issuer: form },
      undefined,
      'failed',
      /but the token says "00000000/,
    ],
    [
      'with a slash more is another one',
      { ...v2AppOnly, iss: `${iss}/` },
      { issuer: form },
      undefined,
      'failed',
      /is not/,
    ],
  ])('%s', async (_what, payload, expectations, issuer, status, reason) => {
    const trusted = { keys: keys.keys, ...(issuer === undefined ? {} : { issuer }) }
    expect(await checkOf('issuer', payload, expectations, { trusted })).toMatchObject({
      status,
      reason: expect.stringMatching(reason),
    })
  })
})

describe('the tenant', () => {
  const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'
  const ofPersonal = { ...v2AppOnly, tid: personal, iss: iss.replace(tid, personal) }
  it.each<[object, string | readonly string[], TokenCheck['status']]>([
    [v2AppOnly, tid, 'passed'],
    [v2AppOnly, tid.toUpperCase(), 'passed'],
    [v2AppOnly, [personal, tid], 'passed'],
    [v2AppOnly, personal, 'failed'],
    [v2AppOnly, 'common', 'passed'],
    [v2AppOnly, 'organizations', 'passed'],
    [v2AppOnly, 'consumers', 'failed'],
    [ofPersonal, 'consumers', 'passed'],
    [ofPersonal, 'organizations', 'failed'],
    [{ ...v2AppOnly, tid: undefined }, tid, 'passed'],
    [{ ...v2AppOnly, tid: undefined, iss: 'https://a.example' }, tid, 'failed'],
    [{ ...v2AppOnly, tid: undefined, iss: 'https://a.example' }, 'common', 'failed'],
  ])('%#: %o of %j: %s', async (payload, tenant, status) => {
    expect((await checkOf('tenant', payload, { tenant })).status).toBe(status)
  })
})

describe('times', () => {
  it.each<[string, CheckName, object, number | undefined, TokenCheck['status']]>([
    ['ends in a second', 'expiry', { exp: now + 1 }, 0, 'passed'],
    ['ends now', 'expiry', { exp: now }, 0, 'failed'],
    ['ended just within the default skew', 'expiry', { exp: now - 299 }, undefined, 'passed'],
    ['ended at the edge of the default skew', 'expiry', { exp: now - 300 }, undefined, 'failed'],
    ['ended within the skew', 'expiry', { exp: now - 59 }, 60, 'passed'],
    ['ended at the edge of the skew', 'expiry', { exp: now - 60 }, 60, 'failed'],
    ['a negative skew is none', 'expiry', { exp: now + 1 }, -60, 'passed'],
    ['never ends', 'expiry', {}, undefined, 'failed'],
    ['ends at no time', 'expiry', { exp: 'soon' }, undefined, 'failed'],
    ['ends at a time written as text', 'expiry', { exp: String(now + 60) }, undefined, 'passed'],
    ['ends after all dates', 'expiry', { exp: 1e15 }, undefined, 'passed'],
    ['began', 'not_before', { nbf: now }, 0, 'passed'],
    ['begins in a second', 'not_before', { nbf: now + 1 }, 0, 'failed'],
    ['begins at the edge of the default skew', 'not_before', { nbf: now + 300 }, undefined, 'passed'],
    ['begins after the default skew', 'not_before', { nbf: now + 301 }, undefined, 'failed'],
    ['begins at no time', 'not_before', { nbf: {} }, undefined, 'failed'],
    ['does not say when it begins', 'not_before', {}, undefined, 'not_applicable'],
    ['was made', 'issued_at', { iat: now }, 0, 'passed'],
    ['was made in the future', 'issued_at', { iat: now + 301 }, undefined, 'failed'],
    ['does not say when it was made', 'issued_at', {}, undefined, 'not_applicable'],
  ])('%s', async (_what, name, times, clockSkewSeconds, status) => {
    const { iat: _, nbf: __, exp: ___, ...rest } = v2AppOnly
    expect((await checkOf(name, { ...rest, ...times }, { clockSkewSeconds })).status).toBe(status)
  })

  it('say when, and what the skew allows', async () => {
    expect((await checkOf('expiry', { ...v2AppOnly, exp: now - 120 })).reason).toBe(
      'ended 2026-01-31 09:58:00 UTC, 2 minutes ago, which the clock skew of 5 minutes allows',
    )
    expect((await checkOf('not_before', { ...v2AppOnly, nbf: now + 7200 })).reason).toBe(
      'begins 2026-01-31 12:00:00 UTC, 2 hours from now',
    )
  })
})

describe('the kind of token', () => {
  const { tid: _, preferred_username: __, ...b2cIdToken } = v2IdToken
  it.each<[string, object, Expectations, TokenCheck['status'], RegExp]>([
    ['an access token', v2AppOnly, {}, 'passed', /^an app-only access token$/],
    ['an access token of a user', v1Delegated, {}, 'passed', /^a delegated access token$/],
    ['an ID token', v2IdToken, {}, 'failed', /an ID token.*no API may take it/],
    ['an ID token of B2C', b2cIdToken, {}, 'failed', /an ID token/],
    ['an ID token that is wanted', v2IdToken, { tokenType: 'id' }, 'passed', /an ID token/],
    ['an access token in its place', v2AppOnly, { tokenType: 'id' }, 'failed', /no ID token/],
    ['something else', { exp: now + 60 }, {}, 'not_applicable', /does not tell/],
  ])('%s', async (_what, payload, expectations, status, reason) => {
    expect(await checkOf('token_type', payload, expectations)).toMatchObject({
      status,
      reason: expect.stringMatching(reason),
    })
  })

  it.each<[unknown, TokenCheck['status']]>([
    ['JWT', 'passed'],
    ['jwt', 'passed'],
    [undefined, 'passed'],
    ['at+jwt', 'passed'],
    ['application/at+jwt', 'passed'],
    ['logout+jwt', 'failed'],
    ['dpop+jwt', 'failed'],
    [7, 'failed'],
  ])('by the typ %j: %s (RFC 8725, section 3.11)', async (typ, status) => {
    expect((await checkOf('token_type', v2AppOnly, {}, { head: { ...header, typ } })).status).toBe(status)
  })
})

describe('the audience', () => {
  const guid = '99999999-8888-7777-6666-555555555555'
  it.each<[unknown, string | readonly string[], TokenCheck['status'], RegExp]>([
    [guid, guid, 'passed', /./],
    [guid, `api://${guid}`, 'passed', /./],
    [`api://${guid}`, guid.toUpperCase(), 'passed', /./],
    ['api://orders', 'api://orders', 'passed', /./],
    ['api://orders', ['api://others', 'api://orders'], 'passed', /./],
    [['api://others', 'api://orders'], 'api://orders', 'passed', /./],
    ['api://orders', 'orders', 'failed', /another one/],
    ['https://orders.example/', 'https://orders.example', 'failed', /a slash or the case of a letter/],
    ['https://Orders.example', 'https://orders.example', 'failed', /a slash or the case of a letter/],
    ['api://orders', 'api://others', 'failed', /^"api:\/\/orders" is not "api:\/\/others"$/],
    ['api://orders.evil', 'api://orders', 'failed', /./],
    [undefined, 'api://orders', 'failed', /names none/],
    [[], 'api://orders', 'failed', /names none/],
    [{ api: 'orders' }, 'api://orders', 'failed', /names none/],
    [[7], '7', 'failed', /names none/],
  ])('%j, where %j is wanted: %s', async (aud, audience, status, reason) => {
    expect(await checkOf('audience', { ...v2AppOnly, aud }, { audience })).toMatchObject({
      status,
      reason: expect.stringMatching(reason),
    })
  })

  it('that nobody asked for is said to be the one that an API must check', async () => {
    expect(await checkOf('audience', v2AppOnly)).toMatchObject({
      status: 'not_applicable',
      reason: `not asked for; it is "${v2AppOnly.aud}"`,
      meaning: expect.stringContaining('must check it'),
    })
  })
})

describe('what a token permits, and for whom', () => {
  it.each<[string, CheckName, object, Expectations, TokenCheck['status'], RegExp]>([
    ['a scope', 'scope', v1Delegated, { scope: 'Mail.Read' }, 'passed', /has "Mail.Read"/],
    ['all scopes', 'scope', v1Delegated, { scope: ['Mail.Read', 'User.Read'] }, 'passed', /./],
    [
      'not all scopes',
      'scope',
      v1Delegated,
      { scope: ['Mail.Read', 'Mail.Send'] },
      'failed',
      /"Mail.Send" is missing/,
    ],
    ['a part of a scope', 'scope', v1Delegated, { scope: 'Mail' }, 'failed', /is missing/],
    ['a scope in another case', 'scope', v1Delegated, { scope: 'mail.read' }, 'failed', /is missing/],
    ['a scope of an app', 'scope', v2AppOnly, { scope: 'Mail.Read' }, 'failed', /has none, but roles/],
    ['no scope at all', 'scope', v1Delegated, { scope: [] }, 'not_applicable', /^not asked for; /],
    ['no audience at all', 'audience', v2AppOnly, { audience: [] }, 'failed', /is not/],
    ['a role', 'role', v2AppOnly, { role: 'Orders.Read.All' }, 'passed', /./],
    [
      'another role',
      'role',
      v2AppOnly,
      { role: 'Orders.Read' },
      'failed',
      /"Orders.Read" is missing; it has "Orders.Read.All"/,
    ],
    ['a role of a user', 'role', v1Delegated, { role: 'Admin' }, 'failed', /has none, but scopes/],
    ['a client (v2.0)', 'app', v2AppOnly, { app: v2AppOnly.azp.toUpperCase() }, 'passed', /./],
    ['a client (v1.0)', 'app', v1Delegated, { app: ['x', v1Delegated.appid] }, 'passed', /./],
    ['another client', 'app', v2AppOnly, { app: 'x' }, 'failed', /is not "x"/],
    ['no client', 'app', v2IdToken, { app: 'x' }, 'failed', /names no client application/],
    ['an app alone', 'identity_type', v2AppOnly, { identityType: 'app' }, 'passed', /for an app alone/],
    [
      'an app where a user was meant',
      'identity_type',
      v2AppOnly,
      { identityType: 'user' },
      'failed',
      /for an app alone/,
    ],
    ['a user', 'identity_type', v1Delegated, { identityType: 'user' }, 'passed', /for a user/],
    [
      'a user where an app was meant',
      'identity_type',
      v1Delegated,
      { identityType: 'app' },
      'failed',
      /for a user/,
    ],
    ['nobody', 'identity_type', {}, { identityType: 'app' }, 'failed', /does not tell/],
    ['version 2.0', 'version', v2AppOnly, { version: '2.0' }, 'passed', /./],
    ['another version', 'version', v2AppOnly, { version: '1.0' }, 'failed', /is "2.0", not "1.0"/],
    ['no version', 'version', {}, { version: '1.0' }, 'failed', /names no version/],
    [
      'a certificate',
      'client_authentication',
      v2AppOnly,
      { clientAuthentication: 'certificate' },
      'passed',
      /certificate/,
    ],
    [
      'a secret',
      'client_authentication',
      v1Delegated,
      { clientAuthentication: 'certificate' },
      'failed',
      /with a secret/,
    ],
    [
      'no telling how',
      'client_authentication',
      {},
      { clientAuthentication: 'none' },
      'failed',
      /does not tell/,
    ],
  ])('%s', async (_what, name, payload, expectations, status, reason) => {
    expect(await checkOf(name, payload, expectations)).toMatchObject({
      status,
      reason: expect.stringMatching(reason),
    })
  })
})

// https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
describe('a token that only its API can verify', () => {
  const trusted: KeyResolver = () => {
    throw new Error('nobody is to be asked')
  }
  const withNonce = { ...header, nonce: 'abc' }

  it.each([
    ['for Graph', { ...v1Delegated, aud: 'https://graph.microsoft.com' }, withNonce, 'Microsoft Graph'],
    [
      'for Graph, without a nonce',
      { ...v1Delegated, aud: 'https://graph.microsoft.com/' },
      header,
      'Microsoft Graph',
    ],
    [
      'for Graph by its id',
      { ...v1Delegated, aud: '00000003-0000-0000-c000-000000000000' },
      header,
      'Microsoft Graph',
    ],
    [
      'for Graph of another cloud',
      { ...v1Delegated, aud: 'https://graph.microsoft.us' },
      header,
      'Microsoft Graph',
    ],
    [
      'for another API',
      { ...v1Delegated, aud: 'https://outlook.office365.com' },
      withNonce,
      'the API it is for, "https://outlook.office365.com"',
    ],
  ])('%s is neither valid nor forged', async (_what, payload, head, owner) => {
    const { verdict, valid, checks } = await judge(payload, {}, { head, trusted, signer: another })
    expect({ verdict, valid }).toEqual({ verdict: 'unverifiable', valid: false })
    expect(checks[1]).toMatchObject({
      name: 'signature',
      status: 'not_applicable',
      reason: expect.stringContaining(`cannot be verified by anyone but ${owner}`),
    })
    expect(checks[2]).toMatchObject({ name: 'issuer', status: 'passed' })
  })

  it.each<[string, object, Expectations]>([
    ['has expired', { ...v1Delegated, exp: now - 3600 }, {}],
    ['lacks a scope', v1Delegated, { scope: 'Mail.Send' }],
    ['is of another issuer', { ...v1Delegated, iss: 'https://a.example' }, { issuer: v1Delegated.iss }],
  ])('is not valid where it %s', async (_what, payload, expectations) => {
    expect((await judge(payload, expectations, { head: withNonce, trusted })).verdict).toBe('invalid')
  })

  it('is refused for its algorithm like any other', async () => {
    expect((await judge(v1Delegated, {}, { head: { ...withNonce, alg: 'none' }, trusted })).verdict).toBe(
      'invalid',
    )
  })

  it('is not told by the audience of somebody who calls himself Graph', async () => {
    const payload = { ...v2AppOnly, aud: 'https://graph.microsoft.com.attacker.example' }
    expect((await judge(payload, {}, { signer: another })).verdict).toBe('invalid')
  })
})

describe('what is quoted', () => {
  it('stays one short line', async () => {
    const long = 'x'.repeat(1000)
    const payload = { ...v2AppOnly, iss: long, aud: Array.from({ length: 1000 }, () => long), roles: [long] }
    const { checks } = await judge(payload, { audience: long.slice(1), role: 'y', app: long })
    expect(Math.max(...checks.map(({ reason }) => reason.length))).toBeLessThan(1000)
  })
})
