import { describe, expect, it } from 'vitest'
import { decodeToken } from '../../../src/jwt/decode.ts'
import { describeToken, numericDate } from '../../../src/jwt/describe.ts'
import { now, tokenOf, v1Delegated, v2AppOnly, v2IdToken } from './tokens.ts'

const moment = new Date(now * 1000)
const describe_ = (payload: object | string) => describeToken(decodeToken(tokenOf(payload)), moment)

describe('describeToken', () => {
  it('tells a v1.0 token of a user', () => {
    expect(describe_(v1Delegated)).toEqual({
      kind: 'delegated access token',
      version: '1.0',
      status: 'valid',
      exp: now + 2700,
      iat: now - 900,
      nbf: now - 900,
      expiresAt: new Date('2026-01-31T10:45:00Z'),
      issuedAt: new Date('2026-01-31T09:45:00Z'),
      notBefore: new Date('2026-01-31T09:45:00Z'),
      expiresInSeconds: 2700,
      audience: 'https://graph.microsoft.com',
      issuer: 'https://sts.windows.net/87654321-4321-4321-4321-cba987654321/',
      scopes: ['User.Read', 'Mail.Read'],
      roles: [],
      applicationId: '12345678-1234-1234-1234-123456789abc',
      tenantId: '87654321-4321-4321-4321-cba987654321',
    })
  })

  it('tells a v2.0 token of an app', () => {
    expect(describe_(v2AppOnly)).toMatchObject({
      kind: 'app-only access token',
      version: '2.0',
      scopes: [],
      roles: ['Orders.Read.All', 'Orders.Write.All'],
      applicationId: '12345678-1234-1234-1234-123456789abc',
    })
  })

  it.each([
    ['an ID token', v2IdToken, 'ID token'],
    ['an app without idtyp', { appid: 'x', roles: [] }, 'app-only access token'],
    ['a user by idtyp', { azp: 'x', idtyp: 'user' }, 'delegated access token'],
    ['scopes without a client', { scp: 'a' }, 'delegated access token'],
    ['a stranger', { iss: 'https://issuer.example', sub: 'x' }, 'unknown'],
  ])('knows the kind of %s', (_what, payload, kind) => {
    expect(describe_(payload).kind).toBe(kind)
  })

  it.each([
    ['just before its end', { exp: now + 1 }, 'valid', 1],
    ['at its end', { exp: now }, 'expired', 0],
    ['after its end', { exp: now - 60 }, 'expired', -60],
    ['before its start', { exp: now + 3600, nbf: now + 1 }, 'not-yet-valid', 3600],
    ['at its start', { exp: now + 3600, nbf: now }, 'valid', 3600],
    ['over before it began', { exp: now - 1, nbf: now + 1 }, 'expired', -1],
    ['without an end', {}, 'valid', undefined],
    ['with a fraction', '{"exp":1769853600.9}', 'valid', 0],
    ['with digits in a string', { exp: String(now + 60) }, 'valid', 60],
    ['with an end beyond all dates', '{"exp":1e300}', 'valid', 1e300],
    ['with an end before all dates', '{"exp":-1e300}', 'expired', -1e300],
    ['with an end no number holds', '{"exp":1e999}', 'unclear', undefined],
    ['with a word for an end', { exp: 'tomorrow' }, 'unclear', undefined],
    ['with null for an end', { exp: null }, 'unclear', undefined],
    ['with an object for a start', { exp: now + 60, nbf: {} }, 'unclear', 60],
  ])('judges a token %s', (_what, payload, status, expiresInSeconds) => {
    const description = describe_(payload)
    expect(description.status).toBe(status)
    expect(description.expiresInSeconds).toBe(expiresInSeconds)
    expect(description.expiresAt?.getTime()).not.toBeNaN()
  })

  it.each([
    ['a string', 'one  two', ['one', 'two']],
    ['an array', ['one', 'two'], ['one', 'two']],
    ['an array with other things', ['one', 2, null], ['one']],
    ['nothing', undefined, []],
    ['an object', {}, []],
  ])('reads scopes from %s', (_what, scp, scopes) => {
    expect(describe_({ scp }).scopes).toEqual(scopes)
  })

  it('keeps a list of audiences a list', () => {
    expect(describe_({ aud: ['a', 'b'] }).audience).toEqual(['a', 'b'])
    expect(describe_({ aud: 5 }).audience).toBeUndefined()
  })
})

describe('numericDate', () => {
  it.each([
    [5, 5],
    [-5.5, -5.5],
    ['1701435600', 1701435600],
    ['', undefined],
    ['0x10', undefined],
    [true, undefined],
    [[1], undefined],
  ])('reads %j as %j', (claim, seconds) => {
    expect(numericDate(claim)).toBe(seconds)
  })
})
