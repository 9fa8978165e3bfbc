import { secretText } from '../core/client-secret.ts'
import type { Host } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import type { Console } from '../ui/console.ts'

/**
 * A secret given by flag: `-` reads it from stdin. A literal one is taken too, with a warning, for by then it stood in
 * the process list.
 * @throws EntraAuthError `invalid_arguments` for an empty one
 */
export async function secretFlag(
  given: string | undefined,
  name: string,
  host: Pick<Host, 'terminal'>,
  console: Console,
): Promise<string | undefined> {
  if (given === '-') return secretText(await host.terminal.stdin.readAll(), 'stdin')
  if (given === '') {
    throw new EntraAuthError('invalid_arguments', `the ${name} is empty`, {
      hint: 'is the variable it comes from set?',
    })
  }
  if (given !== undefined) {
    console.warn(`the ${name} can be seen in the process list; give "-" and send it to stdin instead`)
  }
  return given
}
