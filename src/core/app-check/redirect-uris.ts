import type { Application } from '../graph/application.ts'
import { shellWord } from '../shell-word.ts'
import type { AppAsked } from './app-asked.ts'
import type { AppFinding } from './app-finding.ts'
import type { AppLinks } from './app-links.ts'

/** Where a browser ends up unless a profile says otherwise. */
const usual = 'http://localhost'

/**
 * Whether a sign-in in a browser may come back to where it is awaited, and whether the platform that the address is
 * registered for lets this tool redeem the code. Nothing for flows without a browser.
 * @see https://learn.microsoft.com/entra/identity-platform/reply-url
 */
export function redirectFindings(
  { profile, flow }: AppAsked,
  { redirectUris }: Application,
  links: AppLinks,
): readonly AppFinding[] {
  if (flow !== 'interactive-browser' && flow !== 'authorization-code') return []
  const name = 'redirect-uri'
  const page = links.page('Authentication')
  const uri = profile.redirectUri ?? usual
  const among = (registered: readonly string[]) => registered.some((one) => isSameRedirect(one, uri))
  const provesItself = flow === 'authorization-code' && profile.credential.kind !== 'none'

  if (among(redirectUris.publicClient)) {
    if (!provesItself)
      return [{ name, status: 'ok', fact: `"${uri}" is registered for mobile and desktop applications` }]
    return [
      {
        name,
        status: 'failed',
        fact: `"${uri}" is registered for mobile and desktop applications, which must not prove themselves (AADSTS700025)`,
        remedy: `use the flow interactive-browser, or register the address under "Web" in place of it`,
        page,
      },
    ]
  }
  if (among(redirectUris.web)) {
    if (provesItself) return [{ name, status: 'ok', fact: `"${uri}" is registered for the web` }]
    return [
      {
        name,
        status: 'failed',
        fact: `"${uri}" is registered for the web, where the app must prove itself (AADSTS7000218)`,
        remedy: `register it under "Mobile and desktop applications" too, or use the flow authorization-code with a credential`,
        page,
      },
    ]
  }
  if (among(redirectUris.spa)) {
    return [
      {
        name,
        status: 'failed',
        fact: `"${uri}" is registered for single-page applications, whose codes only a browser can redeem (AADSTS9002327)`,
        remedy: 'register it under "Mobile and desktop applications"',
        page,
      },
    ]
  }
  return [{ name, status: 'failed', ...notRegistered(uri, redirectUris, profile.name), page }]
}

function notRegistered(uri: string, { publicClient }: Application['redirectUris'], name: string) {
  const fact = `"${uri}" is not registered (AADSTS50011)`
  if (isIpv6Loopback(uri))
    return { fact: `${fact}, and Entra registers no [::1]`, remedy: `register ${usual} and use that` }
  const other = publicClient.find((one) => isLoopback(one))
  const remedy = `register it under "Mobile and desktop applications"`
  return {
    fact,
    remedy:
      other === undefined
        ? remedy
        : `${remedy}, or "entra-auth-cli config edit ${shellWord(name)} --redirect-uri ${shellWord(other)}", which is`,
  }
}

/**
 * Whether a registered address lets a browser come back to another one. Entra compares exactly, but takes any port of a
 * loopback address with http (RFC 8252, section 7.3), and a path of `/` as none.
 * @see https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
 */
export function isSameRedirect(registered: string, uri: string): boolean {
  if (registered === uri) return true
  if (!isLoopback(registered) || !URL.canParse(uri)) return false
  const [one, other] = [new URL(registered), new URL(uri)]
  return (
    one.protocol === other.protocol &&
    one.hostname === other.hostname &&
    one.pathname === other.pathname &&
    one.search === other.search
  )
}

/** Whether an address is one that this tool can listen at, and whose port Entra ignores. */
export function isLoopback(uri: string): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname } = new URL(uri)
  return protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1')
}

function isIpv6Loopback(uri: string): boolean {
  return URL.canParse(uri) && new URL(uri).hostname === '[::1]'
}
