import { ByteText } from './byte-text.ts'
import { canonicalString, JsonReader, stringIn } from './json-reader.ts'
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
  const writer = new Writer(json)
  const text = writer.text()
  return writer.hasRepeatedNames ? new Writer(lastOfEachName(new JsonReader(json))).text() : text
}

class Writer {
  readonly #reader: JsonReader
  readonly #out: ByteText
  /** Whether a name was there twice in one object. It was written twice, too. */
  hasRepeatedNames = false

  constructor(json: string) {
    this.#reader = new JsonReader(json)
    this.#out = new ByteText(2 * json.length)
  }

  text(): string {
    this.#block(0, '')
    this.#out.addLine(0)
    return this.#out.text()
  }

  /** The next value, whose lines have an indent. @param lead stands before what goes on in the line that was begun */
  #block(indent: number, lead: '' | ' '): void {
    const kind = this.#reader.kind()
    if (kind === 'object') return this.#mapping(indent, lead)
    if (kind === 'array') return this.#sequence(indent, lead)
    const text = this.#reader.scalar()
    this.#out.add(lead)
    this.#out.add(kind === 'string' ? scalar(text) : text)
  }

  #sequence(indent: number, lead: '' | ' '): void {
    let isEmpty = true
    this.#reader.array(() => {
      if (!isEmpty || lead !== '') this.#out.addLine(indent)
      isEmpty = false
      this.#out.add('- ')
      this.#block(indent + 2, '')
    })
    if (isEmpty) this.#out.add(`${lead}[]`)
  }

  #mapping(indent: number, lead: '' | ' '): void {
    let first: string | undefined
    let names: Set<string> | undefined
    this.#reader.object((nameText) => {
      const name = canonicalString(nameText)
      if (first !== undefined || lead !== '') this.#out.addLine(indent)
      if (first === undefined) first = name
      else {
        // Many objects have one name, and need no set.
        names ??= new Set([first])
        this.hasRepeatedNames ||= names.size === names.add(name).size
      }
      this.#entry(nameText, indent)
    })
    if (first === undefined) this.#out.add(`${lead}{}`)
  }

  /** @see https://yaml.org/spec/1.2.2/#822-block-mappings */
  #entry(nameText: string, indent: number): void {
    const key = scalar(nameText, indent === 0 ? specialInMargin : special)
    // A longer one is a key only where it is said to be.
    const isLong = key.length > 1024
    if (isLong) this.#out.add('? ')
    this.#out.add(key)
    if (isLong) this.#out.addLine(indent)
    this.#out.add(isLong ? ': ' : ':')
    this.#block(indent + 2, isLong ? '' : ' ')
  }
}

/** The same JSON without what a repeated name makes void. */
function lastOfEachName(reader: JsonReader): string {
  const kind = reader.kind()
  if (kind === 'object') {
    const members = new Map<string, string>()
    reader.object((nameText) =>
      members.set(canonicalString(nameText), `${nameText}:${lastOfEachName(reader)}`),
    )
    return `{${[...members.values()].join(',')}}`
  }
  if (kind === 'array') {
    const items: string[] = []
    reader.array(() => items.push(lastOfEachName(reader)))
    return `[${items.join(',')}]`
  }
  return reader.scalar()
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
