import { AuthError } from '@azure/msal-node'
import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../../../src/core/entra-codes/index.ts'
import { entraRefusal } from '../../../../src/core/entra-errors.ts'
import { explain, explainAll } from '../../../../src/core/explain/explain.ts'
import { translateMsalError } from '../../../../src/core/msal-errors.ts'
import { correlationId, shapes, timestamp, traceId } from './shapes.ts'

/** Those that people meet most. */
const codes = [
  16000, 16001, 28000, 28002, 28003, 50000, 50001, 50011, 50012, 50013, 50014, 50020, 50027, 50034, 50053,
  50055, 50057, 50058, 50059, 50072, 50074, 50076, 50078, 50079, 50097, 50105, 50126, 50128, 50131, 50132,
  50133, 50140, 50155, 50158, 50173, 50194, 50196, 53000, 53001, 53003, 53004, 54005, 65001, 65002, 65004,
  65005, 70000, 70008, 70011, 70016, 70018, 70019, 70043, 90002, 90014, 90094, 500011, 500113, 530003, 530032,
  530084, 650052, 650056, 650057, 700003, 700016, 700024, 700025, 700027, 700082, 700084, 900144, 1002012,
  7000112, 7000215, 7000218, 7000222, 9002313,
].filter((code) => meaningOf(code) !== undefined)

const codesOf = (text: string) => explain(text).explanations.map(({ code }) => code)

it('tries at least sixty numbers', () => {
  expect(codes.length).toBeGreaterThanOrEqual(60)
})

describe.each(shapes)('in $name', ({ text, hasIds, hasError }) => {
  it.each(codes)('finds %i and nothing else', (code) => {
    const { explanations, ...rest } = explain(text(code))
    const numbered = explanations.filter((explanation) => explanation.code !== undefined)
    expect(numbered).toEqual([expect.objectContaining({ code, known: true, fact: meaningOf(code)?.fact })])
    expect(rest).toMatchObject({
      traceId: hasIds ? traceId : undefined,
      correlationId: hasIds ? correlationId : undefined,
      timestamp: hasIds ? timestamp : undefined,
      error: hasError ? 'invalid_grant' : undefined,
    })
  })

  it('tells an unknown number in the words of the text, or in none', () => {
    const found = explain(text(7_654_321)).explanations.filter(({ code }) => code !== undefined)
    // Others have error codes too: a number that nothing marks as Entra's counts only where it is known.
    const isMarked = /AADSTS|error_codes|\/error\?|^\W*\d+\W*$/i.test(text(7_654_321))
    expect(found.map(({ code, known }) => ({ code, known }))).toEqual(
      isMarked ? [{ code: 7_654_321, known: false }] : [],
    )
    for (const { fact, causes, who, remedy } of found) {
      expect({ causes, who }).toEqual({ causes: [], who: undefined })
      expect(fact).toMatch(/^nothing is known of this number here$|^Something about|^`something`$/)
      expect(fact).not.toMatch(/Trace ID|Correlation|[\r\n<]|%|\+/)
      expect(remedy).toEqual(['look it up at https://login.microsoftonline.com/error?code=7654321'])
    }
  })

  it('is read wherever it is cut off', () => {
    const whole = text(50_011)
    const cuts = Array.from({ length: 40 }, (_, index) => Math.floor((index * whole.length) / 40))
    for (const cut of cuts) expect(explain(whole.slice(cut)).codesLeftOut).toBe(0)
    for (const cut of cuts) expect(explain(whole.slice(0, cut)).codesLeftOut).toBe(0)
  })
})

