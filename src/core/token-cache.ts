import { join } from 'node:path'
import { readMetadata, type AuthorityMetadata } from './authority-metadata.ts'
import { parseMsalCache, type MsalCache } from './msal-cache.ts'
import type { Host, LockOptions } from './ports.ts'
import { profileFileName } from './profiles/profile.ts'
import type { Damage } from './vault/envelope.ts'
import { openVault, type Vault, type VaultHost } from './vault/vault.ts'
import type { Voice } from './voice.ts'

export type CacheHost = VaultHost & Pick<Host, 'cacheDirectory'>

/** What is kept of a profile's sign-ins. */
export interface CachedTokens {
  /** MSAL's own cache, understood. */
  readonly msal: MsalCache
  /** The same as MSAL wrote it. */
  readonly msalText: string
  /** MSAL's `homeAccountId` of who signed in last. */
  readonly signedIn: string | undefined
  /** Tenant ids by the domain names they were asked for with, in lower case. */
  readonly tenantIds: Readonly<Record<string, string>>
  /** What the authorities that the tokens came from said of their endpoints. */
  readonly authorities?: readonly AuthorityMetadata[]
}

/** What is kept where nobody ever signed in. */
export const noTokens: CachedTokens = { msal: {}, msalText: '', signedIn: undefined, tenantIds: {} }

/**
 * A profile's tokens: one sealed file each, so that its cost does not grow with the number of profiles. The file being
 * absent means that nobody is signed in. One that does not open is said once and counts as absent: tokens can be had
 * again.
 */
export class TokenCache {
  readonly #path: string
  readonly #host: CacheHost
  readonly #voice: Voice
  #vault: Promise<Vault> | undefined
  #hasToldDamage = false

  /** @param vault one that is open already; without it the user's is opened at the first need */
  constructor(profileName: string, host: CacheHost, voice: Voice, vault?: Vault) {
    this.#path = join(host.cacheDirectory, `entra-auth-cli.${profileFileName(profileName)}.bin`)
    this.#host = host
    this.#voice = voice
    this.#vault = vault && Promise.resolve(vault)
  }

  async read(): Promise<CachedTokens> {
    // Nobody is signed in: no vault is opened for that, and none is made.
    if ((await this.#host.files.look(this.#path)) === undefined) return noTokens
    const opened = await (await this.#openVault()).read(this.#path)
    if (opened === undefined) return noTokens
    if (!opened.ok) {
      this.#tellDamage(opened.damage)
      return noTokens
    }
    return parseStored(opened.content.toString('utf8'))
  }

  /** Changes the tokens as they are now, also when other processes change them at the same moment. */
  async change(
    change: (tokens: CachedTokens) => Omit<CachedTokens, 'msal'> | Promise<Omit<CachedTokens, 'msal'>>,
  ) {
    // Opening may be slow (a keychain), and a lock must not be held meanwhile.
    const vault = await this.#openVault()
    await this.#host.files.locked(`${this.#path}.lock`, async () => {
      const { msalText, signedIn, tenantIds, authorities } = await change(await this.read())
      const stored: Stored = { version: 1, msal: msalText, signedIn, tenantIds, authorities }
      await vault.write(this.#path, JSON.stringify(stored))
    })
  }

  /** Signs out: whether there was anything to forget. */
  async clear(): Promise<boolean> {
    if ((await this.#host.files.look(this.#path)) === undefined) return false
    // Under the lock, or who has just read the file to change it would bring it back.
    return this.#host.files.locked(`${this.#path}.lock`, () => this.#host.files.remove(this.#path))
  }

  /** Runs `work` in one process at a time, of all that get this profile's token. It may take as long as a person takes. */
  singleFlight<T>(work: () => Promise<T>, options: LockOptions): Promise<T> {
    return this.#host.files.locked(`${this.#path}.acquiring`, work, options)
  }

  #tellDamage(damage: Damage): void {
    if (this.#hasToldDamage) return
    this.#hasToldDamage = true
    this.#voice.warn(`the token cache "${this.#path}" does not open (${damage}); a new sign-in replaces it`)
  }

  #openVault(): Promise<Vault> {
    return (this.#vault ??= openVault(this.#host, this.#voice))
  }
}

/** The sealed token caches of all profiles, as paths. */
export async function tokenCachePaths(
  host: Pick<CacheHost, 'files' | 'cacheDirectory'>,
): Promise<readonly string[]> {
  const names = await host.files.list(host.cacheDirectory)
  return names.filter((name) => ourCache.test(name)).map((name) => join(host.cacheDirectory, name))
}

const ourCache = /^entra-auth-cli\..+\.bin$/

interface Stored {
  readonly version: 1
  readonly msal: string
  readonly signedIn?: string
  readonly tenantIds: Readonly<Record<string, string>>
  readonly authorities?: readonly AuthorityMetadata[]
}

function parseStored(text: string): CachedTokens {
  const stored = JSON.parse(text) as Stored
  if (stored.version !== 1) return noTokens
  const { msal: msalText, signedIn, tenantIds } = stored
  const authorities = readMetadata(stored.authorities)
  return { msal: parseMsalCache(msalText) ?? {}, msalText, signedIn, tenantIds, authorities }
}
