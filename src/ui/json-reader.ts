/**
 * Reads JSON text from its beginning to its end and builds nothing: a hostile token holds millions of values. Nothing is
 * lost: names come in their order (also such as look like integers, and repeated ones), numbers with all their digits,
 * strings with their escapes.
 *
 * Does not judge the text: it must be valid JSON, and nest no deeper than a recursion may go, which `decodeToken` sees to.
 */
export class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** What the next value is. @throws SyntaxError at the end of the text */
  kind(): 'object' | 'array' | 'string' | 'number' | 'literal' {
    const next = this.#peek()
    if (next === openBrace) return 'object'
    if (next === openBracket) return 'array'
    if (next === quote) return 'string'
    return next === minus || (next >= digit0 && next <= digit9) ? 'number' : 'literal'
  }

  /** Reads an object. @param onMember is handed each name as it is written, with its quotes, and must read the value */
  object(onMember: (nameText: string) => void): void {
    this.#list(closeBrace, () => {
      this.#peek()
      const nameText = this.#string()
      this.#peek()
      this.#at++ // the colon
      onMember(nameText)
    })
  }

  /** Reads an array. @param onItem must read the item */
  array(onItem: () => void): void {
    this.#list(closeBracket, onItem)
  }

  /** Reads a string, a number or a literal, as it is written. */
  scalar(): string {
    return this.#peek() === quote ? this.#string() : this.#word()
  }

  /** Reads any value, as it is written. */
  value(): string {
    const first = this.#peek()
    if (first !== openBrace && first !== openBracket) return this.scalar()
    const start = this.#at
    let depth = 0
    do {
      const code = this.#code()
      if (code === quote) this.#skipString()
      else {
        if (code === openBrace || code === openBracket) depth++
        else if (code === closeBrace || code === closeBracket) depth--
        else if (Number.isNaN(code)) throw new SyntaxError('the JSON text ends too soon')
        this.#at++
      }
    } while (depth > 0)
    return this.#text.slice(start, this.#at)
  }

  #list(end: number, onItem: () => void): void {
    this.#at++
    while (this.#peek() !== end) {
      onItem()
      if (this.#peek() === comma) this.#at++
    }
    this.#at++
  }

  /** The next character that is no white space. */
  #peek(): number {
    let code = this.#code()
    while (code === space || code === lineFeed || code === carriageReturn || code === tab) {
      this.#at++
      code = this.#code()
    }
    if (Number.isNaN(code)) throw new SyntaxError('the JSON text ends too soon')
    return code
  }

  #string(): string {
    const start = this.#at
    this.#skipString()
    return this.#text.slice(start, this.#at)
  }

  #skipString(): void {
    this.#at++
    for (let code = this.#code(); code !== quote; code = this.#code()) {
      if (Number.isNaN(code)) throw new SyntaxError('a JSON string has no end')
      this.#at += code === backslash ? 2 : 1
    }
    this.#at++
  }

  #word(): string {
    const start = this.#at
    while (!endsWord(this.#code())) this.#at++
    if (this.#at === start) throw new SyntaxError('a JSON value is missing')
    return this.#text.slice(start, this.#at)
  }

  /** NaN at the end of the text. */
  #code(): number {
    return this.#text.charCodeAt(this.#at)
  }
}

const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20]
const [quote, comma, minus, digit0, digit9, backslash] = [0x22, 0x2c, 0x2d, 0x30, 0x39, 0x5c]
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

function endsWord(code: number): boolean {
  return code <= space || code === comma || code === closeBracket || code === closeBrace || Number.isNaN(code)
}

/** A member of an object, both as they are written. */
export interface JsonMember {
  /** With its quotes. */
  readonly nameText: string
  readonly value: string
}

/** Hands out the members of an object, one after the other; none of another value. */
export function eachMember(json: string, onMember: (member: JsonMember) => void): void {
  const reader = new JsonReader(json)
  if (reader.kind() === 'object') reader.object((nameText) => onMember({ nameText, value: reader.value() }))
}

/** The text that a string or a name stands for, unescaped. */
export function stringIn(text: string): string {
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
}

/** The same string or name, written in the one way that `JSON.stringify` writes it. */
export function canonicalString(text: string): string {
  return text.includes('\\') ? JSON.stringify(stringIn(text)) : text
}

/** JSON text of an object, of JSON texts. */
export function jsonObject(members: Readonly<Record<string, string>>): string {
  return `{${Object.entries(members)
    .map(([name, json]) => `${JSON.stringify(name)}:${json}`)
    .join(',')}}`
}
