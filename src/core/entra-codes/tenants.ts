import type { EntraCodeTable } from './entra-code.ts'
import {
  askIdentityProvider,
  openTicket,
  showProfile,
  signInAsSomebodyElse,
  signInInBrowser,
  tryAgainSoon,
} from './sign-in-remedies.ts'

const giveTenant = 'give the tenant with --tenant or in the profile'
const retryThenProvider = [tryAgainSoon, askIdentityProvider]

/** Tenants, clouds, instances, and identity providers that a tenant federates with. */
export const tenantCodes: EntraCodeTable = {
  20001: {
    name: 'WsFedSignInResponseError',
    fact: 'the federated identity provider answered the sign-in with an error',
    causes: ['a fault at the identity provider', 'its trust with Entra is set up wrongly'],
    who: 'administrator',
    remedy: [askIdentityProvider],
  },
  20012: {
    name: 'WsFedMessageInvalid',
    fact: 'the federated identity provider sent a message that Entra cannot use',
    causes: [
      'the certificate with which the provider signs was renewed and Entra was not told',
      'the clock of the provider is wrong',
      'a claim that Entra needs is missing',
    ],
    who: 'administrator',
    remedy: [
      askIdentityProvider,
      'compare signing certificate and issuer with "Get-MgDomainFederationConfiguration" in PowerShell',
    ],
  },
  20033: {
    name: 'FedMetadataInvalidTenantName',
    fact: 'federation metadata were asked for a tenant that does not exist',
    causes: ['the tenant in the metadata address of the identity provider is wrong'],
    who: 'administrator',
    remedy: ['correct the tenant in the metadata address of the federation', askIdentityProvider],
  },
  40008: {
    name: 'OAuth2IdPUnretryableServerError',
    fact: 'the external identity provider failed, and trying again will not help',
    causes: ['a fault at the provider, such as Google or Facebook', 'its app or secret was deleted there'],
    who: 'administrator',
    remedy: [
      'check client id and secret: Microsoft Entra admin center > External Identities > All identity providers',
      askIdentityProvider,
    ],
  },
  40009: {
    name: 'OAuth2IdPRefreshTokenRedemptionUserError',
    fact: 'the external identity provider no longer takes the refresh token of the user',
    causes: [
      'the user withdrew the consent or changed the password there',
      'the session at the provider has expired',
    ],
    who: 'you',
    remedy: [signInInBrowser, askIdentityProvider],
  },
  40010: {
    name: 'OAuth2IdPRetryableServerError',
    fact: 'the external identity provider failed for a moment',
    causes: ['the provider is down or has too many requests'],
    who: 'administrator',
    remedy: retryThenProvider,
    code: 'network',
  },
  40015: {
    name: 'OAuth2IdPAuthCodeRedemptionUserError',
    fact: 'the external identity provider did not take the code of the sign-in',
    causes: [
      'the sign-in there was begun again or took too long',
      'the secret that Entra has for the provider is wrong',
    ],
    who: 'you',
    remedy: [
      signInInBrowser,
      'check client id and secret: Microsoft Entra admin center > External Identities > All identity providers',
    ],
  },
  50002: {
    name: 'NotAllowedTenant',
    fact: 'a proxy on your network does not let you sign in to this tenant',
    causes: ['your organization restricts the tenants that can be reached from its network'],
    who: 'administrator',
    remedy: [
      'ask the network administrators to allow the tenant in the header Restrict-Access-To-Tenants',
      'sign in from another network, where your organization permits it',
    ],
    link: 'https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions',
  },
  50008: {
    name: 'InvalidSamlToken',
    fact: 'the SAML assertion of the identity provider is missing or not valid',
    causes: [
      'the provider signs with a certificate that Entra does not know',
      'the assertion lacks a claim that Entra needs',
      'the assertion has expired, or the clock of the provider is wrong',
    ],
    who: 'administrator',
    remedy: [askIdentityProvider],
  },
  50029: {
    fact: 'the domain in the request has characters that no domain has',
    causes: ['the tenant or a domain hint is misspelled'],
    who: 'you',
    remedy: [`${giveTenant}, as a GUID or a domain such as contoso.onmicrosoft.com`, showProfile],
  },
  50049: {
    name: 'NoSuchInstanceForDiscovery',
    fact: 'Entra does not know the authority by this name',
    causes: [
      'the authority in the profile is misspelled',
      'the authority is of another cloud or is no Entra at all',
    ],
    who: 'you',
    remedy: [
      'check cloud and authority with "entra-auth-cli config show NAME"',
      'name the right cloud: "entra-auth-cli config edit NAME --cloud public"',
    ],
  },
  50050: {
    name: 'MalformedDiscoveryRequest',
    fact: 'the request for the addresses of the authority is malformed',
    causes: ['the authority or the tenant has a slash, a space or a sign too many'],
    who: 'you',
    remedy: ['check cloud and authority with "entra-auth-cli config show NAME"'],
  },
  50059: {
    name: 'MissingTenantRealmAndNoUserInformationProvided',
    fact: 'the tenant cannot be told from the request',
    causes: [
      'an app without a user asked at common or organizations',
      'the user name has no domain that Entra knows',
    ],
    who: 'you',
    remedy: [giveTenant, showProfile],
  },
  50107: {
    name: 'InvalidRealmUri',
    fact: 'the federation that the request names does not exist',
    causes: ['the domain is no longer federated', 'the address of the federation is wrong'],
    who: 'administrator',
    remedy: ['check the domain: Microsoft Entra admin center > Settings > Domain names', askIdentityProvider],
  },
  50128: {
    fact: 'the domain is not known, so the tenant cannot be told',
    causes: [
      'the tenant or the domain of the user name is misspelled',
      'an app without a user asked at common or organizations',
      'the domain is of another cloud',
    ],
    who: 'you',
    remedy: [giveTenant, showProfile],
  },
  50169: {
    name: 'InvalidRequestBadRealm',
    fact: 'the realm in the request is not set up here',
    causes: ['the app sends a wtrealm or whr that belongs to no tenant or domain'],
    who: 'developer',
    remedy: ['send a verified domain of the tenant in the request', openTicket],
  },
  50194: {
    fact: 'the app is for one tenant only, and the request names none',
    causes: [
      'the profile says common, where the app registration has accounts of one organization only',
      'the app was meant to be multitenant and is not',
    ],
    who: 'you',
    remedy: [
      'give the tenant with --tenant or in the profile, in place of common or organizations',
      'or make it multitenant: Microsoft Entra admin center > App registrations > your app > Authentication > Supported account types',
    ],
  },
  50001: {
    name: 'InvalidResource',
    fact: 'the API that is asked for is disabled or does not exist',
    causes: [
      'the API in the scope is misspelled, or lacks its api:// or its slash',
      'the API has no service principal in this tenant',
      'an administrator disabled it',
    ],
    who: 'you',
    remedy: [
      'check the scope with "entra-auth-cli config show NAME"; it starts with the Application ID URI of the API',
      'see whether it is there and enabled: Microsoft Entra admin center > Enterprise applications',
    ],
  },
  52004: {
    name: 'DelegationDoesNotExistForLinkedIn',
    fact: 'the user has not allowed access to LinkedIn',
    causes: ['the account is not connected with LinkedIn'],
    who: 'you',
    remedy: ['connect it: https://myaccount.microsoft.com > Settings & Privacy > Privacy > LinkedIn'],
  },
  50105: {
    name: 'EntitlementGrantsNotFound',
    fact: 'the user is not assigned to this app',
    causes: [
      'the app demands assignment, and neither the user nor a group of the user is assigned',
      'the user is in a group inside an assigned group, which does not count',
      'the browser signed in with another account',
    ],
    who: 'app-owner',
    remedy: [
      'ask its owner to assign you under Enterprise applications > the app > Users and groups',
      'or have "Assignment required?" turned off under Enterprise applications > the app > Properties',
      signInAsSomebodyElse,
    ],
    link: 'https://learn.microsoft.com/troubleshoot/azure/active-directory/error-code-aadsts50105-user-not-assigned-role',
  },
  50042: {
    name: 'UnableToGeneratePairwiseIdentifierWithMissingSalt',
    fact: 'Entra cannot make the identifier of the user for this app',
    causes: ['the service principal of the app lacks data that it needs'],
    who: 'administrator',
    remedy: [
      'delete the app under Enterprise applications and consent to it again, which makes it anew',
      openTicket,
    ],
  },
  50043: {
    name: 'UnableToGeneratePairwiseIdentifierWithMultipleSalts',
    fact: 'Entra cannot make the identifier of the user for this app, for there is more than one base for it',
    causes: ['the service principal of the app holds data twice'],
    who: 'administrator',
    remedy: [
      'delete the app under Enterprise applications and consent to it again, which makes it anew',
      openTicket,
    ],
  },
  50124: {
    name: 'ClaimsTransformationInvalidInputParameter',
    fact: 'the claims policy of the app has an input that is not valid',
    causes: ['a transformation names an attribute that does not exist'],
    who: 'administrator',
    remedy: [
      'correct it: Microsoft Entra admin center > Enterprise applications > the app > Single sign-on > Attributes & Claims',
    ],
  },
}
