import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { azCmd, azScript, isAzScript, readAzWords, type AzTokenAsk } from '../core/az-shim.ts'
import { shellWord } from '../core/shell-word.ts'
import { EntraAuthError } from '../errors.ts'
import type { Console } from '../ui/console.ts'
import { tokenForProgram } from './asked-by-program.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { profileFor } from './profile-choice.ts'
import { version } from './version.ts'

interface Options {
  readonly profile?: string
  readonly install?: string
  readonly realAz?: string
  readonly verbose?: boolean
}

const notes = `
Programs that get their tokens by "az account get-access-token", such as AzureCliCredential of Azure's SDKs, get those
of a profile, without a sign-in to the Azure CLI. Nobody is ever asked to sign in: who waits is a program. Everything
else that az can is refused, or left to the real one under --real-az.

Examples:
  $ entra-auth-cli az-shim -p arm --install ~/.local/share/az-shim
  $ PATH=~/.local/share/az-shim:$PATH terraform plan
  $ entra-auth-cli az-shim -p arm --install ~/bin --real-az /usr/bin/az`

export function azShimCommand(context: CommandContext): Command {
  return defineCommand('az-shim')
    .argument('[words...]', 'what az was called with, after --')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .option('--install <folder>', 'write a program named az to this folder')
    .option('--real-az <path>', 'program that answers everything but questions after tokens')
    .option('-v, --verbose', 'say on stderr what is done')
    .addHelpText('after', notes)
    .action(async (words: readonly string[], options: Options) => {
      const console = context.console(options)
      if (options.install === undefined) return answer(words, options, context, console)
      if (words.length === 0) return install(options.install, options, context, console)
      throw new EntraAuthError('invalid_arguments', '--install and words for az contradict each other', {
        hint: 'write the program first, then call it',
      })
    })
}

async function answer(
  words: readonly string[],
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const asked = readAzWords(words)
  if (asked.kind === 'token') return answerToken(asked.ask, options, context, console)
  if (options.realAz !== undefined) {
    return context.exitWith(await context.host.programs.run([options.realAz, ...words], {}))
  }
  if (asked.kind === 'other') {
    throw new EntraAuthError(
      'invalid_arguments',
      'this az answers "account get-access-token" and "version" alone',
      {
        hint: 'install it again with --real-az and the path of the Azure CLI, or take it out of PATH',
      },
    )
  }
  // The first version whose answer has all the fields of ours: programs look for them by it.
  const likeVersion = '2.54.0'
  console.result(
    asked.as === 'text'
      ? `azure-cli ${likeVersion} (entra-auth-cli ${version})`
      : JSON.stringify({ 'azure-cli': likeVersion, 'entra-auth-cli': version, extensions: {} }, undefined, 2),
  )
}

async function answerToken(
  { scopes, tenant, subscription, output, field }: AzTokenAsk,
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { env } = context.host
  const asked = { ...options, interaction: false, tenant }
  const { token } = await tokenForProgram(asked, scopes.length === 0 ? undefined : scopes, context, console)
  const { azFields } = await import('../ui/az-token.ts')
  const fields = azFields(
    token,
    subscription === undefined ? env : { ...env, AZURE_SUBSCRIPTION_ID: subscription },
  )
  if (output === 'none') return
  if (field === undefined) return console.result(JSON.stringify(fields, undefined, 2))
  const value = fields[field] ?? null
  const text = typeof value === 'string' && output === 'tsv' ? value : JSON.stringify(value)
  console.result(value === null && output === 'tsv' ? '' : text)
}

async function install(
  folder: string,
  { profile: name, realAz }: Options,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { host } = context
  const isWindows = host.platform === 'win32'
  const path = join(resolve(folder), isWindows ? 'az.cmd' : 'az')
  const before = await host.files.read(path)
  if (before && !isAzScript(before.toString('utf8'))) {
    throw new EntraAuthError('file_unusable', `"${path}" is there already, and is none of ours`, {
      hint: 'name another folder, and put it before that one in PATH',
    })
  }
  const profile = name === undefined ? undefined : (await profileFor(name, host, false)).name
  const what = {
    profile,
    realAz: realAz === undefined ? undefined : await realProgram(realAz, path, context),
  }
  await host.files.write(path, isWindows ? azCmd(what) : azScript(what))
  await host.files.makeRunnable(path)
  const way = isWindows ? `set "PATH=${resolve(folder)};%PATH%"` : `PATH=${shellWord(resolve(folder))}:$PATH`
  console.say(`"${path}" gives tokens in the place of az, to programs that find it first: ${way}`)
}

/** The path of the real az: not our own, which would call itself for ever. */
async function realProgram(path: string, own: string, { host }: CommandContext): Promise<string> {
  const real = resolve(path)
  const content = real === own ? undefined : await host.files.readInput(real)
  if (content !== undefined && !isAzScript(content.toString('utf8'))) return real
  throw new EntraAuthError('invalid_arguments', `"${path}" is no az but a program of ours`, {
    hint: 'name the one that "command -v az" shows without the folder of ours in PATH',
  })
}
