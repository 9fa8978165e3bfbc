import { posix, win32 } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import { ProfileFile } from '../profiles/profile-file.ts'
import { profileKey } from '../profiles/profile.ts'
import { readProfile } from '../profiles/profile-record.ts'
import { loadProfiles, profilesPath } from '../profiles/profile-store.ts'
import { textField, type ProfileRecord } from '../profiles/record-fields.ts'
import { readImport } from '../sharing/read-import.ts'
import { withName } from '../sharing/plan-import.ts'
import type { SharedProfile } from '../sharing/shared-profile.ts'
import { secretPath, type SecretKind } from '../vault/secrets.ts'
import type { Voice } from '../voice.ts'
import { dotnetPlaces } from './dotnet-places.ts'
import { dotnetSecretsOf, type DotnetHost } from './dotnet-secrets.ts'

/** A secret of a profile that this tool reads already, from the file both tools share. */
export interface SecretInPlace {
  readonly name: string
  readonly kind: SecretKind
  readonly value: string
  /** Whether one is sealed for it already. */
  readonly isKept: boolean
}

/** What there is to bring over from the older tool. */
export interface DotnetBelongings {
  readonly profiles: readonly SharedProfile[]
  readonly inPlace: readonly SecretInPlace[]
  /** Files that are no longer needed once all is sealed: each holds a secret or a token that hardly anything protects. */
  readonly weakFiles: readonly string[]
  readonly keychainAccounts: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Reads what the older .NET tool kept, from everywhere its program and its manuals put it. Changes nothing.
 * @throws EntraAuthError `profiles_unreadable` for a file that is not JSON, with line and column
 */
export async function fromDotnet(
  host: DotnetHost,
  voice: Voice,
  signal: AbortSignal,
): Promise<DotnetBelongings> {
  const own = await loadProfiles(host)
  const inPlace: SecretInPlace[] = []
  const profiles: SharedProfile[] = []
  const gathered = { files: new Set<string>(), accounts: new Set<string>(), warnings: [] as string[] }
  const secretsOf = async (name: string) => {
    const found = await dotnetSecretsOf(name, host, voice, signal)
    for (const file of found.files) gathered.files.add(file)
    for (const account of found.keychainAccounts) gathered.accounts.add(account)
    for (const path of found.unreadable)
      gathered.warnings.push(`the secret of "${name}" in "${path}" cannot be read; it was left as it is`)
    return found.secrets
  }

  for (const record of own.records) {
    const name = textField(record, 'name')
    if (name === undefined) continue
    for (const { kind, value } of await secretsOf(name)) {
      const isKept = (await host.files.look(secretPath(host, name, kind))) !== undefined
      inPlace.push({ name, kind, value, isKept })
    }
  }

  const seen = new Set<string>()
  for (const record of await recordsElsewhere(host)) {
    const name = textField(record, 'name')
    if (name === undefined || seen.has(profileKey(name))) continue
    seen.add(profileKey(name))
    const { profile, warnings } = await usable(record, name)
    gathered.warnings.push(...warnings)
    if (profile === undefined) continue
    const secrets = Object.fromEntries((await secretsOf(name)).map(({ kind, value }) => [kind, value]))
    profiles.push({ record: profile.record, secrets: { ...profile.secrets, ...secrets } })
  }

  for (const path of dotnetPlaces(host).tokenFiles) if (await host.files.look(path)) gathered.files.add(path)
  return {
    profiles,
    inPlace,
    weakFiles: [...gathered.files],
    keychainAccounts: [...gathered.accounts],
    warnings: gathered.warnings,
  }
}

/** The profile of a record, under a name that can be one; undefined, with the reason, where it cannot be used. */
async function usable(record: ProfileRecord, name: string) {
  const possible = possibleName(name)
  try {
    const { profiles, warnings } = await readImport(JSON.stringify(record), `the older tool's "${name}"`)
    const [profile] = profiles
    if (profile === undefined) return { profile, warnings }
    const named = withName(profile, possible)
    readProfile(named.record)
    const renamed =
      possible === name ? [] : [`"${name}" cannot be the name of a profile here; it is called "${possible}"`]
    return { profile: named, warnings: [...warnings, ...renamed] }
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    return { profile: undefined, warnings: [`"${name}" is left out: ${error.message}`] }
  }
}

/** The nearest thing to a name that `checkProfileName` takes. */
export function possibleName(name: string): string {
  const possible = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 64)
  return possible === '' ? 'profile' : possible
}

async function recordsElsewhere(host: DotnetHost): Promise<readonly ProfileRecord[]> {
  const paths = (await dotnetProfileFiles(host)).filter((path) => path !== profilesPath(host))
  const records: ProfileRecord[] = []
  for (const path of paths) {
    const content = await host.files.read(path)
    if (content) records.push(...(await ProfileFile.parse(content.toString('utf8'), path)).records)
  }
  return records
}

/** Every file in which the older tool may have kept profiles, as far as it exists. */
async function dotnetProfileFiles(
  host: Pick<DotnetHost, 'files' | 'env' | 'platform'>,
): Promise<readonly string[]> {
  const { profileFiles, profileFolders } = dotnetPlaces(host)
  const { join } = host.platform === 'win32' ? win32 : posix
  const existing: string[] = []
  for (const path of profileFiles) if (await host.files.look(path)) existing.push(path)
  for (const folder of profileFolders) {
    const names = (await host.files.look(folder))?.kind === 'folder' ? await host.files.list(folder) : []
    existing.push(...names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name)))
  }
  return existing
}

/** Whether the older tool left profiles somewhere else than in the file this tool reads. Cheap: nothing is opened. */
export async function hasDotnetProfiles(
  host: Pick<DotnetHost, 'files' | 'env' | 'platform' | 'configDirectory'>,
): Promise<boolean> {
  return (await dotnetProfileFiles(host)).some((path) => path !== profilesPath(host))
}
