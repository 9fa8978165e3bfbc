import { describe, expect, it } from 'vitest'
import type { AccessToken } from '../../../../src/core/access-token.ts'
import type { TokenWish } from '../../../../src/core/serve/audience.ts'
import { TokenKeeper } from '../../../../src/core/serve/token-keeper.ts'
import { now as start, profile, token } from './served.ts'

const minute = 60_000
const wish: TokenWish = { profile: profile(), scopes: ['https://graph.microsoft.com/.default'] }

/** A keeper whose requests are answered by hand, at a time that is set. */
function keeper() {
  let milliseconds = 0
  const waiting: { resolve: (token: AccessToken) => void; reject: (error: unknown) => void }[] = []
  const failures: unknown[] = []
  const now = () => new Date(start.getTime() + milliseconds)
  const keeps = new TokenKeeper({
    obtain: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
    now,
    onObtained: () => {},
    onFailure: (_wish, error) => failures.push(error),
  })
  let requests = 0
  return {
    get: (one = wish) => keeps.get(one),
    put: (lifeMinutes: number, text = 'first') => keeps.put(wish, lasting(lifeMinutes, text)),
    /** How many were asked for since this was asked last. */
    requested: () => {
      const more = waiting.length - requests
      requests = waiting.length
      return more
    },
    answer: async (lifeMinutes: number, text: string) => {
      waiting.at(-1)?.resolve(lasting(lifeMinutes, text))
      await settled()
    },
    fail: async (error: Error) => {
      waiting.at(-1)?.reject(error)
      await settled()
    },
    wait: (minutes: number) => void (milliseconds += minutes * minute),
    failures,
  }
  function lasting(lifeMinutes: number, text: string) {
    return token({ token: text, expiresOn: new Date(now().getTime() + lifeMinutes * minute) })
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
const textOf = async (asked: Promise<AccessToken>) => (await asked).token

describe('TokenKeeper', () => {
  it('asks once for a thousand who ask at one time', async () => {
    const { get, requested, answer } = keeper()
    const asked = Array.from({ length: 1000 }, () => textOf(get()))
    expect(requested()).toBe(1)
    await answer(60, 'one')
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['one']))
    expect(requested()).toBe(0)
  })

  it('asks for each profile and each set of scopes by itself, whatever their order and case', async () => {
    const { get, requested } = keeper()
    const scopes = ['api://x/a', 'api://x/b']
    for (const one of [
      { ...wish, scopes },
      { ...wish, scopes: ['API://x/b', 'api://x/A'] },
      { ...wish, scopes: ['api://x/a'] },
      { profile: profile({ name: 'other' }), scopes },
    ]) {
      void get(one)
    }
    expect(requested()).toBe(3)
  })

  it.each([
    { life: 60, renewsAfter: 50 },
    { life: 90, renewsAfter: 80 },
    { life: 24 * 60, renewsAfter: 12 * 60 },
    { life: 10, renewsAfter: 5 },
    { life: 4, renewsAfter: 2 },
  ])(
    'renews a token of $life minutes after $renewsAfter, behind those who ask',
    async ({ life, renewsAfter }) => {
      const { put, get, requested, answer, wait } = keeper()
      put(life)
      wait(renewsAfter - 0.01)
      expect(await textOf(get())).toBe('first')
      expect(requested()).toBe(0)
      wait(0.01)
      expect(await Promise.all([textOf(get()), textOf(get())])).toEqual(['first', 'first'])
      expect(requested()).toBe(1)
      await answer(60, 'second')
      expect(await textOf(get())).toBe('second')
      expect(requested()).toBe(0)
    },
  )

  it('asks for nothing that nobody asks for', () => {
    const { put, wait, requested } = keeper()
    put(60)
    wait(59)
    expect(requested()).toBe(0)
  })

  it('lets all wait for a new one where the old has less than a minute', async () => {
    const { put, get, requested, answer, wait } = keeper()
    put(60)
    wait(59.5)
    const asked = [textOf(get()), textOf(get())]
    expect(requested()).toBe(1)
    await answer(60, 'second')
    expect(await Promise.all(asked)).toEqual(['second', 'second'])
  })

  it('hands out the good token while its renewal fails, and tries again half a minute later', async () => {
    const { put, get, requested, fail, wait, failures } = keeper()
    put(60)
    wait(51)
    expect(await textOf(get())).toBe('first')
    expect(requested()).toBe(1)
    const error = new Error('away')
    await fail(error)
    expect(await textOf(get())).toBe('first')
    expect({ requests: requested(), failures }).toEqual({ requests: 0, failures: [error] })
    wait(0.5)
    await get()
    expect(requested()).toBe(1)
  })

  it('answers with the failure for five seconds, then asks again', async () => {
    const { get, requested, fail, wait } = keeper()
    const asked = [get(), get()]
    for (const one of asked) one.catch(() => {})
    await fail(new Error('away'))
    await expect(Promise.all(asked)).rejects.toThrow('away')
    await expect(get()).rejects.toThrow('away')
    expect(requested()).toBe(1)
    wait(5 / 60)
    get().catch(() => {})
    expect(requested()).toBe(1)
  })

  it('forgets the oldest of many tokens', async () => {
    const { put, get, requested } = keeper()
    put(60)
    for (let index = 0; index < 500; index++) {
      get({ ...wish, scopes: [`api://${index}/.default`] }).catch(() => {})
    }
    requested()
    get().catch(() => {})
    expect(requested()).toBe(1)
  })
})
