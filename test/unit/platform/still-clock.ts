import type { Clock } from '../../../src/platform/clock.ts'

/** A clock that moves only when somebody sleeps, and notes how long each sleep was. */
export class StillClock implements Clock {
  readonly sleeps: number[] = []
  #now: number

  constructor(now = Date.now()) {
    this.#now = now
  }

  now(): Date {
    return new Date(this.#now)
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw signal.reason
    this.sleeps.push(milliseconds)
    this.#now += milliseconds
    // Lets sockets and files have their turn, as a real wait does.
    await new Promise((resolve) => setImmediate(resolve))
    if (signal?.aborted) throw signal.reason
  }

  random(): number {
    return 0.5
  }
}
