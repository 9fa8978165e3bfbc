import type { ReturnAddress } from './authorization-request.ts'
import { type Diagnostics, type EntraError, describe } from './entra-errors.ts'
import { type SandboxResponse, page, redirect } from '../http.ts'
import { errorPage, formPostPage, pageSecurityHeaders } from '../pages/index.ts'

/**
 * Sends an authorization response the way the client asked for: in the query, the fragment, or a form.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
export function authorizationResponse(
  { redirectUri, responseMode, state }: ReturnAddress,
  fields: Readonly<Record<string, string>>,
): SandboxResponse {
  const all = { ...fields, ...(state === undefined ? {} : { state }) }
  const url = new URL(redirectUri)
  if (responseMode === 'form_post') {
    return page(200, formPostPage({ action: redirectUri, fields: all }), pageSecurityHeaders([url.origin]))
  }
  if (responseMode === 'fragment') url.hash = new URLSearchParams(all).toString()
  else for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
  return redirect(url.href)
}

/** An error for the client (RFC 6749, section 4.1.2.1). */
export function authorizationError(
  address: ReturnAddress,
  error: EntraError,
  diagnostics: Diagnostics,
  origin: string,
): SandboxResponse {
  return authorizationResponse(address, {
    error: error.error,
    error_description: describe(error, diagnostics),
    error_uri: `${origin}/error?code=${error.code}`,
    ...(error.suberror === undefined ? {} : { error_subcode: error.suberror }),
  })
}

/** An error for the person, where there is no trusted address to send it to. */
export function authorizationErrorPage(error: EntraError, diagnostics: Diagnostics): SandboxResponse {
  const html = errorPage({
    code: `AADSTS${error.code}`,
    title: 'Sign in',
    description: error.message,
    ...diagnostics,
  })
  return page(400, html, pageSecurityHeaders())
}
