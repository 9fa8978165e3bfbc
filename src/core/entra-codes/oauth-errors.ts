import type { EntraCode } from './entra-code.ts'
import {
  checkStatus,
  openTicket,
  registerRedirect,
  showProfile,
  signInAgain,
  signInAsSomebodyElse,
  signInInBrowser,
  signInLogs,
  tryAgainSoon,
} from './sign-in-remedies.ts'

/** What errors mean that have a name in place of a number. */
export type NamedErrorTable = Readonly<Record<string, EntraCode>>

const registerDevice =
  'register the machine anew: Windows Settings > Accounts > Access work or school > Connect'
const addVerbose = 'add --verbose to see more'

const consentRequired: EntraCode = {
  fact: 'the user or an administrator has not consented to what the app asks for',
  causes: ['nobody has consented to the app yet', 'the app asks for more than was consented to'],
  who: 'you',
  remedy: [
    'consent with "entra-auth-cli get-token -p NAME --force --flow interactive-browser --prompt consent"',
    'have an administrator consent: Microsoft Entra admin center > App registrations > your app > API permissions > Grant admin consent',
  ],
  code: 'interaction_required',
}

/**
 * Ends of a device code, which say more than the number that comes with them.
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export const deviceErrors: NamedErrorTable = {
  authorization_declined: {
    fact: 'the sign-in was declined',
    causes: ['"Cancel" or "No" was chosen on the page where the code was entered'],
    who: 'you',
    remedy: ['sign in again and accept', signInInBrowser],
  },
  expired_token: {
    fact: 'the device code has expired',
    causes: ['nobody entered it within its time, which is 15 minutes as a rule'],
    who: 'you',
    remedy: ['run it again for a new code', signInInBrowser],
    code: 'timeout',
  },
}

/**
 * OAuth and OpenID Connect errors that mean one thing.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthError
 */
export const specificErrors: NamedErrorTable = {
  ...deviceErrors,
  access_denied: {
    fact: 'the sign-in was declined',
    causes: [
      '"Cancel" was chosen on the sign-in page or on the page that lists the permissions',
      'a policy of the organization does not allow it',
    ],
    who: 'you',
    remedy: ['sign in again and accept', signInLogs],
  },
  authorization_pending: {
    fact: 'nobody has entered the device code yet',
    causes: ['the sign-in is not finished; while it lasts, this answer is normal'],
    who: 'you',
    remedy: ['enter the code on the page that was named with it, and wait'],
  },
  slow_down: {
    fact: 'the device code was asked about too often',
    causes: ['the client asks more often than the interval it was given'],
    who: 'developer',
    remedy: ['wait five seconds more between two requests, as RFC 8628 section 3.5 says'],
  },
  bad_verification_code: {
    fact: 'the device code is not known',
    causes: ['the code has expired, was used already, or was mistyped'],
    who: 'you',
    remedy: ['run it again for a new code'],
  },
  temporarily_unavailable: {
    fact: 'Entra is busy',
    causes: ['a passing load or fault of the service', 'this client or tenant sends too many requests'],
    who: 'microsoft',
    remedy: ['try again in a minute', checkStatus],
    code: 'network',
  },
  interaction_required: {
    fact: 'a person must sign in on a page',
    causes: [
      'a policy demands a second factor or a managed device',
      'the sign-in has expired or was revoked',
      'the app asks for something nobody consented to yet',
    ],
    who: 'you',
    remedy: [signInInBrowser],
    code: 'interaction_required',
  },
  login_required: {
    fact: 'nobody is signed in',
    causes: ['the session has ended', 'the app asked for a sign-in without a page (prompt=none)'],
    who: 'you',
    remedy: [signInInBrowser],
    code: 'interaction_required',
  },
  account_selection_required: {
    fact: 'an account must be chosen',
    causes: ['several accounts are signed in, and the request does not say which is meant'],
    who: 'you',
    remedy: [signInAsSomebodyElse, 'name it with --login-hint'],
    code: 'interaction_required',
  },
  consent_required: consentRequired,
  insufficient_claims: {
    fact: 'the API wants a new token with more claims in it',
    causes: [
      'the sign-in was revoked or a policy changed, and the API checks that at once (continuous access evaluation)',
      'the API demands a stronger sign-in',
    ],
    who: 'you',
    remedy: [
      `repeat the "claims" of the API's WWW-Authenticate header: "entra-auth-cli get-token -p NAME --claims '{}'", with that JSON in place of {}`,
    ],
    link: 'https://learn.microsoft.com/entra/identity-platform/claims-challenge',
  },
}

