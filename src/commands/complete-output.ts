import { safeText } from '../ui/safe-text.ts'
import type { Answer, Candidate } from './complete-candidates.ts'
import type { CompletionRequest } from './complete-request.ts'

/** Tells our scripts to add the names of files. */
export const filesDirective = ':files'

/** What needs no quotes in any of these shells, within a word. */
const harmlessLetters = /^[\p{L}\p{N}_./:@%+,=-]+$/u
// Of most words this alone decides, in a third of the time.
const harmlessAscii = /^[\w./:@%+,=-]+$/
const harmful = /[^\p{L}\p{N}_./:@%+,=-]/gu

/**
 * The answer as lines for the shell's script. What is inserted into a command line is quoted for it, for names come from
 * files that others may have written: zsh and fish quote by themselves, bash and PowerShell insert what they are given.
 */
export function answerLines(answer: Answer, request: CompletionRequest): readonly string[] {
  const lines: string[] = []
  for (const candidate of answer.candidates) {
    const line = isOneLine(candidate) ? candidateLine(candidate, request) : undefined
    if (line !== undefined) lines.push(line)
  }
  if (answer.files && request.takesDirectives) lines.push(filesDirective)
  return lines
}

function isHarmless(word: string): boolean {
  return harmlessAscii.test(word) || harmlessLetters.test(word)
}

/** What holds control characters can neither be shown nor handed over line by line. */
function isOneLine({ value }: Candidate): boolean {
  return isHarmless(value) || value === safeText(value)
}

function candidateLine({ value, description }: Candidate, request: CompletionRequest): string | undefined {
  const words = description === '' ? '' : safeText(description)
  switch (request.shell) {
    case 'bash':
      return bashWord(value, request)
    case 'zsh':
      return [value.replace(/[\\:]/g, (special) => `\\${special}`), words]
        .filter((text) => text !== '')
        .join(':')
    case 'fish':
      return `${value}\t${words}`
    case 'pwsh':
      return `${powerShellWord(value)}\t${value}\t${words}`
  }
}

/** Within quotes that somebody opened only what would need none is offered: how to go on depends on what was typed. */
function bashWord(
  value: string,
  { kept, openQuote }: Pick<CompletionRequest, 'kept' | 'openQuote'>,
): string | undefined {
  const rest = value.startsWith(kept) ? value.slice(kept.length) : value
  if (isHarmless(rest)) return rest
  return openQuote === '' ? rest.replace(harmful, (character) => `\\${character}`) : undefined
}

function powerShellWord(value: string): string {
  return isHarmless(value) && !value.startsWith('@') ? value : `'${value.replace(/['‘’‚‛]/g, '$&$&')}'`
}
