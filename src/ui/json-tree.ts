/**
 * JSON with nothing lost: names in their order (also such as look like integers, and repeated ones), numbers with all
 * their digits, strings with their escapes. `text` is the piece of JSON as it was written.
 */
export type JsonTree =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonTree[] }
  | { readonly kind: 'string' | 'number' | 'literal'; readonly text: string }

export interface JsonMember {
  /** The name as written, with its quotes. */
  readonly nameText: string
  readonly value: JsonTree
}

/**
 * Reads JSON text without losing anything. Does not judge it: the text must be valid JSON, and nest no deeper than a
 * recursion may go, which `decodeToken` sees to.
 */
export function parseJsonTree(text: string): JsonTree {
  return new Reader(text).value()
}

/** The tree of an ordinary value, as `JSON.stringify` would write it. */
export function jsonTreeOf(value: unknown): JsonTree {
  return parseJsonTree(JSON.stringify(value))
}

/** An object of trees. */
export function jsonObject(members: Readonly<Record<string, JsonTree>>): JsonTree {
  return {
    kind: 'object',
    members: Object.entries(members).map(([name, value]) => ({ nameText: JSON.stringify(name), value })),
  }
}

/** The text that a string or a name stands for, unescaped. */
export function stringIn(text: string): string {
  return JSON.parse(text) as string
}

const quote = 0x22
const backslash = 0x5c

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): JsonTree {
    const next = this.#peek()
    if (next === '{') return { kind: 'object', members: this.#list('}', () => this.#member()) }
    if (next === '[') return { kind: 'array', items: this.#list(']', () => this.value()) }
    if (next === '"') return { kind: 'string', text: this.#string() }
    const text = this.#word()
    return { kind: /^[-\d]/.test(text) ? 'number' : 'literal', text }
  }

  #list<T>(end: string, item: () => T): readonly T[] {
    const items: T[] = []
    this.#at++
    while (this.#peek() !== end) {
      items.push(item())
      if (this.#peek() === ',') this.#at++
    }
    this.#at++
    return items
  }

  #member(): JsonMember {
    this.#peek()
    const nameText = this.#string()
    this.#peek()
    this.#at++ // the colon
    return { nameText, value: this.value() }
  }

  /** The next character that is no white space. */
  #peek(): string {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++
    if (this.#at >= this.#text.length) throw new SyntaxError('the JSON text ends too soon')
    return this.#text.charAt(this.#at)
  }

  #string(): string {
    const start = this.#at++
    for (let code = this.#code(); code !== quote; code = this.#code()) {
      if (Number.isNaN(code)) throw new SyntaxError('a JSON string has no end')
      this.#at += code === backslash ? 2 : 1
    }
    this.#at++
    return this.#text.slice(start, this.#at)
  }

  /** NaN at the end of the text. */
  #code(): number {
    return this.#text.charCodeAt(this.#at)
  }

  #word(): string {
    const start = this.#at
    while (this.#at < this.#text.length && !' \t\r\n,]}'.includes(this.#text.charAt(this.#at))) this.#at++
    if (this.#at === start) throw new SyntaxError('a JSON value is missing')
    return this.#text.slice(start, this.#at)
  }
}
