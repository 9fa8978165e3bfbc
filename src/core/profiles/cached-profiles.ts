import { basename } from 'node:path'
import type { Host } from '../ports.ts'
import { TokenCache, tokenCachePaths, type CacheHost } from '../token-cache.ts'
import { silentVoice } from '../voice.ts'
import { profileFileName } from './profile.ts'
import { loadProfiles, namesOf } from './profile-store.ts'

type ForgetHost = CacheHost & Pick<Host, 'hideFromChildren'>

/** A profile that tokens are kept of. */
export interface CachedProfile {
  /** As the profiles spell it; of one that is gone, in lower case. */
  readonly name: string
  /** False for one that is gone. */
  readonly exists: boolean
}

/** Every profile that tokens are kept of, also those that are gone. Opens nothing. */
export async function cachedProfiles(host: ForgetHost): Promise<readonly CachedProfile[]> {
  const paths = await tokenCachePaths(host)
  const known = new Map(namesOf(await loadProfiles(host)).map((name) => [profileFileName(name), name]))
  return paths.flatMap((path) => {
    const written = basename(path).slice('entra-auth-cli.'.length, -'.bin'.length)
    const name = known.get(written) ?? decoded(written)
    return name === undefined ? [] : [{ name, exists: known.has(written) }]
  })
}

/** Undefined for a file that was not named by this tool. */
function decoded(written: string): string | undefined {
  try {
    const name = decodeURIComponent(written)
    return profileFileName(name) === written ? name : undefined
  } catch {
    return undefined
  }
}

/** Forgets the cached tokens of a profile, whether it exists or not. @returns whether there were any */
export function forgetTokens(host: CacheHost, name: string): Promise<boolean> {
  return new TokenCache(name, host, silentVoice).clear()
}
