import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterTokens } from '../../../../sandbox/resources/graph/filter-tokens.ts'
import { parseFilter } from '../../../../sandbox/resources/graph/filter.ts'
import { parseSearch } from '../../../../sandbox/resources/graph/search.ts'
import { keyText, literal, queryText, searchClause } from '../../../../src/core/graph/odata.ts'

/** Pieces that attacks on a filter are made of, among any other text. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        "''",
        '"',
        '\\',
        ' or ',
        ' eq ',
        '(',
        ')',
        ',',
        '&',
        '#',
        '?',
        '%27',
        '%',
        '$filter=',
        '+',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))

const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd')
const schema = {
  type: 'microsoft.graph.application',
  properties: new Set(['displayName']),
  supportsEndsWith: [],
}

describe('a text in a filter', () => {
  it.each([
    ['Contoso', "'Contoso'"],
    ["O'Neil", "'O''Neil'"],
    ["' or true eq true or displayName eq '", "''' or true eq true or displayName eq '''"],
    ['', "''"],
  ])('%j is written %s', (text, written) => {
    expect(literal(text)).toBe(written)
  })

  it('is one string and nothing else, whatever it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tokens = filterTokens(literal(text))
        expect(tokens.map(({ kind, text: read }) => [kind, read])).toEqual([['string', wellFormed(text)]])
      }),
      { numRuns: 2_000 },
    )
  })

  it('never finds what does not begin with it', () => {
    fc.assert(
      fc.property(hostile, hostile, (prefix, displayName) => {
        const { matches } = parseFilter(`startswith(displayName,${literal(prefix)})`, schema)
        const begins = displayName.toLowerCase().startsWith(wellFormed(prefix).toLowerCase())
        expect(matches({ displayName })).toBe(begins)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a search clause', () => {
  it.each([
    ['payroll job', '"displayName:payroll job"'],
    ['a" OR "appId:', String.raw`"displayName:a\" OR \"appId:"`],
    ['back\\slash', String.raw`"displayName:back\\slash"`],
  ])('%j is written %s', (text, written) => {
    expect(searchClause('displayName', text)).toBe(written)
  })

  it('stays one clause, whatever it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const joined = searchClause('displayName', text).replaceAll('\n', ' ')
        // Two clauses would be split and each be looked up; here there is one to be read or refused.
        expect(() => parseSearch(joined, new Set(['displayName']))({ displayName: 'x' })).not.toThrow()
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('an address', () => {
  it('gives every option back as it went in, and no other', () => {
    fc.assert(
      fc.property(hostile, hostile, (filter, search) => {
        const { searchParams, hash } = new URL(
          `https://graph.example/v1.0/applications${queryText({ $filter: filter, $search: search, $top: undefined })}`,
        )
        expect([...searchParams]).toEqual([
          ['$filter', wellFormed(filter)],
          ['$search', wellFormed(search)],
        ])
        expect(hash).toBe('')
      }),
      { numRuns: 1_000 },
    )
  })

  it('keeps a key within its segment', () => {
    const { pathname } = new URL(`https://graph.example/v1.0/applications${keyText('appId', "a/../b')?x#")}`)
    expect(pathname).toBe("/v1.0/applications(appId='a%2F..%2Fb'')%3Fx%23')")
  })
})
