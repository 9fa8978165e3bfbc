import { Option, type Command } from 'commander'
import { deleteProfile } from '../../core/profiles/delete-profile.ts'
import { textField } from '../../core/profiles/record-fields.ts'
import { loadProfiles, recordNamed } from '../../core/profiles/profile-store.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'

interface Options extends NameOptions {
  readonly force?: boolean
  readonly yes?: boolean
  readonly silent?: boolean
}

export function deleteCommand(context: CommandContext): Command {
  const command = defineCommand('delete', 'delete a profile, its secrets and its cached tokens')
  return addNameOptions(command, 'profile to delete')
    .option('-f, --force', 'do not ask')
    .addOption(new Option('-y, --yes', 'do not ask').hideHelp())
    .option('-q, --silent', 'leave stderr empty on success')
    .action(async (positional: string | undefined, options: Options) => {
      const { host } = context
      const console = context.console(options)
      const wanted = givenName(positional, options)
      if (wanted === undefined) {
        throw new EntraAuthError('invalid_arguments', 'no profile is named', {
          hint: 'name the one to delete: "entra-auth-cli config list" shows all',
        })
      }
      const name = textField(recordNamed(await loadProfiles(host), wanted), 'name') ?? wanted
      if (!options.force && !options.yes && !(await confirmed(name, context))) {
        console.say('Nothing was deleted.')
        return
      }
      await deleteProfile(host, name)
      console.success(`Profile '${name}' deleted successfully`)
    })
}

async function confirmed(name: string, { host }: CommandContext): Promise<boolean> {
  if (!canPrompt(host.terminal, host.env)) {
    throw new EntraAuthError(
      'invalid_arguments',
      `deleting "${name}" must be confirmed, and nobody can be asked`,
      {
        hint: 'add --force',
      },
    )
  }
  const { confirm } = await import('../../ui/prompts.ts')
  return confirm(`Are you sure you want to delete profile '${name}'?`, false)
}
