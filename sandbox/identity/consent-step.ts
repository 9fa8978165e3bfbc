import type { NeededConsent } from './delegated-scopes.ts'
import type { User } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { type SandboxResponse, page } from '../http.ts'
import { consentPage, pageSecurityHeaders } from '../pages/index.ts'
import type { SignInStep } from './sign-in.ts'

export type ConsentDecision = 'accept' | 'cancel'

/** The page that asks whether the app may. */
export function consentForm(step: SignInStep, user: User, needed: readonly NeededConsent[]): SandboxResponse {
  const html = consentPage({
    action: `/${step.audience.segment}/consent`,
    fields: { returnTo: step.returnTo, app: step.app.appId },
    app: step.app,
    user,
    permissions: needed.map(({ permission }) => ({
      value: permission.value,
      adminOnly: permission.adminConsentRequired,
    })),
  })
  return page(200, html, pageSecurityHeaders())
}

/** Whether something is needed that this person must not consent to. */
export function adminConsentRequired(user: User, needed: readonly NeededConsent[]): boolean {
  return !user.isAdministrator && needed.some(({ permission }) => permission.adminConsentRequired)
}

/** @throws EntraError AADSTS90094 where only an administrator can consent */
export function demandPermitted(user: User, needed: readonly NeededConsent[]): void {
  if (!adminConsentRequired(user, needed)) return
  throw new EntraError(
    'access_denied',
    90094,
    'Administrator consent is required: the grant requires admin permission.',
  )
}

/** What the client hears when the person chose Cancel. */
export function declined(): EntraError {
  return new EntraError('access_denied', 65004, 'User declined to consent to access the app.', {
    suberror: 'cancel',
  })
}