describe('a failed sign-in', () => {
  const messages: readonly (readonly [string, (code: number) => string])[] = [
    [
      'in lines',
      (code) => `AADSTS${code}: Wrong.\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}`,
    ],
    ['in one line', (code) => `AADSTS${code}: Wrong. Trace ID: ${traceId} Correlation ID: ${correlationId}`],
    ['without ids', (code) => `AADSTS${code}: Wrong.`],
    ['without a text', (code) => `AADSTS${code}`],
    ['around another', (code) => `AADSTS${code}: Failed: AADSTS90033: Inner. Trace ID: ${traceId}`],
  ]
  describe.each(messages)('%s', (_name, message) => {
    it.each(codes)('is told by %i: fact, next step, and the command that tells more', (code) => {
      const meaning = meaningOf(code)
      const told = {
        code: meaning?.code ?? 'authentication_failed',
        message: `${meaning?.fact} (AADSTS${code})`,
        hint: `${meaning?.remedy[0]}; more: entra-auth-cli explain ${code}`,
        entraCode: code,
      }
      expect(entraRefusal('invalid_grant', message(code))).toMatchObject(told)
      const framed = `Error(s): ${code} - Timestamp: ${timestamp} - Description: ${message(code)} - Correlation ID: ${correlationId} - Trace ID: ${traceId}`
      expect(translateMsalError(new AuthError('invalid_grant', '', framed), {})).toMatchObject(told)
      expect(translateMsalError(new AuthError('invalid_grant', '', message(code)), {})).toMatchObject(told)
    })
  })
})

describe('several errors', () => {
  it.each<[string, string, readonly number[]]>([
    [
      'one in another',
      'AADSTS50013: Assertion failed. AADSTS500133: It is not within its time.',
      [50013, 500133],
    ],
    ['the same again', 'AADSTS50011: a\nAADSTS7000215: b\nAADSTS50011: c', [50011, 7000215]],
    ['an array', '{"error_codes":[50076, 50079]}', [50076, 50079]],
    ['bare numbers', '50011 7000215, 90002', [50011, 7000215, 90002]],
    [
      'a message of MSAL',
      'invalid_client: Error(s): 7000215,50012 - Timestamp: x - Description: AADSTS50012: y',
      [7000215, 50012],
    ],
    ['marked words', 'aadsts50011 AADSTS90002', [50011, 90002]],
  ])('%s', (_name, text, found) => {
    expect(codesOf(text)).toEqual(found)
  })

  it('are cut where nobody would read on, and counted', () => {
    const text = Array.from({ length: 80 }, (_, index) => `AADSTS${800_000 + index}: x`).join('\n')
    const { explanations, codesLeftOut } = explain(text)
    expect([explanations.length, codesLeftOut]).toEqual([50, 30])
  })

  it('keep the words that come with a number once, however often it is named', () => {
    const [first] = explain(
      'error_codes: [999999] AADSTS999999: The moon is full. AADSTS999999: Else.',
    ).explanations
    expect(first?.fact).toBe('The moon is full')
  })
})

describe('no error', () => {
  it.each([
    [''],
    ['hello'],
    ['2026'],
    ['12345678-1234-1234-1234-123456789abc'],
    ['https://login.microsoftonline.com/50011000-0000-0000-0000-000000050011/oauth2/v2.0/token'],
    ['https://example.com:50011/50058?id=50076'],
    ['took 50011 ms, sent 7000215 bytes'],
    ['ORA error code 12154, errorCode: 1234567'],
    ['error_code=50011000-1111-2222-3333-444444444444'],
    ['AADSTS'],
    ['AADSTS123'],
    [`AADSTS${'1'.repeat(40)}`],
    ['error: the moon is full'],
    ['error=moon_is_full'],
    ['AAD 50011'],
  ])('is in %j', (text) => {
    expect(explain(text).explanations).toEqual([])
  })
})

