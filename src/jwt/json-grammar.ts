/** What a JSON text holds. */
export interface JsonFacts {
  /** Whether it is an object, as opposed to any other value. */
  readonly isObject: boolean
  /** How many objects and arrays there are, at any depth. */
  readonly collections: number
}

/**
 * Judges a text as `JSON.parse` does, and makes nothing of it: of a hostile text that would be millions of values. The text
 * must nest no deeper than a recursion may go.
 * @returns undefined for what is no JSON
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function jsonFacts(text: string): JsonFacts | undefined {
  return new Grammar(text).facts()
}

/** Each method reads what it is called after, and tells whether it is there. */
class Grammar {
  readonly #text: string
  #at = 0
  #collections = 0

  constructor(text: string) {
    this.#text = text
  }

  facts(): JsonFacts | undefined {
    this.#space()
    const isObject = this.#code() === openBrace
    if (!this.#value()) return undefined
    this.#space()
    return this.#at === this.#text.length ? { isObject, collections: this.#collections } : undefined
  }

  #value(): boolean {
    switch (this.#code()) {
      case openBrace:
        return this.#list(closeBrace, true)
      case openBracket:
        return this.#list(closeBracket, false)
      case quote:
        return this.#string()
      case letterT:
        return this.#word('true')
      case letterF:
        return this.#word('false')
      case letterN:
        return this.#word('null')
      default:
        return this.#number()
    }
  }

  #list(end: number, isObject: boolean): boolean {
    this.#collections++
    this.#at++
    this.#space()
    if (this.#takes(end)) return true
    do {
      this.#space()
      if (isObject && !this.#name()) return false
      if (!this.#value()) return false
      this.#space()
    } while (this.#takes(comma))
    return this.#takes(end)
  }

  #name(): boolean {
    if (this.#code() !== quote || !this.#string()) return false
    this.#space()
    if (!this.#takes(colon)) return false
    this.#space()
    return true
  }

  #string(): boolean {
    this.#at++
    for (let code = this.#code(); code !== quote; code = this.#code()) {
      // Also false at the end of the text, where there is no number to compare.
      if (!(code >= space)) return false
      this.#at++
      if (code === backslash && !this.#escape()) return false
    }
    this.#at++
    return true
  }

  #escape(): boolean {
    const letter = this.#text.charAt(this.#at++)
    if (letter !== 'u') return letter !== '' && '"\\/bfnrt'.includes(letter)
    for (const end = this.#at + 4; this.#at < end; this.#at++) if (!isHexDigit(this.#code())) return false
    return true
  }

  #number(): boolean {
    this.#takes(minus)
    if (!this.#takes(digit0) && !this.#digits()) return false
    if (this.#takes(dot) && !this.#digits()) return false
    if (!this.#takes(letterE) && !this.#takes(capitalE)) return true
    if (!this.#takes(plus)) this.#takes(minus)
    return this.#digits()
  }

  #digits(): boolean {
    const start = this.#at
    while (isDigit(this.#code())) this.#at++
    return this.#at > start
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #space(): void {
    for (let code = this.#code(); isSpace(code); code = this.#code()) this.#at++
  }

  #takes(code: number): boolean {
    if (this.#code() !== code) return false
    this.#at++
    return true
  }

  /** NaN at the end of the text. */
  #code(): number {
    return this.#text.charCodeAt(this.#at)
  }
}

const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20] as const
const [quote, plus, comma, minus, dot, colon, backslash] = [0x22, 0x2b, 0x2c, 0x2d, 0x2e, 0x3a, 0x5c] as const
const [digit0, digit9, capitalE] = [0x30, 0x39, 0x45] as const
const [letterE, letterF, letterN, letterT] = [0x65, 0x66, 0x6e, 0x74] as const
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d] as const

function isSpace(code: number): boolean {
  return code === space || code === lineFeed || code === carriageReturn || code === tab
}

function isDigit(code: number): boolean {
  return code >= digit0 && code <= digit9
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)
}
