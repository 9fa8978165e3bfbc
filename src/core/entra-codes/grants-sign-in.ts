import type { EntraCodeTable } from './entra-code.ts'
import { authenticationPage, page, signInAgain, tellDeveloper } from './next-steps.ts'

const codeFlow = page('identity-platform/v2-oauth2-auth-code-flow')
const desktop = `move the redirect URI to "Mobile and desktop applications": ${authenticationPage}`

/** The authorization code flow in the browser: PKCE, platforms of redirect URIs, sessions. */
export const signInCodes: EntraCodeTable = {
  501481: {
    fact: 'the proof of the sign-in (PKCE code verifier) does not fit',
    causes: ['the code belongs to another sign-in: two ran at once, or an old address was pasted'],
    who: 'you',
    remedy: [signInAgain, tellDeveloper],
    link: codeFlow,
  },
  501491: {
    name: 'InvalidCodeChallengeMethodInvalidSize',
    fact: 'the PKCE code challenge has the wrong size',
    causes: [
      'the app makes the challenge wrongly: it must be the base64url form of a SHA-256 hash, 43 characters',
    ],
    who: 'developer',
    remedy: [
      tellDeveloper,
      'this tool makes it itself: "entra-auth-cli get-token -p NAME --flow authorization-code"',
    ],
    link: codeFlow,
  },
  9002325: {
    fact: 'the app must use PKCE: its redirect URI is registered for a single-page app',
    causes: ['the redirect URI stands under "Single-page application" instead of "Web" or desktop'],
    who: 'app-owner',
    remedy: [desktop],
    link: codeFlow,
  },
  9002326: {
    fact: 'a web page redeemed the code, and the redirect URI is not registered for single-page apps',
    causes: ['the redirect URI stands under "Web" or desktop, and the request comes from a browser script'],
    who: 'app-owner',
    remedy: [
      `register the redirect URI under "Single-page application": ${authenticationPage}`,
      'for this tool register http://localhost under "Mobile and desktop applications"',
    ],
    link: codeFlow,
  },
  9002327: {
    fact: 'the redirect URI is for single-page apps, whose codes only a web page can redeem',
    causes: ['http://localhost is registered under "Single-page application"'],
    who: 'app-owner',
    remedy: [desktop],
    link: codeFlow,
  },
  160021: {
    name: 'AppSessionSelectionInvalidSessionNotExist',
    fact: 'the app asked for a session of a user that does not exist',
    causes: ['the session id that the app keeps has expired, or the user has signed out'],
    who: 'you',
    remedy: ['sign in anew: "entra-auth-cli get-token -p NAME --prompt select_account"', tellDeveloper],
  },
  500121: {
    fact: 'the second factor was not given',
    causes: [
      'the request on the phone was declined, or not answered in time',
      'the method of the second factor is no longer set up or not allowed',
    ],
    who: 'you',
    remedy: [
      'try again and answer on the phone: "entra-auth-cli get-token -p NAME"',
      'check your methods at https://mysignins.microsoft.com/security-info',
    ],
  },
  399218: {
    fact: 'the user must confirm the sign-in to this tenant',
    causes: ['a page asked whether this app was meant to be signed in to; that keeps tricksters out'],
    who: 'you',
    remedy: [
      'sign in in a browser and confirm: "entra-auth-cli get-token -p NAME --flow interactive-browser"',
    ],
    code: 'interaction_required',
  },
  130500: {
    fact: 'the company policy does not allow signing in by phone',
    causes: [
      'the user is not among those whom the policy of Microsoft Authenticator lets sign in without password',
    ],
    who: 'administrator',
    remedy: [
      'choose another method: "entra-auth-cli get-token -p NAME --prompt login"',
      'add the user: Microsoft Entra admin center > Authentication methods > Policies > Microsoft Authenticator',
    ],
  },
  1000000: {
    name: 'UserNotBoundError',
    fact: 'the user has not yet signed in at the other identity provider that belongs to this account',
    causes: ['the account is to be bound to another provider, and that step is still missing'],
    who: 'you',
    remedy: ['sign in in a browser and finish both steps: "entra-auth-cli get-token -p NAME --prompt login"'],
    code: 'interaction_required',
  },
  1000002: {
    name: 'BindCompleteInterruptError',
    fact: 'the account has just been bound to the other identity provider',
    causes: ['nothing is wrong: the page only tells the user so'],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
  },
}
