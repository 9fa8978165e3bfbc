import type { EntraCodeTable } from './entra-code.ts'
import { tellAdministrator, tellDeveloper } from './next-steps.ts'

/** Messages of WS-Federation and SAML 1.1, which AD FS and older apps send: met in logs, not by this tool. */
export const wsFederationCodes: EntraCodeTable = {
  90020: {
    fact: 'the assertion of the identity provider does not say which user it means: ImmutableID is missing',
    causes: ['the claim rules of the federation (AD FS as a rule) lack ImmutableID'],
    who: 'administrator',
    remedy: ['restore the claim rules of the trust with Entra in AD FS', tellAdministrator],
  },
  90081: {
    name: 'OrgIdWsFederationMessageInvalid',
    fact: 'the WS-Federation message is not valid',
    causes: ['the identity provider or the app sent a damaged message'],
    who: 'developer',
    remedy: [tellDeveloper],
  },
  90082: {
    name: 'OrgIdWsFederationNotSupported',
    fact: 'the authentication policy that WS-Federation asks for is not supported',
    causes: ['the app names a policy that Entra does not know'],
    who: 'developer',
    remedy: [tellDeveloper],
  },
  90084: {
    name: 'OrgIdWsFederationGuestNotAllowed',
    fact: 'guests may not sign in to this site',
    causes: ['the user is a guest in the tenant of the site'],
    who: 'administrator',
    remedy: ['sign in with an account of that organization', tellAdministrator],
  },
  90085: {
    name: 'OrgIdWsFederationSltRedemptionFailed',
    fact: 'no token yet: the organization is still being set up',
    causes: ['the tenant was made only moments ago'],
    who: 'microsoft',
    remedy: ['try again in an hour', tellAdministrator],
  },
  90086: {
    name: 'OrgIdWsTrustDaTokenExpired',
    fact: 'the token that vouches for the device has expired',
    causes: ['the session of the device is too old'],
    who: 'you',
    remedy: ['lock and unlock the machine, or sign in to it again', tellAdministrator],
  },
  90087: {
    name: 'OrgIdWsFederationMessageCreationFromUriFailed',
    fact: 'the WS-Federation message could not be read from the address',
    causes: ['the address was cut or changed on the way'],
    who: 'developer',
    remedy: ['start the sign-in anew from the app', tellDeveloper],
  },
}
