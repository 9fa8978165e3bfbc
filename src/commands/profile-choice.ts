import type { ProfileFile } from '../core/profiles/profile-file.ts'
import { readProfile } from '../core/profiles/profile-record.ts'
import { textField, type ProfileRecord } from '../core/profiles/record-fields.ts'
import type { Profile } from '../core/profiles/profile.ts'
import {
  chooseRecord,
  findProfile,
  loadProfiles,
  namesOf,
  recordNamed,
} from '../core/profiles/profile-store.ts'
import type { Host } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { canPrompt } from '../ui/can-prompt.ts'
import { emptyFlag } from './option-values.ts'

/**
 * The profile a command is about: `--profile`, else `ENTRA_AUTH_CLI_PROFILE`, else the one called `default`, else the
 * only one, else the one a person picks.
 * @param mayAsk false under `--no-interaction`
 * @throws EntraAuthError `profile_not_found`, `profile_incomplete`; `invalid_arguments` where nobody can be asked
 */
export async function profileFor(name: string | undefined, host: Host, mayAsk = true): Promise<Profile> {
  return readProfile(await recordFor(name, host, mayAsk))
}

/** The same as it stands in the file, also where it cannot be used. */
export async function recordFor(name: string | undefined, host: Host, mayAsk = true): Promise<ProfileRecord> {
  if (name === '') throw emptyFlag('--profile')
  const wanted = name ?? (host.env['ENTRA_AUTH_CLI_PROFILE'] || undefined)
  const found = await findProfile(wanted ?? 'default', host)
  if ('record' in found) return found.record
  const profiles = await profilesOrOffer(found.profiles, host, mayAsk)
  const chosen = chooseRecord(profiles, wanted)
  if (chosen) return chosen
  if (!mayAsk || !canPrompt(host.terminal, host.env)) {
    throw new EntraAuthError('invalid_arguments', 'there are several profiles, and none is named', {
      hint: `add -p with ${nameToGive(namesOf(profiles))}, or set ENTRA_AUTH_CLI_PROFILE`,
    })
  }
  const { choose } = await import('../ui/prompts.ts')
  const picked = await choose(
    'Which profile?',
    namesOf(profiles).map((value) => ({
      value,
      hint: textField(recordNamed(profiles, value), 'tenantId') ?? '',
    })),
  )
  return recordNamed(profiles, picked)
}

/** Thousands of names would be no hint. */
function nameToGive(names: readonly string[]): string {
  return names.length <= 10
    ? `one of ${names.join(', ')}`
    : `one of the ${names.length} names that "entra-auth-cli config list" shows`
}

/** Whoever has no profiles here may have the older tool's. */
async function profilesOrOffer(profiles: ProfileFile, host: Host, mayAsk: boolean): Promise<ProfileFile> {
  if (profiles.records.length > 0 || !mayAsk || !canPrompt(host.terminal, host.env)) return profiles
  const { offerDotnet } = await import('./config/offer-dotnet.ts')
  // No request runs yet that a signal could end: the questions hear Ctrl-C themselves.
  return (await offerDotnet({ host, signal: new AbortController().signal })) ? loadProfiles(host) : profiles
}
