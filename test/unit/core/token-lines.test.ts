import { describe, expect, it } from 'vitest'
import { TokenLines, type LinePart } from '../../../src/core/token-lines.ts'
import { decodeToken } from '../../../src/jwt/decode.ts'
import { tokenInText } from '../../../src/jwt/token-text.ts'
import type { EntraAuthError } from '../../../src/errors.ts'
import { base64url, signature, tokenOf, v1Delegated, v2AppOnly } from '../jwt/tokens.ts'

/** Hands the text in, in pieces of so many bytes. */
function answersTo(text: string | Buffer, size = 64, part: LinePart = 'whole') {
  const lines = new TokenLines(part)
  const bytes = Buffer.from(text)
  let answers = ''
  for (let at = 0; at < bytes.length; at += size) answers += lines.take(bytes.subarray(at, at + size))
  answers += lines.end()
  return { answers: answers.split('\n').slice(0, -1), failures: lines.failures }
}

const whole = (payload: object) =>
  JSON.stringify({ header: { typ: 'JWT', alg: 'RS256', kid: 'key-1' }, payload, signature })

describe('TokenLines', () => {
  it.each([1, 7, 1000, 100_000])('answers a line for a line, in pieces of %d bytes', (size) => {
    const text = `${tokenOf(v1Delegated)}\r\n\n${tokenOf(v2AppOnly)}\nBearer ${tokenOf({ n: 1 })}`
    expect(answersTo(text, size)).toEqual({
      answers: [whole(v1Delegated), whole(v2AppOnly), whole({ n: 1 })],
      failures: 0,
    })
  })

  it('keeps order, digits, repeated names and escapes', () => {
    const json = '{"b":12345678901234567890,"2":1.0,"1":"\\u001b","b":"\\ud800"}'
    expect(answersTo(tokenOf(json), 64, 'claims').answers).toEqual([json])
  })

  it('puts a token whose JSON has lines on one', () => {
    const [line] = answersTo(tokenOf('{"a":\r\n\t"x\\ny",\n "b":2}\n'), 64, 'claims').answers
    expect(JSON.parse(line!)).toEqual({ a: 'x\ny', b: 2 })
    expect(line).not.toMatch(/[\t\r\n]/)
  })

  it('gives one part alone', () => {
    const header = '{"kid":"k","alg":"RS256"}'
    expect(answersTo(tokenOf({ n: 1 }, header), 64, 'header').answers).toEqual([header])
  })

  it('tells what is no token, with the number of its line, and goes on', () => {
    const { answers, failures } = answersTo(`\nnot-a-token\n${tokenOf({ n: 1 })}\na.b.c.d.e\n`)
    expect(answers.map((line) => JSON.parse(line))).toEqual([
      { line: 2, error: expect.stringMatching(/^invalid token: it has no dots/) },
      JSON.parse(whole({ n: 1 })),
      { line: 4, error: expect.stringMatching(/^invalid token: this is an encrypted token/) },
    ])
    expect(failures).toBe(2)
  })

  it('keeps nothing of a line that is too long, and understands the next', () => {
    const lines = new TokenLines('claims')
    const before = process.memoryUsage().arrayBuffers
    for (let megabytes = 0; megabytes < 64; megabytes++) lines.take(Buffer.alloc(1024 * 1024, 'A'))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1024 * 1024)
    expect(lines.take(Buffer.from(`\n${tokenOf({ n: 1 })}\n`))).toBe(
      '{"line":1,"error":"invalid token: it is larger than 10 MB"}\n{"n":1}\n',
    )
  })

  it('judges every line as a single token is judged', () => {
    const part = (text: string | Uint8Array) => base64url(text)
    const good = '{"alg":"RS256"}'
    const cases = [
      `${part(good)}.${part('{"a":1}')}.`,
      `${part(good)}.${part('{"a":1')}.AA`,
      `${part(good)}.${part('{"a":1}x')}.AA`,
      `${part(good)}.${part('{"a":1}')}.AAAAA`,
      `${part(good)}.${part('{"a":1}')}A.AA`,
      `${part(good)}.${part('{"a":1}')}.A+A/`,
      `${part(good)}.${part('{"a":1}')}.AA==`,
      `${part(good)}.${part(Buffer.from('7b2261223a22ff227d', 'hex'))}.AA`,
      `${part(good)}.${part('{"a":"\ufffd"}')}.AA`,
      `${part('{"alg"')}.${part('{"a":1}')}.AA`,
      `${part(good)}.${part('["a"]')}.AA`,
      `${part(good)}.${part(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`)}.AA`,
      `${part(good)}.${part(`{"a":${'['.repeat(32)}${']'.repeat(32)}}`)}.AA`,
      `${part(good)}.${part(`{"a":[${Array(100).fill('[]').join(',')}]}`)}.AA`,
      `${part(good)}.${part('{"a":1}')}.AA.AA`,
      `eyJ.eyJ.AA`,
      `${part(good)}.${part('{"a":1234}').replace(/^(.{4})/, '$1+')}.AA`,
      `${part(good)}.${part('{"a":1}')}=.AA`,
      `${part(good)}.${part('{"a":"?>"}').replace('-', '+').replace('_', '/')}.AA`,
      `${part(good)}.${part('{"a":1}')} .AA`,
      `${part(good)}.${part('{"a":1}')}.A\u00e9`,
      `${part(good)}\u00e9.${part('{"a":1}')}.AA`,
      '..',
    ]
    for (const token of cases) {
      const [line] = answersTo(token).answers
      expect({ token, said: JSON.parse(line!) }).toEqual({ token, said: judgementOf(token) })
    }
  })
})

function judgementOf(token: string): unknown {
  try {
    const { header, payload, signature: end } = decodeToken(tokenInText(token))
    return { header, payload, signature: end }
  } catch (error) {
    return { line: 1, error: (error as EntraAuthError).message }
  }
}
