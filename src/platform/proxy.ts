import type { Environment } from '../core/ports.ts'

/**
 * The proxy a request goes through, from `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` (lower case first), or undefined.
 *
 * As in curl and Go: a proxy without a scheme speaks HTTP, `contoso.com` in `NO_PROXY` covers its subdomains too, and a
 * port in it narrows the rule. (The package proxy-from-env differs in the first two and reads `process.env` alone.)
 * This machine and link-local addresses, where managed identities answer, are never proxied.
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  if (url.protocol !== 'https:' || isLocalHost(url.hostname) || isLinkLocal(url.hostname)) return undefined
  const value = lookUp(env, 'https_proxy') ?? lookUp(env, 'all_proxy')
  if (!value || isExempt(url, lookUp(env, 'no_proxy') ?? '')) return undefined
  try {
    const proxy = new URL(value.includes('://') ? value : `http://${value}`)
    return proxy.protocol === 'http:' || proxy.protocol === 'https:' ? proxy : undefined
  } catch {
    return undefined
  }
}

/** Whether a URL's host name is this machine. Names under `.localhost` are not: not every resolver keeps them here. */
export function isLocalHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

/** Whether a URL's host is an IPv4 link-local address (RFC 3927): never beyond this machine's own wire. */
export function isLinkLocal(hostname: string): boolean {
  return /^169\.254\.\d+\.\d+$/.test(hostname)
}

const lookUp = (env: Environment, name: string) => env[name] || env[name.toUpperCase()] || undefined

function isExempt(url: URL, rules: string): boolean {
  const port = url.port || '443'
  return rules
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((rule) => {
      if (rule === '*') return true
      const [, host = rule, rulePort] = /^(.+?):(\d+)$/.exec(rule) ?? []
      if (rulePort && rulePort !== port) return false
      const domain = host.replace(/^\*?\./, '')
      return url.hostname === domain || url.hostname.endsWith(`.${domain}`)
    })
}
