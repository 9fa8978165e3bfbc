/** Tokens at random for all that shows them: no crash, and nothing that a terminal or a browser would act on. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenLines } from '../../../src/core/token-lines.ts'
import type { EntraAuthError } from '../../../src/errors.ts'
import { claimMeaning, headerMeaning } from '../../../src/jwt/claims.ts'
import { decodeToken, type DecodedToken } from '../../../src/jwt/decode.ts'
import { describeToken } from '../../../src/jwt/describe.ts'
import { directoryRoleName } from '../../../src/jwt/directory-roles.ts'
import { looksSecret } from '../../../src/jwt/secret-claims.ts'
import { tokenInText } from '../../../src/jwt/token-text.ts'
import { tokenRemarks } from '../../../src/jwt/token-remarks.ts'
import { concealedToken } from '../../../src/ui/conceal.ts'
import { formatJson, plainStage } from '../../../src/ui/json.ts'
import { diffTokens, saysTheSame } from '../../../src/ui/token-diff.ts'
import { diffJson, diffText } from '../../../src/ui/token-diff-text.ts'
import { tokenPage } from '../../../src/ui/token-page.ts'
import { prettyToken } from '../../../src/ui/token-pretty.ts'
import { tokenView, type TokenReading } from '../../../src/ui/token-view.ts'
import { base64url, now } from '../jwt/tokens.ts'

const plain = (_style: unknown, text: string) => text
// eslint-disable-next-line no-control-regex
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

const knownNames = (
  'aud iss iat nbf exp auth_time sub appid azp appidacr azpacr idtyp ver scp roles wids groups hasgroups amr acr ' +
  '_claim_names _claim_sources xms_cc tid oid name nonce aio alg kid __proto__ constructor toString length'
).split(' ')
const values = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  fc.constantFrom<unknown>(
    now,
    now + 1e6,
    -1e308,
    1e308,
    0,
    '1.0',
    '2.0',
    'https://sts.windows.net/87654321-4321-4321-4321-cba987654321/',
    '62e90394-69f5-4237-9190-012177145e10',
    ['62e90394-69f5-4237-9190-012177145e10', null, 1],
    '\u001b]0;x\u0007\u009b2J\u202e</script><img src=x>',
    'a b  c',
    { groups: 'src1' },
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const names = fc.oneof(fc.constantFrom(...knownNames), fc.string({ unit: 'binary', maxLength: 12 }))

/** JSON text, so that names may repeat and `__proto__` is a name like any other. */
const objects = fc
  .array(fc.tuple(names, values), { maxLength: 12 })
  .map(
    (members) =>
      `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
  )
const tokens = fc
  .tuple(objects, objects, fc.constantFrom('', 'AA', base64url('signature')))
  .map(([header, payload, end]) => `${base64url(header)}.${base64url(payload)}.${end}`)

function readingOf(token: DecodedToken): TokenReading {
  const at = new Date(now * 1000)
  const description = describeToken(token, at)
  const remarks = tokenRemarks(token, description, ['https://graph.microsoft.com'])
  const known = { claimMeaning, headerMeaning, roleName: directoryRoleName }
  return { token, description, remarks, now: at, timeZone: 'Asia/Kolkata', ...known }
}

describe('10,000 tokens at random', () => {
  it('are read by every reader, and none shows what a terminal acts on', () => {
    fc.assert(
      fc.property(tokens, tokens, (one, other) => {
        const [a, b] = [decodeToken(one), decodeToken(other)]
        const shown = [
          prettyToken(tokenView(readingOf(a)), 'whole', plain),
          diffText(diffTokens(a, b), { a: 'a', b: 'b' }, directoryRoleName, plain),
          formatJson(diffJson(diffTokens(a, b)), { paint: plain, resultIsRead: true }),
        ].join('\n')
        expect(shown).not.toMatch(dangerous)
        expect(saysTheSame(diffTokens(a, a))).toBe(true)
        expect(saysTheSame(diffTokens(a, b))).toBe(saysTheSame(diffTokens(b, a)))
      }),
      { numRuns: 10_000 },
    )
  }, 120_000)

  it('become pages without markup of theirs', () => {
    fc.assert(
      fc.property(tokens, (text) => {
        const token = concealedToken(decodeToken(text), looksSecret)
        const reading = readingOf(token)
        const json = formatJson(token.json.payload, plainStage)
        const page = tokenPage({
          view: tokenView(reading),
          status: reading.description.status,
          json,
          madeAt: '',
          expiry: '',
        })
        expect(page.replace(/<style>[^]*<\/style>/, '')).not.toMatch(dangerous)
        expect(page).not.toMatch(/<(?:script|img)\b/)
      }),
      { numRuns: 10_000 },
    )
  }, 120_000)

  it('come out of --all as they come out alone, whole or broken', () => {
    const broken = fc.tuple(tokens, fc.nat(400), fc.string({ maxLength: 3 })).map(([token, at, text]) => {
      const line = token.slice(0, at) + text + token.slice(at + 1)
      return line.replace(/[\r\n]/g, '')
    })
    fc.assert(
      fc.property(fc.oneof(tokens, broken, fc.string({ unit: 'binary' })), (text) => {
        const line = text.replace(/[\r\n]/g, '')
        const lines = new TokenLines('claims')
        const answer = lines.take(Buffer.from(`${line}\n`)) + lines.end()
        expect(
          answer
            .split('\n')
            .slice(0, -1)
            .map((json) => JSON.parse(json) as unknown),
        ).toEqual(expectedOf(line))
      }),
      { numRuns: 10_000 },
    )
  }, 120_000)
})

/** What a line alone comes to: nothing where it is empty, its claims, or why it is no token. */
function expectedOf(line: string): readonly unknown[] {
  if (Buffer.from(line).toString().trim() === '') return []
  try {
    return [JSON.parse(decodeToken(tokenInText(line)).json.payload)]
  } catch (error) {
    return [{ line: 1, error: (error as EntraAuthError).message }]
  }
}
