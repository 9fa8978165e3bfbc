import { describe, expect, it } from 'vitest'
import { looksSecret } from '../../../src/jwt/secret-claims.ts'
import { base64url, tokenOf, v1Delegated, v2AppOnly, v2IdToken } from './tokens.ts'

describe('looksSecret', () => {
  it.each([
    ['nonce', 'n-1'],
    ['aio', 'short'],
    ['idp_access_token', 'x'],
    ['clientSecret', 'x'],
    ['user_password', 'x'],
    ['apikey', 'x'],
    ['pin', '1234'],
    ['own', 'a '.repeat(2049)],
    ['sub', 'x'.repeat(5000)],
    ['own', tokenOf({ a: 1 })],
    ['own', `see ${tokenOf({ a: 1 })}`],
    ['sub', tokenOf({ a: 1 })],
    ['own', '-----BEGIN PRIVATE KEY-----'],
    ['own', 'https://x.example/blob?sv=1&sig=abc'],
    ['own', 'https://x.example/cb#access_token=1'],
    ['own', 'postgres://app:hunter2@db.example/app'],
    ['own', 'abc8Q~aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456'],
    ['own', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['own', `0.${base64url('AAAAAAAAAAAAAAAAAA 9Zz 8Yy 7Xx')}`],
  ])('%s: %s', (name, text) => expect(looksSecret(name, text)).toBe(true))

  it.each([
    ...Object.entries({ ...v1Delegated, ...v2AppOnly, ...v2IdToken })
      .filter(([name]) => name !== 'nonce')
      .map(([name, value]) => [name, String(value)]),
    ['sub', 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ'],
    ['kid', 'ki1b6aBcDeFgHiJkLmNoPqRsTuV0'],
    ['uti', 'ColAcrlKl0OTH5BHzLwkAA'],
    ['oid', '11111111-2222-3333-4444-555555555555'],
    ['roles', 'DeviceManagementManagedDevices.PrivilegedOperations.All'],
    ['scp', 'api://99999999-8888-7777-6666-555555555555/access_as_user'],
    ['upn', 'a.very.long.person.name@subsidiary.contoso.example'],
    ['xms_mirid', '/subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/rg/providers/x'],
    ['name', 'Zoë Müller'],
    ['pwd_url', 'https://portal.example/ChangePassword'],
  ])('not %s: %s', (name, text) => expect(looksSecret(name, text)).toBe(false))
})
