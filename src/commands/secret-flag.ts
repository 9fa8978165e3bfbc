import { secretText } from '../core/client-secret.ts'
import { canPrompt } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import type { CommandContext } from './command.ts'
import { readStdin, secretPatience } from './stdin.ts'

/**
 * A secret given by flag: `-` reads it from stdin, or asks for it where that is a terminal. A literal one is taken
 * too, with a warning, for by then it stood in the process list.
 * @param patienceMilliseconds how long stdin may take to end
 * @throws EntraAuthError `invalid_arguments` where stdin holds none
 */
export async function secretFlag(
  given: string | undefined,
  name: string,
  context: Pick<CommandContext, 'host' | 'signal'>,
  console: Console,
  patienceMilliseconds: number = secretPatience,
): Promise<string | undefined> {
  if (given === '-') {
    // Typed at a terminal it would be seen, and stay in the window's history.
    const { host } = context
    if (canPrompt(host.terminal, host.env))
      return (await import('../ui/prompts.ts')).askSecret(capitalised(name))
    return secretText(await readStdin(context, patienceMilliseconds), 'stdin')
  }
  if (given !== undefined) {
    console.warn(`the ${name} can be seen in the process list; give "-" and send it to stdin instead`)
  }
  return given
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
