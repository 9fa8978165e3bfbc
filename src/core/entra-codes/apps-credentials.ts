import type { EntraCodeTable } from './entra-code.ts'
import { authenticationPage, credentialsPage, page, showProfile, tellDeveloper } from './next-steps.ts'

const certificates = page('identity-platform/certificate-credentials')
const clientCredentials = page('identity-platform/v2-oauth2-client-creds-grant-flow')
const keepSecret = 'keep it with "entra-auth-cli config edit NAME --client-secret -"'
const newCertificate = `upload the new certificate at ${credentialsPage}`
const checkCertificate = 'see which certificate the profile names with "entra-auth-cli config show NAME"'

/** How an app proves itself: secrets, certificates and the assertions signed with them. */
export const credentialCodes: EntraCodeTable = {
  7000215: {
    name: 'InvalidClientSecretProvided',
    fact: 'the client secret is wrong',
    causes: [
      'the id of the secret was taken instead of its value',
      'the secret was deleted, or belongs to another app',
      'a line end or a part of it was lost on the way',
    ],
    who: 'you',
    remedy: [
      `use the secret's value, not its id; ${keepSecret}`,
      `make a new one, whose value is shown only once: ${credentialsPage}`,
      'check the client id with "entra-auth-cli config show NAME"',
    ],
    link: clientCredentials,
  },
  7000222: {
    name: 'InvalidClientSecretExpiredKeysProvided',
    fact: 'the client secret has expired',
    causes: ['every client secret has an end date, and that of this one is past'],
    who: 'app-owner',
    remedy: [
      `add a new secret in the app registration; ${keepSecret}`,
      `the page is ${credentialsPage}`,
      'consider a certificate or a federated credential instead',
    ],
    link: page('identity-platform/how-to-add-credentials'),
  },
  7000216: {
    fact: 'the app must prove itself, and the request holds no proof',
    causes: ['client credentials were asked for with a profile that has neither secret nor certificate'],
    who: 'you',
    remedy: [
      'give the profile a secret or a certificate',
      'for one call: "entra-auth-cli get-token -p NAME --client-secret -"',
    ],
    link: clientCredentials,
  },
  7000218: {
    fact: 'the app must prove itself: it is not allowed to be a public client',
    causes: [
      'device codes or a sign-in without secret were asked for, and the app registration does not allow that',
      'the redirect URI is registered under "Web" instead of "Mobile and desktop applications"',
      'the profile lacks the secret or certificate that the app has',
    ],
    who: 'app-owner',
    remedy: [
      'turn on "Allow public client flows" in the app registration, or give the profile a secret',
      `the page is ${authenticationPage}`,
    ],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/confidential-client-application-authentication-error-aadsts7000218',
  },
  70002: {
    name: 'InvalidClient',
    fact: 'the app could not prove itself: its secret or certificate was refused',
    causes: ['the client secret is wrong or has expired', 'the client id is that of another app'],
    who: 'you',
    remedy: [
      'try the secret for one call: "entra-auth-cli get-token -p NAME --client-secret -"',
      `make a new one: ${credentialsPage}`,
    ],
    link: clientCredentials,
  },
  700025: {
    name: 'InvalidClientPublicClientWithCredential',
    fact: 'the app is a public client, which has no secret and no certificate',
    causes: [
      'the profile has a secret or certificate that the app does not want',
      '"Allow public client flows" is on, or the redirect URI is one for desktop apps',
    ],
    who: 'you',
    remedy: [
      'make the profile without them, or turn off "Allow public client flows" in the app registration',
      `the page is ${authenticationPage}`,
    ],
  },
  700024: {
    fact: 'the client assertion is not valid now',
    causes: [
      'the clock of this machine is wrong by minutes',
      'the assertion was made too long ago: those of pipelines live about five minutes',
    ],
    who: 'you',
    remedy: [
      'check the clock of this machine',
      'compare it with Entra: "entra-auth-cli doctor -p NAME"',
      'in a pipeline, get a new assertion for each request',
    ],
    link: certificates,
  },
  700027: {
    fact: 'Entra does not know the certificate',
    causes: [
      'the certificate is not in the app registration, or a newer one replaced it',
      'the private key does not belong to the certificate',
      'the client id is that of another app',
    ],
    who: 'app-owner',
    remedy: [
      'upload it to the app registration under Certificates & secrets, and check that the profile names the same one',
      'compare the thumbprints: "entra-auth-cli config show NAME"',
    ],
    link: certificates,
  },
  700030: {
    fact: 'the certificate is not allowed for this app: its subject or its issuer is not',
    causes: [
      'the app takes certificates by subject name, and this subject is not among them',
      'the first certificate of the file is that of an authority instead of the own one',
      'the certificate or the app belongs to another cloud',
    ],
    who: 'app-owner',
    remedy: [checkCertificate, newCertificate],
    link: certificates,
  },
  7000214: {
    name: 'CertificateHasBeenRevoked',
    fact: 'the certificate has been revoked',
    causes: ['its authority lists it as revoked: it was replaced, or its key was exposed'],
    who: 'app-owner',
    remedy: [newCertificate, checkCertificate],
    link: page(
      'identity/authentication/concept-certificate-based-authentication-certificate-revocation-list',
    ),
  },
  7000277: {
    name: 'CertificateWasRevoked',
    fact: 'the certificate was revoked',
    causes: ['its authority lists it as revoked: it was replaced, or its key was exposed'],
    who: 'app-owner',
    remedy: [newCertificate, checkCertificate],
  },
  1000502: {
    name: 'CertificateIsOutsideValidityWindow',
    fact: 'the certificate has expired or is not yet valid',
    causes: ['its end date is past', 'it was made on a machine whose clock runs ahead'],
    who: 'app-owner',
    remedy: ['see its dates with "entra-auth-cli config show NAME"', newCertificate],
    link: certificates,
  },
  7000274: {
    fact: 'Entra refused the assertion that was signed with the certificate',
    causes: [
      'the certificate is outside its dates',
      'the signature does not fit the certificate in the app registration',
    ],
    who: 'app-owner',
    remedy: ['see its dates and thumbprints with "entra-auth-cli config show NAME"', newCertificate],
    link: certificates,
  },
  900384: {
    fact: 'the signature of a token or assertion is not valid',
    causes: [
      'the assertion was signed with another key than the app registration knows',
      'the token was cut or changed on the way',
    ],
    who: 'app-owner',
    remedy: [
      'compare the certificate with the one in the app registration: "entra-auth-cli config show NAME"',
      newCertificate,
    ],
    link: certificates,
  },
  100007: {
    fact: 'the regional endpoint serves only managed identities and services inside Microsoft',
    causes: ['the app asks a regional endpoint, which is not open to other apps'],
    who: 'developer',
    remedy: ['turn off regional authorities in the app', showProfile],
  },
  82001: {
    fact: 'this kind of app may not get app-only tokens by client credentials',
    causes: ['the app is an agent identity blueprint, which acts through its agent identities alone'],
    who: 'developer',
    remedy: ['ask with the agent identity instead of its blueprint', tellDeveloper],
  },
}
