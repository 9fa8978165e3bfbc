import { setTimeout as delay } from 'node:timers/promises'

const intervalMilliseconds = 40

/**
 * Tries until it does not throw: for what another process will do sooner or later.
 * @throws what the last try threw, when the time is over
 */
export async function eventually<T>(attempt: () => T | Promise<T>, seconds = 15): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() >= deadline) throw error
      await delay(intervalMilliseconds)
    }
  }
}
