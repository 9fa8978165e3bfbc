import type { AccessToken } from '../access-token.ts'
import { profileKey } from '../profiles/profile.ts'
import type { TokenWish } from './audience.ts'

export interface KeeperOptions {
  readonly obtain: (wish: TokenWish) => Promise<AccessToken>
  readonly now: () => Date
  /** Told when a token is there again, or was there for the first time. */
  readonly onObtained: (wish: TokenWish, token: AccessToken) => void
  readonly onFailure: (wish: TokenWish, error: unknown) => void
}

interface Kept {
  token: AccessToken | undefined
  /** When a new one is asked for ahead of its end, in epoch milliseconds. */
  renewAt: number
  /** The request on its way, which all wait for. */
  pending: Promise<AccessToken> | undefined
  /** What went wrong last, and until when that is the answer. */
  failure: { readonly error: unknown; readonly until: number } | undefined
}

const minute = 60_000
/** Azure's SDKs take a token with less than five minutes for one that is over. */
const aheadMilliseconds = 10 * minute
const longLifeMilliseconds = 120 * minute
/** A token with less is of no use to whoever gets it. */
const leastLifeMilliseconds = minute
const restAfterFailure = 5_000
/** While the token is good there is no hurry. */
const restAfterRenewalFailure = 30_000
/** A program may ask for scope after scope. */
const mostTokens = 500

/**
 * Tokens in memory. However many ask for one at a time, it is requested once; a good one is handed out at once, and near
 * its end a new one is got behind it. Without anybody who asks nothing is requested.
 */
export class TokenKeeper {
  readonly #options: KeeperOptions
  readonly #kept = new Map<string, Kept>()

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** @throws whatever `obtain` threw; for some seconds without asking again */
  async get(wish: TokenWish): Promise<AccessToken> {
    const kept = this.#of(wish)
    const now = this.#options.now().getTime()
    const failure = kept.failure && now < kept.failure.until ? kept.failure : undefined
    if (kept.token && kept.token.expiresOn.getTime() - now > leastLifeMilliseconds) {
      // The failure is told where it happens; who asks now has a good token.
      if (now >= kept.renewAt && !kept.pending && !failure) this.#obtain(wish, kept).catch(() => {})
      return kept.token
    }
    if (kept.pending) return kept.pending
    if (failure) throw failure.error
    return this.#obtain(wish, kept)
  }

  /** Takes a token that was got otherwise. */
  put(wish: TokenWish, token: AccessToken): void {
    this.#keep(this.#of(wish), token)
  }

  #of({ profile, scopes }: TokenWish): Kept {
    const key = JSON.stringify([
      profileKey(profile.name),
      ...scopes.map((scope) => scope.toLowerCase()).toSorted(),
    ])
    const known = this.#kept.get(key)
    if (known) return known
    const fresh: Kept = { token: undefined, renewAt: 0, pending: undefined, failure: undefined }
    this.#kept.set(key, fresh)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostTokens && oldest !== undefined) this.#kept.delete(oldest)
    return fresh
  }

  #obtain(wish: TokenWish, kept: Kept): Promise<AccessToken> {
    const { obtain, now, onObtained, onFailure } = this.#options
    const request = async () => {
      try {
        const token = await obtain(wish)
        this.#keep(kept, token)
        onObtained(wish, token)
        return token
      } catch (error) {
        const rest = kept.token === undefined ? restAfterFailure : restAfterRenewalFailure
        kept.failure = { error, until: now().getTime() + rest }
        onFailure(wish, error)
        throw error
      } finally {
        kept.pending = undefined
      }
    }
    kept.pending = request()
    return kept.pending
  }

  #keep(kept: Kept, token: AccessToken): void {
    kept.token = token
    kept.failure = undefined
    kept.renewAt = renewalTime(token.expiresOn.getTime(), this.#options.now().getTime())
  }
}

/**
 * When to ask for a new token: ten minutes before the end, but in the middle of a long life, as Entra advises with
 * `refresh_in`, and in the middle of a short one, where ten minutes would be always.
 */
function renewalTime(end: number, now: number): number {
  const left = end - now
  const isUsual = left >= 2 * aheadMilliseconds && left <= longLifeMilliseconds
  return isUsual ? end - aheadMilliseconds : now + left / 2
}
