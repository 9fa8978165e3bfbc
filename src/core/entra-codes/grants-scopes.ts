import type { EntraCodeTable } from './entra-code.ts'
import { consentPage, page, permissionsPage, showProfile, tellAdministrator } from './next-steps.ts'

const scopes = page('identity-platform/scopes-oidc')
const consent = page('identity/enterprise-apps/grant-admin-consent')
const subscription =
  'if it should be there: Microsoft 365 admin center > Billing > Your products, or create its service principal'

/** Scopes, the APIs they name, and consent to them. */
export const scopeCodes: EntraCodeTable = {
  70011: {
    name: 'InvalidScope',
    fact: 'a scope is not valid',
    causes: [
      'a permission stands without its API, or is spelled wrong',
      'the scopes belong to several APIs',
      '"<API>/.default" is mixed with single permissions',
    ],
    who: 'you',
    remedy: [
      'write it as <API>/<permission>, such as https://graph.microsoft.com/User.Read, and all of one API',
      'try it for one call: "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/.default"',
    ],
    link: scopes,
  },
  700022: {
    name: 'InvalidMultipleResourcesScope',
    fact: 'the scopes belong to more than one API',
    causes: ['a token is for one API; scopes of two were asked for at once'],
    who: 'you',
    remedy: ['ask for one API at a time; each has a token of its own', showProfile],
    link: scopes,
  },
  700023: {
    name: 'InvalidResourcelessScope',
    fact: 'none of the scopes names an API to issue an access token for',
    causes: ['only openid, profile, email or offline_access were asked for'],
    who: 'you',
    remedy: [
      'add a scope of an API: "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/User.Read"',
    ],
    link: scopes,
  },
  1002012: {
    fact: 'client credentials take only scopes that end in "/.default"',
    causes: [
      'single permissions were asked for without a person who could consent',
      'the scope was encoded twice, such as https%3A%2F%2F',
    ],
    who: 'you',
    remedy: [
      'use --scope <API>/.default; permissions are granted in the app registration',
      'such as "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/.default"',
    ],
    link: page('identity-platform/v2-oauth2-client-creds-grant-flow'),
  },
  500011: {
    name: 'InvalidResourceServicePrincipalNotFound',
    fact: 'the API named in the scope is not known in this tenant',
    causes: [
      'the scope names the API wrongly: a typing error, a slash too many, or another cloud',
      'the request went to the wrong tenant',
      'nobody has consented to the API here yet, so that it has no service principal',
    ],
    who: 'you',
    remedy: [
      'check the spelling of the scope; the API must have a service principal in the tenant',
      'check the tenant with "entra-auth-cli config show NAME"',
      'an administrator finds it under Microsoft Entra admin center > Enterprise applications > All applications',
    ],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts500011-resource-principal-not-found',
  },
  500014: {
    fact: 'the API is disabled in this tenant',
    causes: ['the subscription that the API belongs to has ended', 'an administrator blocked sign-in to it'],
    who: 'administrator',
    remedy: [
      'check the subscription: Microsoft 365 admin center > Billing > Your products',
      'set "Enabled for users to sign in" to yes: Microsoft Entra admin center > Enterprise applications > (API) > Properties',
    ],
  },
  650051: {
    fact: 'the app could not be added to this tenant',
    causes: [
      'two first sign-ins created the service principal at the same time: the second fails, once',
      'the app asks for permissions that are no longer valid, or for a service without a subscription here',
    ],
    who: 'administrator',
    remedy: ['try again once with "entra-auth-cli get-token -p NAME"', consentPage],
  },
  650052: {
    fact: 'the organization has not subscribed to the service that the app needs',
    causes: [
      'the API has no service principal in the tenant because its product was never bought or turned on',
    ],
    who: 'administrator',
    remedy: ['check that the scope names the right API', subscription],
  },
  650053: {
    fact: 'the API has no permission of the name that the scope asks for',
    causes: [
      'the name of the permission is spelled wrong',
      'the scope stands without its API, and so Entra looked for it in Microsoft Graph',
      'the permission is one for apps only, which is asked for with /.default',
    ],
    who: 'you',
    remedy: [
      'write the scope in full: "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/User.Read"',
      'see the names at Microsoft Entra admin center > App registrations > (API) > Expose an API',
    ],
    link: scopes,
  },
  650054: {
    fact: 'the app asks for permissions of an API that is gone or not in this tenant',
    causes: ['the API was deleted after the app registration listed its permissions'],
    who: 'app-owner',
    remedy: ['remove it: Microsoft Entra admin center > App registrations > (app) > API permissions'],
  },
  650056: {
    fact: 'the app is not set up for this API',
    causes: [
      'the app registration lists no permission of the API',
      'no administrator has consented in this tenant',
      'the client id or the certificate is not the one of the app',
    ],
    who: 'app-owner',
    remedy: [permissionsPage, consentPage, showProfile],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts650056-misconfigured-app',
  },
  650057: {
    fact: 'the app may not ask for this API: its registration does not list it',
    causes: [
      'the API is missing under the permissions of the app registration',
      'the scope names another API than was meant',
    ],
    who: 'app-owner',
    remedy: [permissionsPage, 'check the scopes with "entra-auth-cli config show NAME"'],
  },
  1003031: {
    fact: 'the permissions in the app registration are misconfigured, so nobody can consent to them',
    causes: [
      'the app registration lists no permission at all',
      'an entry names an API or a permission that does not exist',
    ],
    who: 'app-owner',
    remedy: [permissionsPage, 'add at least Microsoft Graph > Delegated permissions > User.Read'],
  },
  90008: {
    name: 'TokenForItselfRequiresGraphPermission',
    fact: 'the app asks for a token for itself, and nobody has consented to that',
    causes: ['the app registration lacks the permission to sign in and read the profile of the user'],
    who: 'app-owner',
    remedy: ['add Microsoft Graph > User.Read at App registrations > (app) > API permissions', consentPage],
  },
  90009: {
    name: 'TokenForItselfMissingIdenticalAppIdentifier',
    fact: 'an app that asks for a token for itself must name itself by its client id',
    causes: ['the scope names the app by its application ID URI'],
    who: 'you',
    remedy: ['ask with the GUID: "entra-auth-cli get-token -p NAME --scope CLIENT_ID/.default"'],
  },
  90094: {
    name: 'AdminConsentRequired',
    fact: 'an administrator must consent to what the app asks for',
    causes: [
      'one of the permissions is reserved for administrators',
      'the tenant does not let users consent themselves',
    ],
    who: 'administrator',
    remedy: [consentPage, 'then sign in again with "entra-auth-cli get-token -p NAME"'],
    link: consent,
  },
  90095: {
    name: 'AdminConsentRequiredRequestAccess',
    fact: 'an administrator must consent, and the page offers to ask one',
    causes: ['users may not consent here, and the tenant takes requests for consent'],
    who: 'administrator',
    remedy: [
      'sign in with "entra-auth-cli get-token -p NAME --flow interactive-browser" and send the request for approval',
      'approve it: Microsoft Entra admin center > Enterprise applications > Admin consent requests',
    ],
    link: page('identity/enterprise-apps/configure-admin-consent-workflow'),
  },
  90093: {
    name: 'GraphUserUnauthorized',
    fact: 'the directory forbids this to the user',
    causes: ['the user lacks the role that the step needs, such as consent for the whole tenant'],
    who: 'administrator',
    remedy: ['have an administrator sign in and consent', tellAdministrator],
    link: consent,
  },
  901002: {
    fact: "the request has a parameter 'resource', which this endpoint does not take",
    causes: ['a request in the form of the old v1.0 endpoint was sent to v2.0'],
    who: 'developer',
    remedy: ['ask with scope <API>/.default instead of resource'],
    link: scopes,
  },
}
