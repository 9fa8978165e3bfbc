import type { ICachePlugin } from '@azure/msal-node'
import { parseMsalCache, type MsalCache } from './msal-cache.ts'

/**
 * MSAL's cache for one acquisition: it starts from what was sealed, and holds what MSAL made of it until that is sealed
 * again. Only one process acquires a profile's token at a time, so nothing needs to be locked meanwhile.
 */
export class MsalCacheSession {
  readonly #before: string
  #text: string

  constructor(text: string) {
    this.#before = text
    this.#text = text
  }

  readonly plugin: ICachePlugin = {
    beforeCacheAccess: async ({ tokenCache }) => {
      if (this.#text !== '') tokenCache.deserialize(this.#text)
    },
    afterCacheAccess: async ({ tokenCache, cacheHasChanged }) => {
      if (cacheHasChanged) this.#text = tokenCache.serialize()
    },
  }

  /** What is to be kept, given what is kept now: the same text but where somebody else wrote meanwhile after all. */
  textOver(current: string): string {
    return current === this.#before ? this.#text : mergeMsalCaches(current, this.#text)
  }
}

/** A cache with the access tokens of another one, as MSAL's text. */
export function withAccessTokensOf(kept: string, cache: string): string {
  const AccessToken = parseMsalCache(kept)?.AccessToken ?? {}
  return JSON.stringify({ ...parseMsalCache(cache), AccessToken })
}

/** Both caches' entries, section by section; the newer one's where both have one. */
export function mergeMsalCaches(older: string, newer: string): string {
  const sections: Record<string, object> = {}
  for (const cache of [parseMsalCache(older) ?? {}, parseMsalCache(newer) ?? {}]) {
    for (const [name, entries] of Object.entries(cache as Record<keyof MsalCache, object>)) {
      sections[name] = { ...sections[name], ...entries }
    }
  }
  return JSON.stringify(sections)
}
