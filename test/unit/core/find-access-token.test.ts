import { describe, expect, it } from 'vitest'
import { findAccessToken, latestAccessToken } from '../../../src/core/find-access-token.ts'
import type { MsalAccessToken } from '../../../src/core/msal-cache.ts'
import { readProfile } from '../../../src/core/profiles/profile-record.ts'
import type { CachedTokens } from '../../../src/core/token-cache.ts'
import { tokenRequest, type TokenRequest } from '../../../src/core/token-request.ts'
import { clientId, recordOf, tenantId } from '../../support/profiles.ts'

const now = new Date('2026-01-31T10:00:00Z')
const seconds = now.getTime() / 1000
const anna = `aaaa.${tenantId}`
const scope = 'https://graph.microsoft.com/User.Read'

function entry(fields: Partial<MsalAccessToken> = {}): MsalAccessToken {
  return {
    home_account_id: anna,
    environment: 'login.windows.net',
    client_id: clientId,
    realm: tenantId,
    target: `${scope} openid profile`,
    secret: 'token',
    expires_on: String(seconds + 3600),
    token_type: 'Bearer',
    ...fields,
  }
}

function cached(entries: readonly MsalAccessToken[], fields: Partial<CachedTokens> = {}): CachedTokens {
  return {
    msal: {
      AccessToken: Object.fromEntries(entries.map((one, index) => [String(index), one])),
      Account: {
        a: { home_account_id: anna, realm: tenantId, username: 'Anna@contoso.com' },
        b: { home_account_id: 'bbbb.other-home', realm: tenantId, username: 'bert@contoso.com' },
      },
    },
    msalText: '',
    signedIn: anna,
    tenantIds: {},
    ...fields,
  }
}

function request(record: object = {}, wishes: Partial<TokenRequest> = {}): TokenRequest {
  return tokenRequest(readProfile(recordOf({ defaultFlow: 'DeviceCode', ...record })), wishes)
}

const signIn = tokenRequest(readProfile(recordOf())).signIn
const hinted = (loginHint: string) => ({ signIn: { ...signIn, loginHint } })
const find = (entries: readonly MsalAccessToken[], wanted = request(), fields: Partial<CachedTokens> = {}) =>
  findAccessToken(cached(entries, fields), wanted, now)?.token

describe('a hit', () => {
  it('carries everything a caller may want to know', () => {
    expect(findAccessToken(cached([entry()]), request(), now)).toEqual({
      token: 'token',
      tokenType: 'Bearer',
      expiresOn: new Date((seconds + 3600) * 1000),
      scopes: [scope, 'openid', 'profile'],
      tenantId,
      username: 'Anna@contoso.com',
      fromCache: true,
    })
  })

  const domain = 'contoso.onmicrosoft.com'
  it.each<[string, Partial<MsalAccessToken>, TokenRequest, Partial<CachedTokens>]>([
    [
      'ids in another case',
      { client_id: clientId.toUpperCase(), realm: tenantId.toUpperCase() },
      request(),
      {},
    ],
    ['exactly the least life left', { expires_on: String(seconds + 300) }, request(), {}],
    [
      'less life, where less is asked',
      { expires_on: String(seconds + 60) },
      request({}, { minimumLifetimeSeconds: 60 }),
      {},
    ],
    ['renewal not due yet', { refresh_on: String(seconds + 1) }, request(), {}],
    ['no token type', { token_type: undefined }, request(), {}],
    [
      'a tenant by its domain',
      {},
      request({ tenantId: domain.toUpperCase() }),
      { tenantIds: { [domain]: tenantId } },
    ],
    ['a shared tenant', {}, request({ tenantId: 'common' }), {}],
    [
      'the account that was hinted at',
      {},
      request({}, hinted('ANNA@contoso.com')),
      { signedIn: 'bbbb.other-home' },
    ],
    [
      'the account that was hinted at, in its own home',
      { home_account_id: 'bbbb.other-home', realm: 'other-home' },
      request({ tenantId: 'organizations' }, hinted('bert@contoso.com')),
      {},
    ],
    [
      "an app's own",
      { home_account_id: '', target: scope },
      request({ defaultFlow: 'ClientCredentials' }),
      { signedIn: undefined },
    ],
    [
      "an app's own, tenant by domain",
      { home_account_id: undefined, realm: domain },
      request({ defaultFlow: 'ClientCredentials', tenantId: domain }),
      {},
    ],
  ])('%s', (_what, fields, wanted, cache) => {
    expect(find([entry(fields)], wanted, cache)).toBe('token')
  })

  it('is found behind entries that will not do', () => {
    const entries = [entry({ realm: 'x', secret: 'x' }), entry({ expires_on: '0', secret: 'y' }), entry()]
    expect(find(entries)).toBe('token')
  })
})

