import type { EntraCodeTable } from './entra-code.ts'
import { page, showProfile, signInAgain, signInByBrowser, tellDeveloper } from './next-steps.ts'

const refreshTokens = page('identity-platform/refresh-tokens')
const onBehalfOf = page('identity-platform/v2-oauth2-on-behalf-of-flow')
const lifetime = page('identity/conditional-access/concept-session-lifetime')

/** Authorization codes, refresh tokens and the tokens handed in on behalf of a user. */
export const grantCodes: EntraCodeTable = {
  70000: {
    name: 'InvalidGrant',
    fact: 'the code or refresh token is no longer valid',
    causes: [
      'the refresh token was revoked, replaced or belongs to another app',
      'the authorization code or the redirect URI is not the one of this sign-in',
      'the token is bound to a device or key that the request did not prove',
    ],
    who: 'you',
    remedy: [signInAgain, showProfile],
    link: refreshTokens,
  },
  70008: {
    name: 'ExpiredOrRevokedGrant',
    fact: 'the code or refresh token has expired',
    causes: [
      'the refresh token was not used for a long time, or somebody revoked it',
      'the authorization code was redeemed later than about ten minutes after the sign-in',
    ],
    who: 'you',
    remedy: [signInAgain],
    link: refreshTokens,
  },
  700082: {
    name: 'ExpiredOrRevokedGrantInactiveToken',
    fact: 'the refresh token has expired after a long time without use',
    causes: [
      'nobody has asked for a token with this profile for the time that the tenant allows, 90 days as a rule',
    ],
    who: 'you',
    remedy: [signInAgain],
    link: refreshTokens,
  },
  700084: {
    fact: 'the refresh token of a single-page app has expired',
    causes: [
      'refresh tokens of single-page apps end a fixed time after the sign-in, 24 hours as a rule, and cannot be renewed',
      'the redirect URI is registered for the platform "Single-page application" although a command-line tool uses it',
    ],
    who: 'you',
    remedy: [
      signInAgain,
      'to be asked less often, register http://localhost under "Mobile and desktop applications" instead',
    ],
    link: refreshTokens,
  },
  70043: {
    name: 'BadTokenDueToSignInFrequency',
    fact: 'a conditional access policy wants a fresh sign-in: the last one is too long ago',
    causes: ['a policy sets a sign-in frequency, and its time is over'],
    who: 'you',
    remedy: [signInAgain, 'for unattended work use an app of its own with "--flow client-credentials"'],
    code: 'interaction_required',
    link: lifetime,
  },
  70044: {
    fact: 'the session has ended because a conditional access policy wants a fresh sign-in',
    causes: ['a policy sets a sign-in frequency, and its time is over'],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
    link: lifetime,
  },
  700003: {
    fact: 'the device that the sign-in was bound to is gone from the tenant',
    causes: [
      'an administrator or a clean-up job deleted the device',
      'the device was joined anew and has a new identity',
    ],
    who: 'administrator',
    remedy: [
      'look for "Delete device" in Microsoft Entra admin center > Monitoring & health > Audit logs',
      'register or join the device again, then sign in with "entra-auth-cli get-token -p NAME"',
    ],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts700003-device-object-not-found',
  },
  700005: {
    name: 'InvalidGrantRedeemAgainstWrongTenant',
    fact: 'the authorization code was issued by another tenant than the one that shall redeem it',
    causes: [
      'the sign-in went to common or organizations, and the code to a tenant id, or the other way round',
      'the tenant of the profile changed between sign-in and redemption',
    ],
    who: 'developer',
    remedy: ['use the same tenant for both steps', showProfile],
  },
  7000012: {
    fact: 'the code or refresh token was obtained in another tenant',
    causes: [
      'the sign-in went to another tenant, or to consumers, than the one asked for now',
      'the tenant was overridden with --tenant for one of the two calls only',
    ],
    who: 'you',
    remedy: [
      'sign in to the tenant you want: "entra-auth-cli get-token -p NAME --tenant TENANT"',
      showProfile,
    ],
  },
  700007: {
    fact: 'the code or refresh token belongs to another client id',
    causes: ['a refresh token of one app was used with the client id of another'],
    who: 'you',
    remedy: [signInAgain, showProfile],
  },
  7000110: {
    fact: 'the request names two apps at once: the client id is not the one that the grant was issued to',
    causes: [
      'an authorization code or refresh token of one app is redeemed by another',
      'a client assertion was made for another client id than the request sends',
    ],
    who: 'developer',
    remedy: ['use one client id for the sign-in, the assertion and the redemption', showProfile],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000110-request-is-ambiguous',
  },
  700020: {
    name: 'InteractionRequired',
    fact: 'a person must sign in: the grant needs an interaction',
    causes: ['consent, a second factor or another proof is still missing and cannot be given silently'],
    who: 'you',
    remedy: [signInByBrowser],
    code: 'interaction_required',
  },
  9002341: {
    fact: 'the user must first allow single sign-on for this app',
    causes: ['the question whether to sign in with the account of the device has not been answered with yes'],
    who: 'you',
    remedy: [signInByBrowser, 'agree when the page asks about the account of this device'],
    code: 'interaction_required',
  },
  9002342: {
    fact: 'the user refused to be signed in with the account of the device',
    causes: ['the question of the single sign-on page was answered with no'],
    who: 'you',
    remedy: ['sign in again and agree: "entra-auth-cli get-token -p NAME"'],
    code: 'interaction_required',
  },
  500131: {
    fact: 'the token handed in on behalf of a user was issued for another API than this app',
    causes: [
      'the token is one for Microsoft Graph or another API; its aud must be the app that exchanges it',
      'the profile that exchanges the token has the wrong client id',
    ],
    who: 'developer',
    remedy: [
      'get the first token for the middle-tier app itself: "entra-auth-cli get-token -p NAME --scope api://CLIENT_ID/.default"',
      'see its audience with "entra-auth-cli inspect --claims"',
    ],
    link: onBehalfOf,
  },
  500133: {
    fact: 'the assertion or token handed in is outside its time: expired or not yet valid',
    causes: ['the user token was kept too long before it was exchanged', 'the clock of one machine is wrong'],
    who: 'you',
    remedy: [
      'get a new one with "entra-auth-cli get-token -p NAME --force" and exchange it at once',
      'check the clock with "entra-auth-cli doctor"',
    ],
    link: onBehalfOf,
  },
  7000113: {
    fact: 'the token handed in on behalf of a user belongs to an app, not to a person',
    causes: ['on-behalf-of takes user tokens only; an app-only token was handed in'],
    who: 'developer',
    remedy: [
      'let the app ask for its own token: "entra-auth-cli get-token -p NAME --flow client-credentials"',
      'see whose token it is with "entra-auth-cli inspect --claims": idtyp app, or no scp',
    ],
    link: onBehalfOf,
  },
  7000114: {
    fact: 'this app may not exchange tokens on behalf of another app',
    causes: ['the token handed in is app-only: on-behalf-of is for tokens of users'],
    who: 'developer',
    remedy: [
      'let the app ask for its own token: "entra-auth-cli get-token -p NAME --flow client-credentials"',
      tellDeveloper,
    ],
    link: onBehalfOf,
  },
  240002: {
    name: 'RequiredClaimIsMissing',
    fact: 'the ID token cannot be exchanged on behalf of its user: a claim is missing',
    causes: ['an ID token was handed in where an access token for the app is wanted'],
    who: 'developer',
    remedy: ['hand in an access token whose audience is the app that exchanges it', tellDeveloper],
    link: onBehalfOf,
  },
}
