import { EntraAuthError } from '../../errors.ts'
import { checkProfileName, profileKey } from '../profiles/profile.ts'
import { readProfile } from '../profiles/profile-record.ts'
import { textField, unknownFields, type ProfileRecord } from '../profiles/record-fields.ts'
import type { SecretKind } from '../vault/secrets.ts'
import { canonicalRecord, type SharedProfile } from './shared-profile.ts'

/** What to do with a profile whose name is taken. */
export type Resolution = 'overwrite' | 'skip' | 'rename'

/** What becomes of a profile's sealed secret. */
export type SecretFate = 'added' | 'replaced' | 'kept' | 'removed'

export type SecretFates = Readonly<Partial<Record<SecretKind, SecretFate>>>

/** What an import does with one of its profiles. Records are canonical. */
export type ImportStep =
  | {
      readonly kind: 'add'
      readonly name: string
      readonly profile: SharedProfile
      readonly fates: SecretFates
      /** The name it came with, where that is taken. */
      readonly renamedFrom?: string
    }
  | {
      readonly kind: 'replace'
      readonly name: string
      readonly profile: SharedProfile
      readonly fates: SecretFates
      readonly old: ProfileRecord
    }
  | { readonly kind: 'skip' | 'unchanged'; readonly name: string }

export interface ImportPlan {
  readonly steps: readonly ImportStep[]
  /** The names that are taken and for which nobody said what to do. Then nothing may be done. */
  readonly conflicts: readonly string[]
}

/** What an import meets. */
export interface Present {
  readonly records: readonly ProfileRecord[]
  /** The kinds of secret that are kept of a profile. */
  keptSecrets(name: string): readonly SecretKind[]
}

/**
 * What an import would do. Pure: nothing is read or written.
 * @param incoming as `checkedProfiles` returns them
 * @param resolve what to do where this name is taken by another profile; undefined where nobody said
 */
export function planImport(
  present: Present,
  incoming: readonly SharedProfile[],
  resolve: (name: string) => Resolution | undefined,
): ImportPlan {
  const known = new Map(present.records.map((record) => [profileKey(nameOf(record)), record]))
  const taken = new Set([...known.keys(), ...incoming.map(({ record }) => profileKey(nameOf(record)))])
  const conflicts: string[] = []
  const steps = incoming.flatMap((profile): readonly ImportStep[] => {
    const name = nameOf(profile.record)
    const old = known.get(profileKey(name))
    if (old === undefined) return [{ kind: 'add', name, profile, fates: addedSecrets(profile) }]
    // It keeps the spelling of its name, by which scripts and cached tokens know it.
    const renamed = withName(profile, nameOf(old))
    const fates = fatesOf(old, renamed, present.keptSecrets(nameOf(old)))
    if (isUnchanged(old, renamed, fates)) return [{ kind: 'unchanged', name: nameOf(old) }]
    switch (resolve(name)) {
      case undefined:
        conflicts.push(nameOf(old))
        return []
      case 'skip':
        return [{ kind: 'skip', name: nameOf(old) }]
      case 'overwrite':
        return [{ kind: 'replace', name: nameOf(old), profile: renamed, fates, old: canonicalRecord(old) }]
      case 'rename': {
        const free = freeName(name, taken)
        taken.add(profileKey(free))
        const added = withName(profile, free)
        return [{ kind: 'add', name: free, profile: added, fates: addedSecrets(profile), renamedFrom: name }]
      }
    }
  })
  return { steps, conflicts }
}

/**
 * The profiles of an import, if all of them can be used and told apart.
 * @param newName the name for the only one
 * @throws EntraAuthError `invalid_arguments` or `file_unusable` that names everything that is wrong
 */
export function checkedProfiles(
  profiles: readonly SharedProfile[],
  source: string,
  newName: string | undefined,
): readonly SharedProfile[] {
  if (newName !== undefined) {
    checkProfileName(newName)
    if (profiles.length !== 1) {
      throw new EntraAuthError(
        'invalid_arguments',
        `--name is for one profile, and ${source} holds ${profiles.length}`,
        {
          hint: 'leave it away, or import a file with one profile',
        },
      )
    }
  }
  const named = newName === undefined ? profiles : profiles.map((profile) => withName(profile, newName))
  const problems = [...new Set(named.flatMap(({ record }) => problemsWith(record))), ...doubles(named)]
  if (problems.length === 0) return named
  throw new EntraAuthError('file_unusable', `${source} cannot be imported: ${problems.join('; ')}`, {
    hint: 'mend the file; nothing was changed',
  })
}

