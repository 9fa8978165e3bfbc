import type { HttpRequest, HttpStreamRequest } from '../core/ports.ts'

/** A request of either kind. */
export type AnyRequest = HttpRequest | HttpStreamRequest

type Sent = Pick<AnyRequest, 'method' | 'headers' | 'body'>

/** How often a request is sent at most. */
export const maximumAttempts = 3

const longestWaitMilliseconds = 30_000

/**
 * Whether a request may be sent twice when nobody knows if the first one took effect. A form post is one to an OAuth
 * endpoint, and asking for a token again does no harm, but for one grant: an authorization code counts once, and a
 * server that sees it twice should revoke what it gave for it (RFC 6749, section 4.1.2). A refresh token is sent again
 * even to servers that take each only once: it is all there is, and the next run would send the same. A device code is
 * to be polled on after a lost answer (RFC 8628, section 3.5).
 */
export function isRepeatable(request: Sent): boolean {
  if (request.method !== 'POST' && request.method !== 'PATCH') return true
  return isForm(request) && formIn(request).get('grant_type') !== 'authorization_code'
}

/** The fields of a request to an OAuth endpoint; none of any other. */
export function formIn(request: Sent): URLSearchParams {
  return new URLSearchParams(isForm(request) && typeof request.body === 'string' ? request.body : '')
}

/** Whether a request is one to an OAuth endpoint: those send text, and nobody else does. */
export function isForm({ method, headers = {}, body }: Sent): boolean {
  if (body !== undefined && typeof body !== 'string') return false
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return method === 'POST' && type.toLowerCase().startsWith('application/x-www-form-urlencoded')
}

/** Whether an answer asks to come again: 429 and 503 were not acted upon, the other three are unsure. */
export function isPassing(status: number, repeatable: boolean): boolean {
  if (status === 429 || status === 503) return true
  return repeatable && (status === 500 || status === 502 || status === 504)
}

/**
 * How long to wait before the next attempt: what `Retry-After` says, else half a second doubling, with jitter.
 * @returns milliseconds, or undefined when the server wants more than 30 s: then its answer is the result
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryDelayMilliseconds(
  attempt: number,
  retryAfter: string | undefined,
  now: Date,
  random: number,
): number | undefined {
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, now)
  if (asked === undefined) return 500 * 2 ** (attempt - 1) * (0.5 + random / 2)
  return asked > longestWaitMilliseconds ? undefined : asked
}

function parseRetryAfter(value: string, now: Date): number | undefined {
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}
