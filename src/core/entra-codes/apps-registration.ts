import type { EntraCodeTable } from './entra-code.ts'
import {
  authenticationPage,
  consentPage,
  page,
  showProfile,
  tellAdministrator,
  tellDeveloper,
} from './next-steps.ts'

const redirects = page('identity-platform/how-to-add-redirect-uri')
const enableApp =
  'set "Enabled for users to sign in" to yes: Microsoft Entra admin center > Enterprise applications > (app) > Properties'
const registerLoopback = `register http://localhost under "Mobile and desktop applications": ${authenticationPage}`

/** The app registration, and the app as this tenant knows it. */
export const registrationCodes: EntraCodeTable = {
  700016: {
    name: 'UnauthorizedClient_DoesNotMatchRequest',
    fact: 'there is no app with this client id in this tenant',
    causes: [
      'the profile names the wrong tenant',
      'the client id has a typing error, or is the object id of the app',
      'the app belongs to another tenant and was never consented to in this one',
    ],
    who: 'you',
    remedy: [
      'check client id and tenant id of the profile: the wrong tenant is the usual cause',
      'see them with "entra-auth-cli config show NAME"',
      'compare: Microsoft Entra admin center > App registrations > (app) > Overview',
    ],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-AADSTS70001-app-not-found-in-directory',
  },
  700011: {
    name: 'UnauthorizedClientAppNotFoundInOrgIdTenant',
    fact: 'the app is not known in this tenant',
    causes: ['the profile names the wrong tenant', 'nobody in this tenant has consented to the app yet'],
    who: 'you',
    remedy: [showProfile, consentPage],
  },
  70001: {
    name: 'UnauthorizedClient',
    fact: 'the app is unknown or disabled in this tenant',
    causes: ['the client id or the tenant is wrong', 'an administrator disabled the app'],
    who: 'you',
    remedy: [showProfile, enableApp],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-AADSTS70001-app-not-found-in-directory',
  },
  7000112: {
    name: 'UnauthorizedClientApplicationDisabled',
    fact: 'the app is disabled in this tenant',
    causes: ['an administrator blocked sign-in to it', 'Microsoft disabled it for a breach of its terms'],
    who: 'administrator',
    remedy: [enableApp],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000112-application-is-disabled',
  },
  1000031: {
    fact: 'the app cannot be used at this time',
    causes: ['an administrator or Microsoft has closed access to it; Microsoft publishes no more about it'],
    who: 'administrator',
    remedy: [tellAdministrator, enableApp],
  },
  501051: {
    fact: 'the app is not assigned to any role of the API',
    causes: ['the API demands assignment, and this app has none'],
    who: 'app-owner',
    remedy: [
      'add an application permission of the API: App registrations > (app) > API permissions, then grant consent',
      consentPage,
    ],
    link: page('identity-platform/v2-oauth2-client-creds-grant-flow'),
  },
  90099: {
    fact: 'the app has not been authorized in this customer tenant for delegated administrators',
    causes: ['a partner uses an app in the tenant of a customer who has not allowed it'],
    who: 'administrator',
    remedy: [consentPage, 'or consent for the customer through the Partner Center API'],
  },
  70003: {
    name: 'UnsupportedGrantType',
    fact: 'the kind of request (grant type) is not supported',
    causes: ['the grant type is misspelled, or the endpoint does not know it'],
    who: 'developer',
    remedy: [
      'name the flow explicitly: "entra-auth-cli get-token -p NAME --flow client-credentials"',
      tellDeveloper,
    ],
  },
  500113: {
    fact: 'the app has no redirect URI',
    causes: ['nobody has registered one yet'],
    who: 'app-owner',
    remedy: [
      'register http://localhost under "Mobile and desktop applications"',
      `the page is ${authenticationPage}`,
    ],
    link: redirects,
  },
  900971: {
    fact: 'the request names no redirect URI, and the app has none',
    causes: ['nobody has registered one yet'],
    who: 'app-owner',
    remedy: [registerLoopback],
    link: redirects,
  },
  70004: {
    name: 'InvalidRedirectUri',
    fact: 'the redirect URI is not one of the app',
    causes: ['the redirect URI of the request is not registered, or differs by a path, a slash or a port'],
    who: 'app-owner',
    remedy: [
      registerLoopback,
      'or use one that is: "entra-auth-cli get-token -p NAME --redirect-uri http://localhost:8400"',
    ],
    link: redirects,
  },
  70005: {
    name: 'UnsupportedResponseType',
    fact: 'the app may not ask for this kind of answer (response type)',
    causes: [
      'the implicit flow is not enabled for the app',
      'an ID token was asked for without the scope openid',
    ],
    who: 'developer',
    remedy: ['use the authorization code flow, as this tool does', `implicit flow: ${authenticationPage}`],
  },
  700051: {
    fact: 'the app may not get tokens straight from the sign-in page (implicit flow)',
    causes: ["response type 'token' was asked for, which is off unless somebody turns it on"],
    who: 'developer',
    remedy: [
      'use the authorization code flow: "entra-auth-cli get-token -p NAME --flow authorization-code"',
      `or turn on "Access tokens": ${authenticationPage}`,
    ],
  },
  700054: {
    fact: 'the app may not get ID tokens straight from the sign-in page (implicit flow)',
    causes: ["response type 'id_token' was asked for, which is off unless somebody turns it on"],
    who: 'developer',
    remedy: [`turn on "ID tokens": ${authenticationPage}`, 'or use the authorization code flow'],
  },
  501461: {
    fact: 'custom claims are not allowed for this application ID URI',
    causes: [
      'the API maps claims, but its identifier is neither its client id nor in a verified domain of the tenant',
    ],
    who: 'app-owner',
    remedy: [
      'give the API an identifier in a verified domain: App registrations > (API) > Expose an API',
      'or give it a signing key of its own',
    ],
  },
}
