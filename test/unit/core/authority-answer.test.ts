import { describe, expect, it } from 'vitest'
import { readAuthorityAnswer, withDeviceCode } from '../../../src/core/authority-answer.ts'
import { failureOf } from '../../support/failure.ts'

const host = 'login.example.com'
const token = { token_type: 'Bearer', expires_in: 3599, access_token: 'eyJ0.eyJh.c2ln' }
const code = {
  device_code: 'd',
  user_code: 'ABCD-1234',
  verification_uri: 'https://microsoft.com/devicelogin',
  expires_in: 900,
}

const read = (answer: unknown) => readAuthorityAnswer(JSON.stringify(answer), host)

describe('an answer of the authority', () => {
  it.each([
    ['a token', token],
    ['a token whose life is text, as some authorities write it', { ...token, expires_in: '3599' }],
    ['a token of another spelling', { ...token, token_type: 'bearer' }],
    ['an opaque token with padding', { ...token, access_token: 'EwB4A8l6BAAU/+q~_-.==' }],
    ['fields that are null', { ...token, refresh_token: null, refresh_in: null }],
    ['fields nobody reads', { ...token, error_codes: [7000215], foci: 1 }],
  ])('may be %s', (_what, answer) => {
    expect(read(answer)).toEqual(answer)
  })

  it.each([
    ['a second header in the token', 'access_token', 'a\r\nX-Evil: 1'],
    ['a second variable in the token', 'access_token', 'a\nLD_PRELOAD=/tmp/x'],
    ['a command for the shell that reads it', 'access_token', 'a$(id)'],
    ['a title for the terminal', 'access_token', 'a\u001b]0;x\u0007'],
    ['an empty token', 'access_token', ''],
    ['a token that is no text', 'access_token', { a: 1 }],
    ['a second header in the type', 'token_type', 'Bearer x\r\nX-Evil: 1'],
    ['a type nobody asked for', 'token_type', 'pop'],
    ['a type that is no text', 'token_type', 7],
    ['a life no date can hold', 'expires_in', 1e300],
    ['a life below zero', 'expires_in', -5],
    ['a life that is no number', 'expires_in', 'soon'],
    ['an error that is no text', 'error', ['x']],
    ['a description that is no text', 'error_description', { a: 1 }],
    ['an endpoint that is no text', 'token_endpoint', 5],
    ['an endpoint of no web server', 'authorization_endpoint', 'javascript:alert(1)'],
    [
      'an endpoint on two lines',
      'authorization_endpoint',
      'https://login.example.com/a\nhttps://evil.example',
    ],
    [
      'an endpoint that ends a text in PowerShell',
      'authorization_endpoint',
      'https://login.example.com/’;calc;’',
    ],
  ])('is refused for %s, which is not repeated', (_what, name, value) => {
    expect(failureOf(() => read({ ...token, [name]: value }))).toMatchObject({
      code: 'network',
      message: `"login.example.com" answered with an unusable "${name}"`,
    })
  })

  it.each(['[]', 'null', '"text"', '5'])('is refused where it is %s', (text) => {
    expect(failureOf(() => readAuthorityAnswer(text, host))).toMatchObject({
      code: 'network',
      message: '"login.example.com" answered with JSON that is no object',
    })
  })

  it('is refused where it is no JSON', () => {
    expect(failureOf(() => readAuthorityAnswer('<html>', host))).toMatchObject({
      code: 'network',
      hint: expect.stringContaining('captive portal'),
    })
  })
})

describe('a device code', () => {
  it('is polled for every five seconds where nothing else is said', () => {
    expect(withDeviceCode(code, host)).toMatchObject({ interval: 5 })
    expect(withDeviceCode({ ...code, interval: 9 }, host)).toMatchObject({ interval: 9 })
  })

  it.each([
    ['a line break in the code', 'user_code', 'AB\nerror: fake', 'an unusable "user_code"'],
    ['text that runs backwards', 'user_code', 'AB\u202eCD', 'an unusable "user_code"'],
    ['a script as the address', 'verification_uri', 'javascript:alert(1)', 'an unusable "verification_uri"'],
    ['a second line in the address', 'verification_uri', 'https://a\nb', 'an unusable "verification_uri"'],
    ['no code', 'user_code', undefined, 'no "user_code"'],
    ['no address', 'verification_uri', null, 'no "verification_uri"'],
    ['no end', 'expires_in', undefined, 'no "expires_in"'],
  ])('is not shown with %s', (_what, name, value, said) => {
    expect(failureOf(() => withDeviceCode({ ...code, [name]: value }, host))).toMatchObject({
      code: 'network',
      message: `"login.example.com" answered with ${said}`,
    })
  })
})
