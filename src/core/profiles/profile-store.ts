import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import { profileKey } from './profile.ts'
import { textField, type ProfileRecord } from './record-fields.ts'
import { ProfileFile } from './profile-file.ts'

type StoreHost = Pick<Host, 'files' | 'configDirectory'>
type ReadingHost = StoreHost & Pick<Host, 'hideFromChildren'>

/** Where the profiles are. */
export function profilesPath(host: StoreHost): string {
  return join(host.configDirectory, 'profiles.json')
}

/** The lock under which profiles and their secrets are changed. */
export function profilesLock(host: StoreHost): string {
  return `${profilesPath(host)}.lock`
}

/** All profiles. From then on no program that is started sees the variables in which they say secrets are. */
export async function loadProfiles(host: ReadingHost): Promise<ProfileFile> {
  return profilesIn(await host.files.read(profilesPath(host)), host)
}

/**
 * The profile of that name alone, ignoring case, where it can be had without reading thousands of others; else all
 * profiles, which say whether there is one.
 */
export async function findProfile(
  name: string,
  host: ReadingHost,
): Promise<{ readonly record: ProfileRecord } | { readonly profiles: ProfileFile }> {
  const { index, read } = await indexed(host)
  const record = await index?.find(name)
  return record ? { record } : { profiles: await profilesIn(await read(), host) }
}

/**
 * The profile of that name, ignoring case, without reading thousands of others where that can be.
 * @throws EntraAuthError `profile_not_found`
 */
export async function findRecord(name: string, host: ReadingHost): Promise<ProfileRecord> {
  const found = await findProfile(name, host)
  return 'record' in found ? found.record : recordNamed(found.profiles, name)
}

/** The names of all profiles that have one, in their order. */
export async function profileNames(host: ReadingHost): Promise<readonly string[]> {
  const { index, read } = await indexed(host)
  return index?.names() ?? namesOf(await profilesIn(await read(), host))
}

async function profilesIn(content: Buffer | undefined, host: ReadingHost): Promise<ProfileFile> {
  const path = profilesPath(host)
  const profiles = content ? await ProfileFile.parse(content.toString('utf8'), path) : ProfileFile.empty
  const variables = [...new Set(profiles.records.flatMap(secretVariables))]
  host.hideFromChildren(variables)
  if (content && content.length >= worthAnIndex)
    await (await import('./profile-index.ts')).keepIndex(content, profiles, variables, host)
  return profiles
}

/** The index of a large file, where it has one, and how to have the file itself, which is read once at most. */
async function indexed(host: ReadingHost) {
  let content: Promise<Buffer | undefined> | undefined
  const path = profilesPath(host)
  const read = () => (content ??= host.files.read(path))
  const facts = await host.files.look(path)
  const size = facts?.kind === 'file' ? facts.size : (await read())?.length
  if (size === undefined || size < worthAnIndex) return { index: undefined, read }
  const { ProfileIndex } = await import('./profile-index.ts')
  const index = await ProfileIndex.of({ path, mark: await host.files.mark(path), read }, host)
  if (index) host.hideFromChildren(index.variables)
  return { index, read }
}

/** In bytes. A smaller file is parsed sooner than its index is read. */
const worthAnIndex = 64 * 1024

function secretVariables(record: ProfileRecord): readonly string[] {
  const fields = ['clientSecretEnv', 'certificateEnv', 'federatedTokenEnv'] as const
  return fields.flatMap((field) => textField(record, field) ?? [])
}

/** Changes the profiles as they are now, also when another process changes them at the same moment. */
export async function changeProfiles(
  host: ReadingHost,
  change: (profiles: ProfileFile) => ProfileFile | Promise<ProfileFile>,
): Promise<void> {
  await host.files.locked(profilesLock(host), async () => {
    const changed = await change(await loadProfiles(host))
    await host.files.write(profilesPath(host), changed.toText())
  })
}

/** @throws EntraAuthError `profile_not_found` */
export function recordNamed(profiles: ProfileFile, name: string): ProfileRecord {
  const record = profiles.find(name)
  if (record) return record
  const known = namesOf(profiles)
  const beginning = profileKey(name).slice(0, 3)
  const similar = known.find((other) => beginning !== '' && profileKey(other).startsWith(beginning))
  throw new EntraAuthError('profile_not_found', `there is no profile "${name}"`, {
    hint: similar
      ? `did you mean "${similar}"? "entra-auth-cli config list" shows all`
      : '"entra-auth-cli config list" shows all, "entra-auth-cli config create" makes one',
  })
}

export function namesOf(profiles: ProfileFile): readonly string[] {
  return profiles.records.flatMap((record) => textField(record, 'name') ?? [])
}

/**
 * The profile to use: the named one; else the one called `default`; else the only one.
 * @returns undefined where several could be meant and a person must choose
 * @throws EntraAuthError `profile_not_found`, also where there are none at all
 */
export function chooseRecord(profiles: ProfileFile, name: string | undefined): ProfileRecord | undefined {
  if (name !== undefined) return recordNamed(profiles, name)
  if (profiles.records.length === 0) {
    throw new EntraAuthError('profile_not_found', 'there are no profiles yet', {
      hint: 'make one with "entra-auth-cli config create"',
    })
  }
  return profiles.find('default') ?? (profiles.records.length === 1 ? profiles.records[0] : undefined)
}
