import type { EntraCodeTable } from './entra-code.ts'
import { showProfile, signInInBrowser } from './sign-in-remedies.ts'

const grantConsent =
  'have an administrator consent: Microsoft Entra admin center > App registrations > your app > API permissions > Grant admin consent'
const addPermission =
  'add the permission: Microsoft Entra admin center > App registrations > your app > API permissions > Add a permission'
const giveScope =
  'give one with "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/.default"'

/** Scopes, permissions, and who has agreed to them. */
export const consentCodes: EntraCodeTable = {
  28000: {
    fact: 'the scopes belong to more than one API',
    causes: ['the profile or --scope names scopes of two APIs, such as Graph and Azure management'],
    who: 'you',
    remedy: ['ask for one API at a time; each has a token of its own', giveScope],
  },
  28002: {
    fact: 'the scope is not valid in a request for a token',
    causes: ['the scope is misspelled', 'the scope is of another API than the one the code was for'],
    who: 'you',
    remedy: [
      'write it as <API>/<permission>, such as https://graph.microsoft.com/User.Read',
      'see what the profile asks for with "entra-auth-cli config show NAME"',
    ],
  },
  28003: {
    fact: 'a code cannot be redeemed without a scope',
    causes: ['the request names no scope, or only an empty one'],
    who: 'you',
    remedy: [giveScope, 'see what the profile asks for with "entra-auth-cli config show NAME"'],
  },
  65001: {
    name: 'DelegationDoesNotExist',
    fact: 'the user or an administrator has not consented to what the app asks for',
    causes: [
      'nobody has consented to the app in this tenant yet',
      'a scope was added to the profile or the app since the consent was given',
      'the permission is one that only an administrator can consent to',
      'the client id or the tenant is not the one that was meant',
    ],
    who: 'you',
    remedy: [
      'consent with "entra-auth-cli get-token -p NAME --force --flow interactive-browser --prompt consent", or ask an administrator to consent',
      grantConsent,
      showProfile,
    ],
  },
  65002: {
    fact: 'this app of Microsoft may not call that API of Microsoft',
    causes: [
      'the profile borrows the client id of an app of Microsoft, which is approved for certain APIs only',
      'the scope is of an API that the app has no part in',
    ],
    who: 'you',
    remedy: [
      'register an app of your own (Microsoft Entra admin center > App registrations > New registration)',
      'put its client id into the profile: "entra-auth-cli config edit NAME --client-id GUID"',
    ],
  },
  65004: {
    name: 'UserDeclinedConsent',
    fact: 'the user declined to consent',
    causes: ['"Cancel" was chosen on the page that lists the permissions', 'the page was closed'],
    who: 'you',
    remedy: [
      'sign in again and accept',
      'if a permission seems too much, ask for less with --scope, such as "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/User.Read"',
    ],
  },
  65005: {
    name: 'MisconfiguredApplication',
    fact: 'the app asks for an API that is not among its permissions',
    causes: [
      'the app registration does not list the permission',
      'the API is not there in this tenant, or was deleted',
      'for SAML: the entity id is not that of the app',
    ],
    who: 'app-owner',
    remedy: [addPermission, grantConsent, signInInBrowser],
    link: 'https://learn.microsoft.com/troubleshoot/azure/active-directory/error-code-aadsts650056-misconfigured-app',
  },
}
