import { Option } from 'commander'
import { decodeToJson, decodeToken } from '../jwt/decode.ts'
import { EntraAuthError } from '../errors.ts'
import { jsonLines } from '../ui/json.ts'
import { jsonOfToken } from '../ui/token-json.ts'
import { defineCommand, type CommandContext, type CommandFactory } from './command.ts'
import { takeToken, tokenFrom } from './token-source.ts'

interface InspectFlags {
  readonly token?: string
  readonly file?: string
  readonly profile?: string
  readonly output?: 'json' | 'pretty' | 'text' | 'yaml'
  readonly claims?: boolean
  readonly header?: boolean
  readonly diff?: boolean
  readonly all?: boolean
  readonly html?: string
  readonly silent?: boolean
  readonly verbose?: boolean
}

/** `inspect`: shows what is in a token, expired or not. Verifies nothing and asks nobody. */
export const inspectCommand: CommandFactory = (context) =>
  takeToken(defineCommand('inspect'))
    .argument('[other]', 'with --diff, what to compare it with')
    .addOption(
      new Option('-o, --output <format>', 'how to show it; default: json, with --diff text').choices([
        'json',
        'pretty',
        'yaml',
        'text',
      ]),
    )
    .option('--claims', 'the claims alone')
    .addOption(new Option('--header', 'the header alone').conflicts('claims'))
    .addOption(
      new Option(
        '--diff',
        'what differs between two tokens, each a file, a token, "-", or profile:NAME',
      ).conflicts(['claims', 'header']),
    )
    .addOption(
      new Option('--all', 'many tokens, one a line, to JSON Lines; from a pipe or -f').conflicts('diff'),
    )
    .addOption(
      new Option('--html <file>', 'write a page to show to others, without signature and secrets').conflicts([
        'diff',
        'all',
        'claims',
        'header',
        'output',
      ]),
    )
    .option('-q, --silent', 'nothing on stderr but errors')
    .option('--verbose', 'more about an error')
    .addHelpText('after', notes)
    .action((argument: string | undefined, other: string | undefined, flags: InspectFlags) =>
      inspect(argument, other, flags, context),
    )

const notes = `
With --diff, exit code 0 says that both say the same and 1 that they differ, or that one is no token: then nothing is on
stdout. Times, ids and the signature are new in every token: they are shown, and do not count.
With --all, a line that is no token becomes {"line": 7, "error": "..."}, and the exit code is 1 at the end.

Examples:
  $ entra-auth-cli get-token -p work --silent | entra-auth-cli inspect
  $ entra-auth-cli inspect -f token.txt -o pretty
  $ entra-auth-cli inspect -t "$TOKEN" | jq -r .payload.exp
  $ entra-auth-cli inspect --diff before.txt profile:work
  $ entra-auth-cli inspect --all --claims -f tokens.txt | jq -r .upn
  $ entra-auth-cli inspect -p work --html token.html`

async function inspect(
  argument: string | undefined,
  other: string | undefined,
  flags: InspectFlags,
  context: CommandContext,
): Promise<void> {
  const console = context.console(flags)
  const { token: given, file, profile, output = flags.diff ? 'text' : 'json' } = flags
  const source = { argument, token: given, file, profile }
  const part = flags.claims ? 'claims' : flags.header ? 'header' : 'whole'
  if (flags.diff) {
    if (output === 'pretty') throw wrongForm('--diff', 'text, json or yaml')
    const { inspectDiff } = await import('./inspect-diff.ts')
    return inspectDiff({ ...source, other }, output, context, console)
  }
  if (other !== undefined) {
    throw new EntraAuthError('invalid_arguments', 'inspect takes one token, and two with --diff', {
      hint: 'see "entra-auth-cli inspect --help"',
    })
  }
  if (flags.all) {
    if (output !== 'json') throw wrongForm('--all', 'json')
    const { inspectAll } = await import('./inspect-all.ts')
    return inspectAll(source, part, context, console)
  }
  const text = await tokenFrom(source, 'inspect', context)
  if (flags.html !== undefined) {
    const { inspectHtml } = await import('./inspect-html.ts')
    return inspectHtml(decodeToken(text), flags.html, profile, context, console)
  }
  switch (output) {
    case 'json':
      for (const lines of jsonLines(jsonOfToken(decodeToJson(text), part), console)) {
        console.result(lines)
        await context.host.terminal.flushed()
      }
      return
    case 'yaml': {
      const { formatYaml } = await import('../ui/yaml.ts')
      return console.result(formatYaml(jsonOfToken(decodeToJson(text), part)))
    }
    case 'pretty':
    case 'text': {
      const { prettyToken } = await import('../ui/token-pretty.ts')
      const { tokenView } = await import('../ui/token-view.ts')
      const { readingOf } = await import('./token-reading.ts')
      const view = tokenView(await readingOf(decodeToken(text), context.host, profile))
      return console.result(prettyToken(view, part, console.paint))
    }
  }
}

function wrongForm(flag: string, forms: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `${flag} has no such form`, { hint: `use -o ${forms}` })
}
