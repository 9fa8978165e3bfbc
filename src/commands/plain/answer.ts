import type { Host } from '../../core/ports.ts'

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
export type PlainCommand = (words: readonly string[], host: Host) => Promise<PlainAnswer | undefined>

const commands: Readonly<Record<string, () => Promise<PlainCommand>>> = {
  'get-token': async () => (await import('./get-token.ts')).plainGetToken,
}

/**
 * The answer to what scripts ask all day, with a tenth of the program. Whatever is not plain, wrong or not there is
 * undefined, and the whole program answers as if nobody had tried.
 */
export async function plainAnswer(words: readonly string[], host: Host): Promise<PlainAnswer | undefined> {
  const [name = '', ...others] = words
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    return load && (await (await load())(others, host))
  } catch {
    // A defect too: the whole program meets it again, and says it as it says defects.
    return undefined
  }
}
