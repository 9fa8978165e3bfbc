import { describe, expect, it } from 'vitest'
import { entraCodeIn, entraRefusal } from '../../../src/core/entra-errors.ts'

const text = (code: number, sentence = 'Something happened.') =>
  `AADSTS${code}: ${sentence} Trace ID: 1 Correlation ID: 2 Timestamp: 2026-01-31 10:00:00Z`

describe('a refusal whose number is known', () => {
  // What the reader is told of each; a number that loses its meaning fails here.
  it.each([
    [50011, 'redirect URI', 'http://localhost'],
    [50034, 'no such user', 'user name'],
    [50057, 'disabled', 'administrator'],
    [50058, 'nobody is signed in', '--prompt none'],
    [50059, 'tenant', '--tenant'],
    [50076, 'second factor', 'interactive-browser'],
    [50079, 'second factor', 'interactive-browser'],
    [50105, 'not assigned', 'Enterprise applications'],
    [50126, 'password is wrong', 'try again'],
    [50173, 'revoked', 'get-token'],
    [53003, 'conditional access', 'administrator'],
    [54005, 'used already', 'sign in again'],
    [65001, 'consented', 'consent'],
    [65004, 'declined', 'accept'],
    [70000, 'no longer valid', 'get-token'],
    [70008, 'expired', 'get-token'],
    [70011, 'scope', '<API>/<permission>'],
    [70016, 'device code', 'enter it'],
    [70020, 'device code has expired', 'new code'],
    [90002, 'no such tenant', 'tenant id'],
    [90014, 'field is missing', 'config show'],
    [500011, 'API named in the scope', 'service principal'],
    [500113, 'no redirect URI', 'http://localhost'],
    [530003, 'managed device', 'administrator'],
    [700016, 'no app with this client id', 'wrong tenant'],
    [700024, 'assertion', 'clock'],
    [700025, 'public client', 'make the profile without'],
    [700027, 'certificate', 'Certificates & secrets'],
    [700082, 'refresh token has expired', 'get-token'],
    [700084, 'single-page', 'get-token'],
    [1002012, '/.default', '--scope <API>/.default'],
    [7000215, 'client secret is wrong', "secret's value, not its id"],
    [7000218, 'public client', 'Allow public client flows'],
    [7000222, 'client secret has expired', 'add a new secret'],
    [9002313, 'malformed', 'config show'],
  ])('AADSTS%i', (code, fact, hint) => {
    const error = entraRefusal('invalid_grant', text(code))
    expect(error.message).toContain(fact)
    expect(error.message).toMatch(new RegExp(`\\(AADSTS${code}\\)$`))
    expect(error.hint).toContain(hint)
    expect(error.hint).toMatch(new RegExp(`; more: entra-auth-cli explain ${code}$`))
    expect(error.entraCode).toBe(code)
    expect(error.exitCode).toBe(code === 70020 ? 6 : 2)
  })
})

describe('a refusal without a number', () => {
  it.each([
    ['access_denied', 2, 'declined'],
    ['authorization_declined', 2, 'declined'],
    ['expired_token', 6, 'expired'],
    ['temporarily_unavailable', 5, 'busy'],
  ])('%s', (error, exitCode, fact) => {
    const refused = entraRefusal(error, 'whatever')
    expect(refused).toMatchObject({ exitCode, entraCode: undefined })
    expect(refused.message).toContain(fact)
    expect(refused.message).toContain(`(${error})`)
  })

  it.each(['constructor', '__proto__', 'toString'])('%s means nothing in particular', (error) => {
    expect(entraRefusal(error, 'Some text.')).toMatchObject({
      code: 'authentication_failed',
      message: `Some text (${error})`,
    })
  })
})

describe('a refusal that is unknown here', () => {
  it("is told in Entra's own first sentence", () => {
    expect(entraRefusal('invalid_request', text(999999, 'The moon is not full. Wait for it.'))).toMatchObject(
      {
        message: 'The moon is not full (AADSTS999999)',
        hint: 'the number is explained at https://login.microsoftonline.com/error?code=999999',
        entraCode: 999999,
      },
    )
  })

  it.each([
    ['', 'the request is malformed (invalid_request)'],
    ['AADSTS99999: ', 'the request is malformed (AADSTS99999)'],
    ['line one\r\nline two', 'line one (invalid_request)'],
    ['no full stop', 'no full stop (invalid_request)'],
    ['v1.0 is gone. Use v2.0.', 'v1.0 is gone (invalid_request)'],
  ])('%j', (description, message) => {
    expect(entraRefusal('invalid_request', description).message).toBe(message)
  })

  it('is cut where it is long', () => {
    expect(entraRefusal('e', 'x'.repeat(100_000)).message.length).toBeLessThan(400)
  })

  it('is read in time however it is made', () => {
    const started = performance.now()
    entraRefusal('e', 'AADSTS'.repeat(50_000))
    entraRefusal('e', ' '.repeat(100_000))
    entraRefusal('e', `AADSTS${'1'.repeat(100_000)}`)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('a refusal without a known number', () => {
  it('is told by its suberror where it has one', () => {
    expect(entraRefusal('invalid_grant', 'AADSTS999999: New.', undefined, 'token_expired')).toMatchObject({
      code: 'interaction_required',
      message: 'the refresh token has expired (AADSTS999999)',
    })
    expect(entraRefusal('invalid_grant', '', undefined, 'client_mismatch').hint).toMatch(
      /; more: entra-auth-cli explain client_mismatch$/,
    )
  })

  it('says what its name means where nobody says more', () => {
    expect(entraRefusal('invalid_client', '')).toMatchObject({
      message: 'the app could not prove who it is (invalid_client)',
      hint: expect.stringMatching(/Certificates & secrets; more: entra-auth-cli explain invalid_client$/),
    })
    expect(entraRefusal('moon_is_full', '')).toMatchObject({
      message: 'Entra refused without a reason (moon_is_full)',
      hint: 'add --verbose to see more',
    })
  })

  it('does not repeat a token', () => {
    expect(
      entraRefusal('e', 'AADSTS999999: Bad eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.sig in it.').message,
    ).toBe('Bad … in it (AADSTS999999)')
  })
})

describe('the end of a device code', () => {
  it('is told by its name, where the number says less', () => {
    expect(entraRefusal('authorization_declined', 'AADSTS70018: Declined.').message).toBe(
      'the sign-in was declined (AADSTS70018)',
    )
    expect(entraRefusal('expired_token', 'AADSTS70018: Late.').exitCode).toBe(6)
    expect(entraRefusal('authorization_declined', 'AADSTS65004: Declined.').message).toBe(
      'the user declined to consent (AADSTS65004)',
    )
  })
})

describe('the number', () => {
  it.each([
    ['AADSTS50011: x', 50011],
    ['50011 - [2026-01-31 10:00:00Z]: AADSTS7000215: Invalid client secret', 7000215],
    ['error_codes [50011]', undefined],
    ['AADSTS12', undefined],
    ['', undefined],
  ])('in %j', (description, code) => {
    expect(entraCodeIn(description)).toBe(code)
  })
})
