import { JsonReader, stringIn } from './json-reader.ts'
import { escapeUnsafe } from './json.ts'
import { isSafeText } from './safe-text.ts'

/**
 * JSON as YAML 1.2 in block style, names and digits as in the JSON. Strings are quoted where an older reader would take
 * them for something else, and where a terminal might act on what is in them. Of a repeated name the last one stays, as
 * YAML forbids repeating.
 * @param json valid JSON that nests no deeper than a recursion may go
 * @see https://yaml.org/spec/1.2.2/
 */
export function formatYaml(json: string): string {
  return `${block(new JsonReader(json), '')}\n`
}

/** The next value. Its lines begin with the indent, but for the first. */
function block(reader: JsonReader, indent: string): string {
  const kind = reader.kind()
  if (kind === 'object') return mapping(reader, indent)
  if (kind === 'array') return sequence(reader, indent)
  const text = reader.scalar()
  return kind === 'string' ? scalar(text) : text
}

function sequence(reader: JsonReader, indent: string): string {
  const inner = `${indent}  `
  const items: string[] = []
  reader.array(() => items.push(`- ${block(reader, inner)}`))
  return items.length === 0 ? '[]' : items.join(`\n${indent}`)
}

function mapping(reader: JsonReader, indent: string): string {
  const inner = `${indent}  `
  const entries = new Map<string, string>()
  reader.object((nameText) => {
    const key = scalar(nameText, indent === '' ? specialInMargin : special)
    const isNested = reader.kind() === 'object' || reader.kind() === 'array'
    const value = block(reader, inner)
    entries.set(stringIn(nameText), entry(key, value, isNested, indent))
  })
  return entries.size === 0 ? '{}' : [...entries.values()].join(`\n${indent}`)
}

/** @see https://yaml.org/spec/1.2.2/#822-block-mappings */
function entry(key: string, value: string, isNested: boolean, indent: string): string {
  // A longer key is one only where it is said to be.
  if (key.length > 1024) return `? ${key}\n${indent}: ${value}`
  return isNested && value.length > 2 ? `${key}:\n${indent}  ${value}` : `${key}: ${value}`
}

/** A string, or a name. JSON's are YAML too, with their escapes. */
function scalar(text: string, form: RegExp = special): string {
  const plain = stringIn(text)
  if (!isSafeText(plain)) return escapeUnsafe(text)
  return form.test(plain) || lookalikes.test(plain) || loneSurrogate.test(plain) ? quoted(plain) : plain
}

function quoted(plain: string): string {
  const isReadBest = plain.includes('"') && !plain.includes("'") && !loneSurrogate.test(plain)
  return isReadBest ? `'${plain}'` : JSON.stringify(plain)
}

/** What has a meaning in YAML: at the beginning, alone, before or after a space, at the end. */
const special = /^[ ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-] |: | #|[ :]$/
/** Without an indent also what begins or ends a document. */
const specialInMargin = new RegExp(String.raw`${special.source}|^(?:---|\.\.\.)`)
const loneSurrogate = /\p{Surrogate}/u
/** What YAML 1.2 or 1.1 takes for something else than a string, nothing at all included. */
const lookalikes = new RegExp(
  `^(?:${[
    '',
    '~|null|Null|NULL|<<',
    '[Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]|[Yy]es|YES|[Nn]|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF',
    String.raw`0o[0-7]+|[-+]?(?:0b[01_]+|0x[\da-fA-F_]+|\d[\d_]*)`,
    String.raw`[-+]?(?:\d[\d_]*)?(?:\.[\d_]*|(?:\.[\d_]*)?[eE][-+]?\d+)`,
    String.raw`[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN`,
    // Hours, minutes and seconds, as a number of sixties.
    String.raw`[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?`,
    // A date, and perhaps a time.
    String.raw`\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]| +)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?: *(?:Z|[-+][012]?\d(?::\d{2})?))?)?`,
  ].join('|')})$`,
)
