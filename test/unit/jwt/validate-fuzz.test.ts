/** Tokens that nobody made on purpose: whatever they hold, they are judged, in bounded work, and quoted harmlessly. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import type { DecodedToken } from '../../../src/jwt/decode.ts'
import { validateToken, type KeyResolver } from '../../../src/jwt/validate.ts'
import { validationReport, validationSummary } from '../../../src/ui/validation-report.ts'
import { formatJson } from '../../../src/ui/json.ts'
import { placeOf } from '../../../src/core/signing-keys-place.ts'
import { isMicrosoftHost } from '../../../src/jwt/issuers.ts'
import { base64url, now, v2AppOnly } from './tokens.ts'
import { rsaKey, signed } from '../../support/signing.ts'

const clock = new Date(now * 1000)
const key = rsaKey('key-1')
const paint = (_style: unknown, text: string) => text

const claimNames =
  'iss aud tid exp nbf iat scp roles azp appid idtyp ver azpacr tfp acr nonce __proto__ constructor toString'.split(
    ' ',
  )
const headerNames = ['alg', 'kid', 'typ', 'x5t', 'crit', 'nonce', 'jwk', 'jku', 'x5c', 'b64', '__proto__']
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    v2AppOnly.iss,
    v2AppOnly.tid,
    'RS256',
    'key-1',
    '\u001b[31m',
    '\u009b2J',
    '\u202e',
    '\r\n',
  ),
  fc.constantFrom<unknown>(
    `https://a.b2clogin.com/${v2AppOnly.tid}/v2.0/`,
    `https://sts.windows.net/${v2AppOnly.tid}/`,
  ),
  fc.double(),
  fc.jsonValue(),
)
const part = (names: readonly string[]) =>
  fc.oneof(
    fc
      .dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value)
      .map((fields) => base64url(JSON.stringify(fields))),
    fc.uint8Array().map(base64url),
    fc.string({ unit: 'binary' }),
  )
const header = fc.oneof(
  { weight: 2, arbitrary: fc.constant(base64url(JSON.stringify({ alg: 'RS256', kid: 'key-1' }))) },
  { weight: 1, arbitrary: part(headerNames) },
)
const tokens = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(header, part(claimNames), fc.uint8Array().map(base64url))
      .map((parts) => parts.join('.')),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }).map((parts) => parts.join('.')),
  },
)
const texts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 })
const expectations = fc.record(
  {
    issuer: texts,
    tenant: texts,
    audience: texts,
    scope: texts,
    role: texts,
    app: texts,
    clockSkewSeconds: fc.double(),
  },
  { requiredKeys: [] },
)

/** What a terminal might act on, line feeds aside, which our own layout has. */
// eslint-disable-next-line no-control-regex
const harmful = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/** Nothing, for a token that is none. @throws whatever else went wrong */
function refusalOf(error: unknown): undefined {
  if (!(error instanceof EntraAuthError) || error.code !== 'invalid_token') throw error
}

describe('10,000 tokens made up at random', () => {
  it('are judged without harm, and lead to no host but Microsoft', async () => {
    let judged = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(tokens, expectations, async (token, wanted) => {
        const resolve: KeyResolver = (decoded: DecodedToken) => {
          const place = placeOf(decoded, {})
          if ('refusal' in place) return place
          expect(isMicrosoftHost(new URL(place.metadataUrl).hostname)).toBe(true)
          return { keys: [key.published] }
        }
        const validation = await validateToken(token, resolve, wanted, clock).catch(refusalOf)
        if (validation === undefined) return void refused++
        judged++
        expect(validation.valid).toBe(false)
        const report = validationReport(validation, { width: 80, paint })
        const json = formatJson(JSON.stringify(validationSummary(validation)), { paint, resultIsRead: true })
        expect(harmful.exec(report) ?? harmful.exec(json)).toBeNull()
        expect(Math.max(...validation.checks.map(({ reason }) => reason.length))).toBeLessThan(1500)
        expect(() => JSON.parse(json)).not.toThrow()
      }),
      { numRuns: 10_000 },
    )
    // Both ways are walked, or this says nothing.
    expect(judged).toBeGreaterThan(1000)
    expect(refused).toBeGreaterThan(1000)
  }, 120_000)
})

describe('a token of 10 MB', () => {
  const size = 7_800_000
  const lists = {
    'one claim': { ...v2AppOnly, filler: 'x'.repeat(size) },
    'many audiences': { ...v2AppOnly, aud: Array.from({ length: size / 4 }, () => 'x') },
    'many scopes': { ...v2AppOnly, scp: 'x '.repeat(size / 2) },
  }

  it.each(Object.entries(lists))('of %s is judged by one look at the keys', async (_what, payload) => {
    const token = signed(payload, { alg: 'RS256', kid: 'key-1' }, key)
    expect(token.length).toBeGreaterThan(10_000_000)
    let looks = 0
    const resolve: KeyResolver = () => {
      looks++
      return { keys: [key.published] }
    }
    const started = performance.now()
    const { checks } = await validateToken(token, resolve, { audience: 'y', scope: 'y', role: 'y' }, clock)
    const milliseconds = performance.now() - started
    expect(looks).toBe(1)
    expect(checks.find(({ name }) => name === 'signature')).toMatchObject({ status: 'passed' })
    // A second is what is promised on a quiet machine. This bound only catches work that grows with the square.
    expect(milliseconds).toBeLessThan(5000)
  })
})
