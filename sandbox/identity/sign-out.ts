import type { IdentityContext } from './context.ts'
import { registeredAs } from './redirect-uris.ts'
import { type SandboxRequest, type SandboxResponse, formOf, page } from '../http.ts'
import { pageSecurityHeaders, signedOutPage } from '../pages/index.ts'
import { sessionCookie, sessionOf } from './sign-in.ts'

/**
 * Ends the browser session; refresh tokens live on, as at Entra.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
export function signOut(context: IdentityContext, request: SandboxRequest): SandboxResponse {
  const session = sessionOf(context, request)
  if (session) context.sessions.end(session.id)
  const sent = request.method === 'POST' ? formOf(request) : request.url.searchParams
  const cookie = { 'set-cookie': sessionCookie(undefined) }
  const target = sent.get('post_logout_redirect_uri')
  const isRegistered = target !== null && context.directory.apps.some((app) => registeredAs(app, target))
  if (!isRegistered) return page(200, signedOutPage(), { ...pageSecurityHeaders(), ...cookie })
  const url = new URL(target)
  const state = sent.get('state')
  if (state !== null) url.searchParams.set('state', state)
  return { status: 302, headers: { location: url.href, 'cache-control': 'no-store', ...cookie } }
}
