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
import type { CommandContext } from '../command.ts'
import { printData } from '../data-output.ts'
import type { ImportOptions } from './import.ts'
import { incomingFromFile, type Incoming } from './import-source.ts'

/** Imports from a file, stdin, the environment or the Azure CLI. */
export async function importFrom(
  positional: string | undefined,
  options: ImportOptions,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { profiles, source } = await incomingFor(positional, options, context, console)
  await importProfiles(checkedProfiles(profiles, source, options.name), options, context, console)
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
