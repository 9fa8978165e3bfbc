import type { Command } from 'commander'
import { isAppOnly } from '../core/flows/flow.ts'
import { tokenRequest } from '../core/token-request.ts'
import { obtainToken } from '../core/tokens.ts'
import { consoleInteraction } from '../ui/console-interaction.ts'
import { accountFlag } from './account-flag.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { profileFor } from './profile-choice.ts'
import { addTokenOutputOptions, printToken, tokenOutput, type TokenOutputOptions } from './token-output.ts'

interface Options extends TokenOutputOptions {
  readonly profile?: string
  readonly account?: string
}

const notes = `
A person's token is renewed with the refresh token; nobody is asked to sign in. An app's own token (client
credentials, managed identity) has no refresh token: a new one is requested. Without a refresh token the exit code is 7.

Examples:
  $ TOKEN=$(entra-auth-cli refresh -p work)
  $ entra-auth-cli refresh -p work -o json | jq -r .expires_at`

export function refreshCommand(context: CommandContext): Command {
  const command = defineCommand('refresh')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .option('--account <user>', 'whose token, where several people are signed in')
  return addTokenOutputOptions(command)
    .addHelpText('after', notes)
    .action(async (options: Options) => {
      const { host, signal } = context
      const console = context.console(options)
      const output = tokenOutput(options, context.host.env)
      const profile = await profileFor(options.profile, host)
      const wish = tokenRequest(profile, { fresh: true, silentOnly: true })
      const account = accountFlag(options.account, wish.flow)
      const request = { ...wish, signIn: { ...wish.signIn, account } }
      console.say(`Refreshing token for profile '${profile.name}'...`)
      if (isAppOnly(request.flow))
        console.say("An app's own token has no refresh token: requesting a new one.")
      const interaction = consoleInteraction(console, {
        obstacle: undefined,
        mayPrompt: false,
        showUrlOnly: true,
      })
      const token = await obtainToken(request, host, interaction, signal)
      console.success('Token refreshed successfully')
      await printToken(token, output, options, host, console)
    })
}
