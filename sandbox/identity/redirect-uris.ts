import type { App } from '../directory.ts'

/** Whether a redirect URI is registered, and as which kind: a public client's or a web app's. */
export function registeredAs(app: App, redirectUri: string): 'public' | 'web' | undefined {
  if (app.publicClientRedirectUris.some((registered) => matches(registered, redirectUri))) return 'public'
  if (app.webRedirectUris.some((registered) => matches(registered, redirectUri))) return 'web'
  return undefined
}

/**
 * Entra compares exactly, but takes any port of a loopback address (RFC 8252, section 7.3).
 * @see https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
 */
function matches(registered: string, redirectUri: string): boolean {
  if (registered === redirectUri) return true
  if (!URL.canParse(registered) || !URL.canParse(redirectUri)) return false
  const [one, other] = [new URL(registered), new URL(redirectUri)]
  const isLoopback = one.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(one.hostname)
  if (!isLoopback || other.username !== '' || other.password !== '' || other.hash !== '') return false
  return (
    one.protocol === other.protocol &&
    one.hostname === other.hostname &&
    one.pathname === other.pathname &&
    one.search === other.search
  )
}
