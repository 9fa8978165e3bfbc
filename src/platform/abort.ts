import { EntraAuthError } from '../errors.ts'

/**
 * The error an aborted wait ends with: the signal's own reason where that is one of ours, `timeout` where the signal
 * came from `AbortSignal.timeout`, else `interrupted`.
 */
export function abortError(signal: AbortSignal): EntraAuthError {
  const reason: unknown = signal.reason
  if (reason instanceof EntraAuthError) return reason
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new EntraAuthError('timeout', 'it took too long', {
      hint: 'allow more time with --timeout',
      cause: reason,
    })
  }
  return new EntraAuthError('interrupted', 'interrupted', { cause: reason })
}
