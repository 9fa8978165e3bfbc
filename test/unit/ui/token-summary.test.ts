import { describe, expect, it } from 'vitest'
import { decodeToken } from '../../../src/jwt/decode.ts'
import { describeToken } from '../../../src/jwt/describe.ts'
import { summaryOf, summaryText } from '../../../src/ui/token-summary.ts'
import { now, tokenOf, v2AppOnly } from '../jwt/tokens.ts'

const described = (payload: object | string) =>
  describeToken(decodeToken(tokenOf(payload)), new Date(now * 1000))

describe('summaryText', () => {
  it('is the block of the user guide', () => {
    const token = {
      aud: 'https://graph.microsoft.com',
      iat: now - 900,
      exp: now + 2700,
      scp: 'User.Read Mail.Read',
      appid: '12345678-1234-1234-1234-123456789abc',
      tid: '87654321-4321-4321-4321-cba987654321',
    }
    expect(summaryText(described(token))).toBe(`Token Information:
  Audience: https://graph.microsoft.com
  Issued: 2026-01-31 09:45:00 UTC
  Expires: 2026-01-31 10:45:00 UTC
  Time remaining: 45 minutes
  Scopes: User.Read Mail.Read
  Application ID: 12345678-1234-1234-1234-123456789abc
  Tenant ID: 87654321-4321-4321-4321-cba987654321`)
  })

  it('names roles where there are roles', () => {
    const text = summaryText(described(v2AppOnly))
    expect(text).toContain('\n  Roles: Orders.Read.All Orders.Write.All\n')
    expect(text).not.toContain('Scopes')
  })

  it.each([
    [
      'an expired token',
      { exp: now - 90 },
      ['Expires: 2026-01-31 09:58:30 UTC', 'Time remaining: none, expired 1 minute ago'],
    ],
    [
      'the last seconds',
      { exp: now + 30 },
      ['Expires: 2026-01-31 10:00:30 UTC', 'Time remaining: 30 seconds'],
    ],
    [
      'a token of the future',
      { nbf: now + 60, exp: now + 120 },
      [
        'Not valid before: 2026-01-31 10:01:00 UTC',
        'Expires: 2026-01-31 10:02:00 UTC',
        'Time remaining: 2 minutes',
      ],
    ],
    ['no end', {}, ['Expires: never (no exp claim)']],
    ['an unreadable end', { exp: {} }, ['Expires: unknown (exp or nbf is not a time)']],
    [
      'an end beyond all dates',
      '{"exp":1e300}',
      ['Expires: in the far future', 'Time remaining: more than 100 years'],
    ],
    [
      'an end before all dates',
      '{"exp":-1e300}',
      ['Expires: in the far past', 'Time remaining: none, expired more than 100 years ago'],
    ],
    [
      'two audiences',
      { aud: ['a', 'b'], exp: now + 60 },
      ['Audience: a, b', 'Expires: 2026-01-31 10:01:00 UTC', 'Time remaining: 1 minute'],
    ],
  ])('tells %s', (_what, payload, lines) => {
    expect(summaryText(described(payload))).toBe(
      ['Token Information:', ...lines.map((line) => `  ${line}`)].join('\n'),
    )
  })

  it('lets no control characters and no lines of others through', () => {
    const hostile = 'x\u001b[2J\u009b1m\u202e\nTenant ID: forged'
    const text = summaryText(
      described({ aud: hostile, scp: [hostile], roles: [hostile], azp: hostile, tid: hostile }),
    )
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text.split('\n')).toHaveLength(7)
  })
})

describe('summaryOf', () => {
  it('always has every name, null where the token says nothing', () => {
    expect(summaryOf(described({}), undefined)).toEqual({
      valid: true,
      expired: false,
      format: 'JWT',
      type: 'Bearer',
      exp: null,
      iat: null,
      nbf: null,
      expires_at: null,
      issued_at: null,
      expires_in: null,
      audience: null,
      issuer: null,
      scopes: [],
      roles: [],
      application_id: null,
      tenant_id: null,
      profile: null,
    })
  })

  it.each([
    ['unclear', { exp: 'x' }, false, false],
    ['expired', { exp: now }, false, true],
    ['not yet valid', { nbf: now + 1 }, false, false],
  ])('does not call an %s token valid', (_what, payload, valid, expired) => {
    expect(summaryOf(described(payload), 'work')).toMatchObject({ valid, expired, profile: 'work' })
  })
})
