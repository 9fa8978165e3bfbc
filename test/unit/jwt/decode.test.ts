import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import { decodeToJson, decodeToken } from '../../../src/jwt/decode.ts'
import { base64url, defaultHeader, signature, tokenOf, v1Delegated, v2AppOnly } from './tokens.ts'

describe('decodeToken', () => {
  it.each([
    ['a v1.0 token', v1Delegated],
    ['a v2.0 token', v2AppOnly],
    ['an audience list', { aud: ['a', 'b'] }],
    ['no claims', {}],
  ])('reads %s', (_what, payload) => {
    const decoded = decodeToken(tokenOf(payload))
    expect(decoded.header).toEqual({ typ: 'JWT', alg: 'RS256', kid: 'key-1' })
    expect(decoded.payload).toEqual(payload)
    expect(decoded.signature).toBe(signature)
  })

  it('keeps header and payload as they were written', () => {
    const header = '{ "alg" : "none" }'
    const payload = '{"2":1,"1":12345678901234567890,"f":1.0,"f":1e2,"s":"\\u001b[31m"}'
    const decoded = decodeToken(`${base64url(header)}.${base64url(payload)}.`)
    expect(decoded.json).toEqual({ header, payload })
    expect(decoded.payload['f']).toBe(100)
  })

  it('reads an unsecured token with its empty signature', () => {
    expect(decodeToken(`${base64url('{"alg":"none"}')}.${base64url('{"a":1}')}.`).signature).toBe('')
  })

  it('takes "__proto__" for a claim like any other', () => {
    const { payload } = decodeToken(tokenOf('{"__proto__":{"exp":1}}'))
    expect(payload['exp']).toBeUndefined()
    expect(Object.keys(payload)).toEqual(['__proto__'])
  })

  it('reads a token of 1 MB in well under a second', () => {
    const groups = Array.from({ length: 20_000 }, () => '11111111-2222-3333-4444-555555555555')
    const token = tokenOf({ groups })
    expect(token.length).toBeGreaterThan(1_000_000)
    const started = performance.now()
    expect(decodeToken(token).payload['groups']).toHaveLength(20_000)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  const header = base64url('{"alg":"RS256"}')
  const payload = base64url('{"secret":"x"}')
  it.each([
    ['nothing', '', 'it is empty'],
    [
      'a word',
      'hello',
      'it has no dots, so it is an opaque token that only its issuer can read, or no token at all',
    ],
    ['two parts', `${header}.${payload}`, 'it has 2 parts between dots, a token has 3'],
    ['four parts', `${header}.${payload}.a.b`, 'it has 4 parts between dots, a token has 3'],
    ['seven parts', 'a.b.c.d.e.f.g', 'it has more than 5 parts between dots, a token has 3'],
    ['an empty header', `.${payload}.x`, 'the header is empty'],
    ['an empty payload', `${header}..${signature}`, 'the payload is empty'],
    ['only dots', '..', 'the header is empty'],
    ['a header with padding', `${header}=.${payload}.`, 'the header is not base64url'],
    ['a payload in plain base64', `${header}.a+b/.`, 'the payload is not base64url'],
    ['a payload of impossible length', `${header}.abcde.`, 'the payload is not base64url'],
    ['a signature of other letters', `${header}.${payload}.ü`, 'the signature is not base64url'],
    [
      'bytes that are no UTF-8',
      `${header}.${base64url(Uint8Array.of(0x7b, 0xff, 0x7d))}.`,
      'the payload is not UTF-8',
    ],
    ['text that is no JSON', `${base64url('hello')}.${payload}.`, 'the header is not JSON'],
    ['a payload cut off', `${header}.${payload.slice(0, -4)}.`, 'the payload is not JSON'],
    ['an array', `${header}.${base64url('[]')}.`, 'the payload is not a JSON object'],
    ['null', `${header}.${base64url('null')}.`, 'the payload is not a JSON object'],
    ['a number', `${base64url('1')}.${payload}.`, 'the header is not a JSON object'],
    [
      'a million brackets',
      `${header}.${base64url(`{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}`)}.`,
      'the payload is nested more than 32 levels deep',
    ],
    ['more than 10 MB', 'x'.repeat(10 * 1024 * 1024 + 1), 'it is larger than 10 MB'],
    [
      'five parts',
      `${base64url('{"alg":"RSA-OAEP","enc":"A256GCM"}')}.a.b.c.d`,
      'this is an encrypted token (JWE, 5 parts, RSA-OAEP with A256GCM); only its recipient can read it',
    ],
    [
      'five parts of nothing',
      '....',
      'this is an encrypted token (JWE, 5 parts); only its recipient can read it',
    ],
    [
      'five parts with a hostile header',
      `${base64url('{"alg":"\\u001b[2J","enc":5}')}.a.b.c.d`,
      'this is an encrypted token (JWE, 5 parts); only its recipient can read it',
    ],
    [
      'a refresh token, which has dots too',
      '1.AQsAb-secret-c.AgABAwEAAAD.x-y',
      'this is an opaque token that looks like a refresh token or an authorization code; only Microsoft can read it',
    ],
    [
      'a refresh token of a personal account',
      'M.C507_BAY.0.U.-secret',
      'this is an opaque token that looks like a refresh token or a code of a personal account; only Microsoft can read it',
    ],
    [
      'an access token of a personal account',
      'EwB4A8l6BAAUsecret',
      'this is an opaque token that looks like an access token of a personal account; only Microsoft can read it',
    ],
  ])('says what is wrong with %s', (_what, token, reason) => {
    const error = errorOf(token)
    expect(error.code).toBe('invalid_token')
    expect(error.exitCode).toBe(1)
    expect(error.message).toBe(`invalid token: ${reason}`)
    expect(error.hint).toBeTruthy()
    expect(`${error.message}${error.hint}`).not.toContain('secret')
  })

  it('reads brackets and quotes inside strings as text', () => {
    const text = `${'[{'.repeat(50)}\\"`
    expect(decodeToken(tokenOf({ text })).payload['text']).toBe(text)
  })

  it('throws nothing but EntraAuthError, whatever it is given', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map(base64url),
      fc.uint8Array().map(base64url),
      fc.constant(''),
    )
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join('.')),
    )
    fc.assert(
      fc.property(anything, (text) => {
        try {
          decodeToken(text)
        } catch (error) {
          if (!(error instanceof EntraAuthError) || error.code !== 'invalid_token') throw error
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('gives back every payload it is given', () => {
    const payloads = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 4 }))
    fc.assert(
      fc.property(payloads, (payload) => {
        const json = JSON.stringify(payload)
        const decoded = decodeToken(tokenOf(json))
        expect(decoded.json.payload).toBe(json)
        expect(decoded.payload).toEqual(JSON.parse(json))
      }),
    )
  })
})

function errorOf(token: string): EntraAuthError {
  try {
    decodeToken(token)
  } catch (error) {
    if (error instanceof EntraAuthError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('JSON in a token', () => {
  const messageOf = (decode: () => unknown) => {
    try {
      decode()
      return undefined
    } catch (error) {
      return (error as EntraAuthError).message
    }
  }
  /** JSON, often broken in one place, and what looks like it. */
  const texts = fc.oneof(
    fc
      .tuple(
        fc.json({ maxDepth: 4, stringUnit: 'binary' }),
        fc.nat(60),
        fc.string({
          unit: fc.constantFrom(...'{}[]",:\\u01eE+-.tn \n\r\t\u0001\u00a0'.split('')),
          maxLength: 2,
        }),
        fc.nat(1),
      )
      .map(([json, at, inserted, removed]) => json.slice(0, at) + inserted + json.slice(at + removed)),
    fc.stringMatching(/^\{"a" ?: ?[-+0-9.eE]{1,6}\}$/),
    fc.stringMatching(/^\{"[ab\\/"u0-9f]{0,8}":(?:true|false|null|nul|True)\}$/),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\u01e+-.ntrufalse '.split('')) }),
  )

  it('is judged as JSON.parse judges it, whether its values are wanted or not', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const expected = () => {
          const value: unknown = JSON.parse(Buffer.from(text).toString())
          return typeof value === 'object' && value !== null && !Array.isArray(value)
            ? undefined
            : 'invalid token: the payload is not a JSON object'
        }
        let message: string | undefined
        try {
          message = expected()
        } catch {
          message =
            text === '' ? 'invalid token: the payload is empty' : 'invalid token: the payload is not JSON'
        }
        const token = tokenOf(text)
        expect(messageOf(() => decodeToJson(token))).toBe(message)
        expect(messageOf(() => decodeToken(token))).toBe(message)
      }),
      { numRuns: 10_000 },
    )
  }, 60_000)

  it('is handed over as it was written, with the signature', () => {
    const payload = '{ "b":1.0, "b":"\\u0061" }'
    expect(decodeToJson(tokenOf(payload))).toEqual({
      json: { header: JSON.stringify(defaultHeader), payload },
      signature,
    })
  })

  it('has its two million texts read', () => {
    const token = tokenOf(`{"aud":[${'"a",'.repeat(1_800_000)}"b"]}`)
    expect(decodeToken(token).payload['aud']).toHaveLength(1_800_001)
  })

  it('has no more than a million lists and objects made of it, and is still there to be shown', () => {
    const payload = `{"a":[${'{},'.repeat(1_000_000)}{}]}`
    expect(messageOf(() => decodeToken(tokenOf(payload)))).toBe(
      'invalid token: the payload holds more than a million lists and objects',
    )
    expect(decodeToJson(tokenOf(payload)).json.payload).toBe(payload)
    expect(messageOf(() => decodeToken(tokenOf(`{"a":[${'{},'.repeat(999_997)}{}]}`)))).toBeUndefined()
  })
})