function problemsWith(record: ProfileRecord): readonly string[] {
  const name = textField(record, 'name')
  if (name === undefined) return ['a profile has no name']
  try {
    checkProfileName(name)
    readProfile(record)
    return []
  } catch (error) {
    if (error instanceof EntraAuthError) return [error.message]
    throw error
  }
}

function doubles(profiles: readonly SharedProfile[]): readonly string[] {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { record } of profiles) {
    const key = profileKey(nameOf(record))
    if (seen.has(key)) twice.add(nameOf(record))
    seen.add(key)
  }
  return [...twice].filter((name) => name !== '').map((name) => `two profiles are called "${name}"`)
}

export function withName({ record, secrets }: SharedProfile, name: string): SharedProfile {
  return { record: canonicalRecord({ ...record, name }), secrets }
}

export function nameOf(record: ProfileRecord): string {
  return textField(record, 'name') ?? ''
}

/** `work-2`, `work-3` …, no longer than a name may be. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    const ending = `-${number}`
    const candidate = `${name.slice(0, 64 - ending.length)}${ending}`
    if (!taken.has(profileKey(candidate))) return candidate
  }
}

const kinds = ['client-secret', 'certificate-password'] as const satisfies readonly SecretKind[]

function addedSecrets({ secrets }: SharedProfile): SecretFates {
  return fatesBy((kind) => (secrets[kind] === undefined ? undefined : 'added'))
}

function fatesOf(
  old: ProfileRecord,
  { record, secrets }: SharedProfile,
  kept: readonly SecretKind[],
): SecretFates {
  return fatesBy((kind) => {
    if (secrets[kind] !== undefined) return kept.includes(kind) ? 'replaced' : 'added'
    if (!kept.includes(kind)) return undefined
    return isSameProof(old, record) ? 'kept' : 'removed'
  })
}

function fatesBy(fate: (kind: SecretKind) => SecretFate | undefined): SecretFates {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const is = fate(kind)
      return is === undefined ? [] : [[kind, is]]
    }),
  )
}

/**
 * Whether a secret goes on belonging to a profile: it is the same app, proving itself in the same way to the same
 * authority. Otherwise a file from somewhere could have a secret sent to somebody else.
 */
function isSameProof(old: ProfileRecord, changed: ProfileRecord): boolean {
  try {
    const [one, other] = [readProfile(old), readProfile(changed)].map(
      ({ tenantId, clientId, authority, credential, caFile }) =>
        JSON.stringify({ tenantId, clientId, authority, credential, caFile }),
    )
    return one === other
  } catch (error) {
    if (error instanceof EntraAuthError) return false
    throw error
  }
}

function isUnchanged(old: ProfileRecord, { record }: SharedProfile, fates: SecretFates): boolean {
  return (
    Object.values(fates).every((fate) => fate === 'kept') &&
    changesOf(canonicalRecord(old), record).length === 0
  )
}

/** One field that two canonical records do not agree on. */
export interface FieldChange {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** What replacing one record by another changes. Fields that nobody here gives a meaning to are kept, as they were. */
export function changesOf(old: ProfileRecord, changed: ProfileRecord): readonly FieldChange[] {
  // By entries: a field may be called as what every object has.
  const before = new Map(Object.entries(old))
  const after = new Map(Object.entries(replacing(old, changed)))
  const fields = [...new Set([...after.keys(), ...before.keys()])]
  return fields.flatMap((field) => {
    const [was, is] = [before.get(field), after.get(field)]
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ field, before: was, after: is }]
  })
}

/** The record that is written in the place of another. */
export function replacing(old: ProfileRecord, changed: ProfileRecord): ProfileRecord {
  return canonicalRecord({ ...unknownFields(old), ...changed })
}
