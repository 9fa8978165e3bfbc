import type { PlainHost } from '../../core/ports.ts'
import { plainDiscover, plainInspect } from './reading.ts'

/** What a plain command line is answered with: the text for stdout, as it stands. */
export interface PlainAnswer {
  readonly text: string
  readonly exitCode: number
}

/**
 * A short cut to the answer that a command gives to its plain uses. It says nothing, asks nobody, changes nothing and
 * takes nothing away.
 * @param words those behind the command's name
 * @returns undefined for whatever is not as plain as that
 */
export type PlainCommand = (words: readonly string[], host: PlainHost) => Promise<PlainAnswer | undefined>

const commands: Readonly<Record<string, PlainCommand>> = {
  inspect: plainInspect,
  discover: plainDiscover,
  'get-token': async (words, host) => (await import('./get-token.ts')).plainGetToken(words, host),
}

/**
 * The answer to what scripts ask all day, with a tenth of the program. Whatever is not plain, wrong or not there is
 * undefined, and the whole program answers as if nobody had tried.
 */
export async function plainAnswer(
  words: readonly string[],
  host: PlainHost,
): Promise<PlainAnswer | undefined> {
  const [name = '', ...others] = words
  try {
    if (asksForHelp(words)) return await (await import('./help.ts')).plainHelp(words, host)
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    return await command?.(others, host)
  } catch {
    // A defect too: the whole program meets it again, and says it as it says defects.
    return undefined
  }
}

/** Whether words ask for a help or the version, as far as these can be told without the program's definitions. */
function asksForHelp(words: readonly string[]): boolean {
  return words[0] === 'help' || ['-h', '--help', '-V', '--version'].includes(words.at(-1) ?? '--help')
}
