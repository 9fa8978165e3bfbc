import type { Host } from '../core/ports.ts'
import { readProfile } from '../core/profiles/profile-record.ts'
import { findRecord } from '../core/profiles/profile-store.ts'
import { resourceOf } from '../core/scopes.ts'
import { claimMeaning, headerMeaning } from '../jwt/claims.ts'
import type { DecodedToken } from '../jwt/decode.ts'
import { describeToken } from '../jwt/describe.ts'
import { tokenRemarks } from '../jwt/token-remarks.ts'
import { localZone } from '../ui/local-time.ts'
import type { TokenReading } from '../ui/token-view.ts'

/**
 * All that can be said about a token here and now.
 * @param profileName the profile it comes from, whose scopes tell what it was asked for
 */
export async function readingOf(
  token: DecodedToken,
  host: Host,
  profileName: string | undefined,
): Promise<TokenReading> {
  const now = host.now()
  const description = describeToken(token, now)
  const expected = profileName === undefined ? [] : await audiencesOf(profileName, host)
  const roleName = Object.hasOwn(token.payload, 'wids')
    ? (await import('../jwt/directory-roles.ts')).directoryRoleName
    : () => undefined
  return {
    token,
    description,
    remarks: tokenRemarks(token, description, expected),
    now,
    timeZone: localZone(host.env),
    claimMeaning,
    headerMeaning,
    roleName,
  }
}

/** The resources that a profile asks for; none where its scopes name none. */
async function audiencesOf(profileName: string, host: Host): Promise<readonly string[]> {
  const { scopes } = readProfile(await findRecord(profileName, host))
  return scopes.map(resourceOf).filter((resource) => resource !== undefined)
}
