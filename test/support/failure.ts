import { EntraAuthError } from '../../src/errors.ts'

/** The error of ours that `work` throws. Anything else it throws, and throwing nothing, fails the test. */
export function failureOf(work: () => unknown): EntraAuthError {
  try {
    work()
  } catch (error) {
    if (error instanceof EntraAuthError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The same of work that takes its time. */
export async function rejectionOf(work: Promise<unknown>): Promise<EntraAuthError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  return failureOf(() => {
    if (outcome !== undefined) throw outcome
  })
}
