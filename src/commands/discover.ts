import { Option } from 'commander'
import { EntraAuthError } from '../errors.ts'
import { decodeToken, isOpaqueToken } from '../jwt/decode.ts'
import { describeToken, type TokenDescription } from '../jwt/describe.ts'
import type { Console } from '../ui/console.ts'
import { formatJson } from '../ui/json.ts'
import { jsonTreeOf } from '../ui/json-tree.ts'
import { summaryOf, summaryText } from '../ui/token-summary.ts'
import { defineCommand, type CommandContext, type CommandFactory } from './command.ts'
import { takeToken, tokenFrom } from './token-source.ts'

interface DiscoverFlags {
  /** What `-t` was given: a token or a tenant. */
  readonly token?: string
  readonly file?: string
  readonly profile?: string
  readonly tenant?: string
  readonly search?: string
  readonly output?: 'text' | 'json' | 'yaml'
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** `discover`: tells in short what a token is; the exit code tells whether it is valid now. Asks nobody. */
export const discoverCommand: CommandFactory = (context) =>
  takeToken(defineCommand('discover'))
    .addOption(
      new Option(
        '-o, --output <format>',
        'how to tell it (default: text on a terminal, json in a pipe)',
      ).choices(['text', 'json', 'yaml']),
    )
    .option('-q, --quiet', 'print nothing, the exit code tells')
    .option('--verbose', 'more about an error')
    .addOption(new Option('--tenant <tenant>').hideHelp())
    .addOption(new Option('-s, --search <pattern>').hideHelp())
    .addHelpText('after', examples)
    .action((argument: string | undefined, flags: DiscoverFlags) => discover(argument, flags, context))

const examples = `
The exit code is 0 when the token is valid now, and 1 when it is expired, not yet valid or no token.

Examples:
  $ entra-auth-cli discover -t "$TOKEN" && echo valid || echo expired
  $ entra-auth-cli discover -t "$TOKEN" | jq .exp
  $ entra-auth-cli discover -f token.txt --quiet || entra-auth-cli get-token -p work --file token.txt`

async function discover(
  argument: string | undefined,
  flags: DiscoverFlags,
  context: CommandContext,
): Promise<void> {
  const console = context.console(flags)
  if (isAppSearch(flags)) throw appSearch()
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
  const tree = () => jsonTreeOf(summaryOf(token, flags.profile))
  switch (flags.output ?? (console.resultIsRead ? 'text' : 'json')) {
    case 'text':
      return summaryText(token)
    case 'json':
      return formatJson(tree(), console)
    case 'yaml':
      return (await import('../ui/yaml.ts')).formatYaml(tree())
  }
}

/**
 * Whether app registrations were asked for: earlier manuals use `-t` for the tenant to search. Only what is a tenant by
 * its form counts as one, so that a token, also an opaque or a broken one, is never taken for a tenant's name.
 */
function isAppSearch({ token, tenant, search }: DiscoverFlags): boolean {
  return tenant !== undefined || search !== undefined || (token !== undefined && isTenant(token.trim()))
}

const tenantId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i

function isTenant(text: string): boolean {
  if (text.length > 253 || text.startsWith('eyJ') || isOpaqueToken(text)) return false
  return tenantId.test(text) || domainName.test(text) || /^(?:common|organizations|consumers)$/i.test(text)
}

function appSearch(): EntraAuthError {
  return new EntraAuthError('invalid_arguments', 'searching app registrations is not built yet', {
    hint: 'list them with "az ad app list" or in the portal; "-t" takes a token here, which starts with "eyJ"',
  })
}
