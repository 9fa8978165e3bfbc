import { conditionWords, wrongCondition, type ConditionWord } from './condition-words.ts'

/** What a token must say. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  /** `says`: the claim is there and says something; `exists`: it is there, whatever it says. */
  | { readonly kind: 'says' | 'exists'; readonly claim: string }
  | {
      readonly kind: 'contains' | 'equals'
      readonly claim: string
      readonly value: ConditionValue
    }

export type ConditionValue =
  | { readonly kind: 'text' | 'number'; readonly text: string }
  | { readonly kind: 'truth'; readonly value: boolean }

/**
 * Reads a condition: `roles contains "Admin"`, `acct == 0`, `not groups exists`, `a.b != 'x' and (c or d)`. `and` binds
 * more tightly than `or`. It is data: nothing in it is ever run.
 * @throws EntraAuthError `invalid_arguments` that names the column
 */
export function readCondition(text: string): Condition {
  return new Reader(conditionWords(text)).whole()
}

/** The claims a condition is about, each once. */
export function claimsOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...new Set(condition.parts.flatMap(claimsOf))]
    case 'not':
      return claimsOf(condition.part)
    case 'says':
    case 'exists':
    case 'contains':
    case 'equals':
      return [condition.claim]
  }
}

const ownWords: ReadonlySet<string> = new Set(['and', 'or', 'not', 'contains', 'exists', 'true', 'false'])

class Reader {
  readonly #words: readonly ConditionWord[]
  #at = 0

  constructor(words: readonly ConditionWord[]) {
    this.#words = words
  }

  whole(): Condition {
    const condition = this.#joined('or', () => this.#joined('and', () => this.#single()))
    const rest = this.#next()
    if (rest.kind === 'end') return condition
    if (rest.text === ')') throw wrongCondition(rest.column, 'no "(" belongs to this ")"')
    throw wrongCondition(rest.column, `"and" or "or" is missing before ${named(rest)}`)
  }

  #joined(word: 'and' | 'or', part: () => Condition): Condition {
    const first = part()
    const parts = [first]
    while (this.#takes(word)) parts.push(part())
    return parts.length === 1 ? first : { kind: word, parts }
  }

  #single(): Condition {
    if (this.#takes('not')) return { kind: 'not', part: this.#single() }
    const word = this.#next()
    if (word.kind === 'sign' && word.text === '(') return this.#group(word.column)
    const isClaim = word.kind === 'text' || (word.kind === 'name' && !ownWords.has(word.text))
    if (!isClaim) throw wrongCondition(word.column, `the name of a claim is missing before ${named(word)}`)
    return this.#test(word.text)
  }

  #group(column: number): Condition {
    const inner = this.#joined('or', () => this.#joined('and', () => this.#single()))
    if (!this.#takes(')')) throw wrongCondition(column, 'no ")" belongs to this "("')
    return inner
  }

  #test(claim: string): Condition {
    if (this.#takes('exists')) return { kind: 'exists', claim }
    if (this.#takes('contains')) return { kind: 'contains', claim, value: this.#value() }
    if (this.#takes('==')) return { kind: 'equals', claim, value: this.#value() }
    if (this.#takes('!=')) return { kind: 'not', part: { kind: 'equals', claim, value: this.#value() } }
    return { kind: 'says', claim }
  }

  #value(): ConditionValue {
    const word = this.#next()
    if (word.kind === 'text' || word.kind === 'number') return { kind: word.kind, text: word.text }
    if (word.kind === 'name' && (word.text === 'true' || word.text === 'false')) {
      return { kind: 'truth', value: word.text === 'true' }
    }
    const fact =
      word.kind === 'name'
        ? `a text stands in quotes: "${word.text}"`
        : `a value is missing before ${named(word)}`
    throw wrongCondition(word.column, fact)
  }

  #next(): ConditionWord {
    const word = this.#words[this.#at] ?? { kind: 'end', text: '', column: 1 }
    this.#at++
    return word
  }

  #takes(text: string): boolean {
    const word = this.#words[this.#at]
    const isMeant = (word?.kind === 'name' || word?.kind === 'sign') && word.text === text
    if (isMeant) this.#at++
    return isMeant
  }
}

function named(word: ConditionWord): string {
  return word.kind === 'end' ? 'the end' : `"${word.text}"`
}
