import { dirname, resolve } from 'node:path'
import { identitiesIn } from '../../core/sharing/age.ts'
import { decodeImport, type Keys } from '../../core/sharing/decode-import.ts'
import { largestImportBytes, readImport, unusable } from '../../core/sharing/read-import.ts'
import { withAbsolutePaths } from '../../core/sharing/relative-paths.ts'
import type { SharedProfile } from '../../core/sharing/shared-profile.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import type { Console } from '../../ui/console.ts'
import type { CommandContext } from '../command.ts'
import { readStdin } from '../stdin.ts'
import { passphrasesToTry, type PassphraseOptions } from './sharing-passphrase.ts'

/** Where an import is, and what opens it. */
export interface SourceOptions extends PassphraseOptions {
  readonly input?: string
  readonly file?: string
  readonly identity?: readonly string[]
}

/** Profiles that are not checked yet, and what to call the place they come from. */
export interface Incoming {
  readonly profiles: readonly SharedProfile[]
  readonly source: string
}

/** What a file, stdin or a pasted text holds. What may be amiss with it has been said. */
export async function incomingFromFile(
  positional: string | undefined,
  options: SourceOptions,
  context: CommandContext,
  console: Console,
): Promise<Incoming> {
  const { content, source, folder, isStdin } = await readSource(positional, options, context)
  const keys: Keys = {
    passphrase: passphrasesToTry({ ...options, stdinIsTaken: isStdin }, context, console),
    identities: () => identitiesOf(options, context),
  }
  const { text, wasSealed } = await decodeImport(content, source, keys)
  const { profiles, warnings } = await readImport(text, source)
  for (const warning of warnings) console.warn(warning)
  if (!wasSealed && profiles.some(({ secrets }) => Object.keys(secrets).length > 0)) {
    console.warn(
      `${source} holds secrets that everybody can read who can read it: delete it when it is imported`,
    )
  }
  const { env } = context.host
  const home = env['HOME'] || env['USERPROFILE'] || undefined
  return { profiles: profiles.map((profile) => withAbsolutePaths(profile, folder, home)), source }
}

interface Source {
  readonly content: Buffer
  /** In an error: `"team.json"`, quoted where it is a name. */
  readonly source: string
  /** What paths in it are relative to. Absolute. */
  readonly folder: string
  readonly isStdin: boolean
}

async function readSource(
  positional: string | undefined,
  options: SourceOptions,
  context: CommandContext,
): Promise<Source> {
  const { host } = context
  const given = oneOf([positional, options.input, options.file])
  if (given === '')
    throw new EntraAuthError('invalid_arguments', 'the file to import is empty', { hint: 'name it' })
  if (given === undefined && host.terminal.stdin.isTerminal) return typedSource(context)
  if (given === undefined || given === '-') {
    return { content: await readStdin(context), source: 'stdin', folder: resolve('.'), isStdin: true }
  }
  return fileSource(given, context)
}

async function fileSource(path: string, { host }: CommandContext): Promise<Source> {
  const facts = await host.files.look(resolve(path))
  // Before it is read: a file can be larger than this machine's memory.
  if (facts?.kind === 'file' && facts.size > largestImportBytes) {
    throw unusable(`"${path}"`, `it is larger than ${largestImportBytes / 1024 / 1024} MB`)
  }
  const content = await host.files.readInput(path)
  return { content, source: `"${path}"`, folder: dirname(resolve(path)), isStdin: false }
}

/** Earlier manuals had a person paste the export. */
async function typedSource(context: CommandContext): Promise<Source> {
  const { terminal, env } = context.host
  if (!canPrompt(terminal, env)) {
    throw new EntraAuthError('invalid_arguments', 'no file to import is named', {
      hint: 'give one with -i, or send it to stdin',
    })
  }
  const { askText } = await import('../../ui/prompts.ts')
  const typed = await askText('File to import, or the export itself', {
    check: (answer) => (answer === '' ? 'it cannot be empty' : undefined),
  })
  const isExport = /^[{[]/.test(typed) || /^[A-Za-z0-9+/]{80,}={0,2}$/.test(typed)
  if (!isExport) return fileSource(typed, context)
  return { content: Buffer.from(typed), source: 'what was pasted', folder: resolve('.'), isStdin: false }
}

function oneOf(given: readonly (string | undefined)[]): string | undefined {
  const sources = given.filter((one) => one !== undefined)
  if (new Set(sources).size <= 1) return sources[0]
  throw new EntraAuthError('invalid_arguments', 'more than one file to import is named', {
    hint: 'import one after the other',
  })
}

async function identitiesOf(
  { identity }: SourceOptions,
  { host }: CommandContext,
): Promise<readonly string[] | undefined> {
  if (identity === undefined) return undefined
  const keys: string[] = []
  for (const path of identity) keys.push(...(await identitiesIn(await host.files.readInput(path), path)))
  return keys
}
