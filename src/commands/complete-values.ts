import { Option, type Argument } from 'commander'
import { cloudNames } from '../core/clouds.ts'
import { flows } from '../core/flows/flow.ts'
import type { Host } from '../core/ports.ts'
import { profileNames } from '../core/profiles/profile-store.ts'
import { EntraAuthError } from '../errors.ts'
import { nothing, type Answer, type Candidate } from './complete-candidates.ts'

/** The flags that name a profile; the same words as arguments do too. */
const profileFlags: ReadonlySet<string | undefined> = new Set(['--profile', '--name', '--as'])
const profileArguments: ReadonlySet<string> = new Set(['name', 'names', 'profile', 'profiles'])

/**
 * The values that a flag or an argument takes: its choices, else by what the help calls the value. Of the rest, such as
 * ids and scopes, nothing is known.
 */
export async function valuesOf(what: Option | Argument, host: Host): Promise<Answer> {
  const called = what instanceof Option ? valueName(what) : what.name()
  const files = /\b(?:file|path|pem|folder)\b/.test(called)
  if (what.argChoices) return { candidates: plain(what.argChoices), files }
  if (isProfile(what)) return { candidates: await profileCandidates(host), files }
  if (called === 'flow') return { candidates: plain(flows), files }
  if (called === 'cloud') return { candidates: plain(cloudNames), files }
  return { ...nothing, files }
}

/** `path` of `--file <path>` and of `--file [path]`. */
function valueName({ flags }: Option): string {
  return /[<[](.*?)[>\]]/.exec(flags)?.[1] ?? ''
}

function isProfile(what: Option | Argument): boolean {
  return what instanceof Option ? profileFlags.has(what.long) : profileArguments.has(what.name())
}

function plain(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, description: '' }))
}

/** A file that cannot be read has no names in it; the next command says what is wrong with it. */
async function profileCandidates(host: Host): Promise<readonly Candidate[]> {
  try {
    return plain(await profileNames(host))
  } catch (error) {
    if (error instanceof EntraAuthError) return []
    throw error
  }
}
