import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasWildcard, parseNamePattern } from '../../../../src/core/graph/name-pattern.ts'

describe('a pattern of names', () => {
  it.each<[string, string, boolean]>([
    ['*', '', true],
    ['*', 'anything', true],
    ['My*App', 'My Great App', true],
    ['My*App', 'my great app', true],
    ['My*App', 'My Great Apps', false],
    ['My*App', 'Oh My App', false],
    ['*API*', 'Contoso api (v2)', true],
    ['*pay*job', 'nightly payroll JOB', true],
    ['*pay*job', 'nightly payroll job 2', false],
    ['Team 00?0', 'Team 0010', true],
    ['Team 00?0', 'Team 00100', false],
    ['a?', 'a', false],
    ['?', '😀', true],
    ['a**b', 'ab', true],
    ['', '', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
    ['(a|b)*', '(a|b) c', true],
    ['caf\u00e9*', 'cafe\u0301 one', true],
  ])('%j and %j: %s', (pattern, name, expected) => {
    expect(parseNamePattern(pattern).matches(name)).toBe(expected)
  })

  it.each([
    ['My*App', 'My'],
    ['*App', ''],
    ['Team 00?0', 'Team 00'],
    ['whole', 'whole'],
  ])('%j begins with %j', (pattern, prefix) => {
    expect(parseNamePattern(pattern).prefix).toBe(prefix)
  })

  it.each([
    ['a*', true],
    ['a?', true],
    ['a', false],
  ])('%j has wildcards: %s', (pattern, expected) => {
    expect(hasWildcard(pattern)).toBe(expected)
  })

  it('matches what a regular expression would', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', 'B'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, few, (text, name) => {
        const expression = new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i')
        expect(parseNamePattern(text).matches(name)).toBe(expression.test(name))
      }),
      { numRuns: 5_000 },
    )
  })

  it('takes no time to speak of, however it is made', { timeout: 5_000 }, () => {
    expect(parseNamePattern(`${'*a'.repeat(50)}*b`).matches('a'.repeat(20_000))).toBe(false)
  })
})
