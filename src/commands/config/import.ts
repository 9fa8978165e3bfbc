import { Option, type Command } from 'commander'
import { EntraAuthError } from '../../errors.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { addDataOutputOptions, type DataOutputOptions } from '../data-output.ts'
import { contradiction, gather } from '../option-values.ts'
import type { SourceOptions } from './import-source.ts'
import { addPassphraseOption } from './sharing-passphrase.ts'

export interface ImportOptions extends SourceOptions, DataOutputOptions {
  readonly name?: string
  readonly overwrite?: boolean
  readonly skip?: boolean
  readonly rename?: boolean
  readonly dryRun?: boolean
  readonly allowCommands?: boolean
  readonly fromDotnet?: boolean
  readonly fromEnv?: boolean
  readonly fromAz?: boolean
  readonly clientId?: string
  readonly silent?: boolean
}

const notes = `
Takes what "config export" writes, profiles.json of this tool and of the older .NET one, any single profile as JSON, and
that tool's encrypted export. All is imported or nothing. A passphrase comes from --passphrase-file,
ENTRA_AUTH_CLI_PASSPHRASE_EXPORT, the first line of stdin (beside -i), or is typed.

Examples:
  $ entra-auth-cli config import -i team.json --dry-run                shows what would change
  $ entra-auth-cli config import -i team.json --overwrite
  $ echo "$PASSPHRASE" | entra-auth-cli config import -i ci.age -n dev
  $ entra-auth-cli config import --from-dotnet                         brings over the older tool's profiles and secrets
  $ entra-auth-cli config import --from-env -n ci                      makes a profile of AZURE_… variables`

export function importCommand(context: CommandContext): Command {
  const command = defineCommand('import', 'bring profiles over: from a file, a colleague, another tool')
    .argument('[file]', 'file to import (default: stdin)')
    .option('-i, --input <file>', 'the same: "-" is stdin')
    .addOption(new Option('-f, --file <file>', 'the same').hideHelp())
    .option('-n, --name <name>', 'name for the only profile in it')
    .optionsGroup('Where a name is taken (default: an error, and nothing is changed):')
    .option('--overwrite', 'replace the profile; its cached tokens go')
    .option('--skip', 'leave it as it is')
    .option('--rename', 'add the new one under a name such as work-2')
    .option('--dry-run', 'show what would change, and change nothing')
    .optionsGroup('What opens it:')
  addPassphraseOption(command)
    .option(
      '--identity <path>',
      'file with the private key of age that it is sealed for; may be repeated',
      gather,
    )
    .option('--allow-commands', 'take also profiles that run a command for their secret')
    .optionsGroup('From somewhere else:')
    .option('--from-dotnet', 'from the older .NET tool of this name, with its secrets')
    .option('--from-env', "from the AZURE_… variables of Azure's SDKs")
    .option('--from-az', "from the Azure CLI's current sign-in: ids alone")
    .option('--client-id <guid>', 'the app for --from-az, where a person is signed in there')
    .optionsGroup('Options:')
    .option('-q, --silent', 'leave stderr empty on success')
  return addDataOutputOptions(command)
    .addHelpText('after', notes)
    .action(async (positional: string | undefined, options: ImportOptions) => {
      const console = context.console(options)
      checkOptions(positional, options)
      if (options.fromDotnet) {
        const { importFromDotnet } = await import('./import-from-dotnet.ts')
        return importFromDotnet(options, context, console)
      }
      // The other sub-commands of `config` need nothing of it.
      const { importFrom } = await import('./import-profiles.ts')
      await importFrom(positional, options, context, console)
    })
}

function checkOptions(positional: string | undefined, options: ImportOptions): void {
  exclusive({ '--overwrite': options.overwrite, '--skip': options.skip, '--rename': options.rename })
  exclusive({
    '--from-dotnet': options.fromDotnet,
    '--from-env': options.fromEnv,
    '--from-az': options.fromAz,
    'a file': positional ?? options.input ?? options.file,
  })
  if (options.clientId !== undefined && !options.fromAz) {
    throw new EntraAuthError('invalid_arguments', '--client-id belongs to --from-az', {
      hint: 'leave it away',
    })
  }
  if (options.name !== undefined && options.fromDotnet) throw contradiction('--name', '--from-dotnet')
  const wantsData = options.output !== undefined || options.json
  if (wantsData && !options.dryRun) {
    throw new EntraAuthError('invalid_arguments', 'an output form is for --dry-run', {
      hint: 'add --dry-run, or leave it away',
    })
  }
}

function exclusive(flags: Readonly<Record<string, unknown>>): void {
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : flag))
  if (given[0] !== undefined && given[1] !== undefined) throw contradiction(given[0], given[1])
}
