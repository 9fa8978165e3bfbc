import type { PlainHost } from '../../core/ports.ts'
import { version } from '../version.ts'
import type { PlainAnswer } from './answer.ts'
import { helpTexts } from './help-texts.ts'

/** The help of a command and the version, for a pipe: in a terminal it depends on how wide that is. */
export async function plainHelp(words: readonly string[], host: PlainHost): Promise<PlainAnswer | undefined> {
  if (host.terminal.stdout.isTerminal) return undefined
  if (['-V', '--version'].includes(words.at(-1) ?? ''))
    return words.length === 1 ? answer(`${version}\n`) : undefined
  const name = commandNamed(words)
  const texts = await helpTexts()
  return name !== undefined && Object.hasOwn(texts, name) ? answer(texts[name] ?? '') : undefined
}

/** The command whose help is asked for; '' for the program's. */
function commandNamed(words: readonly string[]): string | undefined {
  if (words[0] === 'help') return words.slice(1).join(' ')
  return words.slice(0, -1).join(' ')
}

function answer(text: string): PlainAnswer {
  return { text, exitCode: 0 }
}
