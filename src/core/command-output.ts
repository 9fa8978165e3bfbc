import { EntraAuthError } from '../errors.ts'
import { withDeadline } from './deadline.ts'
import type { Host } from './ports.ts'
import type { Voice } from './voice.ts'

/** How long may be waited for something on the way to a token. */
export interface Waiting {
  readonly signal: AbortSignal
  readonly milliseconds: number
}

/** A little less than the whole: what is told shall be what was slow, not that Entra did not answer. */
export function partOf({ signal, milliseconds }: Waiting): Waiting {
  return { signal, milliseconds: milliseconds * 0.9 }
}

/** Far more than any secret or assertion has. */
const largestOutputBytes = 64 * 1024

/**
 * What a profile's command prints: a client secret, an assertion. It is run anew each time, and may ask a person where
 * one is there. Nothing of what it printed is in an error.
 * @param what it is to print, such as `the client secret of "ci"`
 * @throws EntraAuthError `profile_incomplete` where it fails, prints nothing or far too much, `timeout`, `interrupted`
 */
export async function commandOutput(
  command: string,
  what: string,
  { commands }: Pick<Host, 'commands'>,
  { attended, silent = false }: Voice,
  waiting: Waiting,
): Promise<Buffer> {
  const { signal, milliseconds } = partOf(waiting)
  const result = await withDeadline(
    signal,
    milliseconds,
    `the command that prints ${what} did not end in time`,
    (deadline) => commands.run(command, { attended, silent, largestOutputBytes, signal: deadline }),
    `run it to see what it waits for: ${command}`,
  )
  switch (result.kind) {
    case 'output':
      if (result.stdout.toString('latin1').trim() !== '') return result.stdout
      throw new EntraAuthError('profile_incomplete', `the command that prints ${what} printed nothing`, {
        hint: `run it to see why: ${command}`,
      })
    case 'failed':
      throw new EntraAuthError(
        'profile_incomplete',
        `the command that prints ${what} failed (${result.exitCode === undefined ? 'it was killed' : `exit code ${result.exitCode}`})`,
        { hint: `run it to see why: ${command}` },
      )
    case 'too-much':
      throw new EntraAuthError(
        'profile_incomplete',
        `the command that prints ${what} printed more than ${largestOutputBytes / 1024} KB`,
        { hint: `it must print that alone: ${command}` },
      )
  }
}
