import type { AccessToken } from '../core/access-token.ts'
import { resourceManagerOf } from '../core/clouds.ts'
import type { Profile } from '../core/profiles/profile.ts'
import { EntraAuthError } from '../errors.ts'
import type { Console } from '../ui/console.ts'
import type { CommandContext } from './command.ts'
import { profileFor } from './profile-choice.ts'
import { readStdin } from './stdin.ts'
import { tokenGetter } from './token-use.ts'

/** The flags of commands that other programs call: git, docker. */
export interface ProgramOptions {
  readonly profile?: string
  /** A tenant instead of the profile's. */
  readonly tenant?: string
  /** False under `--no-interaction`. */
  readonly interaction: boolean
  readonly verbose?: boolean
}

/** What such a program asks is short, and there at once. */
const patience = 60_000
const largestAsk = 64 * 1024

/**
 * What a program wrote to our stdin.
 * @throws EntraAuthError `invalid_arguments` where a person typed the command
 */
export async function askedByProgram(program: string, context: CommandContext): Promise<string> {
  if (context.host.terminal.stdin.isTerminal) {
    throw new EntraAuthError('invalid_arguments', `this is for ${program} to call, not for a terminal`, {
      hint: `see --help for how ${program} is told to`,
    })
  }
  const asked = await readStdin(context, patience)
  if (asked.length <= largestAsk) return asked.toString('utf8')
  throw new EntraAuthError('invalid_arguments', `${program} asks in more words than there can be`, {
    hint: 'look what is written to stdin',
  })
}

/**
 * Gets a token for a program that waits for it; a person may be asked to sign in, but for nothing else.
 * @param scopes undefined for those of Azure Resource Manager, as az has it
 */
export async function tokenForProgram(
  options: ProgramOptions,
  scopes: readonly string[] | undefined,
  context: CommandContext,
  console: Console,
): Promise<{ readonly token: AccessToken; readonly profile: Profile }> {
  const profile = await profileFor(options.profile, context.host, options.interaction)
  const getToken = tokenGetter({ ...options, minTtl: 5 * 60_000 }, context, console)
  const token = await getToken(
    { ...profile, tenantId: options.tenant ?? profile.tenantId },
    { scopes: scopes ?? [`${resourceManagerOf(profile.authority)}/.default`] },
  )
  return { token, profile }
}