describe('a miss', () => {
  it.each<[string, Partial<MsalAccessToken>, TokenRequest, Partial<CachedTokens>]>([
    ['it ends within five minutes', { expires_on: String(seconds + 299) }, request(), {}],
    ['it is over', { expires_on: String(seconds - 1) }, request(), {}],
    ['its end is not known', { expires_on: 'soon' }, request(), {}],
    ['more life is asked for', {}, request({}, { minimumLifetimeSeconds: 3601 }), {}],
    ['renewal is due', { refresh_on: String(seconds) }, request(), {}],
    ['it is of another app', { client_id: tenantId }, request(), {}],
    ['it is of another tenant', { realm: clientId }, request(), {}],
    ['it is of another cloud', { environment: 'login.microsoftonline.us' }, request(), {}],
    [
      'it is of another port',
      { environment: 'localhost:1' },
      request({ authority: 'https://localhost:2' }),
      {},
    ],
    ['it is of somebody else', { home_account_id: 'bbbb.other-home' }, request(), {}],
    ["it is the app's own", { home_account_id: '' }, request(), {}],
    ["it is a person's", {}, request({ defaultFlow: 'ClientCredentials' }), {}],
    ['nobody is signed in', {}, request(), { signedIn: undefined }],
    ['the account hinted at is not known', {}, request({}, hinted('carl@contoso.com')), {}],
    [
      'a wanted scope is not granted',
      {},
      request({ scopes: [scope, 'https://graph.microsoft.com/Mail.Read'] }),
      {},
    ],
    ['the clock was set back since it came', { cached_at: String(seconds + 61) }, request(), {}],
    ['it answers a claims challenge', { requestedClaimsHash: 'x' }, request(), {}],
    ['a claims challenge is to be answered', {}, request({}, { claims: '{}' }), {}],
    ['a new one is asked for', {}, request({}, { fresh: true }), {}],
    ['it is bound to a key', { keyId: 'x' }, request(), {}],
    ['it is of another type', { token_type: 'pop' }, request(), {}],
    ['the domain was never resolved', {}, request({ tenantId: 'contoso.onmicrosoft.com' }), {}],
    ['the person is a guest there', { realm: clientId }, request({ tenantId: 'common' }), {}],
  ])('because %s', (_why, fields, wanted, cache) => {
    expect(find([entry(fields)], wanted, cache)).toBeUndefined()
  })

  it('because the cache is empty', () => {
    expect(
      findAccessToken({ msal: {}, msalText: '', signedIn: anna, tenantIds: {} }, request(), now),
    ).toBeUndefined()
  })
})

describe('the token to look at', () => {
  it('is the one that lasts longest, also when all are over', () => {
    const entries = ['1', '3', '2'].map((end) => entry({ expires_on: end, secret: `token-${end}` }))
    expect(latestAccessToken(cached(entries), request())?.token).toBe('token-3')
  })
  it('is none of somebody else', () => {
    expect(latestAccessToken(cached([entry({ home_account_id: 'x' })]), request())).toBeUndefined()
  })
})
