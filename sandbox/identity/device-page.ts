import { type ConsentDecision, consentForm, demandPermitted } from './consent-step.ts'
import type { IdentityContext } from './context.ts'
import { delegatedScopes, neededConsents } from './delegated-scopes.ts'
import type { DeviceSignIn } from './device-codes.ts'
import { type SandboxRequest, type SandboxResponse, formOf, page } from '../http.ts'
import { deviceDonePage, devicePage, pageSecurityHeaders } from '../pages/index.ts'
import { type SignInStep, owesSecondFactor, secondFactorForm, sessionOf, signInForm } from './sign-in.ts'
import { tenantName } from './token-exchange.ts'

const path = '/common/oauth2/deviceauth'

/** The page a person types the code into, and the way from there through sign-in and consent. */
export function deviceSignInPage(context: IdentityContext, request: SandboxRequest): SandboxResponse {
  if (request.method === 'POST') {
    const userCode = formOf(request).get('user_code') ?? ''
    const signIn = context.devices.findPending(userCode, context.now())
    // The code alone is no sign-in: even with a session the person is asked who they are.
    return signIn ? signInForm(context, stepOf(signIn)) : wrongCode(userCode)
  }
  const userCode = request.url.searchParams.get('user_code')
  return userCode === null ? codeForm('') : continueDeviceSignIn(context, request, userCode, undefined)
}

/** Goes on after a page of the sign-in; `decision` is what the consent page posted. */
export function continueDeviceSignIn(
  context: IdentityContext,
  request: SandboxRequest,
  userCode: string,
  decision: ConsentDecision | undefined,
): SandboxResponse {
  const signIn = context.devices.findPending(userCode, context.now())
  if (!signIn) return wrongCode(userCode)
  const step = stepOf(signIn)
  const session = sessionOf(context, request)
  // A link with the code in it must not sign anybody in by itself.
  if (session?.madeFor !== step.returnTo) return codeForm(userCode)
  if (owesSecondFactor(session)) return secondFactorForm(step, session.user)
  const { app, audience } = signIn
  const scopes = delegatedScopes(context.directory, signIn, {
    appName: app.displayName,
    tenantName: tenantName(audience),
  })
  const needed = neededConsents(context.directory, context.consents, app, session.user, scopes)
  if (decision === 'cancel') {
    context.devices.settle(signIn.deviceCode, { kind: 'declined' })
    return codeForm('', 'You declined. The app was told; you can close this window.')
  }
  demandPermitted(session.user, needed)
  if (needed.length > 0 && decision === undefined) return consentForm(step, session.user, needed)
  for (const { api, permission } of needed) {
    context.consents.give(app, session.user, api, [permission.value])
  }
  const { user, amr, signedInAt } = session
  context.devices.settle(signIn.deviceCode, { kind: 'approved', user, amr, at: signedInAt })
  return page(200, deviceDonePage({ app }), pageSecurityHeaders())
}

function stepOf({ app, audience, userCode }: DeviceSignIn): SignInStep {
  return { app, audience, returnTo: `${path}?user_code=${userCode}` }
}

function wrongCode(userCode: string): SandboxResponse {
  return codeForm(userCode, 'That code did not work. Check the code and try again.')
}

function codeForm(userCode: string, error?: string): SandboxResponse {
  const html = devicePage({
    action: path,
    fields: {},
    ...(userCode === '' ? {} : { userCode }),
    ...(error === undefined ? {} : { error }),
  })
  return page(200, html, pageSecurityHeaders())
}
