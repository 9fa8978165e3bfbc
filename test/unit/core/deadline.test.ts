import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withDeadline } from '../../../src/core/deadline.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { rejectionOf } from '../../support/failure.ts'

/** Work that ends only when it is told to. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('something of its own'))),
  )

describe('a deadline', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const never = new AbortController().signal

  it('lets work that is done in time pass, and leaves no timer', async () => {
    await expect(withDeadline(never, 1000, 'too late', async () => 'done')).resolves.toBe('done')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends work that is not, with its own fact', async () => {
    const failure = rejectionOf(withDeadline(never, 1000, 'too late', untilAborted))
    await vi.advanceTimersByTimeAsync(1000)
    expect(await failure).toMatchObject({ code: 'timeout', exitCode: 6, message: 'too late' })
    expect((await failure).hint).toContain('--timeout')
  })

  it('lets an interruption be what happened', async () => {
    const interrupt = new AbortController()
    const failure = rejectionOf(withDeadline(interrupt.signal, 1000, 'too late', untilAborted))
    interrupt.abort(new EntraAuthError('interrupted', 'interrupted'))
    expect(await failure).toMatchObject({ code: 'interrupted', exitCode: 130 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets an error of the work itself pass untouched', async () => {
    const error = new TypeError('ours')
    await expect(withDeadline(never, 1000, 'too late', () => Promise.reject(error))).rejects.toBe(error)
  })

  it('may be months away', async () => {
    let over = false
    void withDeadline(never, 90 * 24 * 3_600_000, 'too late', untilAborted).catch(() => (over = true))
    await vi.advanceTimersByTimeAsync(24 * 3_600_000)
    expect(over).toBe(false)
  })
})
