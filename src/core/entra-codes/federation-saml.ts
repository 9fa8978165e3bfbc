import type { EntraCodeTable } from './entra-code.ts'
import { article, page, tellAdministrator, tellDeveloper } from './next-steps.ts'

const saml = page('identity-platform/single-sign-on-saml-protocol')
const singleSignOn =
  'check the set-up: Microsoft Entra admin center > Enterprise applications > (app) > Single sign-on'
const identityProvider =
  'check the federation: Microsoft Entra admin center > External Identities > All identity providers'

/** Messages of SAML, which apps and identity providers send: met in logs, not by this tool. */
export const samlCodes: EntraCodeTable = {
  75001: {
    name: 'BindingSerializationError',
    fact: 'the SAML message could not be put in the form that its binding wants',
    causes: ['the app sent a SAML request that is damaged or badly encoded'],
    who: 'developer',
    remedy: [tellDeveloper, singleSignOn],
    link: saml,
  },
  75003: {
    name: 'UnsupportedBindingError',
    fact: 'the app asks for its SAML answer by a binding other than HTTP POST',
    causes: ['the SAML settings of the app name another ProtocolBinding'],
    who: 'developer',
    remedy: ['set the binding to urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST in the app', tellDeveloper],
    link: saml,
  },
  75005: {
    name: 'Saml2MessageInvalid',
    fact: 'the SAML request of the app is not one that Entra supports',
    causes: [
      'a required field is missing, or an encoding is wrong',
      'the app sent something else than a SAML request',
    ],
    who: 'developer',
    remedy: [singleSignOn, tellDeveloper],
    link: article('error-code-AADSTS75005-not-a-valid-saml-request'),
  },
  7500514: {
    fact: 'the SAML answer of the identity provider has neither a Response nor an Assertion',
    causes: [
      'the XML namespace is wrong',
      'the identity provider answered with an error page or another protocol',
    ],
    who: 'administrator',
    remedy: ['have the identity provider send a SAML 2.0 Response', identityProvider],
    link: article('error-code-aadsts7500514-supported-type-saml-response-not-found'),
  },
  750054: {
    fact: 'the request has neither SAMLRequest nor SAMLResponse in its address',
    causes: [
      'the sign-on address of the app was opened directly instead of the app',
      'the app sent the request by another binding than HTTP Redirect',
    ],
    who: 'developer',
    remedy: ['open the app at its own address', singleSignOn],
    link: article('error-code-AADSTS750054-saml-request-not-present'),
  },
  75008: {
    name: 'RequestDeniedError',
    fact: 'the SAML request names another destination than this endpoint',
    causes: ['the login address in the settings of the app is wrong, often by its tenant'],
    who: 'app-owner',
    remedy: [singleSignOn, 'copy "Login URL" from there into the app'],
    link: saml,
  },
  75011: {
    name: 'NoMatchedAuthnContextInOutputClaims',
    fact: 'the app wants another kind of sign-in than the user has done',
    causes: [
      'the app demands a password (RequestedAuthnContext), and the user signed in without one or with more',
    ],
    who: 'developer',
    remedy: [
      'leave RequestedAuthnContext out of the SAML request of the app',
      'until then sign in in a private window with the password',
    ],
    link: article('error-code-AADSTS75011-auth-method-mismatch'),
  },
  75016: {
    name: 'Saml2AuthenticationRequestInvalidNameIDPolicy',
    fact: 'the SAML request asks for a form of user name that is not valid',
    causes: ['NameIDPolicy names a format that Entra does not know'],
    who: 'developer',
    remedy: ['mend or leave out NameIDPolicy in the app', singleSignOn],
    link: saml,
  },
  7500529: {
    fact: 'the id of the SAML request is not valid',
    causes: ['the id begins with a digit; the XML rule wants a letter first, such as "id" before a GUID'],
    who: 'developer',
    remedy: ['put letters before the id in the app', tellDeveloper],
    link: saml,
  },
  76021: {
    name: 'ApplicationRequiresSignedRequests',
    fact: 'the app demands signed requests, and this one is not signed',
    causes: ['the app does not sign its SAML requests although its registration asks for that'],
    who: 'app-owner',
    remedy: [
      'let the app sign them, or turn the demand off under Single sign-on > Verification certificates',
    ],
    link: article('error-code-aadsts76021-request-not-signed'),
  },
  76026: {
    name: 'RequestIssueTimeExpired',
    fact: 'the SAML request is too old',
    causes: [
      'the sign-in page stood open for long, or was opened from a bookmark',
      'the clock of the app is wrong',
    ],
    who: 'you',
    remedy: ['open the app anew and sign in', 'check the clock of the machine that the app runs on'],
    link: saml,
  },
  900236: {
    name: 'InvalidRequestSamlPropertyUnsupported',
    fact: 'the SAML request has a property that is not supported',
    causes: ['the app sends a setting that Entra does not take; the message names it'],
    who: 'developer',
    remedy: ['leave the property out of the request', tellDeveloper],
    link: saml,
  },
  500082: {
    fact: 'the answer of the identity provider holds no SAML assertion',
    causes: ['the identity provider refused, often for a format of NameID that it does not know'],
    who: 'administrator',
    remedy: ['let the identity provider issue a persistent NameID', identityProvider],
  },
  5000811: {
    fact: 'the signature of the identity provider cannot be checked: its key is not known',
    causes: ['the identity provider has a new signing certificate that the tenant does not know yet'],
    who: 'administrator',
    remedy: [
      'enter the new certificate: Microsoft Entra admin center > External Identities > All identity providers',
    ],
  },
  5000819: {
    name: 'InvalidSamlTokenEmailMissingOrInvalid',
    fact: 'the SAML assertion has no e-mail address, or one of another domain',
    causes: [
      'the identity provider does not send the claim, or sends an address outside the federated domain',
    ],
    who: 'administrator',
    remedy: [
      'let the identity provider send emailaddress with an address of the federated domain',
      identityProvider,
    ],
  },
  5000820: {
    fact: 'the federated sign-in was blocked by the policy on federated tokens',
    causes: ['the domain of the user and the domain of the federation that vouches for them differ'],
    who: 'administrator',
    remedy: ['check the federatedTokenValidationPolicy of the tenant in Microsoft Graph', tellAdministrator],
  },
  501241: {
    fact: 'a claim that the app needs has no value for this user',
    causes: ['an attribute of the user is empty, most often the one that makes the user name (NameID)'],
    who: 'app-owner',
    remedy: [
      'fill the attribute, or choose another: Enterprise applications > (app) > Single sign-on > Attributes & Claims',
    ],
    link: page('identity-platform/saml-claims-customization'),
  },
  501621: {
    name: 'ClaimsTransformationTimeoutRegularExpressionTimeout',
    fact: 'a regular expression in the claims of the app took too long',
    causes: ['the expression is too complex for the value it met'],
    who: 'app-owner',
    remedy: [
      'try again once',
      'simplify it: Enterprise applications > (app) > Single sign-on > Attributes & Claims',
    ],
    code: 'timeout',
    link: page('identity-platform/saml-claims-customization'),
  },
  90123: {
    name: 'IdentityProviderAccessDenied',
    fact: 'the identity provider or claims provider has refused',
    causes: ['the other provider does not let this user in, or the sign-in was cancelled there'],
    who: 'administrator',
    remedy: [tellAdministrator],
  },
}