/**
 * OAuth errors that name a kind only: the sentence that comes with them says more.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export const generalErrors: NamedErrorTable = {
  invalid_request: {
    fact: 'the request is malformed',
    causes: [
      'a parameter is missing, is there twice or has a value that is not valid',
      'the redirect URI, the scope or the tenant of the profile is misspelled',
    ],
    who: 'you',
    remedy: ['check the profile with "entra-auth-cli config show NAME"', addVerbose],
  },
  invalid_client: {
    fact: 'the app could not prove who it is',
    causes: [
      'the client secret is wrong or has expired',
      'the certificate is not the one that is registered',
      'the app must prove itself and the profile has nothing to do so, or the other way round',
    ],
    who: 'app-owner',
    remedy: [
      'check secret or certificate: Microsoft Entra admin center > App registrations > your app > Certificates & secrets',
      showProfile,
    ],
  },
  invalid_grant: {
    fact: 'the code, the refresh token or the assertion is no longer valid',
    causes: [
      'it has expired or was used already',
      'the sign-in was revoked, or the password changed since',
      'it was issued for another app, tenant or redirect URI',
    ],
    who: 'you',
    remedy: [signInAgain],
  },
  unauthorized_client: {
    fact: 'the app may not do this',
    causes: [
      'the app is not known in this tenant',
      'the app is disabled, or this flow is turned off for it',
      'the client id or the tenant of the profile is wrong',
    ],
    who: 'app-owner',
    remedy: [
      showProfile,
      'see whether the app is there and enabled: Microsoft Entra admin center > Enterprise applications',
    ],
  },
  unsupported_grant_type: {
    fact: 'the authority does not know this flow',
    causes: ['the flow is not offered there', 'the request names the grant wrongly'],
    who: 'you',
    remedy: ['choose another one with --flow, such as "entra-auth-cli get-token -p NAME --flow device-code"'],
  },
  invalid_scope: {
    fact: 'a scope is not valid',
    causes: ['the scope is misspelled', 'scopes of several APIs are asked for at once'],
    who: 'you',
    remedy: [
      'write it as <API>/<permission>, such as https://graph.microsoft.com/User.Read, and all of one API',
      'see what the profile asks for with "entra-auth-cli config show NAME"',
    ],
  },
  invalid_resource: {
    fact: 'the API that is asked for is not known',
    causes: ['the API is misspelled in the scope', 'the API is not there in this tenant'],
    who: 'you',
    remedy: [
      'check the scope with "entra-auth-cli config show NAME"; it starts with the Application ID URI of the API',
      'see whether the API is there: Microsoft Entra admin center > Enterprise applications',
    ],
  },
  invalid_target: {
    fact: 'the API that is asked for is not known',
    causes: ['the API is misspelled in the request'],
    who: 'you',
    remedy: ['check the scope with "entra-auth-cli config show NAME"'],
  },
  unsupported_response_type: {
    fact: 'the app is not allowed the kind of answer that is asked for',
    causes: ['the app asks for tokens from the sign-in page, and the implicit grant is off'],
    who: 'developer',
    remedy: [
      'ask for a code (response_type=code)',
      'or allow it: Microsoft Entra admin center > App registrations > your app > Authentication > Implicit grant and hybrid flows',
    ],
  },
  invalid_redirect_uri: {
    fact: 'the redirect URI is not registered for this app',
    causes: ['the redirect URI of the profile is not exactly the one that is registered'],
    who: 'app-owner',
    remedy: [registerRedirect],
  },
  server_error: {
    fact: 'the authority failed inside',
    causes: ['a passing fault of the service'],
    who: 'microsoft',
    remedy: [tryAgainSoon, checkStatus, openTicket],
  },
  invalid_token: {
    fact: 'the token was not accepted',
    causes: ['it has expired or was revoked', 'it is for another API', 'it was cut or changed on the way'],
    who: 'you',
    remedy: [
      'look at audience and expiry with "entra-auth-cli inspect -f token.txt -o pretty"',
      'get a new one with "entra-auth-cli get-token -p NAME --force"',
    ],
  },
  insufficient_scope: {
    fact: 'the token lacks a permission that the API demands',
    causes: ['the scope was not asked for', 'the permission was not consented to or not granted to the app'],
    who: 'you',
    remedy: [
      'compare the scopes with what the API demands: "entra-auth-cli discover -p NAME"',
      'ask for it with "entra-auth-cli get-token -p NAME --force --scope SCOPE"',
    ],
  },
  request_not_supported: {
    fact: 'the authority takes no request objects',
    causes: ['the app sends the parameter "request"'],
    who: 'developer',
    remedy: ['send the parameters one by one'],
  },
  request_uri_not_supported: {
    fact: 'the authority takes no request objects by address',
    causes: ['the app sends the parameter "request_uri"'],
    who: 'developer',
    remedy: ['send the parameters one by one'],
  },
  registration_not_supported: {
    fact: 'apps cannot be registered while somebody signs in',
    causes: ['the app sends the parameter "registration"'],
    who: 'developer',
    remedy: ['register the app first: Microsoft Entra admin center > App registrations > New registration'],
  },
  invalid_request_uri: {
    fact: 'the request object cannot be read from its address',
    causes: ['the address in "request_uri" does not answer or holds something else'],
    who: 'developer',
    remedy: ['send the parameters one by one'],
  },
  invalid_request_object: {
    fact: 'the request object is not valid',
    causes: ['its signature or a parameter in it is wrong'],
    who: 'developer',
    remedy: ['send the parameters one by one'],
  },
}

/**
 * The `suberror` with which Entra says what would help.
 * @see https://learn.microsoft.com/entra/msal/dotnet/advanced/exceptions/msal-error-handling
 */
