import type { Environment } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { isExempt } from './no-proxy.ts'

/**
 * The proxy a request goes through, from `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` (lower case first), or undefined.
 *
 * As in curl and Go: a proxy without a scheme speaks HTTP, and `contoso.com` in `NO_PROXY` covers its subdomains too.
 * (The package proxy-from-env differs in both and reads `process.env` alone.)
 * This machine and link-local addresses, where managed identities answer, are never proxied.
 * @throws EntraAuthError `network` for a proxy that cannot be used, such as SOCKS
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  if (url.protocol !== 'https:' || isLocalHost(url.hostname) || isLinkLocal(url.hostname)) return undefined
  const value = lookUp(env, 'https_proxy') ?? lookUp(env, 'all_proxy')
  if (!value || isExempt(url, lookUp(env, 'no_proxy') ?? '')) return undefined
  const text = value.includes('://') ? value : `http://${value}`
  const proxy = URL.canParse(text) ? new URL(text) : undefined
  if (hasCutCredentials(text) || (proxy && !isDecodable(proxy.username + proxy.password))) {
    throw new EntraAuthError('network', 'the user name or password of the proxy is not percent-encoded', {
      hint: 'in HTTPS_PROXY write %23 for #, %25 for %, %2F for /, %3F for ? and %5C for a backslash',
    })
  }
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy
  // Going past a proxy that somebody set would send secrets where they were not to go. The value may hold a password.
  throw new EntraAuthError(
    'network',
    `the proxy in the environment cannot be used${proxy ? ` (${proxy.protocol}//)` : ''}`,
    {
      hint: 'set HTTPS_PROXY to http://HOST:PORT or https://HOST:PORT, or unset it',
    },
  )
}

/** Whether a URL's host name is this machine. Names under `.localhost` are not: not every resolver keeps them here. */
export function isLocalHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

/** Whether a URL's host is an IPv4 link-local address (RFC 3927): never beyond this machine's own wire. */
export function isLinkLocal(hostname: string): boolean {
  return /^169\.254\.\d+\.\d+$/.test(hostname)
}

/**
 * Whether a `/`, `?` or `#` (or a `\`, which URLs take for a slash) stands before an `@`: it ends the host name, so that
 * half of a password would be taken for the host. Such a text is often no URL at all, for the other half is no port.
 */
function hasCutCredentials(text: string): boolean {
  return /:\/\/.*[/?#\\].*@/s.test(text)
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Whether a URL's host is a private IPv4 address (RFC 1918). */
export function isPrivateAddress(hostname: string): boolean {
  return /^(10(\.\d+){3}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|192\.168(\.\d+){2})$/.test(hostname)
}

const lookUp = (env: Environment, name: string) => env[name] || env[name.toUpperCase()] || undefined
