/** What one provider remembers, in memory. oidc-provider's own in-memory store is shared by all in a process. */
import type { Adapter, AdapterPayload } from 'oidc-provider'

/** A fresh memory, and the adapter class that keeps everything in it. Expiry is left to oidc-provider's models. */
export function makeMemory() {
  const kept = new Map<string, AdapterPayload>()

  class MemoryAdapter implements Adapter {
    readonly #model: string

    constructor(model: string) {
      this.#model = model
    }

    async upsert(id: string, payload: AdapterPayload) {
      kept.set(this.#key(id), payload)
    }
    async find(id: string) {
      return kept.get(this.#key(id))
    }
    async findByUid(uid: string) {
      return this.#first((payload) => payload.uid === uid)
    }
    async findByUserCode(userCode: string) {
      return this.#first((payload) => payload.userCode === userCode)
    }
    async consume(id: string) {
      const payload = kept.get(this.#key(id))
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
    }
    async destroy(id: string) {
      kept.delete(this.#key(id))
    }
    async revokeByGrantId(grantId: string) {
      for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
    }

    #key(id: string): string {
      return `${this.#model}:${id}`
    }
    #first(wanted: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
      for (const [key, payload] of kept)
        if (key.startsWith(`${this.#model}:`) && wanted(payload)) return payload
      return undefined
    }
  }

  return {
    MemoryAdapter,
    /** Forgets everything of one kind, such as `RefreshToken`: what an administrator's revocation does. */
    forget(model: string) {
      for (const key of kept.keys()) if (key.startsWith(`${model}:`)) kept.delete(key)
    },
  }
}
