import { Option, type Command } from 'commander'
import {
  distinctVariables,
  filledIn,
  keyOf,
  readAssignment,
  readTemplate,
  tokenNames,
  type TokenName,
  type TokenVariable,
} from '../core/exec/variables.ts'
import { parseScopes } from '../core/scopes.ts'
import { EntraAuthError } from '../errors.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { contradiction, emptyFlag, gather } from './option-values.ts'
import { profileFor } from './profile-choice.ts'
import { addTokenUseOptions, tokenGetter, type TokenUseOptions } from './token-use.ts'
import { textOf } from './token-source.ts'

interface Options extends TokenUseOptions {
  readonly profile?: string
  readonly scope?: readonly string[]
  readonly env?: readonly string[]
  readonly template?: string
  /** The same, by the name that Docker has for it. */
  readonly envFile?: string
  readonly serve?: boolean
}

/** What Azure's own tools call it. */
const defaultVariable = 'AZURE_ACCESS_TOKEN'

const notes = `
The program gets its tokens in its environment, never in an argument. It has the terminal and the streams for itself;
signals reach it, and its exit code is the one of this command: 128 and the signal's number where one ended it, 127
where there is no such program, 126 where it may not be run. Nothing of it is read by a shell.

A template has a line NAME=VALUE for each variable; \${token}, \${token:PROFILE} and \${token:PROFILE:SCOPES} in it
stand for tokens.

A token lives about an hour. For a program that runs longer, --serve gives it the address of a token endpoint that
Azure's SDKs know, in place of a token; see "entra-auth-cli serve --help".

Examples:
  $ entra-auth-cli exec -p graph -- sh -c 'curl -H "Authorization: Bearer $AZURE_ACCESS_TOKEN" https://graph.microsoft.com/v1.0/me'
  $ entra-auth-cli exec --env GRAPH_TOKEN=graph --env ARM_TOKEN=arm:https://management.azure.com/.default -- ./deploy.sh
  $ entra-auth-cli exec -p api --template service.env -- node server.js
  $ entra-auth-cli exec -p work --serve -- python3 app.py`

export function execCommand(context: CommandContext): Command {
  const command = defineCommand('exec')
    .argument('<command...>', 'program to run, with its arguments, after --')
    // The first word that is no flag of ours begins the program: its own flags are its own.
    .passThroughOptions()
    .optionsGroup('Which tokens:')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .option('-s, --scope <scopes>', "scopes instead of the profile's; may be repeated", gather)
    .option(
      '--env <name[=profile[:scopes]]>',
      `variable for a token (default: ${defaultVariable}); may be repeated`,
      gather,
    )
    .option('--template <file>', 'variables with tokens in them, one a line')
    // Node 20 takes this one for an option of its own, before -- wherever it stands: without such a file it ends there
    // and then with exit code 9.
    .addOption(new Option('--env-file <file>', 'the same as --template').hideHelp())
    .option('--serve', 'let the program ask for tokens itself, so that they stay fresh')
  return addTokenUseOptions(command)
    .addHelpText('after', notes)
    .action((words: readonly string[], options: Options) =>
      options.serve ? serveInstead(words, options, context) : exec(words, options, context),
    )
}

async function exec(words: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const { host } = context
  const console = context.console(options)
  const scopes = parseScopes(options.scope ?? [])
  if (options.scope && scopes.length === 0) throw emptyFlag('--scope')
  const variables = await variablesOf(options, context)
  const names = tokenNames(variables)
  requireUse(options, names)

  const obtain = tokenGetter(options, context, console)
  const tokens = new Map<string, string>()
  for (const name of names) {
    const profile = await profileFor(name.profile ?? options.profile, host, options.interaction)
    const wanted = name.profile === undefined ? scopes : name.scopes
    const { token } = await obtain(profile, wanted.length === 0 ? {} : { scopes: wanted })
    tokens.set(keyOf(name), token)
  }
  context.exitWith(await host.programs.run(words, filledIn(variables, tokens)))
}

async function variablesOf(
  { env, template, envFile }: Options,
  { host, signal }: CommandContext,
): Promise<readonly TokenVariable[]> {
  if (template !== undefined && envFile !== undefined) throw contradiction('--template', '--env-file')
  const path = template ?? envFile
  const named = (env ?? (path === undefined ? [defaultVariable] : [])).map(readAssignment)
  if (path === undefined) return distinctVariables(named)
  if (path === '') throw emptyFlag('--template')
  const text = textOf(await host.files.readInput(path, signal))
  return distinctVariables([...named, ...readTemplate(text, `"${path}"`)])
}

/** A flag that nothing uses would leave the program without the token that it was meant for. */
function requireUse({ profile, scope }: Options, names: readonly TokenName[]): void {
  const flag = profile === undefined ? '--scope' : '--profile'
  if (profile === undefined && scope === undefined) return
  if (names.some((name) => name.profile === undefined)) return
  throw new EntraAuthError('invalid_arguments', `no variable holds the token that ${flag} names`, {
    hint: `add --env ${defaultVariable}, or write \${token} in the template`,
  })
}

/** The same as `serve` with a program. */
async function serveInstead(
  words: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  const {
    profile,
    scope = [],
    env,
    template,
    envFile,
    account,
    force,
    interaction,
    silent,
    verbose,
  } = options
  const others = { '--env': env, '--template': template ?? envFile, '--account': account, '--force': force }
  for (const [flag, value] of Object.entries(others)) {
    if (value !== undefined)
      throw contradiction('--serve', flag, 'with --serve the program asks for tokens itself')
  }
  const flags = [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...scope.flatMap((text) => ['--allow-scope', text]),
    ...(interaction ? [] : ['--no-interaction']),
    ...(silent ? ['--silent'] : []),
    ...(verbose ? ['--verbose'] : []),
  ]
  const { serveCommand } = await import('./serve.ts')
  await serveCommand(context)
    .exitOverride()
    .parseAsync([...flags, '--', ...words], { from: 'user' })
}
