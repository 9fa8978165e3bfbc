import { EntraAuthError } from '../errors.ts'
import type { HttpResponse } from './ports.ts'

/**
 * Whether a server says that it cannot answer now: too many requests, or a fault of its own or of what stands before it.
 * Such an answer often has a body meant for people, or none.
 * @see https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export function isOverload({ status }: Pick<HttpResponse, 'status'>): boolean {
  return status === 429 || status >= 500
}

/** @param host only for the error's text */
export function overloadError({ status, headers }: HttpResponse, host: string): EntraAuthError {
  const wait = waitText(headers['retry-after'])
  const retryAfterSeconds = secondsToWait(headers)
  return status === 429
    ? new EntraAuthError('network', `${host} was asked too often (429)`, {
        hint: `try again ${wait}`,
        retryAfterSeconds,
      })
    : new EntraAuthError('network', `${host} cannot answer now (${status})`, {
        retryAfterSeconds,
        hint: `try again ${wait}; if it stays so, a proxy may answer in its place: look at it with --verbose`,
      })
}

/** A date is one by the server's own clock, which its answer tells. */
function secondsToWait({ 'retry-after': wish = '', date = '' }: HttpResponse['headers']): number | undefined {
  if (/^\d{1,9}$/.test(wish)) return Number(wish)
  const seconds = (Date.parse(wish) - Date.parse(date)) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function waitText(retryAfter: string | undefined): string {
  if (/^\d{1,9}$/.test(retryAfter ?? '')) return `in ${retryAfter} s`
  const date = new Date(retryAfter ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? 'in a minute' : `at ${date.toISOString().slice(11, 19)} UTC`
}
