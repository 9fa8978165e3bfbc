import { Option } from 'commander'
import { claimMeaning, headerMeaning } from '../jwt/claims.ts'
import { decodeToken, type DecodedToken } from '../jwt/decode.ts'
import { describeToken } from '../jwt/describe.ts'
import { formatJson } from '../ui/json.ts'
import { jsonObject, jsonTreeOf, parseJsonTree, type JsonTree } from '../ui/json-tree.ts'
import type { TokenPart } from '../ui/token-pretty.ts'
import { defineCommand, type CommandContext, type CommandFactory } from './command.ts'
import { takeToken, tokenFrom } from './token-source.ts'

interface InspectFlags {
  readonly token?: string
  readonly file?: string
  readonly profile?: string
  readonly output: 'json' | 'pretty' | 'yaml'
  readonly claims?: boolean
  readonly header?: boolean
  readonly silent?: boolean
  readonly verbose?: boolean
}

/** `inspect`: shows what is in a token, expired or not. Verifies nothing and asks nobody. */
export const inspectCommand: CommandFactory = (context) =>
  takeToken(defineCommand('inspect'))
    .addOption(
      new Option('-o, --output <format>', 'how to show it')
        .choices(['json', 'pretty', 'yaml'])
        .default('json'),
    )
    .option('--claims', 'the claims alone')
    .addOption(new Option('--header', 'the header alone').conflicts('claims'))
    .option('-q, --silent', 'nothing on stderr but errors')
    .option('--verbose', 'more about an error')
    .addHelpText('after', examples)
    .action((argument: string | undefined, flags: InspectFlags) => inspect(argument, flags, context))

const examples = `
Examples:
  $ entra-auth-cli get-token -p work --silent | entra-auth-cli inspect
  $ entra-auth-cli inspect -f token.txt -o pretty
  $ entra-auth-cli inspect -t "$TOKEN" | jq -r .payload.exp`

async function inspect(
  argument: string | undefined,
  flags: InspectFlags,
  context: CommandContext,
): Promise<void> {
  const console = context.console(flags)
  const { token: given, file, profile } = flags
  const token = decodeToken(await tokenFrom({ argument, token: given, file, profile }, 'inspect', context))
  const part = flags.claims ? 'claims' : flags.header ? 'header' : 'whole'
  switch (flags.output) {
    case 'json':
      return console.result(formatJson(treeOf(token, part), console))
    case 'yaml': {
      const { formatYaml } = await import('../ui/yaml.ts')
      return console.result(formatYaml(treeOf(token, part)))
    }
    case 'pretty': {
      const { prettyToken } = await import('../ui/token-pretty.ts')
      const description = describeToken(token, context.host.now())
      const pretty = { token, description, claimMeaning, headerMeaning }
      return console.result(prettyToken(pretty, part, console.paint))
    }
  }
}

function treeOf(token: DecodedToken, part: TokenPart): JsonTree {
  const header = parseJsonTree(token.json.header)
  const payload = parseJsonTree(token.json.payload)
  if (part === 'header') return header
  if (part === 'claims') return payload
  return jsonObject({ header, payload, signature: jsonTreeOf(token.signature) })
}
