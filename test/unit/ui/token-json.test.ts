import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml'
import { compactJson, escapeUnsafe, formatJson, jsonLines } from '../../../src/ui/json.ts'
import { JsonReader } from '../../../src/ui/json-reader.ts'
import { isSafeText } from '../../../src/ui/safe-text.ts'
import { formatYaml } from '../../../src/ui/yaml.ts'

const pipe = { paint: (_style: unknown, text: string) => text, resultIsRead: false }
const terminal = { paint: (_style: unknown, text: string) => text, resultIsRead: true }
const marked = { paint: (style: unknown, text: string) => `<${String(style)}>${text}</>`, resultIsRead: true }
const indent = (text: string) => formatJson(text, pipe)

describe('formatJson', () => {
  it('indents like JSON.stringify, and equals the original by value, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), (value) => {
        const text = formatJson(JSON.stringify(value), pipe)
        expect(text).toBe(JSON.stringify(value, null, 2))
        expect(JSON.parse(formatJson(JSON.stringify(value), terminal))).toEqual(
          JSON.parse(JSON.stringify(value)),
        )
        expect(JSON.parse(compactJson(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it.each([
    ['names that look like integers', '{"b":1,"2":1,"1":1}', '{\n  "b": 1,\n  "2": 1,\n  "1": 1\n}'],
    ['digits that no number holds', '[12345678901234567890]', '[\n  12345678901234567890\n]'],
    ['the form of numbers', '[1.0,1e2,-0,1E-7]', '[\n  1.0,\n  1e2,\n  -0,\n  1E-7\n]'],
    ['repeated names', '{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ['escapes', '["\\u001b[31m\\/\\"\\\\"]', '[\n  "\\u001b[31m\\/\\"\\\\"\n]'],
    ['brackets in strings', '{"}":"]["}', '{\n  "}": "]["\n}'],
    ['letters of every script', '["Zoë 山田 😀"]', '[\n  "Zoë 山田 😀"\n]'],
    ['empty lists and objects', ' { "a" : [ ] , "b" : { } } ', '{\n  "a": [],\n  "b": {}\n}'],
  ])('keeps %s', (_what, text, indented) => {
    expect(indent(text)).toBe(indented)
  })

  it('paints names, strings, numbers and literals each in its colour', () => {
    expect(formatJson(JSON.stringify({ a: ['s', 1, null] }), marked)).toBe(
      '{\n  <cyan>"a"</>: [\n    <green>"s"</>,\n    <yellow>1</>,\n    <magenta>null</>\n  ]\n}',
    )
  })

  it.each([
    ['a C1 control sequence', '"\u009b31m"', '"\\u009b31m"'],
    ['DEL', '"\u007f"', '"\\u007f"'],
    ['a bidirectional override', '"a\u202eb"', '"a\\u202eb"'],
    ['a name', '{"\u2066":1}', '{\n  "\\u2066": 1\n}'],
    ['nothing of other scripts', '"Zoë 山田 😀 ٱ"', '"Zoë 山田 😀 ٱ"'],
  ])('escapes %s for a terminal alone', (_what, text, shown) => {
    expect(formatJson(text, terminal)).toBe(shown)
    expect(formatJson(text, pipe)).toBe(JSON.stringify(JSON.parse(text), null, 2))
  })

  it('is done with a list of 100 000 numbers at once', () => {
    const started = performance.now()
    expect(indent(`[${'1,'.repeat(99_999)}1]`).length).toBeGreaterThan(400_000)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('jsonLines', () => {
  it('is what formatJson makes, in pieces of whole lines that stay small', () => {
    const json = `{"a":[${'[[[[]]]],'.repeat(200_000)}"Zoë 山田"]}`
    const pieces = [...jsonLines(json, pipe)]
    expect(pieces.join('')).toBe(JSON.stringify(JSON.parse(json), null, 2))
    expect(pieces.length).toBeGreaterThan(10)
    expect(pieces.slice(0, -1).filter((piece) => !piece.endsWith('\n') || piece.length > 2 ** 21)).toEqual([])
  })
})

describe('JsonReader', () => {
  it.each(['', '{', '[1', '{"a":', '"abc', '[,', '"\\', '[[1]', '{"a":[', '{"a":{"b"'])(
    'ends with an error on text that is no JSON: %j',
    (text) => {
      expect(() => readAll(new JsonReader(text))).toThrow(SyntaxError)
    },
  )
})

function readAll(reader: JsonReader): void {
  const kind = reader.kind()
  if (kind === 'object') reader.object(() => readAll(reader))
  else if (kind === 'array') reader.array(() => readAll(reader))
  else reader.scalar()
}

describe('escapeUnsafe', () => {
  it('leaves nothing a terminal acts on, and the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeUnsafe(JSON.stringify(text))
        expect(JSON.parse(escaped)).toBe(text)
        // eslint-disable-next-line no-control-regex
        expect(escaped).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
      }),
    )
  })
})

describe('formatYaml', () => {
  it('reads back as the same value, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }), (value) => {
        expect(parseYaml(formatYaml(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  /** Texts that mean something in YAML, and such as nearly do. */
  const yamlTexts = fc
    .oneof(
      fc.constantFrom(
        ...'- x|-x|-|?|? x|a: b|a:b|a:|a #b|a#b|#b|%a|@a|`a|!a|&a|*a|>|{}|[x|a,b|,a|"|\'|a"b|a\'"b|| a|a |'.split(
          '|',
        ),
        ...'|...|---|--- a|...b|yes|No|on|OFF|y|N|~|null|Null|<<|=|True|tRUE|2026-01-31T10|https://x/y?z#a'.split(
          '|',
        ),
        ...'1e3|e5|1.|.5|0x1F|0o7|0b1|1_000|12:30|12:60|1:2:3.5|.inf|-.INF|.nan|2026-01-31'.split('|'),
        ...'2026-1-1T10:00:00Z|2026-01-31 10:00:00.5 +01:00'.split('|'),
      ),
      fc.stringMatching(/^[-+.0-9:eExob_TZ ]{1,10}$/),
      fc.stringMatching(/^[ynotfalsruNYOTF~]{1,5}$/),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ maxLength: 8 }),
    )
    .filter((text) => isSafeText(text) && !/\p{Surrogate}/u.test(text))
  const yamlValues = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(yamlTexts, fc.integer(), fc.constantFrom(null, true, false)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(yamlTexts, tie('value'), { maxKeys: 4 }),
    ),
  })).value

  it('is to the letter what the yaml package makes of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(yamlValues), fc.dictionary(yamlTexts, yamlValues)), (value) => {
        const expected = stringifyYaml(value, {
          compat: 'yaml-1.1',
          lineWidth: 0,
          aliasDuplicateObjects: false,
        })
        expect(formatYaml(JSON.stringify(value))).toBe(expected)
      }),
      { numRuns: 5000 },
    )
  }, 60_000)

  it('has the last value of each repeated name, at any depth', () => {
    expect(formatYaml('{"a":{"b":1,"\\u0062":2,"c":[{"d":1,"d":{}}]},"e":0}')).toBe(
      'a:\n  b: 2\n  c:\n    - d: {}\ne: 0\n',
    )
  })

  it('says of a name of more than 1024 characters that it is one', () => {
    const name = 'n'.repeat(1025)
    const text = formatYaml(JSON.stringify({ [name]: { a: [1] } }))
    expect(text).toBe(`? ${name}\n: a:\n    - 1\n`)
    expect(parseYaml(text)).toEqual({ [name]: { a: [1] } })
  })

  it.each([
    ['the order of names', '{"b":1,"2":1,"1":1}', 'b: 1\n"2": 1\n"1": 1\n'],
    ['digits that no number holds', '{"id":12345678901234567890}', 'id: 12345678901234567890\n'],
    ['the form of numbers', '{"id":1.0}', 'id: 1.0\n'],
    ['strings that look like numbers', '{"ver":"1.0"}', 'ver: "1.0"\n'],
    ['strings that look like truth', '{"a":"no"}', 'a: "no"\n'],
    ['the last of a repeated name', '{"a":1,"b":2,"a":3}', 'a: 3\nb: 2\n'],
    ['letters of every script', '{"name":"Zoë 山田"}', 'name: Zoë 山田\n'],
    ['lists', '{"roles":["a","b"],"none":[]}', 'roles:\n  - a\n  - b\nnone: []\n'],
  ])('keeps %s', (_what, json, yaml) => {
    expect(formatYaml(json)).toBe(yaml)
  })

  it('quotes and escapes what a terminal acts on, in names too', () => {
    const text = formatYaml(JSON.stringify({ 'a\u202e': 'x\u001b[31m\u009b\ny' }))
    expect(text).toBe('"a\\u202e": "x\\u001b[31m\\u009b\\ny"\n')
    expect(parseYaml(text)).toEqual({ 'a\u202e': 'x\u001b[31m\u009b\ny' })
  })

  it('tells two names apart that only differ in what cannot be seen', () => {
    expect(formatYaml(JSON.stringify({ a: 1, 'a\u200e': 2 }))).toBe('a: 1\n"a\\u200e": 2\n')
  })

  it('wraps no long line', () => {
    const scp = 'Permission.Read '.repeat(50).trim()
    expect(formatYaml(JSON.stringify({ scp }))).toBe(`scp: ${scp}\n`)
  })
})
