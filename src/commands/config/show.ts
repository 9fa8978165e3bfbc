import { Option, type Command } from 'commander'
import type { Host } from '../../core/ports.ts'
import { readProfile } from '../../core/profiles/profile-record.ts'
import type { ProfileRecord } from '../../core/profiles/record-fields.ts'
import { profileText, type ProfileView } from '../../ui/profile-view.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { addDataOutputOptions, printData, type DataOutputOptions } from '../data-output.ts'
import { recordFor } from '../profile-choice.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'
import { profileView } from './view-of-profile.ts'

interface Options extends NameOptions, DataOutputOptions {
  readonly showSecrets?: boolean
}

const examples = `
Examples:
  $ entra-auth-cli config show work
  $ entra-auth-cli config show ci -o json | jq -r .tenantId`

export function showCommand(context: CommandContext): Command {
  const command = defineCommand('show', 'show a profile; secrets are never shown')
  return addDataOutputOptions(addNameOptions(command, 'profile to show'))
    .addHelpText('after', examples)
    .addOption(new Option('--show-secrets', 'understood, and declined').hideHelp())
    .action(async (positional: string | undefined, options: Options) => {
      const console = context.console()
      if (options.showSecrets) console.warn('secrets are never shown; set a new one with "config edit"')
      // A profile that cannot be used can still be shown, so that somebody sees what to mend.
      const { host } = context
      const view = await wholeView(await recordFor(givenName(positional, options), host), host)
      await printData(view, options, console, () => console.result(profileText(view)))
    })
}

async function wholeView(record: ProfileRecord, host: Host): Promise<ProfileView> {
  const view = profileView(record)
  if (view.problem !== undefined) return view
  const { certificateView } = await import('./certificate-view.ts')
  return { ...view, ...(await certificateView(readProfile(record), host)) }
}
