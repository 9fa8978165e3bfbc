import { describe, expect, it } from 'vitest'
import { claimMeaning, headerMeaning } from '../../../src/jwt/claims.ts'
import { defaultHeader, v1Delegated, v2AppOnly, v2IdToken } from './tokens.ts'

describe('claimMeaning', () => {
  it.each(Object.keys({ ...v1Delegated, ...v2AppOnly, ...v2IdToken }))('knows %s', (name) => {
    expect(claimMeaning(name)).toMatch(/^[\w'"].*[^.]$/)
  })

  it.each([
    ['appidacr', '0', 'how the client proved itself (azpacr in v2.0): not at all, a public client'],
    ['azpacr', '2', 'how the client proved itself (appidacr in v1.0): a certificate'],
    ['idtyp', 'app', 'whom it stands for: an app, without a user'],
    ['acct', 1, 'member or guest: a guest in the tenant'],
    ['tid', 'some-tenant', 'tenant'],
    [
      'appid',
      '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
      'client application that asked for it (azp in v2.0): Azure CLI',
    ],
    ['preferred_username', 'x', 'user name to show; may change (unique_name in v1.0)'],
    ['unique_name', 'x', 'user name to show; may change (preferred_username in v2.0)'],
    ['amr', ['pwd', 'mfa', 'own'], 'how the user signed in (v1.0): a password, more than one factor'],
    [
      'acr',
      '1',
      'strength of the sign-in (v1.0), or the user flow (Azure AD B2C): as ISO/IEC 29115 asks for',
    ],
    [
      'aud',
      'https://graph.microsoft.com/',
      'audience, the API (or the app, for an ID token) it is meant for: Microsoft Graph',
    ],
    [
      'xms_cc',
      ['cp1'],
      'what the client can handle: claims challenges, so its tokens may live long and be revoked at once',
    ],
    ['xms_new', 1, "Entra's own; not documented"],
    ['extn.costCenter', ['x'], 'directory extension, an attribute that the tenant added'],
    ['acrs', ['constructor'], 'authentication contexts the bearer has met'],
    ['azpacr', 'constructor', 'how the client proved itself (appidacr in v1.0)'],
  ])('tells what %s %j stands for', (name, value, meaning) => {
    expect(claimMeaning(name, value)).toBe(meaning)
  })

  it.each(['constructor', '__proto__', 'toString', 'my_own_claim', ''])('knows nothing of %j', (name) => {
    expect(claimMeaning(name, 'x')).toBeUndefined()
    expect(headerMeaning(name)).toBeUndefined()
  })
})

describe('headerMeaning', () => {
  it.each(Object.keys(defaultHeader))('knows %s', (name) => {
    expect(headerMeaning(name)).toBeTruthy()
  })
})
