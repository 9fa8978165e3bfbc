import { describe, expect, it } from 'vitest'
import { ProfileFile } from '../../../../src/core/profiles/profile-file.ts'
import { rejectionOf } from '../../../support/failure.ts'

const one = { name: 'one', tenantId: 't', note: { kept: [1, '2'] } }
const two = { name: 'Two', client_id: 'c' }
const parse = (document: unknown) => ProfileFile.parse(JSON.stringify(document), '/p.json')
const namesIn = (file: ProfileFile) => file.records.map((record) => record['name'])

describe('containers', () => {
  it.each([
    ['an object with profiles', { profiles: [one, two] }, ['one', 'Two']],
    ['an array', [one, two], ['one', 'Two']],
    ['a single profile', one, ['one']],
    ['an object without any', {}, []],
    ['an empty array', [], []],
  ])('%s', async (_what, document, names) => {
    expect(namesIn(await parse(document))).toEqual(names)
  })

  it.each(['', ' \n', '\ufeff'])('%j is no profile', async (text) => {
    expect((await ProfileFile.parse(text, '/p.json')).records).toEqual([])
  })

  it('a byte order mark is no part of the text', async () => {
    const file = await ProfileFile.parse(`\ufeff${JSON.stringify([one])}`, '/p.json')
    expect(namesIn(file)).toEqual(['one'])
  })
})

describe('what is written back', () => {
  it('has every field nobody here knows, in the same container', async () => {
    const document = { $schema: 'x', profiles: [one, two], settings: { a: 1 } }
    const file = (await parse(document)).with({ name: 'three' })
    expect(JSON.parse(file.toText())).toEqual({ ...document, profiles: [one, two, { name: 'three' }] })
  })

  it('is an array where it was one', async () => {
    const file = (await parse([one, two])).without('ONE')
    expect(JSON.parse(file.toText())).toEqual([two])
  })

  it('keeps a single profile, and has room for more', async () => {
    const file = (await parse(one)).with({ name: 'three' })
    expect(JSON.parse(file.toText())).toEqual({ profiles: [one, { name: 'three' }] })
  })

  it('replaces in place, ignoring case', async () => {
    const file = (await parse([one, two])).with({ name: 'ONE', fresh: true })
    expect(JSON.parse(file.toText())).toEqual([{ name: 'ONE', fresh: true }, two])
  })

  it('ends with a line break and is indented by two', async () => {
    expect((await parse([{ name: 'a' }])).toText()).toBe('[\n  {\n    "name": "a"\n  }\n]\n')
  })
})

describe('lookup', () => {
  it('ignores case', async () => {
    expect((await parse([one, two])).find('tWO')).toEqual(two)
  })
  it('finds nobody without a name', async () => {
    expect((await parse([{ tenantId: 't' }])).find('')).toBeUndefined()
  })
})

describe('what cannot be read', () => {
  it.each([
    ['{\n  "profiles": [\n    { "name": "a" },\n  ]\n}', 'line 4, column 3: '],
    ['{"profiles": [}', 'line 1, column 15: '],
    ['{\n  "profiles": [],\n  // mine\n}', 'line 3, column 3: '],
    ['{"profiles": []', 'line 1, column 16: '],
    ['\ufeff{"a" 1}', 'line 1, column 6: '],
    ['nonsense', 'line 1, column 1: '],
    ['"text"', 'it holds neither an object nor an array'],
    ['42', 'it holds neither an object nor an array'],
    ['null', 'it holds neither an object nor an array'],
    ['{"profiles": {}}', '"profiles" is not an array'],
    ['["a"]', 'entry 1 is not an object'],
    ['[{}, null]', 'entry 2 is not an object'],
  ])('%j', async (text, where) => {
    const failure = await rejectionOf(ProfileFile.parse(text, '/p.json'))
    expect(failure).toMatchObject({
      code: 'profiles_unreadable',
      hint: 'mend the file by hand; it was left as it is',
    })
    expect(failure.message.startsWith(`"/p.json" cannot be read: ${where}`)).toBe(true)
  })
})
