import { describe, expect, it } from 'vitest'
import { endsOlderTokens, readClaims } from '../../../src/core/claims-challenge.ts'
import { failureOf } from '../../support/failure.ts'

const json = '{"access_token":{"nbf":{"essential":true,"value":"1702682181"}}}'
const base64 = Buffer.from(json).toString('base64')
const base64url = Buffer.from(json).toString('base64url')
const header = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${base64}"`

describe('a claims challenge', () => {
  it.each([
    ['its JSON', json],
    ['its JSON over several lines', JSON.stringify(JSON.parse(json), undefined, 2)],
    ['its base64', base64],
    ['its base64url', base64url],
    ['a header value', header],
    ['a header line', `WWW-Authenticate: ${header}`],
    ['a header line as curl -v prints it', `< www-authenticate: ${header}\r\n`],
    ['a header with another challenge before it', `PoP nonce="claims=x", ${header}`],
    ['a header with another challenge after it', `${header}, Negotiate`],
    ['a header whose claims are JSON', `Bearer claims="${json.replaceAll('"', '\\"')}"`],
    ['a header whose claims have no quotes', `bearer CLAIMS=${base64url}`],
    [
      'a refusal of the token endpoint',
      JSON.stringify({ error: 'interaction_required', error_description: 'AADSTS50076: …', claims: json }),
    ],
  ])('is read from %s', (_what, text) => {
    expect(readClaims(text)).toBe(json)
  })

  it.each([
    ['nothing', ' ', 'the claims are empty'],
    ['half of its JSON', json.slice(0, -1), 'the claims are not JSON'],
    ['JSON that is no object', '[1]', 'the claims are neither JSON nor base64 of it'],
    ['JSON of something else', '{"nbf":1}', 'the claims ask for nothing'],
    ['base64 of something else', Buffer.from('{"a":1}').toString('base64'), 'the claims ask for nothing'],
    ['half of its base64', base64.slice(0, 20), 'the claims are neither JSON nor base64 of it'],
    ['a word', 'nonsense', 'the claims are neither JSON nor base64 of it'],
    ['a bare header', 'Bearer', 'the WWW-Authenticate header holds no claims challenge'],
    ['a bare header line', 'www-authenticate: PoP', 'the WWW-Authenticate header holds no claims challenge'],
    ['words', 'no idea, what: this is', 'the claims are neither JSON nor base64 of it'],
    ['another scheme', `PoP claims="${base64}"`, 'the WWW-Authenticate header holds no claims challenge'],
    ['a broken header', `Bearer claims="${base64}`, 'the claims are neither JSON nor base64 of it'],
    [
      'two at once',
      `${header}, Bearer claims="${base64}"`,
      'the WWW-Authenticate header holds more than one claims challenge',
    ],
    [
      'a header that holds no base64',
      'Bearer claims="a b"',
      'the claims in the WWW-Authenticate header are not base64 of JSON',
    ],
    ['too much', 'A'.repeat(16_385), 'the claims are longer than 16384 characters'],
  ])('is not read from %s', (_what, text, message) => {
    const failure = failureOf(() => readClaims(text))
    expect(failure).toMatchObject({ code: 'invalid_arguments', message })
    expect(failure.hint).toContain('WWW-Authenticate')
  })

  it('that is none is told what the header means', () => {
    const failure = failureOf(() => readClaims('Bearer error="invalid_token", error_description="expired"'))
    expect(failure.hint).toBe('the API does not take the token: get a new one with --force')
  })

  it.each([
    [json, true],
    ['{"access_token":{"acrs":{"essential":true,"value":"c1"}}}', false],
    ['{"id_token":{"nbf":null}}', false],
    ['{"access_token":null,"id_token":{}}', false],
  ])('%s ends older tokens: %s', (claims, ends) => {
    expect(endsOlderTokens(claims)).toBe(ends)
  })
})
