import type { EntraCodeTable } from './entra-code.ts'
import { openTicket, signInInBrowser, tryAgainSoon } from './sign-in-remedies.ts'

const registerFactor = 'register a method at https://aka.ms/mysecurityinfo'
const useApp =
  'for a job without people, give the profile a client of its own: "entra-auth-cli config create"'
const policies = 'Microsoft Entra admin center > Conditional Access > Policies'

/** Multifactor authentication: asked for, missing, expired, or given by somebody else. */
export const secondFactorCodes: EntraCodeTable = {
  50072: {
    name: 'UserStrongAuthEnrollmentRequiredInterrupt',
    fact: 'the user must register a second factor first',
    causes: ['the organization demands multifactor authentication, and the user has no method yet'],
    who: 'you',
    remedy: [signInInBrowser, registerFactor],
  },
  50074: {
    name: 'UserStrongAuthClientAuthNRequiredInterrupt',
    fact: 'a second factor is required, and it was not given',
    causes: [
      'the request on the phone was declined or not answered',
      'the sign-in was one that cannot show a page, such as a refresh in a script',
    ],
    who: 'you',
    remedy: [signInInBrowser, registerFactor],
  },
  50076: {
    name: 'UserStrongAuthClientAuthNRequired',
    fact: 'a second factor is required',
    causes: [
      'a conditional access policy demands it for this API or from this place',
      'an administrator turned multifactor authentication on since the last sign-in',
      'the sign-in was one that cannot show a page, such as a refresh in a script',
    ],
    who: 'you',
    remedy: [signInInBrowser, useApp],
  },
  50078: {
    name: 'UserStrongAuthExpired',
    fact: 'the second factor was given too long ago',
    causes: ['a policy of the organization wants it anew after some time'],
    who: 'you',
    remedy: [signInInBrowser],
  },
  50079: {
    name: 'UserStrongAuthEnrollmentRequired',
    fact: 'the user must register a second factor first',
    causes: [
      'a policy demands multifactor authentication, and the user has no method yet',
      'the identity provider of a federated user did not report a second factor',
      'the user is in a place from which a second factor is newly demanded',
    ],
    who: 'you',
    remedy: [signInInBrowser, registerFactor],
  },
  50087: {
    name: 'SasRetryableError',
    fact: 'the second factor could not be checked for a moment',
    causes: ['a passing fault of the service'],
    who: 'microsoft',
    remedy: [tryAgainSoon, openTicket],
    code: 'network',
  },
  50088: {
    fact: 'too many calls or text messages were asked for as a second factor',
    causes: ['several attempts in a row', 'somebody else tries to sign in as the user'],
    who: 'you',
    remedy: [
      'wait some minutes, then sign in with an authenticator app or a passkey',
      'register one at https://aka.ms/mysecurityinfo',
    ],
  },
  50158: {
    name: 'ExternalSecurityChallenge',
    fact: 'the check by an external provider that a policy demands was not passed',
    causes: [
      'the page of the external provider was closed or the check failed there',
      'the sign-in was one that cannot show a page',
    ],
    who: 'you',
    remedy: [signInInBrowser, 'ask an administrator which provider the policy names'],
  },
  50161: {
    name: 'InvalidExternalSecurityChallengeConfiguration',
    fact: 'the external provider of a second factor sent less than Entra asked for',
    causes: ['the custom control or the external method is not set up as the provider needs it'],
    who: 'administrator',
    remedy: [`compare the control with the provider's manual: ${policies} > Custom controls`],
  },
  50166: {
    name: 'ExternalClaimsProviderThrottled',
    fact: 'the external provider of a second factor could not be reached',
    causes: ['the provider is down or has too many requests'],
    who: 'administrator',
    remedy: [tryAgainSoon, 'ask the provider of the external second factor'],
    code: 'network',
  },
  50170: {
    name: 'MissingExternalClaimsProviderMapping',
    fact: 'the policy names an external control that is not set up',
    causes: ['the custom control was deleted or renamed while a policy still names it'],
    who: 'administrator',
    remedy: [`mend the control or the policy: ${policies} > Custom controls`],
  },
  53004: {
    name: 'ProofUpBlockedDueToRisk',
    fact: 'a second factor cannot be registered now, for the sign-in is rated a risk',
    causes: ['an unusual place or device', 'the account has no method yet, and its sign-ins look suspicious'],
    who: 'administrator',
    remedy: [
      'sign in from a known device and network',
      'have an administrator hand out a Temporary Access Pass: Microsoft Entra admin center > Users > the user > Authentication methods',
    ],
  },
  53010: {
    name: 'ProofUpBlockedDueToSecurityInfoAcr',
    fact: 'a second factor can be registered only from certain places or devices',
    causes: ['a conditional access policy guards the registration of security information'],
    who: 'you',
    remedy: [
      "register at https://aka.ms/mysecurityinfo from the organization's network or a managed device",
      'ask an administrator for a Temporary Access Pass',
    ],
  },
  54008: {
    fact: 'a second factor is demanded, and the credential used does not count as a first one',
    causes: ['the sign-in used a method that may only follow another, such as a one-time code alone'],
    who: 'you',
    remedy: [signInInBrowser, 'ask an administrator which methods the tenant takes'],
  },
}
