import type { EntraCodeTable } from './entra-code.ts'
import {
  openTicket,
  registerRedirect,
  showProfile,
  signInAgain,
  signInInBrowser,
} from './sign-in-remedies.ts'

const uploadCertificate =
  'upload the certificate: Microsoft Entra admin center > App registrations > your app > Certificates & secrets > Certificates'
const checkClock = 'check the clock of this machine with "entra-auth-cli doctor -p NAME"'
const authorities =
  'check the authorities: Microsoft Entra admin center > Protection > Public key infrastructure'

/** Keys, certificates, assertions, codes and redirect URIs: what a client proves itself and its request with. */
export const assertionCodes: EntraCodeTable = {
  50003: {
    name: 'MissingSigningKey',
    fact: 'the app has no certificate or key to sign with',
    causes: ['the signing certificate of the app was deleted or was never made'],
    who: 'app-owner',
    remedy: [
      'add one: Microsoft Entra admin center > Enterprise applications > the app > Single sign-on > SAML Certificates',
      uploadCertificate,
    ],
    link: 'https://learn.microsoft.com/troubleshoot/azure/active-directory/error-code-aadsts50003-cert-or-key-not-configured',
  },
  50006: {
    name: 'InvalidSignature',
    fact: 'a signature in the request is not valid',
    causes: [
      'the private key does not belong to the certificate that is registered',
      'the request was changed after it was signed',
    ],
    who: 'app-owner',
    remedy: [
      'compare the thumbprint in "entra-auth-cli config show NAME" with the one under Certificates & secrets',
      uploadCertificate,
    ],
  },
  50007: {
    name: 'PartnerEncryptionCertificateMissing',
    fact: 'the app has no certificate to which its tokens could be encrypted',
    causes: ['token encryption is on, and its certificate is missing'],
    who: 'microsoft',
    remedy: [
      'check the certificate: Microsoft Entra admin center > Enterprise applications > the app > Token encryption',
      openTicket,
    ],
  },
  50010: {
    name: 'AudienceUriValidationFailed',
    fact: 'the app has no audience that a token could be for',
    causes: ['the app has no Application ID URI or SAML entity id'],
    who: 'app-owner',
    remedy: [
      'set one: Microsoft Entra admin center > App registrations > your app > Expose an API > Application ID URI',
    ],
  },
  50011: {
    name: 'InvalidReplyTo',
    fact: 'the redirect URI is not registered for this app',
    causes: [
      'http://localhost is not registered, or under "Web" instead of "Mobile and desktop applications"',
      'the profile or --redirect-uri names another one: host, path and a closing slash must be the same',
      'the client id is that of another app',
    ],
    who: 'app-owner',
    remedy: [
      registerRedirect,
      'give the registered one to "entra-auth-cli get-token -p NAME --redirect-uri http://localhost:8400"',
      showProfile,
    ],
    link: 'https://learn.microsoft.com/troubleshoot/azure/active-directory/error-code-aadsts50011-reply-url-mismatch',
  },
  50012: {
    name: 'AuthenticationFailed',
    fact: 'the certificate or the assertion with which the app proves itself was not accepted',
    causes: [
      'the assertion is signed by a key whose certificate is not registered',
      'the certificate is not valid now, or its chain is not',
      'its subject or thumbprint is not among those the tenant trusts',
    ],
    who: 'app-owner',
    remedy: [
      'compare the thumbprint in "entra-auth-cli config show NAME" with the one under Certificates & secrets',
      uploadCertificate,
    ],
  },
  50013: {
    name: 'InvalidAssertion',
    fact: 'the assertion is not valid',
    causes: [
      'the token that was handed in has expired',
      'it was issued for another app or by another tenant',
      'it is a token of Microsoft Graph or another API that is not the caller',
      'it is malformed or its signature is wrong',
    ],
    who: 'you',
    remedy: [
      'look at audience and expiry of the token with "entra-auth-cli inspect -f token.txt -o pretty", and hand in a new one',
      checkClock,
    ],
  },
  50017: {
    name: 'CertificateValidationFailed',
    fact: 'the certificate could not be checked',
    causes: [
      'the authority that issued it is not among those the tenant trusts',
      'its revocation list cannot be downloaded or is too large',
      'its revocation list has expired',
    ],
    who: 'administrator',
    remedy: [
      authorities,
      'see that the address of the revocation list answers from the internet, without authentication',
    ],
  },
  50027: {
    name: 'InvalidJwtToken',
    fact: 'the JWT in the request is not valid',
    causes: [
      'it has expired, or is not valid yet because of a wrong clock',
      'issuer, audience or subject are not those that Entra expects',
      'a claim is missing or is there twice',
      'its signature does not fit the key of its issuer',
    ],
    who: 'developer',
    remedy: ['look at its claims with "entra-auth-cli inspect -f token.txt -o pretty"', checkClock],
  },
  50032: {
    name: 'WeakRsaKey',
    fact: 'the RSA key is too weak',
    causes: ['the key of the certificate has less than 2048 bits'],
    who: 'you',
    remedy: [
      'make a key of 2048 bits or more, such as with "openssl req -x509 -newkey rsa:3072 -nodes -keyout key.pem -out cert.pem"',
      uploadCertificate,
    ],
  },
  50048: {
    name: 'SubjectMismatchesIssuer',
    fact: 'issuer and subject of the client assertion differ',
    causes: ['"iss" and "sub" are not both the client id of the app'],
    who: 'developer',
    remedy: ['set both to the client id; see them with "entra-auth-cli inspect -f assertion.txt --claims"'],
  },
  50120: {
    name: 'ThresholdJwtInvalidJwtFormat',
    fact: 'the header of the JWT is not as it should be',
    causes: ['the algorithm or the key id is missing or of the wrong form'],
    who: 'administrator',
    remedy: ['look at it with "entra-auth-cli inspect -f token.txt --header"', openTicket],
  },
  50146: {
    name: 'MissingCustomSigningKey',
    fact: 'the app must have a signing key of its own, and has none that is valid',
    causes: ['the app has mapped claims, which need such a key', 'the key has expired, or is not valid yet'],
    who: 'app-owner',
    remedy: [
      'give the service principal a new signing key: https://learn.microsoft.com/entra/identity-platform/jwt-claims-customization',
      'or set "acceptMappedClaims" to true in the manifest of the app',
    ],
  },
  50147: {
    name: 'MissingCodeChallenge',
    fact: 'the code challenge of PKCE is missing or of the wrong length',
    causes: ['the app builds the request itself and makes a challenge that is not 43 to 128 characters long'],
    who: 'developer',
    remedy: [
      'use a library such as MSAL, or make the challenge as RFC 7636 section 4.2 says',
      signInInBrowser,
    ],
    link: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
  },
  54005: {
    fact: 'the authorization code was used already',
    causes: [
      'the page of the redirect was loaded twice',
      'two processes redeemed the same code',
      'a request was repeated after its answer got lost',
    ],
    who: 'you',
    remedy: [signInAgain],
  },
  67003: {
    name: 'ActorNotValidServiceIdentity',
    fact: 'the actor token is not one of a service',
    causes: ['the app hands in a token of a user where one of an app is expected'],
    who: 'developer',
    remedy: [
      'get a token of the app itself for it: "entra-auth-cli get-token -p NAME --flow client-credentials"',
    ],
  },
}
