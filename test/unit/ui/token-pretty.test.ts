import { describe, expect, it } from 'vitest'
import { claimMeaning, headerMeaning } from '../../../src/jwt/claims.ts'
import { decodeToken } from '../../../src/jwt/decode.ts'
import { describeToken } from '../../../src/jwt/describe.ts'
import { directoryRoleName } from '../../../src/jwt/directory-roles.ts'
import { tokenRemarks } from '../../../src/jwt/token-remarks.ts'
import { prettyToken, type TokenPart } from '../../../src/ui/token-pretty.ts'
import { tokenView } from '../../../src/ui/token-view.ts'
import { base64url, now, tokenOf, v2AppOnly } from '../jwt/tokens.ts'

const plain = (_style: unknown, text: string) => text

function pretty(jwt: string, part: TokenPart = 'whole', paint = plain, timeZone = 'UTC'): string {
  const token = decodeToken(jwt)
  const at = new Date(now * 1000)
  const description = describeToken(token, at)
  const remarks = tokenRemarks(token, description)
  const known = { claimMeaning, headerMeaning, roleName: directoryRoleName }
  return prettyToken(tokenView({ token, description, remarks, now: at, timeZone, ...known }), part, paint)
}

describe('prettyToken', () => {
  it('shows what the token is, its header, its claims with their meanings, and its times', () => {
    const payload = {
      aud: '99999999-8888-7777-6666-555555555555',
      iss: 'https://login.microsoftonline.com/87654321-4321-4321-4321-cba987654321/v2.0',
      exp: now + 2700,
      iat: now - 900,
      nbf: now - 900,
      azp: 'client',
      azpacr: '1',
      name: 'Zoë 山田',
      scp: 'Orders.Read',
      ver: '2.0',
    }
    expect(pretty(tokenOf(payload))).toBe(`Token Type: delegated access token (v2.0)
Algorithm: RS256
Signature: 256 bytes, not checked

Header:
  typ: JWT    kind of token
  alg: RS256  signature algorithm
  kid: key-1  which key signed it

Claims:
  aud:    99999999-8888-7777-6666-555555555555  audience, the API (or the app, for an ID token) it is meant for
  iss:    https://login.microsoftonline.com/87654321-4321-4321-4321-cba987654321/v2.0
                                                issuer, the authority and tenant that made it
  exp:    1769856300 (2026-01-31 10:45:00 UTC)  expires at: in 45 minutes
  iat:    1769852700 (2026-01-31 09:45:00 UTC)  issued at: 15 minutes ago
  nbf:    1769852700 (2026-01-31 09:45:00 UTC)  not valid before: 15 minutes ago
  azp:    client                                client application that asked for it (appid in v1.0)
  azpacr: 1                                     how the client proved itself (appidacr in v1.0): a client secret
  name:   Zoë 山田                                display name; may change
  scp:    Orders.Read                           delegated permissions (scopes)
  ver:    2.0                                   token version

Expiration:
  Issued At:  2026-01-31 09:45:00 UTC, 15 minutes ago
  Not Before: 2026-01-31 09:45:00 UTC, 15 minutes ago
  Expires At: 2026-01-31 10:45:00 UTC, in 45 minutes
  Valid For:  45 minutes`)
  })

  it.each([
    ['an expired token', { exp: now - 180 }, 'expired 3 minutes ago; APIs refuse it'],
    [
      'a token of the future',
      { exp: now + 60, nbf: now + 30 },
      'not valid before 2026-01-31 10:00:30 UTC; APIs refuse it',
    ],
    ['a token without an end', {}, 'has no exp claim, so it never expires'],
    ['an unreadable end', { exp: 'soon' }, 'exp or nbf is not a time; APIs refuse it'],
    [
      'a repeated claim',
      '{"exp":1,"exp":9999999999,"exp":9999999999}',
      'the claim "exp" is there more than once; the last one counts',
    ],
  ])('warns of %s', (_what, payload, warning) => {
    const text = pretty(tokenOf(payload))
    expect(text.split('\n').filter((line) => line.startsWith('Warning:'))).toEqual([`Warning: ${warning}`])
  })

  it('warns of a token nobody signed', () => {
    const text = pretty(`${base64url('{"alg":"none"}')}.${base64url(JSON.stringify({ exp: now + 60 }))}.`)
    expect(text).toContain('Signature: none')
    expect(text).toContain('Warning: not signed (alg none): anyone can have written it')
  })

  it('warns of nothing about a good token', () => {
    expect(pretty(tokenOf(v2AppOnly))).not.toContain('Warning')
  })

  it.each([
    ['a short list in one line', { roles: ['a', 'b'] }, '  roles: a, b  '],
    ['an empty list', { roles: [] }, '  roles: (none)  '],
    [
      'a long list in lines',
      { roles: ['Directory.ReadWrite.All', 'Application.ReadWrite.All', 'Mail.Send'] },
      '  roles: Directory.ReadWrite.All  application permissions, or app roles of the user\n' +
        '         Application.ReadWrite.All\n         Mail.Send',
    ],
    [
      'many scopes in lines',
      { scp: 'https://api.example/Read.Everything https://api.example/Write.Everything' },
      '  scp: https://api.example/Read.Everything  delegated permissions (scopes)\n' +
        '       https://api.example/Write.Everything',
    ],
    ['an object as JSON', { cnf: { kid: 'k', n: [1, null] } }, '  cnf: {"kid":"k","n":[1,null]}  '],
    ['all digits', '{"own":12345678901234567890}', '  own: 12345678901234567890\n'],
    ['an empty string', { own: '' }, '  own: ""\n'],
    ['an end beyond all dates', '{"exp":1e300}', '  exp: 1e300  expires at'],
    ['an end too large for a date', '{"exp":99999999999999}', '  exp: 99999999999999  expires at'],
    ['a header that is no string', { exp: 5, own: { toString: 1 } }, 'own: {"toString":1}'],
  ])('shows %s', (_what, payload, shown) => {
    expect(`${pretty(tokenOf(payload), 'claims')}\n`).toContain(shown)
  })

  it('survives a header of odd types', () => {
    expect(pretty(tokenOf('{}', '{"alg":{"toString":1},"typ":null}'))).toContain('Algorithm: none')
  })

  it.each([
    ['escape sequences', '\u001b[2J\u001b]0;title\u0007bad', 'bad'],
    ['C1 sequences', 'a\u009b31mb', 'ab'],
    ['bidirectional overrides', 'a\u202eb\u2066', 'ab'],
    ['line feeds', 'a\nHeader:\r\n  b', 'a Header:   b'],
  ])('lets no %s through, in values, names, lists and objects', (_what, hostile) => {
    const payload = {
      own: hostile,
      [hostile]: hostile,
      list: [hostile],
      object: { [hostile]: [hostile] },
      ver: hostile,
    }
    const text = pretty(tokenOf(payload, { alg: hostile, kid: hostile }))
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect(text.match(/^Header:$/gm)).toHaveLength(1)
  })

  it('tells times in UTC, here, and by their distance', () => {
    expect(pretty(tokenOf(v2AppOnly), 'whole', plain, 'Asia/Kolkata')).toContain(
      'Expires At: 2026-01-31 10:45:00 UTC = 2026-01-31 16:15:00 +05:30, in 45 minutes',
    )
  })

  it('names directory roles, one a line', () => {
    const wids = ['62e90394-69f5-4237-9190-012177145e10', 'aaaaaaaa-0000-0000-0000-000000000000']
    expect(pretty(tokenOf({ wids }), 'claims')).toBe(`Claims:
  wids: (2)  directory roles of the user in the tenant, as template ids
        62e90394-69f5-4237-9190-012177145e10  Global Administrator
        aaaaaaaa-0000-0000-0000-000000000000`)
  })

  it('shows one part alone', () => {
    expect(pretty(tokenOf(v2AppOnly), 'header')).toMatch(
      /^Header:\n {2}typ: JWT .*\n {2}alg: .*\n {2}kid: .*$/,
    )
    expect(pretty(tokenOf(v2AppOnly), 'claims')).toMatch(/^Claims:\n {2}aud: /)
    expect(pretty(tokenOf(v2AppOnly), 'claims')).not.toMatch(/Header|Expiration/)
  })

  it('dims what the meanings say', () => {
    const paint = (style: unknown, text: string) => `<${String(style)}>${text}</>`
    const text = prettyWith(paint)
    expect(text).toContain('<dim>token version</>')
    expect(text).toContain('<bold>Claims:</>')
  })

  it('shows the first thousand of many claims, and how many there are', () => {
    const payload = Object.fromEntries(Array.from({ length: 130_000 }, (_, index) => [`c${index}`, 1]))
    const lines = pretty(tokenOf(payload), 'claims').split('\n')
    expect(lines).toHaveLength(1002)
    expect(lines.at(-1)).toBe('  ...:  and 129000 more; "-o json" shows all')
  })

  it.each<[string, object, string, number]>([
    [
      'the first thousand items of a list',
      { own: Array(5000).fill('x') },
      'and 4000 more; "-o json" shows all',
      1002,
    ],
    ['the first thousand scopes', { scp: 'a '.repeat(5000) }, 'and 4001 more; "-o json" shows all', 1002],
    [
      'the beginning of a long text',
      { own: 'x'.repeat(20_000) },
      'x... and 10000 more; "-o json" shows all',
      2,
    ],
    ['the beginning of a long object', { own: { a: 'x'.repeat(20_000) } }, '... and 10008 more', 2],
  ])('shows %s', (_what, payload, end, lines) => {
    const text = pretty(tokenOf(payload), 'claims')
    expect(text).toContain(end)
    expect(text.split('\n')).toHaveLength(lines)
  })

  it('finds a known claim twice among thousands', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `"claim-${index}":1`).join(',')
    const text = pretty(tokenOf(`{${names},"exp":1,${names},"exp":2}`))
    expect(text).toContain('the claim "claim-0" is there more than once')
    expect(text.match(/is there more than once/g)).toHaveLength(10)
    expect(pretty(tokenOf(`{${names},"exp":1,"exp":2}`))).toContain('the claim "exp" is there more than once')
  })

  it('pads no other name to one of megabytes', () => {
    const long = 'n'.repeat(2_000_000)
    const names = Array.from({ length: 900 }, (_, index) => [`claim-${index}`, 1] as const)
    const text = pretty(tokenOf({ [long]: 1, ...Object.fromEntries(names) }), 'claims')
    expect(text).toContain(`\n  ${long}: 1\n  claim-0:   1\n`)
    expect(text.length).toBeLessThan(2_100_000)
  })
})

function prettyWith(paint: (style: unknown, text: string) => string): string {
  return pretty(tokenOf(v2AppOnly), 'whole', paint)
}
