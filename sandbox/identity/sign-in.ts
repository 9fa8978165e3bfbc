import type { IdentityContext } from './context.ts'
import type { App, User } from '../directory.ts'
import { type SandboxRequest, type SandboxResponse, formOf, page } from '../http.ts'
import { mfaPage, pageSecurityHeaders, signInPage } from '../pages/index.ts'
import type { Session } from './sessions.ts'
import { type Audience, clientOf } from './tenancy.ts'

// `__Host-`: this host alone, over TLS alone, for all paths.
const cookieName = '__Host-sandbox-session'

/** The browser's session, if it has a live one. */
export function sessionOf(context: IdentityContext, request: SandboxRequest): Session | undefined {
  const cookies = (request.headers.cookie ?? '').split(/; */)
  const found = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))
  return found === undefined ? undefined : context.sessions.find(found.slice(cookieName.length + 1))
}

/** Lax, so that a form on another site cannot act in the name of whoever is signed in here. */
export function sessionCookie(session: Session | undefined): string {
  const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'
  return session ? `${cookieName}=${session.id}; ${attributes}` : `${cookieName}=; Max-Age=0; ${attributes}`
}

/** Where a page of the sign-in leads back to: a path of this server with its query. */
export interface SignInStep {
  readonly audience: Audience
  readonly app: App
  readonly returnTo: string
}

/** The page that asks who it is. */
export function signInForm(
  context: IdentityContext,
  step: SignInStep,
  details: { readonly username?: string; readonly error?: string } = {},
): SandboxResponse {
  const html = signInPage({
    action: `/${step.audience.segment}/login`,
    fields: hidden(step, details.username === undefined ? {} : { username: details.username }),
    app: step.app,
    users: usersOf(context, step.audience),
    ...(details.error === undefined ? {} : { error: details.error }),
  })
  return page(200, html, pageSecurityHeaders())
}

/** The page that asks for the second factor. */
export function secondFactorForm(step: SignInStep, user: User, error?: string): SandboxResponse {
  const html = mfaPage({
    action: `/${step.audience.segment}/mfa`,
    fields: hidden(step, {}),
    user,
    ...(error === undefined ? {} : { error }),
  })
  return page(200, html, pageSecurityHeaders())
}

/** Whether the session still owes a second factor. */
export function owesSecondFactor(session: Session): boolean {
  return session.user.requiresMfa && !session.amr.includes('mfa')
}

/** A posted user name and password. */
export function signIn(
  context: IdentityContext,
  request: SandboxRequest,
  audience: Audience,
): SandboxResponse {
  const form = formOf(request)
  const step = stepOf(context, request, audience)
  if (!step) return badStep()
  const username = form.get('username')?.trim() ?? ''
  const user = usersOf(context, audience).find(
    ({ userPrincipalName }) => userPrincipalName.toLowerCase() === username.toLowerCase(),
  )
  if (!user) {
    const error =
      `AADSTS50034: The user account ${username} does not exist in this directory. ` +
      'To sign into this application, the account must be added to the directory.'
    return signInForm(context, step, { username, error })
  }
  if (form.get('password') !== user.password) {
    const error = 'AADSTS50126: Error validating credentials due to invalid username or password.'
    return signInForm(context, step, { username, error })
  }
  const session = context.sessions.start(user, ['pwd'], step.returnTo, context.now())
  return backTo(step, session)
}

/** A posted one-time code. Any six digits but zeros are right: there is nothing to protect and no second device. */
export function giveSecondFactor(
  context: IdentityContext,
  request: SandboxRequest,
  audience: Audience,
): SandboxResponse {
  const step = stepOf(context, request, audience)
  const session = sessionOf(context, request)
  if (!step || !session) return badStep()
  const otp = (formOf(request).get('otp') ?? '').replace(/\s/g, '')
  if (!/^\d{6}$/.test(otp) || otp === '000000') {
    const error =
      'AADSTS500121: Authentication failed during strong authentication request. Any six digits but 000000 will do.'
    return secondFactorForm(step, session.user, error)
  }
  return backTo(step, context.sessions.strengthen(session))
}

/** The people who can sign in at an address. */
export function usersOf(context: IdentityContext, audience: Audience): readonly User[] {
  if (audience.kind === 'tenant') {
    return context.directory.users.filter(({ tenantId }) => tenantId === audience.tenant.id)
  }
  return audience.kind === 'consumers' ? [] : context.directory.users
}

/** The path and query a page was for, if it is one of this server's; nothing else is ever redirected to. */
export function localPath(request: SandboxRequest, returnTo: string): string | undefined {
  if (!returnTo.startsWith('/') || !URL.canParse(returnTo, request.url.origin)) return undefined
  const url = new URL(returnTo, request.url.origin)
  const isOurs =
    url.origin === request.url.origin && /\/oauth2\/(v2\.0\/)?(authorize|deviceauth)$/.test(url.pathname)
  return isOurs ? url.pathname + url.search : undefined
}

function stepOf(
  context: IdentityContext,
  request: SandboxRequest,
  audience: Audience,
): SignInStep | undefined {
  const form = formOf(request)
  const returnTo = localPath(request, form.get('returnTo') ?? '')
  if (returnTo === undefined) return undefined
  return { audience, app: clientOf(context.directory, audience, form.get('app') ?? ''), returnTo }
}

function hidden(step: SignInStep, more: Record<string, string>): Record<string, string> {
  return { returnTo: step.returnTo, app: step.app.appId, ...more }
}

function backTo(step: SignInStep, session: Session): SandboxResponse {
  return {
    status: 302,
    headers: {
      location: step.returnTo,
      'set-cookie': sessionCookie(session),
      'cache-control': 'no-store',
    },
  }
}

function badStep(): SandboxResponse {
  return {
    status: 400,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'the sign-in page is out of date',
  }
}
