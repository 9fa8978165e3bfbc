import { describe, expect, it } from 'vitest'
import { claimMeaning, headerMeaning } from '../../../src/jwt/claims.ts'
import { defaultHeader, v1Delegated, v2AppOnly, v2IdToken } from './tokens.ts'

describe('claimMeaning', () => {
  it.each(Object.keys({ ...v1Delegated, ...v2AppOnly, ...v2IdToken }))('knows %s', (name) => {
    expect(claimMeaning(name)).toMatch(/^[\w'"].*[^.]$/)
  })

  it.each([
    ['appidacr', '0', 'how the client proved itself (v1.0): not at all, a public client'],
    ['azpacr', '2', 'how the client proved itself (v2.0): a certificate'],
    ['idtyp', 'app', 'whom it stands for: an app, without a user'],
    ['acct', 1, 'member or guest: a guest in the tenant'],
    ['tid', 'some-tenant', 'tenant'],
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
