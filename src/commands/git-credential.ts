import type { Command } from 'commander'
import {
  devOpsScope,
  gitAnswer,
  gitCapabilities,
  gitQuit,
  isForDevOps,
  readGitAsk,
} from '../core/git-credential.ts'
import { readTrustedHost } from '../core/host-pattern.ts'
import { parseScopes } from '../core/scopes.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { askedByProgram, tokenForProgram, type ProgramOptions } from './asked-by-program.ts'
import { gather } from './option-values.ts'

interface Options extends ProgramOptions {
  readonly scope?: readonly string[]
  readonly host?: readonly string[]
}

const notes = `
git calls this by itself once it is told to; the examples show how. It answers for Azure DevOps by https alone; for any
other server it says nothing, and git goes on as without it. From git 2.46 on the token is sent as what it is, before
as a password. Nothing is stored or erased: tokens are kept sealed, as those of get-token are.

Examples:
  # the empty helper takes away those that would keep the token
  $ git config --global credential.https://dev.azure.com.helper ''
  $ git config --global --add credential.https://dev.azure.com.helper '!entra-auth-cli git-credential -p devops'
  # addresses such as https://contoso.visualstudio.com
  $ git config --global credential.https://*.visualstudio.com.helper '!entra-auth-cli git-credential -p devops'`

export function gitCredentialCommand(context: CommandContext): Command {
  return defineCommand('git-credential')
    .argument('<operation>', 'what git asks for: get, store, erase or capability')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .option('-s, --scope <scopes>', "scopes instead of Azure DevOps' own", gather)
    .option('--host <host>', 'a further host that gets the token; may be repeated', gather)
    .option('--no-interaction', 'never ask anybody to sign in')
    .option('-v, --verbose', 'say on stderr what is done')
    .addHelpText('after', notes)
    .action(async (operation: string, options: Options) => {
      const console = context.console(options)
      const trusted = (options.host ?? []).map(readTrustedHost)
      if (operation === 'capability') return console.result(gitCapabilities)
      // git will know more operations one day, and wants helpers to pass by what they do not know.
      if (operation !== 'get') return
      const ask = readGitAsk(await askedByProgram('git', context))
      if (!isForDevOps(ask, trusted)) return
      const scopes = options.scope ? parseScopes(options.scope) : [devOpsScope]
      const mayAsk = context.host.env['GIT_TERMINAL_PROMPT']
      const interaction = options.interaction && mayAsk !== '0' && mayAsk !== 'false'
      try {
        const { token } = await tokenForProgram({ ...options, interaction }, scopes, context, console)
        console.result(gitAnswer(ask, token))
      } catch (error) {
        console.result(gitQuit)
        throw error
      }
    })
}
