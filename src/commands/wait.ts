import { Option, type Command } from 'commander'
import { naturalFlow } from '../core/profiles/profile.ts'
import { parseScopes } from '../core/scopes.ts'
import { spanText } from '../core/span-text.ts'
import { tokenRequest } from '../core/token-request.ts'
import { claimsOf, readCondition } from '../core/wait/condition.ts'
import { claimValue, holds } from '../core/wait/holds.ts'
import { waitForClaims, type WaitPause } from '../core/wait/wait-for-claims.ts'
import { EntraAuthError } from '../errors.ts'
import { canPrompt, signInObstacle } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import { consoleInteraction } from '../ui/console-interaction.ts'
import { accountFlag } from './account-flag.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { emptyFlag, gather, parseDuration } from './option-values.ts'
import { profileFor } from './profile-choice.ts'
import { addTokenOutputOptions, printToken, tokenOutput, type TokenOutputOptions } from './token-output.ts'

interface Options extends TokenOutputOptions {
  readonly profile?: string
  readonly scope?: readonly string[]
  readonly account?: string
  readonly until: string
  readonly timeout: number
  readonly interval: number
  readonly quiet?: boolean
  /** False under `--no-interaction`. */
  readonly interaction: boolean
}

const notes = `
A condition names claims and says what they must be:
  roles contains "Admin"            a list has this item, scp this scope, another text this part
  wids contains "Global Reader"     a directory role, by its name or its template id
  acct == 0        ver != "1.0"     a text or a number is this, or is not
  groups exists                     the claim is there, whatever it says
  xms_cc                            it is there and says something
  own.level == 3                    a member inside of a claim
  ... and ..., ... or ..., not ..., ( ... )

A cached token that is so already is printed at once. Else the token is renewed at once, and then in pauses that begin
with --interval and grow to two minutes. Nobody is asked to sign in, unless nobody is signed in yet. Consent that is missing is waited
for too. Exit code 6 says that the time was over.

Examples:
  $ TOKEN=$(entra-auth-cli wait -p graph --until 'wids contains "Exchange Administrator"')
  $ entra-auth-cli wait -p orders --until 'roles contains "Admin"' --timeout 30m --quiet && ./deploy.sh
  $ entra-auth-cli wait -p graph -s Mail.Read --until 'scp contains "Mail.Read"' -o header`

const shortestInterval = 1000

/** `wait`: renews a token until it says what is wanted, and prints it. */
export function waitCommand(context: CommandContext): Command {
  const command = defineCommand('wait')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .requiredOption('--until <condition>', 'what the token must say, such as \'roles contains "Admin"\'')
    .addOption(
      new Option('--timeout <time>', 'give up after this time')
        .argParser(parseDuration)
        .default(600_000, '10m'),
    )
    .addOption(
      new Option('--interval <time>', 'first pause between two tries; it grows to 2m')
        .argParser(parseDuration)
        .default(15_000, '15s'),
    )
    .option(
      '-s, --scope <scopes>',
      "scopes instead of the profile's, for this call only; may be repeated",
      gather,
    )
    .option('--account <user>', 'whose token, where several people are signed in')
    .option('--quiet', 'print no token, the exit code tells')
    .option('--no-interaction', 'never ask anybody: fail with exit code 7 instead')
  return addTokenOutputOptions(command)
    .addHelpText('after', notes)
    .action((options: Options) => wait(options, context))
}

async function wait(options: Options, { host, signal, ...context }: CommandContext): Promise<void> {
  const console = context.console({ ...options, silent: options.silent === true || options.quiet === true })
  const output = tokenOutput(options, host.env)
  const condition = readCondition(options.until)
  if (options.interval < shortestInterval) {
    throw new EntraAuthError('invalid_arguments', 'an interval lasts at least a second', {
      hint: 'leave --interval out, or give 1s and more',
    })
  }
  const profile = await profileFor(options.profile, host, options.interaction)
  const scopes = parseScopes(options.scope ?? [])
  if (options.scope && scopes.length === 0) throw emptyFlag('--scope')
  const roleName = claimsOf(condition).includes('wids')
    ? (await import('../jwt/directory-roles.ts')).directoryRoleName
    : () => undefined
  const request = tokenRequest(profile, scopes.length === 0 ? {} : { scopes })
  const account = accountFlag(options.account, naturalFlow(profile))
  const personMilliseconds = Math.min(request.timeouts.personMilliseconds, options.timeout)
  const interaction = consoleInteraction(console, {
    obstacle: options.interaction
      ? signInObstacle(host.terminal, host.env)
      : '--no-interaction forbids to ask',
    mayPrompt: options.interaction && canPrompt(host.terminal, host.env),
    showUrlOnly: false,
  })
  console.progress(`Waiting for at most ${spanText(options.timeout)} until ${options.until}...`)
  const token = await waitForClaims(
    {
      request: {
        ...request,
        signIn: { ...request.signIn, account, mayUseDeviceCode: profile.defaultFlow === undefined },
        timeouts: { ...request.timeouts, personMilliseconds },
      },
      text: options.until,
      isMet: (claims) => holds(condition, claims, roleName),
      timeoutMilliseconds: options.timeout,
      intervalMilliseconds: options.interval,
      random: Math.random,
      onPause: (pause) => tellPause(pause, claimsOf(condition), console),
    },
    host,
    interaction,
    signal,
  )
  console.progressSuccess(`${options.until}: the token says so`)
  if (!options.quiet) await printToken(token, output, options, host, console)
}

function tellPause(
  { claims, failure, milliseconds }: WaitPause,
  names: readonly string[],
  console: Console,
): void {
  const what =
    failure?.message ?? names.map((name) => `${name}: ${shown(claimValue(claims ?? {}, name))}`).join('; ')
  console.progress(`Not yet (${what}). Next try in ${spanText(milliseconds)}.`)
}

function itemText(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item)
}

const longestShown = 200

/** What a claim says now, cut to what a line holds. */
function shown(value: unknown): string {
  if (value === undefined) return 'none'
  const text = Array.isArray(value) ? value.map(itemText).join(', ') : JSON.stringify(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}...` : text
}
