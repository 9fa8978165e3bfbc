import { accountCodes } from './accounts.ts'
import { accountTypeCodes } from './apps-accounts.ts'
import { credentialCodes } from './apps-credentials.ts'
import { registrationCodes } from './apps-registration.ts'
import { assertionCodes } from './assertions.ts'
import { conditionalAccessCodes } from './conditional-access.ts'
import { consentCodes } from './consent.ts'
import type { EntraCode, EntraCodeTable } from './entra-code.ts'
import { userCertificateCodes } from './federation-certificates.ts'
import { claimsProviderCodes } from './federation-claims.ts'
import { onPremisesSignInCodes } from './federation-on-premises.ts'
import { passwordChangeCodes } from './federation-passwords.ts'
import { samlCodes } from './federation-saml.ts'
import { workloadFederationCodes } from './federation-workload.ts'
import { wsFederationCodes } from './federation-ws-federation.ts'
import { deviceCodeCodes } from './grants-device-code.ts'
import { scopeCodes } from './grants-scopes.ts'
import { signInCodes } from './grants-sign-in.ts'
import { grantCodes } from './grants-tokens.ts'
import { accessPolicyCodes } from './policy-access.ts'
import { tenantAccessCodes } from './policy-tenants.ts'
import { secondFactorCodes } from './second-factor.ts'
import { availabilityCodes } from './service-availability.ts'
import { cloudCodes } from './service-clouds.ts'
import { deviceCodes } from './service-devices.ts'
import { pageCodes } from './service-pages.ts'
import { requestCodes } from './service-requests.ts'
import { sessionCodes } from './sign-in.ts'
import { tenantCodes } from './tenants.ts'

/** Every table; no number stands in two. */
export const tables: readonly EntraCodeTable[] = [
  accessPolicyCodes,
  accountCodes,
  accountTypeCodes,
  assertionCodes,
  availabilityCodes,
  claimsProviderCodes,
  cloudCodes,
  conditionalAccessCodes,
  consentCodes,
  credentialCodes,
  deviceCodeCodes,
  deviceCodes,
  grantCodes,
  onPremisesSignInCodes,
  pageCodes,
  passwordChangeCodes,
  registrationCodes,
  requestCodes,
  samlCodes,
  scopeCodes,
  secondFactorCodes,
  sessionCodes,
  signInCodes,
  tenantAccessCodes,
  tenantCodes,
  userCertificateCodes,
  workloadFederationCodes,
  wsFederationCodes,
]

const merged: EntraCodeTable = Object.assign({}, ...tables)

/**
 * What an error number of Entra means; undefined for a number that neither Microsoft publishes nor we have met. All of
 * it costs a few milliseconds to load, so whoever may not need it loads it when it does.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function meaningOf(code: number): EntraCode | undefined {
  return merged[code]
}

/** All numbers whose meaning is known, the lowest first. */
export function knownCodes(): readonly number[] {
  return Object.keys(merged).map(Number)
}
