import { chooseAccount } from '../core/accounts.ts'
import { latestAccessToken } from '../core/find-access-token.ts'
import { flows } from '../core/flows/flow.ts'
import type { Host } from '../core/ports.ts'
import { readProfile } from '../core/profiles/profile-record.ts'
import { findRecord } from '../core/profiles/profile-store.ts'
import { TokenCache } from '../core/token-cache.ts'
import { tokenRequest } from '../core/token-request.ts'
import { silentVoice } from '../core/voice.ts'
import { EntraAuthError } from '../errors.ts'

/**
 * The token a profile has cached, also an expired one, for it is to be looked at and not used: the one for its own flow
 * and scopes, else any.
 * @throws EntraAuthError `profile_not_found`, `profile_incomplete`; `general` where nothing is cached, or several people
 *   are signed in and none of them is marked
 */
export async function cachedToken(profileName: string, host: Host): Promise<string> {
  const profile = readProfile(await findRecord(profileName, host))
  const cached = await new TokenCache(profile.name, host, silentVoice).read()
  const wishes = [tokenRequest(profile), ...flows.map((flow) => tokenRequest(profile, { flow, scopes: [] }))]
  for (const wish of wishes) {
    const found = latestAccessToken(cached, wish)
    if (found) return found.token
  }
  const whose = chooseAccount(cached, tokenRequest(profile).signIn)
  if (whose.kind === 'ambiguous') {
    throw new EntraAuthError('general', `several people are signed in for "${profile.name}"`, {
      hint: `"entra-auth-cli get-token -p ${profile.name}" asks whose token is meant, and keeps the answer`,
    })
  }
  throw new EntraAuthError('general', `no token is cached for profile "${profile.name}"`, {
    hint: `get one with "entra-auth-cli get-token -p ${profile.name}"`,
  })
}
