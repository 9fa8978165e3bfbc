import { describe, expect, it } from 'vitest'
import { readChallenges } from '../../../src/core/www-authenticate.ts'

const read = (value: string) =>
  readChallenges(value)?.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

describe('the challenges of a header', () => {
  it.each<[string, string, [string, object][]]>([
    ['a scheme alone', 'Negotiate', [['negotiate', {}]]],
    ['parameters', 'Bearer realm="a, b", Error = x', [['bearer', { realm: 'a, b', error: 'x' }]]],
    ['an escaped quote', 'Bearer realm="a\\"b\\\\"', [['bearer', { realm: 'a"b\\' }]]],
    ['a token68', 'Negotiate YWJj==', [['negotiate', {}]]],
    [
      'several',
      'Negotiate YWJj=, Bearer a=1,b="", Basic realm="x", DPoP',
      [
        ['negotiate', {}],
        ['bearer', { a: '1', b: '' }],
        ['basic', { realm: 'x' }],
        ['dpop', {}],
      ],
    ],
    ['empty elements of the list', ', ,Bearer a=1, , b=2 ,', [['bearer', { a: '1', b: '2' }]]],
  ])('may be %s', (_what, value, challenges) => {
    expect(read(value)).toEqual(challenges)
  })

  it.each([
    ['nothing', ''],
    ['a quote that does not end', 'Bearer a="x'],
    ['a line break within quotes', 'Bearer a="x\ny"'],
    ['a parameter twice', 'Bearer a=1, A=2'],
    ['two words more', 'Bearer a b'],
    ['a quoted word alone', '"x"'],
    ['no comma', 'Bearer a="1" b="2"'],
  ])('are not read from %s', (_what, value) => {
    expect(read(value)).toBeUndefined()
  })

  it('cost no more than their length', { timeout: 5_000 }, () => {
    for (const hostile of [' ', '\t', ',', 'a', 'a=', '"', '\\', 'a=","', 'a ,'])
      expect(readChallenges(`Bearer x="${hostile.repeat(200_000)}`)).toBeUndefined()
  })
})
