import { EntraAuthError } from '../../errors.ts'
import { latestAccessToken } from '../find-access-token.ts'
import { flows } from '../flows/flow.ts'
import type { Host } from '../ports.ts'
import { naturalFlow, type Profile } from '../profiles/profile.ts'
import { readProfile } from '../profiles/profile-record.ts'
import { textField, type ProfileRecord } from '../profiles/record-fields.ts'
import { loadProfiles, profilesPath, recordNamed } from '../profiles/profile-store.ts'
import { TokenCache } from '../token-cache.ts'
import { tokenRequest } from '../token-request.ts'
import { silentVoice } from '../voice.ts'
import { counted, whatFailed, type Finding } from './check.ts'
import { credentialFindings, type CredentialHost } from './credentials.ts'
import { editCommand } from './edit-command.ts'
import type { VaultSight } from './vault-check.ts'

export type ProfilesHost = CredentialHost & Pick<Host, 'cacheDirectory' | 'hideFromChildren'>

/** The profiles as far as they can be read. */
export interface ProfilesSight {
  /** What is wrong with the file, or that nothing is. */
  readonly file: readonly Finding[]
  readonly usable: readonly Profile[]
  /** Those that cannot be used, and why. */
  readonly unusable: readonly Finding[]
}

/**
 * Reads the profiles.
 * @param only the profile to look at; undefined for all
 * @throws EntraAuthError `profile_not_found` where there is none of that name
 */
export async function lookAtProfiles(host: ProfilesHost, only: string | undefined): Promise<ProfilesSight> {
  const name = 'profiles-file'
  const path = profilesPath(host)
  try {
    const all = await loadProfiles(host)
    const records = only === undefined ? all.records : [recordNamed(all, only)]
    const count = all.records.length
    const file: Finding =
      count === 0
        ? {
            name,
            status: 'not_applicable',
            fact: 'there are no profiles yet',
            remedy: 'entra-auth-cli config create',
          }
        : { name, status: 'ok', fact: `"${path}" holds ${counted(count, 'profile')}` }
    return { file: [file, ...chosenFinding(all.records, host)], ...sort(records) }
  } catch (error) {
    if (error instanceof EntraAuthError && error.code === 'profile_not_found') throw error
    return { file: [{ name, status: 'failed', ...whatFailed(error) }], usable: [], unusable: [] }
  }
}

/** `ENTRA_AUTH_CLI_PROFILE` decides for every command that names none. */
function chosenFinding(records: readonly ProfileRecord[], { env }: ProfilesHost): readonly Finding[] {
  const chosen = env['ENTRA_AUTH_CLI_PROFILE']
  const isThere = records.some((record) => textField(record, 'name')?.toLowerCase() === chosen?.toLowerCase())
  if (!chosen || isThere) return []
  return [
    {
      name: 'chosen-profile',
      status: 'warning',
      fact: 'ENTRA_AUTH_CLI_PROFILE names a profile that is not there',
      remedy: 'unset ENTRA_AUTH_CLI_PROFILE',
    },
  ]
}

function sort(records: readonly ProfileRecord[]): Pick<ProfilesSight, 'usable' | 'unusable'> {
  const usable: Profile[] = []
  const unusable: Finding[] = []
  for (const [index, record] of records.entries()) {
    const name = textField(record, 'name')
    if (name === undefined) {
      unusable.push({
        name: 'profile',
        subject: `entry ${index + 1}`,
        status: 'failed',
        fact: `entry ${index + 1} of profiles.json has no name, and is found under none`,
        remedy: 'give it a "name" in profiles.json',
      })
      continue
    }
    try {
      usable.push(readProfile(record))
    } catch (error) {
      const { fact } = whatFailed(error)
      unusable.push({ name: 'profile', subject: name, status: 'failed', fact, remedy: editCommand(name) })
    }
  }
  return { usable, unusable }
}

/**
 * What keeps a profile from being used; for one that can be, whether a token is there.
 * @param known what was found out about it before
 */
export async function profileFindings(
  profile: Profile,
  known: readonly Finding[],
  sight: VaultSight,
  host: ProfilesHost,
): Promise<readonly Finding[]> {
  const problems = [
    ...known,
    ...(await authorityFileFindings(profile, host)),
    ...(await credentialFindings(profile, sight, host)),
  ].map((finding) => ({ ...finding, subject: profile.name }))
  if (problems.some(({ status }) => status === 'failed')) return problems
  return [
    {
      name: 'profile',
      subject: profile.name,
      status: 'ok',
      fact: `${naturalFlow(profile)}, ${await tokenText(profile, sight, host)}`,
    },
    ...problems,
  ]
}

/** The file of further certificate authorities. Without it nobody who needs it is reached. */
async function authorityFileFindings(profile: Profile, host: ProfilesHost): Promise<readonly Finding[]> {
  const { caFile } = profile
  if (caFile === undefined) return []
  const name = 'ca-file'
  const remedy = editCommand(profile.name, '--ca-file FILE.pem')
  try {
    const content = await host.files.read(caFile)
    if (content?.includes('-----BEGIN CERTIFICATE-----')) return []
    const fact =
      content === undefined ? `there is no file "${caFile}"` : `"${caFile}" holds no certificate in PEM form`
    return [{ name, status: 'failed', fact, remedy }]
  } catch (error) {
    return [{ name, status: 'failed', ...whatFailed(error) }]
  }
}

/** Whether a token is cached and until when. */
async function tokenText(profile: Profile, sight: VaultSight, host: ProfilesHost): Promise<string> {
  if (sight.kind === 'none') return 'no token cached'
  if (sight.kind === 'closed') return 'its tokens cannot be looked at, for the vault does not open'
  // Of a damaged cache another check tells.
  const cached = await new TokenCache(profile.name, host, silentVoice, sight.vault)
    .read()
    .catch((error: unknown) => {
      whatFailed(error)
      return undefined
    })
  if (cached === undefined) return 'its tokens cannot be looked at'
  const wishes = [tokenRequest(profile), ...flows.map((flow) => tokenRequest(profile, { flow, scopes: [] }))]
  const token = wishes.map((wish) => latestAccessToken(cached, wish)).find((found) => found !== undefined)
  const canRenew = Object.keys(cached.msal.RefreshToken ?? {}).length > 0
  const renewal = canRenew ? ', renewed without asking' : ''
  if (token === undefined) return canRenew ? 'signed in, no token cached' : 'no token cached'
  const until = `${token.expiresOn.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  return token.expiresOn > host.now()
    ? `token cached until ${until}${renewal}`
    : `cached token ended ${until}${renewal}`
}
