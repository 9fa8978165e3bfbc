import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whereBroken } from '../../../../src/core/profiles/broken-json.ts'
import { isTooDeep } from '../../../../src/core/profiles/nesting.ts'

describe('where a text stops being JSON', () => {
  it.each([
    ['', 'line 1, column 1: value expected'],
    ['nonsense', 'line 1, column 1: value expected'],
    ['{"a": tru}', 'line 1, column 7: value expected'],
    ['{"a": 01}', 'line 1, column 7: value expected'],
    ['{"a": 1.}', 'line 1, column 7: value expected'],
    ['{"a" 1}', 'line 1, column 6: colon expected'],
    ['{"a": 1 "b": 2}', 'line 1, column 9: comma or } expected'],
    ['{"a": 1,}', 'line 1, column 9: property name expected'],
    ['{a: 1}', 'line 1, column 2: property name or } expected'],
    ["{'a': 1}", 'line 1, column 2: property name or } expected'],
    ['[1 2]', 'line 1, column 4: comma or ] expected'],
    ['[1, 2', 'line 1, column 6: comma or ] expected'],
    ['[1,]', 'line 1, column 4: value expected'],
    ['[}', 'line 1, column 2: value or ] expected'],
    ['{"a": [1}', 'line 1, column 9: comma or ] expected'],
    ['{}\n{}', 'line 2, column 1: end of file expected'],
    ['{\r\n  "a": "x\n"}', 'line 2, column 10: end of the text in quotes expected'],
    ['["a', 'line 1, column 4: end of the text in quotes expected'],
    [String.raw`["\x41"]`, 'line 1, column 3: valid escape expected'],
    [String.raw`["\u00g0"]`, 'line 1, column 3: valid escape expected'],
    ['{} // mine', 'line 1, column 4: end of file expected'],
  ])('%j: %s', (text, where) => {
    expect(whereBroken(text)).toBe(where)
  })

  it('is found wherever a piece of it is cut out or put in, and what stands before is no fault', () => {
    const anywhere = fc.tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat(3), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(anywhere, ([json, at, takes, puts]) => {
        const place = at % (json.length + 1)
        const text = json.slice(0, place) + puts + json.slice(place + takes)
        fc.pre(!isJson(text))
        const [, line, column] = /^line (\d+), column (\d+): \S.* expected$/.exec(whereBroken(text))!
        const before = text
          .split('\n')
          .slice(0, Number(line) - 1)
          .join('\n').length
        const offset = before + (line === '1' ? 0 : 1) + Number(column) - 1
        expect(offset).toBeLessThanOrEqual(text.length)
        const prefix = text.slice(0, offset)
        const [, endLine, endColumn] = /^line (\d+), column (\d+)/.exec(whereBroken(prefix))!
        expect([endLine, endColumn]).toEqual([line, column])
      }),
      { numRuns: 2000 },
    )
  })

  it('is found at once in the longest and deepest of texts', () => {
    const long = 4 * 1024 * 1024
    expect(whereBroken('['.repeat(long))).toBe(`line 1, column ${long + 1}: value or ] expected`)
    expect(whereBroken('{"a":'.repeat(long / 8))).toMatch(/value expected$/)
    expect(whereBroken(`["${'x'.repeat(long)}`)).toMatch(/end of the text in quotes expected$/)
    expect(whereBroken(`["${'\\n'.repeat(long / 2)}`)).toMatch(/end of the text in quotes expected$/)
    expect(whereBroken(`[${'1'.repeat(long)} 2`)).toMatch(/comma or \] expected$/)
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('a document that is too deep', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

  it.each([
    [64, false],
    [65, true],
  ])('has more than 64 levels: %i', (levels, isDeep) => {
    expect(isTooDeep(nested(levels))).toBe(isDeep)
    expect(isTooDeep({ a: [1], b: nested(levels - 1) })).toBe(isDeep)
  })
})
