import { InvalidArgumentError, Option } from 'commander'
import { EntraAuthError } from '../errors.ts'
import { decodeToken } from '../jwt/decode.ts'
import { describeToken, type TokenDescription } from '../jwt/describe.ts'
import type { Console } from '../ui/console.ts'
import { formatJson } from '../ui/json.ts'
import { summaryOf, summaryText } from '../ui/token-summary.ts'
import { defineCommand, type CommandContext, type CommandFactory } from './command.ts'
import { addCloudOptions, addSignInOptions } from './directory-flags.ts'
import type { AppSearchOptions } from './discover-apps.ts'
import { contradiction } from './option-values.ts'
import { isTenantWord } from './tenant-word.ts'
import { takeToken, tokenFrom } from './token-source.ts'

interface DiscoverFlags extends AppSearchOptions {
  /** What `-t` was given: a token or a tenant. */
  readonly token?: string
  readonly file?: string
  readonly json?: boolean
}

/**
 * `discover`: tells in short what a token is, by the exit code whether it is valid now, and asks nobody. With a tenant or
 * a search it finds app registrations instead.
 */
export const discoverCommand: CommandFactory = (context) => {
  const command = takeToken(defineCommand('discover'))
    .addOption(
      new Option(
        '-o, --output <format>',
        'how to tell it (default: text on a terminal, json in a pipe)',
      ).choices(['text', 'json', 'yaml']),
    )
    .option('--json', 'the same as -o json')
    .option('-q, --quiet', 'print nothing, the exit code tells')
    .option('--verbose', 'more about an error')
    .optionsGroup('Finding app registrations:')
    .option(
      '--tenant <tenant>',
      "tenant to look in; -t takes it too (default: the profile's, or whose signs in)",
    )
    .option('-s, --search <text>', 'a name with * and ?, words of one, a client id or an App ID URI')
    .option('--limit <number>', 'how many at most (default: all)', parseLimit)
    .option('--details', 'tell all about each one, also in a terminal')
    .option('--flow <flow>', 'how to sign in (default: in a browser)')
  return addCloudOptions(addSignInOptions(command))
    .addHelpText('after', examples)
    .action((argument: string | undefined, flags: DiscoverFlags) =>
      discover(argument, flags.json ? { ...flags, output: 'json' } : flags, context),
    )
}

const examples = `
The exit code is 0 when the token is valid now, and 1 when it is expired, not yet valid or no token.

With --tenant or --search, or a tenant in -t, it finds app registrations: as the profile of -p, or as somebody who signs
in. In a terminal you choose one, see what matters about it, and may make a profile of it.

Examples:
  $ entra-auth-cli discover -t "$TOKEN" && echo valid || echo expired
  $ entra-auth-cli discover -t "$TOKEN" | jq .exp
  $ entra-auth-cli discover -f token.txt --quiet || entra-auth-cli get-token -p work --file token.txt
  $ entra-auth-cli discover -t contoso.onmicrosoft.com -s 'My*App'     asks you to sign in
  $ entra-auth-cli discover -p ci -s '*api*' -o json | jq -r '.[].application_id'`

async function discover(
  argument: string | undefined,
  flags: DiscoverFlags,
  context: CommandContext,
): Promise<void> {
  const console = context.console(flags)
  if (isAppSearch(flags)) return searchApps(argument, flags, context, console)
  refuseSearchFlags(flags)
  try {
    const { token: given, file, profile } = flags
    const token = await tokenFrom({ argument, token: given, file, profile }, 'discover', context)
    const description = describeToken(decodeToken(token), context.host.now())
    if (!flags.quiet) console.result(await textOf(description, flags, console))
    if (description.status !== 'valid') context.exitWith(1)
  } catch (error) {
    // "--quiet" answers by exit code alone, also about a token that is none. A wrong command line still speaks.
    if (!flags.quiet || !(error instanceof EntraAuthError) || error.code === 'invalid_arguments') throw error
    context.exitWith(error.exitCode)
  }
}

async function textOf(token: TokenDescription, flags: DiscoverFlags, console: Console): Promise<string> {
  const json = () => JSON.stringify(summaryOf(token, flags.profile))
  switch (flags.output ?? (console.resultIsRead ? 'text' : 'json')) {
    case 'text':
      return summaryText(token)
    case 'json':
      return formatJson(json(), console)
    case 'yaml':
      return (await import('../ui/yaml.ts')).formatYaml(json())
  }
}

/**
 * Whether app registrations were asked for: earlier manuals use `-t` for the tenant to search. Only what is a tenant by
 * its form counts as one, so that a token, also an opaque or a broken one, is never taken for a tenant's name.
 */
function isAppSearch({ token, tenant, search }: DiscoverFlags): boolean {
  return tenant !== undefined || search !== undefined || (token !== undefined && isTenantWord(token.trim()))
}

async function searchApps(
  argument: string | undefined,
  flags: DiscoverFlags,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { token, tenant, file } = flags
  const hint = 'leave one of them away'
  if (argument !== undefined) throw contradiction('a token', 'a search of app registrations', hint)
  if (file !== undefined) throw contradiction('--file', 'a search of app registrations', hint)
  // Whatever it is, it is not repeated: it may be a token.
  if (token !== undefined && !isTenantWord(token.trim()))
    throw contradiction('a token in -t', 'a search of app registrations', `${hint}; a token is sent nowhere`)
  if (token !== undefined && tenant !== undefined) throw contradiction('-t', '--tenant')
  const { discoverApps } = await import('./discover-apps.ts')
  await discoverApps({ ...flags, tenant: tenant ?? token?.trim() }, context, console)
}

/** Flags that mean nothing for a token are a search that lacks its word. */
function refuseSearchFlags(flags: DiscoverFlags): void {
  const { limit, details, flow, clientId, account, claims, cloud, authority, graphUrl, caFile } = flags
  const given = Object.entries({
    limit,
    details,
    flow,
    'client-id': clientId,
    account,
    claims,
    cloud,
    authority,
    'graph-url': graphUrl,
    'ca-file': caFile,
  }).find(([, value]) => value !== undefined)
  if (given === undefined) return
  throw new EntraAuthError(
    'invalid_arguments',
    `--${given[0]} belongs to a search of app registrations, and none is asked for`,
    { hint: "add --search 'My*App', or --tenant for all of them" },
  )
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (/^\d{1,9}$/.test(text) && limit > 0) return limit
  throw new InvalidArgumentError('It must be a number above 0.')
}
