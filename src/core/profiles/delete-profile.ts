import type { Host } from '../ports.ts'
import { TokenCache, type CacheHost } from '../token-cache.ts'
import { removeSecrets } from '../vault/secrets.ts'
import { silentVoice } from '../voice.ts'
import { changeProfiles } from './profile-store.ts'
import { textField } from './record-fields.ts'

type DeleteHost = CacheHost & Pick<Host, 'hideFromChildren'>

/**
 * Deletes a profile with its secrets and cached tokens. Where another one has the same name but for its case, in a file
 * that was edited by hand, the two share those, and they stay.
 * @returns the spelling of the name under which they stay; undefined where they are gone
 */
export async function deleteProfile(host: DeleteHost, name: string): Promise<string | undefined> {
  let namesake: string | undefined
  await changeProfiles(host, async (profiles) => {
    const others = profiles.without(name)
    const left = others.find(name)
    namesake = left && textField(left, 'name')
    // Before the profile: whoever is interrupted here deletes it again, and nothing secret is left behind.
    if (namesake === undefined) await removeSecrets(host, name)
    return others
  })
  if (namesake === undefined) await new TokenCache(name, host, silentVoice).clear()
  return namesake
}
