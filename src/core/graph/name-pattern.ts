/** A pattern of names as people write them: `*` stands for any text, `?` for one character, letter case for nothing. */
export interface NamePattern {
  /** What every name begins with; empty where it may begin with anything. As it was written. */
  readonly prefix: string
  /** Whether it matches whatever there is. */
  readonly matchesAll: boolean
  /** Whether the whole name matches. */
  matches(name: string): boolean
}

/** Whether a text has wildcards. */
export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text)
}

/** Reads a pattern. Matching costs no more than the lengths of both multiplied, whatever the pattern is. */
export function parseNamePattern(text: string): NamePattern {
  const prefix = text.slice(0, text.search(/[*?]|$/))
  const pattern = Array.from(folded(text))
  return {
    prefix,
    matchesAll: /^\*+$/.test(text),
    matches: (name) => matchesWhole(pattern, Array.from(folded(name))),
  }
}

/**
 * Walks both at once; after a `*` it comes back to take one character more into it. Only the last `*` needs to be
 * remembered, for what came before it has matched as early as it can.
 */
function matchesWhole(pattern: readonly string[], name: readonly string[]): boolean {
  let at = 0
  let star = -1
  let taken = 0
  let index = 0
  while (index < name.length) {
    if (pattern[at] === '*') {
      star = at++
      taken = index
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at++
      index++
    } else if (star >= 0) {
      at = star + 1
      index = ++taken
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

/** The same for names that Graph holds to be the same; not by the reader's language, or `I` would not match `i` for some. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
