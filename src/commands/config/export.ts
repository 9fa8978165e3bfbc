import { resolve } from 'node:path'
import type { Command } from 'commander'
import { loadProfiles, recordNamed } from '../../core/profiles/profile-store.ts'
import type { ProfileFile } from '../../core/profiles/profile-file.ts'
import type { ProfileRecord } from '../../core/profiles/record-fields.ts'
import { armoured, recipientsIn, sealWithAge, type Audience } from '../../core/sharing/age.ts'
import { exportDocument } from '../../core/sharing/export-document.ts'
import { withSecrets } from '../../core/sharing/export-profiles.ts'
import { EntraAuthError } from '../../errors.ts'
import type { Console } from '../../ui/console.ts'
import { escapeUnsafe } from '../../ui/json.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { contradiction, gather } from '../option-values.ts'
import { addPassphraseOption, newPassphrase, type PassphraseOptions } from './sharing-passphrase.ts'

interface Options extends PassphraseOptions {
  readonly profile?: readonly string[]
  readonly name?: readonly string[]
  readonly all?: boolean
  readonly output?: string
  readonly includeSecrets?: boolean
  readonly recipient?: readonly string[]
  readonly recipientsFile?: readonly string[]
  readonly armor?: boolean
  readonly silent?: boolean
}

const notes = `
Without --include-secrets it is plain JSON that may lie in a repository. With it the export is sealed in age's format:
with a passphrase (asked twice; or from --passphrase-file, ENTRA_AUTH_CLI_PASSPHRASE_EXPORT, or the first line of
stdin), or for public keys, so that no passphrase needs to be shared. Tokens are never exported.

Examples:
  $ entra-auth-cli config export -o profiles.json                          all of them
  $ entra-auth-cli config export work ci > team.json                       two of them
  $ entra-auth-cli config export ci --include-secrets -o ci.age            sealed with a passphrase
  $ entra-auth-cli config export ci --include-secrets -r age1… -o ci.age   sealed for a colleague`

export function exportCommand(context: CommandContext): Command {
  const command = defineCommand('export', 'write profiles to a file, without secrets or sealed')
    .argument('[names...]', 'profiles to export (default: all)')
    .option('-p, --profile <name>', 'profile to export; may be repeated', gather)
    .option('-n, --name <name>', 'the same as --profile', gather)
    .option('-a, --all', 'all profiles, what no name means too')
    .option('-o, --output <file>', 'file to write, readable by you alone (default: stdout)')
    .optionsGroup('With secrets:')
    .option('--include-secrets', 'client secrets and certificate passwords too; then the export is sealed')
    .option('-r, --recipient <key>', "seal for age's public key (age1…); may be repeated", gather)
    .option('-R, --recipients-file <path>', 'the same for every public key in a file', gather)
  return addPassphraseOption(command)
    .option('--armor', 'as text also in a file')
    .optionsGroup('Options:')
    .option('-q, --silent', 'leave stderr empty on success')
    .addHelpText('after', notes)
    .action(async (positional: readonly string[], options: Options) => {
      const console = context.console(options)
      const names = [...positional, ...(options.profile ?? []), ...(options.name ?? [])]
      checkOptions(options, names)
      const records = chosenRecords(await loadProfiles(context.host), names)
      await (options.includeSecrets
        ? exportSealed(records, names, options, context, console)
        : exportPlain(records, names, options, context, console))
      if (writesFile(options)) console.success(`${count(records)} exported to ${options.output}`)
    })
}

async function exportPlain(
  records: readonly ProfileRecord[],
  names: readonly string[],
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const profiles = records.map((record) => ({ record, secrets: {} }))
  const { text, warnings } = exportDocument(profiles, { asList: names.length === 0 })
  for (const warning of warnings) console.warn(warning)
  await write(text, options, context, console)
}

async function exportSealed(
  records: readonly ProfileRecord[],
  names: readonly string[],
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { host } = context
  // Whatever may be wrong with it shows before the vault is opened.
  const audience = await audienceOf(options, context, console)
  const profiles = await withSecrets(records, host, consoleVoice(console, host.terminal, host.env))
  const { text, warnings } = exportDocument(profiles, { asList: names.length === 0 })
  for (const warning of warnings) console.warn(warning)
  if (profiles.every(({ secrets }) => Object.values(secrets).every((secret) => secret === undefined))) {
    console.warn('no secret is kept for what is exported')
  }
  const sealed = await sealWithAge(text, audience)
  const isText = options.armor === true || !writesFile(options)
  await write(isText ? await armoured(sealed) : sealed, options, context, console)
}

async function audienceOf(options: Options, context: CommandContext, console: Console): Promise<Audience> {
  const { files } = context.host
  const recipients = [...(options.recipient ?? [])]
  for (const path of options.recipientsFile ?? []) {
    const found = recipientsIn(await files.readInput(path))
    if (found.length === 0) {
      throw new EntraAuthError('file_unusable', `"${path}" holds no public keys`, {
        hint: 'write one a line, each starting with age1',
      })
    }
    recipients.push(...found)
  }
  if (recipients.length > 0) return { kind: 'recipients', recipients }
  return { kind: 'passphrase', passphrase: await newPassphrase(options, context, console) }
}

async function write(
  content: Uint8Array | string,
  options: Options,
  { host }: CommandContext,
  console: Console,
): Promise<void> {
  if (writesFile(options)) await host.files.write(resolve(options.output), content)
  else console.result(console.resultIsRead ? shown(String(content)) : String(content))
}

/** The same JSON, in which a terminal finds nothing to act on. */
function shown(json: string): string {
  return json.split('\n').map(escapeUnsafe).join('\n')
}

function writesFile(options: Options): options is Options & { readonly output: string } {
  return options.output !== undefined && options.output !== '-'
}

function chosenRecords(profiles: ProfileFile, names: readonly string[]): readonly ProfileRecord[] {
  if (names.length > 0) return [...new Set(names.map((name) => recordNamed(profiles, name)))]
  if (profiles.records.length > 0) return profiles.records
  throw new EntraAuthError('profile_not_found', 'there are no profiles to export', {
    hint: 'make one with "entra-auth-cli config create"',
  })
}

function checkOptions(options: Options, names: readonly string[]): void {
  const { includeSecrets, passphraseFile, recipient, recipientsFile, all } = options
  if (all && names.length > 0) throw contradiction('--all', 'the name of a profile')
  const sealing = { '-r': recipient, '-R': recipientsFile, '--passphrase-file': passphraseFile }
  const given = Object.entries(sealing).flatMap(([flag, value]) => (value === undefined ? [] : flag))
  if (given.includes('--passphrase-file') && given.length > 1) {
    throw contradiction('--passphrase-file', given[0] ?? '', 'age seals with a passphrase or for public keys')
  }
  if (!includeSecrets && given[0] !== undefined) {
    throw new EntraAuthError('invalid_arguments', `${given[0]} seals secrets, and none are exported`, {
      hint: 'add --include-secrets, or leave it away',
    })
  }
}

function count(records: readonly ProfileRecord[]): string {
  return records.length === 1 ? '1 profile' : `${records.length} profiles`
}
