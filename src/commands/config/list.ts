import type { Command } from 'commander'
import { loadProfiles } from '../../core/profiles/profile-store.ts'
import { EntraAuthError } from '../../errors.ts'
import { profileTable } from '../../ui/profile-view.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { profileView } from './view-of-profile.ts'

interface Options {
  readonly output?: string
  readonly json?: boolean
  readonly verbose?: boolean
}

export function listCommand(context: CommandContext): Command {
  return defineCommand('list', 'list the profiles: a table on a terminal, bare names in a pipe')
    .option('-o, --output <form>', 'text, json or yaml')
    .option('--json', 'the same as -o json')
    .option('-v, --verbose', 'more columns, also in a pipe')
    .action(async (options: Options) => {
      const console = context.console()
      const form = options.json ? 'json' : (options.output ?? 'text').toLowerCase()
      const views = (await loadProfiles(context.host)).records.map(profileView)
      switch (form) {
        case 'json':
          return console.result(JSON.stringify({ profiles: views }, undefined, 2))
        case 'yaml': {
          const { stringify } = await import('yaml')
          return console.result(stringify({ profiles: views }))
        }
        case 'text':
          break
        default:
          throw new EntraAuthError('invalid_arguments', `there is no output form "${options.output}"`, {
            hint: 'use text, json or yaml',
          })
      }
      if (views.length === 0)
        return console.say('No profiles found. Make one with "entra-auth-cli config create".')
      if (console.resultIsRead || options.verbose) {
        return console.result(
          profileTable(views, { verbose: options.verbose === true, paint: console.paint }),
        )
      }
      return console.result(views.map(({ name }) => name).join('\n'))
    })
}
