import type { EntraCodeTable } from './entra-code.ts'
import { showProfile, signInAgain, tellDeveloper } from './next-steps.ts'

const checkProfile = 'check the profile with "entra-auth-cli config show"'
const ofThisTool = 'if this tool sent it, run it again with --verbose and report what it shows'
const damaged = 'the app builds the request wrongly'
const nameTenant = 'name the tenant: "entra-auth-cli get-token -p NAME --tenant TENANT"'

/** Requests that Entra cannot read: faults of whatever app built them. */
export const requestCodes: EntraCodeTable = {
  90004: {
    name: 'InvalidRequestFormat',
    fact: 'the request is not in the form it must have',
    causes: [damaged],
    who: 'developer',
    remedy: [tellDeveloper, ofThisTool],
  },
  90005: {
    name: 'InvalidRequestWithMultipleRequirements',
    fact: 'the request names the user twice, by an identifier and by a login hint',
    causes: ['both were sent, and only one is allowed'],
    who: 'developer',
    remedy: ['leave out one of them: "entra-auth-cli get-token -p NAME" without --login-hint', tellDeveloper],
  },
  90013: {
    name: 'InvalidUserInput',
    fact: 'something that was typed or configured is not valid',
    causes: [
      'a placeholder stands where a client id, tenant or secret should be',
      'the user name has a typing error',
    ],
    who: 'you',
    remedy: [showProfile, tellDeveloper],
  },
  90014: {
    name: 'MissingRequiredField',
    fact: 'a field is missing in the request',
    causes: ['an app left it out, or sent it empty; the message names it'],
    who: 'you',
    remedy: [checkProfile, tellDeveloper],
  },
  900144: {
    fact: 'a parameter is missing in the request',
    causes: ['an app left it out, or sent it empty; the message names it', 'the body was not sent as a form'],
    who: 'developer',
    remedy: [checkProfile, tellDeveloper],
  },
  90015: {
    name: 'QueryStringTooLong',
    fact: 'the address of the request is too long',
    causes: ['many scopes were asked for at once', 'the app puts much into state or claims'],
    who: 'you',
    remedy: [
      'ask for fewer: "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/.default"',
    ],
  },
  90016: {
    name: 'MissingRequiredClaim',
    fact: 'the token handed in lacks a claim that is needed',
    causes: ['it is another kind of token than this request takes'],
    who: 'developer',
    remedy: ['see what it says: "entra-auth-cli inspect --claims"', tellDeveloper],
  },
  90019: {
    name: 'MissingTenantRealm',
    fact: 'the tenant cannot be told from the request',
    causes: ['neither the address nor the user name says which tenant is meant'],
    who: 'you',
    remedy: [nameTenant, showProfile],
  },
  90022: {
    name: 'AuthenticatedInvalidPrincipalNameFormat',
    fact: 'the name of the user or service is not in the form it must have',
    causes: ['it must read name, name/host or name/host@realm'],
    who: 'developer',
    remedy: [tellDeveloper],
  },
  90023: {
    name: 'InvalidRequest',
    fact: 'the request is not valid',
    causes: [
      'a parameter has a value that does not fit; the message says which',
      'a secret was sent for an app that is a public client',
    ],
    who: 'you',
    remedy: [showProfile, tellDeveloper],
  },
  9002313: {
    name: 'InvalidRequest',
    fact: 'the request is malformed',
    causes: [
      'a value was cut or encoded twice: a refresh token, a code, an address',
      'a proxy on the way changed the request',
    ],
    who: 'you',
    remedy: [checkProfile, signInAgain, tellDeveloper],
  },
  90100: {
    name: 'InvalidRequestParameter',
    fact: 'a parameter of the request is empty or not valid',
    causes: [damaged],
    who: 'developer',
    remedy: [tellDeveloper, ofThisTool],
  },
  90101: {
    name: 'InvalidEmailAddress',
    fact: 'what was given is not an e-mail address',
    causes: ['the user name has a typing error; it must read like someone@example.com'],
    who: 'you',
    remedy: ['give it in full: "entra-auth-cli get-token -p NAME --login-hint someone@example.com"'],
  },
  90102: {
    name: 'InvalidUriParameter',
    fact: 'a parameter must be a full address (URI) and is not',
    causes: ['an address lacks its beginning, such as https://'],
    who: 'developer',
    remedy: [showProfile, tellDeveloper],
  },
  90107: {
    name: 'InvalidXml',
    fact: 'the request is not valid XML',
    causes: ['the password or user name holds characters that the app does not escape', damaged],
    who: 'developer',
    remedy: [tellDeveloper],
  },
  90114: {
    name: 'InvalidExpiryDate',
    fact: 'a bulk token was asked for with an end in the past',
    causes: ['the date of the provisioning package is over, or the clock of the machine is wrong'],
    who: 'administrator',
    remedy: ['make the provisioning package anew with a later date'],
  },
  90117: {
    name: 'InvalidRequestInput',
    fact: 'the request holds something that is not valid',
    causes: ['Microsoft publishes no more about it'],
    who: 'developer',
    remedy: [tellDeveloper, ofThisTool],
  },
  90125: {
    name: 'DebugModeEnrollTenantNotFound',
    fact: 'the user is not known',
    causes: ['the user name has a typing error'],
    who: 'you',
    remedy: ['type it again: "entra-auth-cli get-token -p NAME --prompt login"'],
  },
  90126: {
    name: 'DebugModeEnrollTenantNotInferred',
    fact: 'the tenant cannot be told from the user name',
    causes: ['this kind of user cannot sign in at this endpoint'],
    who: 'you',
    remedy: [nameTenant, showProfile],
  },
}
