import type { Flow } from '../core/flows/flow.ts'
import { EntraAuthError } from '../errors.ts'
import { tokenInText } from '../jwt/token-text.ts'
import { canPrompt } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import type { CommandContext } from './command.ts'
import { contradiction } from './option-values.ts'
import { readNamedInput, readStdin, secretPatience } from './stdin.ts'
import { textOf } from './token-source.ts'

export interface AssertionOptions {
  readonly assertion?: string
  readonly assertionFile?: string
  readonly timeout?: number
}

/** Holds the assertion where a service has no file and no pipe for it. */
const variable = 'ENTRA_AUTH_CLI_ASSERTION'

/** Whether the flags hold an assertion, which is of use to one flow alone. */
export function hasAssertion({ assertion, assertionFile }: AssertionOptions): boolean {
  return assertion !== undefined || assertionFile !== undefined
}

/**
 * The token to act on behalf of: from stdin or a prompt (`-`), a file, or `ENTRA_AUTH_CLI_ASSERTION`. A literal one is
 * taken too, with a warning, for by then it stood in the process list. Takes it out of quotes, `Bearer` and a JSON
 * answer; does not decode it.
 * @returns undefined where none was given, and for any other flow
 * @throws EntraAuthError `invalid_arguments`, `invalid_token` for an empty one
 */
export async function assertionFlag(
  options: AssertionOptions,
  flow: Flow,
  context: Pick<CommandContext, 'host' | 'signal'>,
  console: Console,
): Promise<string | undefined> {
  if (options.assertion !== undefined && options.assertionFile !== undefined)
    throw contradiction('--assertion', '--assertion-file')
  if (flow !== 'on-behalf-of') {
    if (!hasAssertion(options)) return undefined
    throw new EntraAuthError('invalid_arguments', `the flow ${flow} takes no --assertion`, {
      hint: 'leave out --flow, or use --flow on-behalf-of',
    })
  }
  const text = await givenText(options, context, console)
  if (text === undefined) return undefined
  const token = tokenInText(text)
  if (token !== '') return token
  throw new EntraAuthError('invalid_token', 'the assertion is empty', {
    hint: 'the command that was to print the token may have failed',
  })
}

async function givenText(
  { assertion, assertionFile, timeout = secretPatience }: AssertionOptions,
  context: Pick<CommandContext, 'host' | 'signal'>,
  console: Console,
): Promise<string | undefined> {
  const { host } = context
  if (assertionFile !== undefined) {
    return textOf(await readNamedInput(assertionFile, context, timeout))
  }
  if (assertion === undefined) return host.env[variable] || undefined
  if (assertion === '-') {
    // Typed at a terminal it would be seen, and stay in the window's history.
    if (canPrompt(host.terminal, host.env)) return (await import('../ui/prompts.ts')).askSecret('Assertion')
    return textOf(await readStdin(context, timeout))
  }
  console.warn('the assertion can be seen in the process list; give "-" and send it to stdin instead')
  return assertion
}
