import { Option, type Command } from 'commander'
import { EntraAuthError } from '../../errors.ts'
import { profileText } from '../../ui/profile-view.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { recordFor } from '../profile-choice.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'
import { profileView } from './view-of-profile.ts'

interface Options extends NameOptions {
  readonly output?: string
  readonly json?: boolean
  readonly showSecrets?: boolean
}

export function showCommand(context: CommandContext): Command {
  const command = defineCommand('show', 'show a profile; secrets are never shown')
  return addNameOptions(command, 'profile to show')
    .option('-o, --output <form>', 'text, json or yaml')
    .option('--json', 'the same as -o json')
    .addOption(new Option('--show-secrets', 'understood, and declined').hideHelp())
    .action(async (positional: string | undefined, options: Options) => {
      const console = context.console()
      if (options.showSecrets) console.warn('secrets are never shown')
      // A profile that cannot be used can still be shown, so that somebody sees what to mend.
      const view = profileView(await recordFor(givenName(positional, options), context.host))
      const form = options.json ? 'json' : (options.output ?? 'text').toLowerCase()
      switch (form) {
        case 'json':
          return console.result(JSON.stringify(view, undefined, 2))
        case 'yaml': {
          const { stringify } = await import('yaml')
          return console.result(stringify(view))
        }
        case 'text':
          return console.result(profileText(view))
        default:
          throw new EntraAuthError('invalid_arguments', `there is no output form "${options.output}"`, {
            hint: 'use text, json or yaml',
          })
      }
    })
}
