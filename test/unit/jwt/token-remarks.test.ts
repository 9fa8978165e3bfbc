import { describe, expect, it } from 'vitest'
import { decodeToken } from '../../../src/jwt/decode.ts'
import { describeToken } from '../../../src/jwt/describe.ts'
import { directoryRoleName } from '../../../src/jwt/directory-roles.ts'
import { tokenRemarks } from '../../../src/jwt/token-remarks.ts'
import { defaultHeader, now, tokenOf, v1Delegated, v2AppOnly, v2IdToken } from './tokens.ts'

function remarksOn(payload: object, expected: readonly string[] = [], header: object = defaultHeader) {
  const token = decodeToken(tokenOf(payload, header))
  const remarks = tokenRemarks(token, describeToken(token, new Date(now * 1000)), expected)
  return remarks.map(({ kind, text }) => `${kind}: ${text}`)
}

const user = v1Delegated
const otherTenant = '00000000-1111-2222-3333-444444444444'

describe('tokenRemarks', () => {
  it("has nothing to say about a user's good token", () => {
    expect(remarksOn(user, ['https://graph.microsoft.com'])).toEqual([])
  })

  it.each<[string, object, RegExp]>([
    ['a long life', { ...user, exp: user.iat + 3 * 86_400 }, /^warning: it lives for 3 days; Entra gives/],
    ['a short life', { ...user, exp: user.iat + 60 }, /^warning: it lives for 60 seconds only; Entra gives/],
    ['an end before the beginning', { iat: 10, exp: 10 }, /^warning: it ends before it begins$/],
    ['the other version', { ...user, ver: '2.0' }, /^warning: ver says 2\.0, but the issuer is one of v1\.0/],
    ['another tenant', { ...user, tid: otherTenant }, /^warning: tid says "0{8}-1.*, but the issuer is of/],
    ['groups left out', { ...user, hasgroups: true }, /^warning: the groups are left out/],
    ['groups elsewhere', { ...user, _claim_names: { groups: 'src1' } }, /^warning: the groups are left out/],
    ['an ID token', v2IdToken, /^note: an ID token tells an app who signed in/],
    ["an app's own token", v2AppOnly, /^note: an app's own token, with no user in it/],
  ])('tells of %s', (_what, payload, remark) => {
    expect(remarksOn(payload)).toEqual([expect.stringMatching(remark)])
  })

  it.each<[string, object]>([
    [
      'a life of 28 hours, as clients have that can be told to sign in again',
      { ...user, exp: user.iat + 28 * 3600 },
    ],
    ["another issuer's long life", { iss: 'https://issuer.example', iat: 0, exp: 9_999_999_999 }],
    ["another issuer's version", { iss: 'https://issuer.example', ver: '2.0' }],
    ['claims elsewhere that are no groups', { ...user, _claim_names: { roles: 'src1' } }],
    ['a tenant in capitals', { ...user, tid: user.tid.toUpperCase() }],
  ])('says nothing about %s', (_what, payload) => {
    expect(remarksOn(payload)).toEqual([])
  })

  it('tells of an app without roles, and of a nonce in the header', () => {
    expect(remarksOn({ ...v2AppOnly, roles: [] })[1]).toMatch(/^note: it has no roles/)
    expect(remarksOn(user, [], { alg: 'RS256', nonce: 'n' })).toEqual([
      expect.stringMatching(/^note: its header has a nonce: nobody but Microsoft Graph/),
    ])
  })

  it.each<[string, unknown, readonly string[], boolean]>([
    ['another API', 'https://graph.microsoft.com', ['https://management.azure.com'], true],
    ['another GUID', v2AppOnly.aud, ['api://11111111-2222-3333-4444-555555555555'], true],
    ['none of a list', ['https://a.example', 'https://b.example'], ['https://c.example'], true],
    ['the same, but for a slash', 'https://vault.azure.net/', ['https://vault.azure.net'], false],
    ['Graph by its id', '00000003-0000-0000-c000-000000000000', ['https://graph.microsoft.com'], false],
    ['the GUID inside of the App ID URI', v2AppOnly.aud, [`api://${v2AppOnly.aud}`], false],
    ['a GUID, where a name is asked for', v2AppOnly.aud, ['api://orders'], false],
    ['one of the list', ['https://a.example', 'https://c.example'], ['https://c.example'], false],
    ['nothing to compare with', 'https://a.example', [], false],
  ])('compares the audience with what the profile asks for: %s', (_what, aud, expected, warns) => {
    const remarks = remarksOn({ ...user, aud }, expected)
    expect(remarks.map((text) => text.slice(0, 24))).toEqual(warns ? ['warning: its audience is'] : [])
  })
})

describe('directoryRoleName', () => {
  it.each([
    ['62e90394-69f5-4237-9190-012177145e10', 'Global Administrator'],
    ['88D8E3E3-8F55-4A1E-953A-9B9898B8876B', 'Directory Readers'],
    ['constructor', undefined],
  ])('%s is %s', (id, name) => expect(directoryRoleName(id)).toBe(name))
})
