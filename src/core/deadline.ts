import { EntraAuthError } from '../errors.ts'

/** 24 days: a timer set for longer goes off at once. */
const longestTimer = 2 ** 31 - 1

/**
 * Runs `work` with a signal that is aborted when the outer one is, or when the time is over.
 * @throws EntraAuthError `timeout` with the given fact
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  milliseconds: number,
  fact: string,
  work: (signal: AbortSignal) => Promise<T>,
  hint = 'give it more time with --timeout, such as --timeout 5m',
): Promise<T> {
  const over = new AbortController()
  const timer = setTimeout(
    () => {
      over.abort(new EntraAuthError('timeout', fact, { hint }))
    },
    Math.min(milliseconds, longestTimer),
  )
  const either = AbortSignal.any([signal, over.signal])
  try {
    return await work(either)
  } catch (error) {
    // Whatever the work made of being aborted, the reason is what happened.
    either.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves after the given time. @throws the signal's reason when it is aborted first */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (milliseconds === 0) return
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', stop, { once: true })
  })
}