describe('an error without a number', () => {
  it.each([
    ['invalid_grant', 'invalid_grant', 'no longer valid'],
    ['{"error":"invalid_client"}', 'invalid_client', 'prove who it is'],
    ['{"error": "unauthorized_client", "error_description": "no"}', 'unauthorized_client', 'may not'],
    ['http://localhost/?error=access_denied&error_subcode=cancel&state=1', 'access_denied', 'declined'],
    ['http://localhost/#error=login_required', 'login_required', 'nobody is signed in'],
    ['error: slow_down', 'slow_down', 'too often'],
    ['error=authorization_pending', 'authorization_pending', 'device code'],
    ['expired_token', 'expired_token', 'expired'],
    ['error=interaction_required', 'interaction_required', 'a person must sign in'],
    ['consent_required', 'consent_required', 'consented'],
    [
      'ClientAuthError: endpoints_resolution_error: Endpoints cannot be resolved',
      'endpoints_resolution_error',
      'authority',
    ],
    [
      'InteractionRequiredAuthError: no_tokens_found: No refresh token found',
      'no_tokens_found',
      'no refresh token',
    ],
    [
      'WWW-Authenticate: Bearer realm="", error="insufficient_claims", claims="e30="',
      'insufficient_claims',
      'claims',
    ],
    ['the sign-in was declined (access_denied)', 'access_denied', 'declined'],
    ['server_error', 'server_error', 'failed inside'],
    ['unsupported_grant_type', 'unsupported_grant_type', 'flow'],
    ['invalid_scope', 'invalid_scope', 'scope'],
    ['unsupported_response_type', 'unsupported_response_type', 'answer'],
    ['temporarily_unavailable', 'temporarily_unavailable', 'busy'],
    ['invalid_request', 'invalid_request', 'malformed'],
  ])('%j', (text, name, fact) => {
    const { explanations, error } = explain(text)
    expect(error).toBe(name)
    expect(explanations).toEqual([
      expect.objectContaining({ code: undefined, name, known: true, fact: expect.stringContaining(fact) }),
    ])
  })

  it.each([
    'consent_required',
    'bad_token',
    'token_expired',
    'protection_policy_required',
    'client_mismatch',
    'device_authentication_failed',
    'basic_action',
    'additional_action',
    'message_only',
    'user_password_expired',
  ])('is told by its suberror: %s', (suberror) => {
    const found = explain(JSON.stringify({ error: 'invalid_grant', suberror }))
    expect(found).toMatchObject({ error: 'invalid_grant', suberror })
    expect(found.explanations.map(({ name }) => name)).toEqual([suberror])
  })

  it('has its suberror told beside its number', () => {
    const { explanations } = explain(
      '{"error":"interaction_required","error_codes":[50076],"suberror":"basic_action"}',
    )
    expect(explanations.map(({ code, name }) => code ?? name)).toEqual([50076, 'basic_action'])
  })
})

describe('hostile text', () => {
  it.each([
    ['marks without numbers', 'AADSTS'.repeat(200_000)],
    ['digits', '1'.repeat(1_000_000)],
    ['blanks', ' '.repeat(1_000_000)],
    ['bare numbers that end in a letter', `${'12345 '.repeat(200_000)}x`],
    ['backslashes', '\\'.repeat(1_000_000)],
    ['percent signs', '%'.repeat(1_000_000)],
    ['encoded percent signs', '%25'.repeat(300_000)],
    ['broken UTF-8', '%ff%41'.repeat(200_000)],
    ['ampersands', '&#'.repeat(500_000)],
    ['letters', 'a'.repeat(1_000_000)],
    ['letters and underscores', 'a_'.repeat(500_000)],
    ['the word error', 'error'.repeat(200_000)],
    ['the word error and blanks', `error${' '.repeat(1_000_000)}`],
    ['error codes without end', `error_codes: [${'1, '.repeat(300_000)}`],
    ['numbers of MSAL without end', `Error(s): ${'50011, '.repeat(150_000)}`],
    [
      'different numbers',
      Array.from({ length: 100_000 }, (_, index) => `AADSTS${100_000 + index}: x.`).join(' '),
    ],
    ['GUIDs', 'correlation id: 12345678-'.repeat(50_000)],
  ])('is read in time: %s', (_name, text) => {
    const started = performance.now()
    explain(text)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('cannot make the answer long', () => {
    const { explanations } = explain(`AADSTS999999: ${'x'.repeat(1_000_000)}`)
    expect(explanations[0]?.fact.length).toBeLessThanOrEqual(300)
  })

  it('has no token repeated', () => {
    const { explanations } = explain(
      'AADSTS999999: The token eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln is bad.',
    )
    expect(explanations[0]?.fact).toBe('The token … is bad')
  })

  it('that is no valid encoding is left as it is', () => {
    expect(codesOf('100% of %zz &#99999999; \\q AADSTS50011')).toEqual([50011])
  })
})

it('explains every number for a list', () => {
  const all = explainAll()
  expect(all.length).toBeGreaterThan(300)
  expect(all.every(({ known, link }) => known && link?.startsWith('https://'))).toBe(true)
})
