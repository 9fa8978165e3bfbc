import {
  type AuthorizationRequest,
  type ReturnAddress,
  authorizationRequest,
  returnAddress,
} from './authorization-request.ts'
import {
  authorizationError,
  authorizationErrorPage,
  authorizationResponse,
} from './authorization-response.ts'
import {
  type ConsentDecision,
  adminConsentRequired,
  consentForm,
  declined,
  demandPermitted,
} from './consent-step.ts'
import type { IdentityContext } from './context.ts'
import { delegatedScopes, neededConsents } from './delegated-scopes.ts'
import { EntraError, diagnosticsOf } from './entra-errors.ts'
import { type SandboxRequest, type SandboxResponse, formOf } from '../http.ts'
import { clientInfo, consentMissing } from './issuance.ts'
import type { ScopeRequest } from './scopes.ts'
import type { Session } from './sessions.ts'
import { type SignInStep, owesSecondFactor, secondFactorForm, sessionOf, signInForm } from './sign-in.ts'
import { guidFrom } from '../stable-ids.ts'
import type { Audience } from './tenancy.ts'
import { tenantName } from './token-exchange.ts'

/** The authorization endpoint, v1 and v2: asks who it is, for a second factor and for consent, then answers a code. */
export function authorizationEndpoint(
  context: IdentityContext,
  request: SandboxRequest,
  audience: Audience,
  version: 1 | 2,
): SandboxResponse {
  const sent = request.method === 'POST' ? formOf(request) : request.url.searchParams
  return authorize(context, request, { audience, version, sent, decision: undefined })
}

interface Attempt {
  readonly audience: Audience
  readonly version: 1 | 2
  readonly sent: URLSearchParams
  /** What the person just decided on the consent page. */
  readonly decision: ConsentDecision | undefined
}

/** Goes as far towards a code as the session allows; also where the consent page posts to. */
export function authorize(
  context: IdentityContext,
  request: SandboxRequest,
  attempt: Attempt,
): SandboxResponse {
  const diagnostics = diagnosticsOf(request, attempt.sent, context.now())
  return orElse(
    () => {
      const address = returnAddress(context.directory, attempt.audience, attempt.sent)
      return orElse(
        () => authorizeFor(context, request, attempt, address),
        (error) => authorizationError(address, error, diagnostics, request.url.origin),
      )
    },
    (error) => authorizationErrorPage(error, diagnostics),
  )
}

function orElse(
  work: () => SandboxResponse,
  refuse: (error: EntraError) => SandboxResponse,
): SandboxResponse {
  try {
    return work()
  } catch (error) {
    if (error instanceof EntraError) return refuse(error)
    throw error
  }
}

function authorizeFor(
  context: IdentityContext,
  request: SandboxRequest,
  attempt: Attempt,
  address: ReturnAddress,
): SandboxResponse {
  const { audience, sent, version } = attempt
  const asked = authorizationRequest(sent, version)
  const scopes = delegatedScopes(context.directory, asked, {
    appName: address.app.displayName,
    tenantName: tenantName(audience),
  })
  const path = `/${audience.segment}/oauth2/${version === 2 ? 'v2.0/' : ''}authorize`
  const step: SignInStep = { audience, app: address.app, returnTo: `${path}?${sent.toString()}` }
  const session = usableSession(context, request, asked, step)
  if (!session) {
    if (asked.prompts.has('none')) throw notSignedIn()
    return signInForm(context, step, asked.loginHint === undefined ? {} : { username: asked.loginHint })
  }
  if (owesSecondFactor(session)) {
    if (asked.prompts.has('none')) throw secondFactorOwed(address.app.appId)
    return secondFactorForm(step, session.user)
  }
  return consentOrCode(context, attempt, { address, asked, scopes, step, session })
}

interface SignedInAttempt {
  readonly address: ReturnAddress
  readonly asked: AuthorizationRequest
  readonly scopes: ScopeRequest
  readonly step: SignInStep
  readonly session: Session
}

function consentOrCode(
  context: IdentityContext,
  { decision }: Attempt,
  { address, asked, scopes, step, session }: SignedInAttempt,
): SandboxResponse {
  const { app } = address
  const isForced = asked.prompts.has('consent')
  const needed = neededConsents(context.directory, context.consents, app, session.user, scopes, isForced)
  if (decision === 'cancel') throw declined()
  if (decision === undefined && (needed.length > 0 || isForced)) {
    if (asked.prompts.has('none'))
      throw new EntraError('consent_required', 65001, consentMissing(app).message)
    if (needed.length > 0) demandPermitted(session.user, needed)
    return consentForm(step, session.user, needed)
  }
  if (adminConsentRequired(session.user, needed)) demandPermitted(session.user, needed)
  for (const { api, permission } of needed) {
    context.consents.give(app, session.user, api, [permission.value])
  }
  return codeResponse(context, { address, asked, scopes, step, session })
}

function codeResponse(
  context: IdentityContext,
  { address, asked, step, session }: SignedInAttempt,
): SandboxResponse {
  const { user } = session
  const tenantId = step.audience.kind === 'tenant' ? step.audience.tenant.id : user.tenantId
  const code = context.codes.issue(
    {
      app: address.app,
      user,
      amr: session.amr,
      signedInAt: session.signedInAt,
      tenantId,
      scope: asked.scope,
      resource: asked.resource,
      redirectUri: address.redirectUri,
      codeChallenge: asked.codeChallenge,
      nonce: asked.nonce,
      claims: asked.claims,
    },
    context.now(),
  )
  return authorizationResponse(address, {
    code,
    ...(asked.wantsClientInfo ? { client_info: clientInfo(user) } : {}),
    session_state: guidFrom('session', session.id),
  })
}

/**
 * The session, unless it is of somebody else or the client wants the person asked again. `prompt=login` and
 * `select_account` are content with a session made for this very request.
 */
function usableSession(
  context: IdentityContext,
  request: SandboxRequest,
  asked: AuthorizationRequest,
  step: SignInStep,
): Session | undefined {
  const session = sessionOf(context, request)
  if (!session) return undefined
  const { audience } = step
  if (audience.kind === 'consumers') return undefined
  if (audience.kind === 'tenant' && session.user.tenantId !== audience.tenant.id) return undefined
  const isMadeForThis = session.madeFor === step.returnTo
  if (isMadeForThis) return session
  const isOther =
    asked.loginHint !== undefined &&
    asked.loginHint.toLowerCase() !== session.user.userPrincipalName.toLowerCase()
  const mustAsk = asked.prompts.has('login') || asked.prompts.has('select_account')
  return isOther || mustAsk ? undefined : session
}

function notSignedIn(): EntraError {
  return new EntraError(
    'login_required',
    50058,
    'A silent sign-in request was sent but no user is signed in.',
  )
}

function secondFactorOwed(appId: string): EntraError {
  return new EntraError(
    'interaction_required',
    50076,
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use ' +
      `multi-factor authentication to access '${appId}'.`,
  )
}