export const subErrors: NamedErrorTable = {
  consent_required: consentRequired,
  basic_action: {
    fact: 'a step on the sign-in page is missing that the user can take',
    causes: ['a second factor, a new password or terms of use are asked for'],
    who: 'you',
    remedy: [signInInBrowser],
    code: 'interaction_required',
  },
  additional_action: {
    fact: 'a step outside of the sign-in page is missing',
    causes: ['the device must be registered or managed first', 'something must be set up in another app'],
    who: 'you',
    remedy: [signInInBrowser, registerDevice],
    code: 'interaction_required',
  },
  message_only: {
    fact: 'Entra has a message for the user, and the sign-in does not go on',
    causes: ['a policy of the organization refuses it and says why on the page'],
    who: 'administrator',
    remedy: [`${signInInBrowser} and read the message`, signInLogs],
    code: 'interaction_required',
  },
  user_password_expired: {
    fact: 'the password of the user has expired',
    causes: ['the organization lets passwords expire'],
    who: 'you',
    remedy: [`${signInInBrowser}, where Entra asks for a new password`, 'reset it at https://aka.ms/sspr'],
    code: 'interaction_required',
  },
  bad_token: {
    fact: 'the refresh token is no longer valid',
    causes: [
      'the sign-in was revoked, or the password changed since',
      'a policy demands a new sign-in after some time',
    ],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
  },
  token_expired: {
    fact: 'the refresh token has expired',
    causes: ['it was not used for a long time', 'its app has a fixed lifetime for it'],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
  },
  protection_policy_required: {
    fact: 'conditional access demands an app that Intune protects',
    causes: ['a policy asks for an app protection policy, which a command line cannot have'],
    who: 'administrator',
    remedy: [
      'ask an administrator to leave this app out of the policy: Microsoft Entra admin center > Conditional Access > Policies',
    ],
  },
  client_mismatch: {
    fact: 'the token was issued to another app than the one that shows it',
    causes: ['the client id of the profile was changed since the sign-in'],
    who: 'you',
    remedy: [signInAgain, showProfile],
    code: 'interaction_required',
  },
  device_authentication_failed: {
    fact: 'the device could not prove itself',
    causes: ['the device was disabled or deleted in the tenant', 'its registration is broken'],
    who: 'you',
    remedy: [
      'see what "dsregcmd /status" says of the registration, then leave and join again',
      registerDevice,
    ],
  },
  ui_not_allowed: {
    fact: 'a page would be needed, and the app asked for none',
    causes: ['the app asked for a sign-in without a page (prompt=none)'],
    who: 'you',
    remedy: [signInInBrowser],
    code: 'interaction_required',
  },
  interrupted_user: {
    fact: 'the sign-in was interrupted by something the user must do',
    causes: ['a page asks for a password, a second factor or consent'],
    who: 'you',
    remedy: [signInInBrowser],
    code: 'interaction_required',
  },
}
