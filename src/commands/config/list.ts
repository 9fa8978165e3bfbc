import type { Command } from 'commander'
import { loadProfiles, profileNames } from '../../core/profiles/profile-store.ts'
import type { Console } from '../../ui/console.ts'
import { profileTable, type ProfileView } from '../../ui/profile-view.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { addDataOutputOptions, printData, type DataOutputOptions } from '../data-output.ts'
import { profileView } from './view-of-profile.ts'

interface Options extends DataOutputOptions {
  readonly verbose?: boolean
}

const examples = `
Examples:
  $ entra-auth-cli config list
  $ entra-auth-cli config list --verbose
  $ entra-auth-cli config list -o json | jq -r '.profiles[] | select(.flow == "client-credentials").name'`

export function listCommand(context: CommandContext): Command {
  const command = defineCommand('list', 'list the profiles: a table on a terminal, bare names in a pipe')
  return addDataOutputOptions(command)
    .option('-v, --verbose', 'more columns, also in a pipe')
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const console = context.console()
      if (isBare(options, console)) {
        const names = await profileNames(context.host)
        if (names.length > 0) return console.result(names.join('\n'))
      }
      const { records } = await profilesOrOffer(context)
      const views = records.map(profileView)
      const width = context.host.terminal.stdout.columns
      await printData({ profiles: views }, options, console, () => {
        printList(views, options.verbose === true, width, console)
      })
    })
}

/** Whether names are all that is wanted, as scripts loop over them. */
function isBare({ output, json, verbose }: Options, console: Console): boolean {
  return !console.resultIsRead && !json && !verbose && (output ?? 'text').toLowerCase() === 'text'
}

/** A person who sees an empty list may have the older tool's profiles. */
async function profilesOrOffer(context: CommandContext) {
  const profiles = await loadProfiles(context.host)
  if (profiles.records.length > 0) return profiles
  const { offerDotnet } = await import('./offer-dotnet.ts')
  return (await offerDotnet(context)) ? loadProfiles(context.host) : profiles
}

function printList(
  views: readonly ProfileView[],
  verbose: boolean,
  width: number | undefined,
  console: Console,
): void {
  if (views.length === 0) console.say('No profiles found. Make one with "entra-auth-cli config create".')
  else if (verbose) console.result(profileTable(views, { verbose, width: undefined, paint: console.paint }))
  else if (console.resultIsRead) console.result(profileTable(views, { verbose, width, paint: console.paint }))
  // Only of those that have no names.
  else console.result(views.map(({ name }) => name).join('\n'))
}
