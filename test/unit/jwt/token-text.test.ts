import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import { tokenInText } from '../../../src/jwt/token-text.ts'
import { tokenOf, v1Delegated } from './tokens.ts'

const token = tokenOf(v1Delegated)
const half = Math.floor(token.length / 2)

describe('tokenInText finds the token in what a person pastes', () => {
  it.each([
    ['the token alone', token],
    ['a trailing line feed', `${token}\n`],
    ['a trailing CRLF', `${token}\r\n`],
    ['white space around', ` \t${token}  \n\n`],
    ['a byte order mark', `\ufeff${token}\n`],
    ['double quotes', `"${token}"`],
    ['single quotes', `'${token}'`],
    ['typographic quotes', `“${token}”`],
    ['typographic single quotes', `‘${token}’`],
    ['guillemets', `« ${token} »`],
    ['backticks', `\`${token}\``],
    ['a quote too many', `${token}"`],
    ['a line of a JSON file', `"${token}",`],
    ['Bearer', `Bearer ${token}`],
    ['bearer in lower case', `bearer  ${token}`],
    ['BEARER in upper case', `BEARER ${token}`],
    ['a whole header', `Authorization: Bearer ${token}`],
    ['a header in lower case without space', `authorization:bearer ${token}`],
    ['a quoted header', `"Authorization: Bearer ${token}"`],
    ['a quote behind Bearer', `Bearer "${token}"`],
    ['a variable', `AZURE_ACCESS_TOKEN=${token}\n`],
    ['a quoted shell variable', `export TOKEN='${token}'`],
    ['lines of a wrapped token', `${token.slice(0, half)}\n${token.slice(half)}`],
    ['CRLF lines of a wrapped token', `${token.slice(0, half)}\r\n  ${token.slice(half)}\r\n`],
    ['zero-width breaks', `${token.slice(0, half)}\u200b${token.slice(half)}`],
    ['a token response', JSON.stringify({ token_type: 'Bearer', access_token: token, expires_in: 3599 })],
    ['an indented response with CRLF', `\ufeff{\r\n  "access_token": "${token}"\r\n}\r\n`],
    ['the camelCase form', JSON.stringify({ accessToken: token, expiresOn: '2026-01-31' })],
    ['an ID token alone', JSON.stringify({ id_token: token })],
    ['a camelCase ID token', JSON.stringify({ idToken: token })],
    ['the access token before the ID token', JSON.stringify({ id_token: 'eyJ.other.', access_token: token })],
    ['an ExecCredential', JSON.stringify({ kind: 'ExecCredential', status: { token } })],
    ['a response with Bearer inside', JSON.stringify({ access_token: `Bearer ${token}` })],
    ['a quoted response', `'${JSON.stringify({ access_token: token })}'`],
  ])('%s', (_what, pasted) => {
    expect(tokenInText(pasted)).toBe(token)
  })

  it.each([
    ['nothing', '', ''],
    ['white space', ' \r\n\t', ''],
    ['quotes around nothing', '""', ''],
    ['Bearer without a token', 'Bearer ', 'Bearer'],
    ['other text', 'no token at all', 'notokenatall'],
  ])('leaves %s for decodeToken to judge', (_what, pasted, left) => {
    expect(tokenInText(pasted)).toBe(left)
  })

  it.each([
    [
      'JSON that is cut off',
      '{"access_token": "secret-part',
      'invalid token: it starts like JSON but is not complete JSON',
    ],
    [
      'JSON without a token',
      '{"error":"invalid_client"}',
      'invalid token: the JSON has no access_token, accessToken or id_token',
    ],
    [
      'a token that is no string',
      '{"access_token":5}',
      'invalid token: the JSON has no access_token, accessToken or id_token',
    ],
    [
      'an inherited member',
      '{"__proto__":{"access_token":"a.b.c"}}',
      'invalid token: the JSON has no access_token, accessToken or id_token',
    ],
    ['more than 10 MB', 'x'.repeat(10 * 1024 * 1024 + 1), 'invalid token: it is larger than 10 MB'],
  ])('refuses %s', (_what, pasted, message) => {
    const error = thrownBy(() => tokenInText(pasted))
    expect(error.code).toBe('invalid_token')
    expect(error.message).toBe(message)
    expect(`${error.message}${error.hint}`).not.toContain('secret-part')
  })

  it('takes linear time for a text made of quotes', () => {
    const started = performance.now()
    tokenInText(`x${'"'.repeat(5_000_000)}x`)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

function thrownBy(work: () => unknown): EntraAuthError {
  try {
    work()
  } catch (error) {
    if (error instanceof EntraAuthError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
