import { createHash, timingSafeEqual } from 'node:crypto'
import type { RedirectAnswer, RedirectOptions } from '../core/ports.ts'

/**
 * Reads an authorization response's parameters (RFC 6749, section 4.1.2).
 * @returns the answer, or one clause why it does not count
 */
export function readAnswer(parameters: URLSearchParams, state: string): RedirectAnswer | string {
  const names = ['state', 'code', 'error', 'error_description', 'client_info']
  const repeated = names.find((name) => parameters.getAll(name).length > 1)
  if (repeated) return `the parameter "${repeated}" came more than once`
  const given = parameters.get('state')
  if (!given) return 'the sign-in page sent no state'
  if (!sameText(given, state)) return 'this answer belongs to another sign-in'
  const error = parameters.get('error')
  if (error) return { kind: 'error', error, description: parameters.get('error_description') ?? '' }
  const code = parameters.get('code')
  if (!code) return 'the sign-in page sent neither a code nor an error'
  return { kind: 'code', code, clientInfo: parameters.get('client_info') ?? undefined }
}

/**
 * Reads the address that a browser ended up on, as a person copied it.
 * @returns the answer, or one clause why it does not count, which repeats nothing of it
 */
export function readRedirect(
  text: string,
  port: number,
  { path, state }: Pick<RedirectOptions, 'path' | 'state'>,
): RedirectAnswer | string {
  const bare = text.trim().replace(/^(["'<])(.*)["'>]$/s, '$2')
  // Some browsers hide the scheme, also when it is copied.
  const address = bare.includes('://') ? bare : `http://${bare}`
  if (!URL.canParse(address)) return 'this is no address'
  const url = new URL(address)
  if (url.protocol !== 'http:' || !isLoopbackHost(url.host, port) || url.pathname !== path) {
    return url.pathname.endsWith('/authorize')
      ? 'this is the page to sign in at, not the one you end up on'
      : 'this is not the address of the page you end up on'
  }
  return readAnswer(url.searchParams, state)
}

/** Compares in a time that does not tell how much of the text was right. */
function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

/** Whether a Host header names this machine: a name that an attacker lets point here (DNS rebinding) does not. */
export function isLoopbackHost(header: string | undefined, port: number): boolean {
  const names = ['localhost', '127.0.0.1', '[::1]']
  const wanted = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  return wanted.includes(header?.toLowerCase() ?? '')
}
