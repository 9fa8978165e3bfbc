import type { Environment } from '../core/ports.ts'

/** The shells there is a script for. */
export const shells = ['bash', 'zsh', 'fish', 'pwsh'] as const

export type Shell = (typeof shells)[number]

/** The word with which the scripts of `completion` call back: `__complete SHELL =CURRENT BEFORE...`. */
export const completionWord = '__complete'

/** What a shell asks: how the word at the cursor may go on. */
export interface CompletionRequest {
  readonly shell: Shell
  /** The whole words before it, without the program's name and without quotes. */
  readonly before: readonly string[]
  /** What there is of it up to the cursor, without quotes. */
  readonly current: string
  /** The beginning of `current` that the shell keeps: bash breaks words at `=` and `:` too, and replaces the last part. */
  readonly kept: string
  /** The quote that is open at the cursor, where the shell leaves quoting to us. */
  readonly openQuote: OpenQuote
  /** Whether the shell's script understands lines that begin with `:`; a bare `complete -C` does not. */
  readonly takesDirectives: boolean
}

type OpenQuote = '' | "'" | '"'

/**
 * Reads what a shell asks: from our scripts, or as bash asks any program that was registered with
 * `complete -C entra-auth-cli entra-auth-cli`, with `COMP_LINE` and `COMP_POINT`.
 * @param words the words after the program's name
 * @returns undefined for a command line that somebody typed
 * @see https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
export function completionRequest(words: readonly string[], env: Environment): CompletionRequest | undefined {
  if (words[0] === completionWord) {
    const shell = shells.find((name) => name === words[1]) ?? 'bash'
    // The "=" is there because some shells drop a word that is empty.
    const current = (words[2] ?? '').replace(/^=/, '')
    if (shell === 'bash') return fromLine(env, current, true)
    return { shell, before: words.slice(3), current, kept: '', openQuote: '', takesDirectives: true }
  }
  // bash hands over the program's name, the word at the cursor and the one before it.
  const isAskedByBash = words.length === 3 && /(?:^|[\\/])entra-auth-cli$/.test(words[0] ?? '')
  if (!isAskedByBash || env['COMP_LINE'] === undefined) return undefined
  return fromLine(env, words[1] ?? '', false)
}

/** @param replaced the part of the current word that bash is going to replace */
function fromLine(env: Environment, replaced: string, takesDirectives: boolean): CompletionRequest {
  // COMP_POINT counts characters, not bytes.
  const line = Array.from(env['COMP_LINE'] ?? '')
  const point = Number(env['COMP_POINT'] ?? line.length)
  const { words, raw, openQuote } = splitLine(
    line.slice(0, Number.isInteger(point) ? point : line.length).join(''),
  )
  const current = splitLine(raw).words.at(-1) ?? ''
  const keptRaw = raw.endsWith(replaced) ? raw.slice(0, raw.length - replaced.length) : ''
  const kept = splitLine(keptRaw).words.at(-1) ?? ''
  return { shell: 'bash', before: words.slice(1, -1), current, kept, openQuote, takesDirectives }
}

interface SplitLine {
  /** Without quotes; the last one is the one at the end of the line, which may be empty. */
  readonly words: readonly string[]
  /** The last one as it was typed. */
  readonly raw: string
  readonly openQuote: OpenQuote
}

/** Takes a line apart as POSIX shells do. Expands nothing: neither variables nor commands. */
function splitLine(line: string): SplitLine {
  const characters = Array.from(line)
  const words = ['']
  let raw = ''
  let quote: OpenQuote = ''
  const append = (text: string) => words.push(`${words.pop() ?? ''}${text}`)
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? ''
    if (quote === '' && /\s/.test(character)) {
      if (raw !== '') words.push('')
      raw = ''
      continue
    }
    raw += character
    if (character === '\\' && quote !== "'") {
      const next = characters[++index] ?? ''
      raw += next
      append(quote === '"' && !/["\\$`]/.test(next) ? `\\${next}` : next)
    } else if (quote === character) quote = ''
    else if (quote === '' && (character === "'" || character === '"')) quote = character
    else append(character)
  }
  return { words, raw, openQuote: quote }
}
