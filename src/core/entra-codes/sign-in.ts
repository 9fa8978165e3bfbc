import type { EntraCodeTable } from './entra-code.ts'
import {
  checkStatus,
  openTicket,
  showProfile,
  signInAgain,
  signInAsSomebodyElse,
  signInInBrowser,
  signInLogs,
  tryAgainSoon,
} from './sign-in-remedies.ts'

/** Sessions, single sign-on, sign-out and prompts on the way of a sign-in. */
export const sessionCodes: EntraCodeTable = {
  16001: {
    name: 'UserAccountSelectionInvalid',
    fact: 'the account that was picked on the sign-in page cannot be used any more',
    causes: [
      'the session behind the tile ended while the page was open',
      'two sign-in pages were open at the same time',
    ],
    who: 'you',
    remedy: [signInAsSomebodyElse, 'sign out of the account in the browser, or use a private window'],
  },
  16002: {
    name: 'AppSessionSelectionInvalid',
    fact: 'the browser has no session of the kind the app asked for',
    causes: [
      'the session that the app names by its "sid" has ended',
      'the app sends the session id of another browser',
    ],
    who: 'you',
    remedy: [signInAgain, 'have the developer send "login_hint" in place of "sid"'],
  },
  50058: {
    name: 'UserInformationNotProvided',
    fact: 'nobody is signed in there',
    causes: [
      'the app asked for a sign-in without a page (prompt=none), and the browser has no session',
      'the session has ended, or the browser blocks the cookies that carry it',
    ],
    who: 'you',
    remedy: ['sign in without --prompt none', signInInBrowser],
  },
  50061: {
    name: 'SignoutInvalidRequest',
    fact: 'the sign-out request is not valid',
    causes: ['the app built the sign-out address or the SAML logout message wrongly'],
    who: 'developer',
    remedy: [
      'send people to the end_session_endpoint of the OpenID configuration',
      'close all windows of the browser, which ends the session too',
    ],
  },
  50068: {
    name: 'SignoutInitiatorNotParticipant',
    fact: 'the app that asked to sign out has no part in the session',
    causes: ['the session has ended already', 'the person signed in to the app with another account'],
    who: 'developer',
    remedy: [
      'treat the session as ended in the app',
      'have the app send the session index it got at sign-in in its logout request',
    ],
  },
  50070: {
    name: 'SignoutUnknownSessionIdentifier',
    fact: 'the sign-out names a user of no session here',
    causes: ['the NameID of the logout request is not the one that was sent at sign-in'],
    who: 'developer',
    remedy: ['send the NameID of the SAML response back unchanged in the logout request'],
  },
  50071: {
    name: 'SignoutMessageExpired',
    fact: 'the sign-out request has expired',
    causes: [
      'the clock of the server that made the logout request is wrong',
      'the page stood open for long before it was sent',
    ],
    who: 'developer',
    remedy: ['set the clock of the server that makes logout requests', 'sign out once more'],
  },
  50085: {
    fact: 'the refresh token needs a new sign-in at the social identity provider',
    causes: ['the account comes from a social provider, whose own session has ended'],
    who: 'you',
    remedy: [signInAgain],
  },
  50089: {
    fact: 'the sign-in took too long and has expired',
    causes: [
      'the sign-in page was left open before it was finished',
      'the page was opened again from the history or a bookmark',
    ],
    who: 'you',
    remedy: [signInAgain],
  },
  50125: {
    name: 'PasswordResetRegistrationRequiredInterrupt',
    fact: 'Entra wants a password reset, or a way to reset it registered, before it goes on',
    causes: [
      'the organization asks everybody to register for self-service password reset',
      'an administrator reset the password',
    ],
    who: 'you',
    remedy: [signInInBrowser, 'register at https://aka.ms/ssprsetup'],
  },
  50132: {
    name: 'SsoArtifactInvalidOrExpired',
    fact: 'the session is no longer valid',
    causes: ['the password was changed or has expired since', 'an administrator revoked the sessions'],
    who: 'you',
    remedy: [signInAgain],
  },
  50133: {
    name: 'SsoArtifactRevoked',
    fact: 'the session was revoked',
    causes: ['the password was changed or has expired since', 'an administrator revoked the sessions'],
    who: 'you',
    remedy: [signInAgain],
  },
  50134: {
    name: 'DeviceFlowAuthorizeWrongDatacenter',
    fact: 'the device code was entered in another region of Entra than the one that issued it',
    causes: [
      'the browser reaches Entra by a VPN or proxy in another part of the world',
      'the account belongs to another cloud than the profile',
    ],
    who: 'you',
    remedy: [
      'enter the code in a browser on the same network, with a new code from "entra-auth-cli get-token -p NAME --force --flow device-code"',
      showProfile,
    ],
  },
  50136: {
    name: 'RedirectMsaSessionToApp',
    fact: 'the sign-in went on with the one personal Microsoft account that is signed in',
    causes: ['the browser holds one session, that of a personal account, where another was meant'],
    who: 'you',
    remedy: [signInAsSomebodyElse],
  },
  50139: {
    name: 'SessionMissingMsaOAuth2RefreshToken',
    fact: 'the session of the personal Microsoft account can no longer be renewed',
    causes: ['the password of the account was changed', 'the consent of the account was withdrawn'],
    who: 'you',
    remedy: [signInAgain],
  },
  50140: {
    name: 'KmsiInterrupt',
    fact: 'Entra asked whether to stay signed in, and the question was not answered',
    causes: [
      'the window was closed at "Stay signed in?"',
      'an automated sign-in met a page that is made for people',
    ],
    who: 'you',
    remedy: [
      `${signInInBrowser} and answer the question "Stay signed in?"`,
      'an administrator can take the question away: Microsoft Entra admin center > Company branding > Show option to remain signed in',
    ],
  },
  50143: {
    name: 'SessionMismatch',
    fact: 'the session belongs to another tenant than the domain hint',
    causes: ['the browser is signed in to another organization', 'the app sends a domain_hint of another'],
    who: 'you',
    remedy: [signInAsSomebodyElse, 'sign in in a private window'],
  },
  50168: {
    name: 'ChromeBrowserSsoInterruptRequired',
    fact: "the browser did not send this Windows machine's sign-in",
    causes: [
      'Chrome or Edge lacks the extension "Microsoft Single Sign On"',
      'the sign-in of Windows itself has expired',
    ],
    who: 'you',
    remedy: [
      'install the extension "Microsoft Single Sign On" in Chrome, or sign in with Edge',
      'lock and unlock Windows, then sign in again',
    ],
  },
  50173: {
    name: 'FreshTokenNeeded',
    fact: 'the sign-in was revoked, or the password changed since',
    causes: [
      'the password was changed after the refresh token was issued',
      'the user or an administrator revoked all sessions',
    ],
    who: 'you',
    remedy: [signInAgain],
  },
  50180: {
    name: 'WindowsIntegratedAuthMissing',
    fact: 'Entra expected the sign-in of the Windows domain',
    causes: [
      'seamless single sign-on is not on in the tenant',
      'this machine is not joined to the domain, or not on its network',
    ],
    who: 'administrator',
    remedy: [
      signInInBrowser,
      'turn it on in Microsoft Entra Connect Sync > Change user sign-in > Enable single sign-on',
    ],
  },
  50196: {
    name: 'LoopDetected',
    fact: 'the same request was made too often in a short time',
    causes: [
      'a script asks for a new token for each of its calls, past the cache',
      'an app signs in again and again because it does not accept the answer',
    ],
    who: 'developer',
    remedy: [
      'wait five minutes, and take --force and --no-cache out of the script: "entra-auth-cli get-token -p NAME" answers from the cache',
      'have the app keep its tokens until they expire',
    ],
  },
  50197: {
    name: 'ConflictingIdentities',
    fact: 'the user could not be told apart from another',
    causes: ['two identities of the same name are signed in', 'the account was moved or made anew lately'],
    who: 'you',
    remedy: [signInAsSomebodyElse, 'sign in in a private window'],
  },
  50199: {
    name: 'CmsiInterrupt',
    fact: 'Entra asked whether this is the app you meant to sign in to, and nobody confirmed it',
    causes: [
      'the window was closed at the question',
      'the redirect URI is of a scheme that makes Entra ask every time',
    ],
    who: 'you',
    remedy: [
      `${signInInBrowser} and confirm the app`,
      'give the app a redirect URI that starts with http:// or https://, which is not asked about',
    ],
  },
  51005: {
    name: 'TemporaryRedirect',
    fact: 'the request is to be sent to another address for now',
    causes: ['the client does not follow the redirect of status 307, or a proxy swallows it'],
    who: 'developer',
    remedy: [
      'follow the Location header with the same method and body',
      'look at the proxy with "entra-auth-cli doctor -p NAME"',
    ],
  },
  51006: {
    name: 'ForceReauthDueToInsufficientAuth',
    fact: 'the session lacks the sign-in of the Windows domain that is asked for',
    causes: ['the session began with a password in place of integrated Windows authentication'],
    who: 'you',
    remedy: [signInAgain, 'sign in from a machine of the domain on its network'],
  },
  50000: {
    name: 'TokenIssuanceError',
    fact: 'Entra failed inside while it made the token',
    causes: ['a passing fault of the service', 'a setting of the app or the tenant that Entra trips over'],
    who: 'microsoft',
    remedy: [tryAgainSoon, checkStatus, openTicket],
  },
  50033: {
    name: 'RetryableError',
    fact: 'Entra failed for a moment',
    causes: ['a passing fault of the service'],
    who: 'microsoft',
    remedy: [tryAgainSoon, checkStatus],
    code: 'network',
  },
  51000: {
    name: 'RequiredFeatureNotEnabled',
    fact: 'a feature that the sign-in needs is turned off',
    causes: ['the tenant has not turned the feature on', 'the feature is not in the license of the tenant'],
    who: 'administrator',
    remedy: [signInLogs, openTicket],
  },
}
