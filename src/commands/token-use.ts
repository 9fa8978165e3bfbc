import type { Command } from 'commander'
import { Option } from 'commander'
import type { AccessToken } from '../core/access-token.ts'
import type { Profile } from '../core/profiles/profile.ts'
import { tokenRequest, type TokenRequest } from '../core/token-request.ts'
import { obtainToken } from '../core/tokens.ts'
import { canPrompt, signInObstacle } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import { consoleInteraction } from '../ui/console-interaction.ts'
import { accountFlag } from './account-flag.ts'
import type { CommandContext } from './command.ts'
import { parseDuration } from './option-values.ts'

/** The flags of commands that use a token in the user's place, `exec` and `call`. */
export interface TokenUseOptions {
  readonly account?: string
  readonly force?: boolean
  readonly minTtl: number
  /** False under `--no-interaction`. */
  readonly interaction: boolean
  readonly silent?: boolean
  readonly verbose?: boolean
}

export function addTokenUseOptions(command: Command): Command {
  return command
    .option('--account <user>', 'whose token, where several people are signed in')
    .option('--force', 'get a new token even if the cached one is good')
    .addOption(
      new Option('--min-ttl <time>', 'life a cached token must have left')
        .argParser(parseDuration)
        .default(5 * 60_000, '5m'),
    )
    .option('--no-interaction', 'never ask anybody: fail with exit code 7 instead')
    .option('-q, --silent', 'leave stderr empty but for errors')
    .option('-v, --verbose', 'say on stderr what is done')
}

/** Gets tokens as `get-token` would; a person may be asked to sign in where the flags let them. */
export function tokenGetter(
  options: TokenUseOptions,
  { host, signal }: CommandContext,
  console: Console,
): (profile: Profile, wishes?: Partial<TokenRequest>) => Promise<AccessToken> {
  const obstacle = options.interaction
    ? signInObstacle(host.terminal, host.env)
    : '--no-interaction forbids to ask'
  const interaction = consoleInteraction(console, {
    obstacle,
    mayPrompt: options.interaction && canPrompt(host.terminal, host.env),
    showUrlOnly: false,
  })
  return async (profile, wishes = {}) => {
    const request = tokenRequest(profile, {
      minimumLifetimeSeconds: options.minTtl / 1000,
      fresh: options.force === true,
      ...wishes,
    })
    const signIn = {
      ...request.signIn,
      account: options.account === undefined ? undefined : accountFlag(options.account, request.flow),
      mayUseDeviceCode: profile.defaultFlow === undefined,
    }
    const token = await obtainToken({ ...request, signIn }, host, interaction, signal)
    console.trace(`${profile.name}: the token was ${token.fromCache ? 'cached' : 'requested'}`)
    return token
  }
}
