import { Option, type Command } from 'commander'
import { applyImport, previewImport } from '../../core/sharing/apply-import.ts'
import { importPreview } from '../../core/sharing/import-preview.ts'
import { commandsIn, importWarnings } from '../../core/sharing/import-risks.ts'
import { checkedProfiles, type ImportStep, type Resolution } from '../../core/sharing/plan-import.ts'
import type { SharedProfile } from '../../core/sharing/shared-profile.ts'
import { naturalFlow } from '../../core/profiles/profile.ts'
import { readProfile } from '../../core/profiles/profile-record.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import type { Console } from '../../ui/console.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import { importDiff } from '../../ui/profile-diff.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { addDataOutputOptions, printData, type DataOutputOptions } from '../data-output.ts'
import { contradiction, gather } from '../option-values.ts'
import { incomingFromFile, type Incoming, type SourceOptions } from './import-source.ts'
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
      const { profiles, source } = await incomingFor(positional, options, context, console)
      await importProfiles(checkedProfiles(profiles, source, options.name), options, context, console)
    })
}

async function incomingFor(
  positional: string | undefined,
  options: ImportOptions,
  context: CommandContext,
  console: Console,
): Promise<Incoming> {
  if (!options.fromEnv && !options.fromAz) return incomingFromFile(positional, options, context, console)
  const { incomingFromAzureCli, incomingFromEnvironment } = await import('./import-from-azure.ts')
  return options.fromEnv
    ? incomingFromEnvironment(options, context, console)
    : incomingFromAzureCli(options, context)
}

/** Imports checked profiles, or shows what would become of them. */
export async function importProfiles(
  profiles: readonly SharedProfile[],
  options: ImportOptions,
  context: Pick<CommandContext, 'host'>,
  console: Console,
): Promise<void> {
  const { host } = context
  const fixed = resolutionIn(options)
  const { steps, conflicts } = await previewImport(host, profiles, () => fixed)
  for (const warning of importWarnings(changing(steps))) console.warn(warning)
  if (options.dryRun) return showPreview(profiles, conflicts, options, context, console)
  await allowCommands(changing(steps), options, context, console)
  const chosen = await settleConflicts(conflicts, context)
  const voice = consoleVoice(console, host.terminal, host.env)
  const done = await applyImport(host, profiles, (name) => fixed ?? chosen.get(name.toLowerCase()), voice)
  tell(done, console)
}

async function showPreview(
  profiles: readonly SharedProfile[],
  undecided: readonly string[],
  options: ImportOptions,
  { host }: Pick<CommandContext, 'host'>,
  console: Console,
): Promise<void> {
  const { steps } = await previewImport(host, profiles, () => resolutionIn(options) ?? 'overwrite')
  for (const { profile, command } of commandsIn(changing(steps))) {
    console.warn(`"${profile}" would run a command whenever it needs its secret: ${command}`)
  }
  const preview = importPreview(steps, undecided)
  await printData(preview, options, console, () => console.result(importDiff(preview, console.paint)))
}

function changing(steps: readonly ImportStep[]): readonly SharedProfile[] {
  return steps.flatMap((step) => (step.kind === 'add' || step.kind === 'replace' ? step.profile : []))
}

/** A profile that runs a command does so as its user: nobody shall import one unseen. */
async function allowCommands(
  profiles: readonly SharedProfile[],
  options: ImportOptions,
  { host }: Pick<CommandContext, 'host'>,
  console: Console,
): Promise<void> {
  const found = commandsIn(profiles)
  const [first] = found
  if (first === undefined || options.allowCommands) return
  if (!canPrompt(host.terminal, host.env)) {
    throw new EntraAuthError(
      'invalid_arguments',
      `"${first.profile}" runs a command whenever it needs its secret: ${first.command}`,
      { hint: 'nothing was changed; if you trust it, add --allow-commands' },
    )
  }
  for (const { profile, command } of found)
    console.say(`"${profile}" runs a command whenever it needs its secret: ${command}`)
  const { confirm } = await import('../../ui/prompts.ts')
  if (await confirm('Import it all the same?', false)) return
  throw new EntraAuthError('interrupted', 'nothing was imported')
}

/** Asks a person about every name that is taken; elsewhere nobody is asked, and the import fails. */
async function settleConflicts(
  conflicts: readonly string[],
  { host }: Pick<CommandContext, 'host'>,
): Promise<ReadonlyMap<string, Resolution>> {
  const chosen = new Map<string, Resolution>()
  if (conflicts.length === 0 || !canPrompt(host.terminal, host.env)) return chosen
  const { choose } = await import('../../ui/prompts.ts')
  for (const name of conflicts) {
    const resolution = await choose<Resolution>(`Profile '${name}' already exists.`, [
      { value: 'skip', label: 'Skip', hint: 'it stays as it is' },
      { value: 'overwrite', label: 'Overwrite', hint: 'its cached tokens go' },
      { value: 'rename', label: 'Rename', hint: 'both stay' },
    ])
    chosen.set(name.toLowerCase(), resolution)
  }
  return chosen
}

/** More lines than that are read by nobody. */
const mostLines = 20

function tell(steps: readonly ImportStep[], console: Console): void {
  const done = steps.filter((step) => step.kind === 'add' || step.kind === 'replace')
  if (done.length > mostLines) console.success(`${done.length} profiles imported successfully`)
  else for (const step of done) console.success(`Profile '${step.name}' imported successfully`)
  for (const { name, kind } of steps) {
    if (kind === 'skip') console.say(`Profile '${name}' was skipped.`)
    if (kind === 'unchanged') console.say(`Profile '${name}' is the same already.`)
  }
  for (const { name, profile, fates } of done) {
    const { credential, defaultFlow } = readProfile(profile.record)
    const needsSecret =
      credential.kind === 'client-secret' &&
      credential.source.from === 'vault' &&
      naturalFlow({ credential, defaultFlow }) === 'client-credentials'
    const hasSecret = fates['client-secret'] !== undefined && fates['client-secret'] !== 'removed'
    if (needsSecret && !hasSecret) {
      console.say(`'${name}' has no client secret yet: "entra-auth-cli config edit ${name}" sets it.`)
    }
  }
}

function resolutionIn({ overwrite, skip, rename }: ImportOptions): Resolution | undefined {
  if (overwrite) return 'overwrite'
  if (skip) return 'skip'
  return rename ? 'rename' : undefined
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
