import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EntraCode } from '../../../src/core/entra-codes/entra-code.ts'
import { knownCodes, meaningOf, tables } from '../../../src/core/entra-codes/index.ts'
import { knownNames, meaningOfName } from '../../../src/core/entra-codes/named-errors.ts'

const published = readFileSync(join(import.meta.dirname, '../../fixtures/entra-codes/published.txt'), 'utf8')
  .trim()
  .split('\n')
  .map(Number)

/** Met in the field, and not in Microsoft's list. */
const unpublished = [28000, 50052, 50142, 53005, 53009, 54008, 500113, 530003, 530084, 700024, 1002012]

const names = knownNames().map((name): [string, EntraCode | undefined] => [
  name,
  meaningOfName(name, 'device', 'specific', 'general', 'sub', 'msal'),
])
const all: readonly (readonly [string | number, EntraCode | undefined])[] = [
  ...knownCodes().map((code) => [code, meaningOf(code)] as const),
  ...names,
]

describe('the tables', () => {
  it('know every number that Microsoft publishes', () => {
    expect(published.length).toBeGreaterThan(300)
    expect(published.filter((code) => meaningOf(code) === undefined)).toEqual([])
  })

  it.each(unpublished)('know %i, which Microsoft does not publish', (code) => {
    expect(published).not.toContain(code)
    expect(meaningOf(code)?.fact).toBeTruthy()
  })

  it('know no number twice', () => {
    const codes = tables.flatMap((table) => Object.keys(table))
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })

  it('are all merged', async () => {
    const folder = join(import.meta.dirname, '../../../src/core/entra-codes')
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    const exported = await Promise.all(
      files.map(async (name) => Object.values((await import(join(folder, name))) as object)),
    )
    const isTable = (value: unknown) =>
      typeof value === 'object' && value !== null && Object.keys(value).every((key) => /^\d+$/.test(key))
    const found = exported.flat().filter(isTable)
    expect(found.length).toBe(tables.length)
    expect(found.filter((table) => !tables.includes(table))).toEqual([])
  })

  it('know nothing of other numbers, nor of what every object has', () => {
    expect(meaningOf(999_999)).toBeUndefined()
    expect(meaningOfName('constructor', 'general')).toBeUndefined()
  })
})

describe.each(all)('%s', (_subject, meaning) => {
  const texts = [meaning?.fact ?? '', ...(meaning?.causes ?? []), ...(meaning?.remedy ?? [])]

  it('says what it means in the voice of the house', () => {
    expect(meaning?.causes.length).toBeGreaterThan(0)
    expect(meaning?.remedy.length).toBeGreaterThan(0)
    for (const text of texts) {
      expect(text.trim()).toBe(text)
      expect(text).not.toBe('')
      expect(text).not.toMatch(/\.$|\bplease\b|\n|\{\w+\}/i)
      expect(text.length).toBeLessThan(300)
    }
    expect(meaning?.fact).toMatch(/^[a-z]|^[A-Z]\w+/)
    expect(meaning?.fact.length).toBeLessThan(130)
  })

  it('links to a page of Microsoft, where it links', () => {
    expect(meaning?.link ?? 'https://learn.microsoft.com/').toMatch(
      /^https:\/\/learn\.microsoft\.com\/[\w/#.-]*$/,
    )
  })
})
