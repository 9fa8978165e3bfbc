import type { EntraCodeTable } from './entra-code.ts'
import { page, tellAdministrator, tryLater } from './next-steps.ts'

const link = page(
  'identity/authentication/concept-certificate-based-authentication-certificate-revocation-list',
)
const checkList =
  'download the list from the address in the certificate and check date, size and form: "openssl crl"'
const other = 'meanwhile sign in by another method: "entra-auth-cli get-token -p NAME --prompt login"'
const newCard = 'get a new certificate or smart card from whoever issued it'

/** Users who sign in with a certificate or smart card, and the lists of revoked ones (CRLs) behind it. */
export const userCertificateCodes: EntraCodeTable = {
  130501: {
    fact: 'this user may not sign in with a certificate',
    causes: ['the user is not among those whom the policy on certificate sign-in names'],
    who: 'administrator',
    remedy: [
      'add the user: Microsoft Entra admin center > Authentication methods > Policies > Certificate-based authentication',
      other,
    ],
  },
  1001000: {
    fact: 'Entra could not find the certificate policy for this user',
    causes: ['another user name was typed than the certificate is for', 'the rules of the policy do not fit'],
    who: 'you',
    remedy: ['type the user name of the certificate, and choose that certificate', other, tellAdministrator],
  },
  1001003: {
    fact: 'the certificate that was chosen lacks what names its user',
    causes: ['the wrong certificate was chosen in the browser'],
    who: 'you',
    remedy: ['close the browser, sign in again and choose the other certificate', other, tellAdministrator],
  },
  500171: {
    fact: "the user's certificate has been revoked",
    causes: ['its authority lists it as revoked: it was replaced, lost or exposed'],
    who: 'you',
    remedy: [newCard, other],
    link,
  },
  500183: {
    fact: 'the certificate that was shown has been revoked',
    causes: ['its authority lists it as revoked: it was replaced, lost or exposed'],
    who: 'you',
    remedy: [newCard, other],
    link,
  },
  500172: {
    fact: 'a certificate, or the list of revoked ones that belongs to it, is outside its dates',
    causes: [
      'the certificate has expired or is not yet valid',
      'the authority has not published a new list in time',
    ],
    who: 'administrator',
    remedy: ['check the dates of the certificate', checkList],
    link,
  },
  500173: {
    fact: 'the list of revoked certificates could not be downloaded: its server refused',
    causes: ['the server of the authority answers with an error such as 403, or is away'],
    who: 'administrator',
    remedy: [checkList, other],
    link,
  },
  500174: {
    fact: 'the list of revoked certificates cannot be read',
    causes: ['the address in the certificate leads to something else', 'the file is damaged or incomplete'],
    who: 'administrator',
    remedy: [checkList, other],
    link,
  },
  500175: {
    fact: 'the list of revoked certificates is missing for one certificate of the chain',
    causes: ['an authority of the chain publishes no list, or an incomplete one'],
    who: 'administrator',
    remedy: ['publish the lists of all authorities of the chain', checkList],
    link,
  },
  500176: {
    fact: "the authority that issued the user's certificate is not set up in the tenant",
    causes: [
      'a root or intermediate certificate was not uploaded',
      'the wrong certificate was chosen in the browser',
    ],
    who: 'administrator',
    remedy: ['upload all authorities of the chain to the public key infrastructure of the tenant', other],
    link,
  },
  500177: {
    fact: 'an authority has a list of changes (delta CRL) but no list that it changes',
    causes: ['the address of the base list is not entered for that authority'],
    who: 'administrator',
    remedy: [
      'enter the base list of the authority in the public key infrastructure of the tenant',
      checkList,
    ],
    link,
  },
  500178: {
    fact: 'parts of the list of revoked certificates could not be fetched',
    causes: ['the list is published in parts, and one is missing, outdated or out of reach'],
    who: 'administrator',
    remedy: [tryLater, checkList],
    code: 'network',
    link,
  },
  500179: {
    fact: 'checking whether the certificate is revoked took too long',
    causes: ['the list is large, or its server slow'],
    who: 'administrator',
    remedy: [tryLater, checkList],
    code: 'timeout',
    link,
  },
  220501: {
    name: 'InvalidCrlDownload',
    fact: 'the list of revoked certificates could not be downloaded',
    causes: ['its server is away or slow', 'the list is too large, or not what the address promises'],
    who: 'administrator',
    remedy: [tryLater, checkList, tellAdministrator],
    link: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts220501-unable-to-download-certificate-revocation-list',
  },
  2205011: {
    fact: 'the list of revoked certificates is not in the form it must have (DER)',
    causes: ['the file is damaged, or published as PEM text'],
    who: 'administrator',
    remedy: ['publish it as DER', checkList],
    link,
  },
  2205012: {
    fact: 'downloading the list of revoked certificates took too long; Entra goes on trying',
    causes: ['the list is large, or its server slow'],
    who: 'administrator',
    remedy: [tryLater, checkList],
    code: 'timeout',
    link,
  },
  2205013: {
    fact: 'the list of revoked certificates is being downloaded just now',
    causes: ['it had run out, and several people sign in at once'],
    who: 'you',
    remedy: [tryLater],
    code: 'network',
    link,
  },
  2205014: {
    fact: 'the list of revoked certificates is too large to fetch during a sign-in; Entra goes on trying',
    causes: ['the authority lists many revoked certificates'],
    who: 'administrator',
    remedy: [tryLater, 'let the authority publish smaller lists or delta lists'],
    link,
  },
  2205015: {
    fact: 'the list of revoked certificates is signed by another key than that of its authority',
    causes: ['the authority has a new certificate that was not uploaded to the tenant'],
    who: 'administrator',
    remedy: [
      'upload the certificate that signs the list to the public key infrastructure of the tenant',
      checkList,
    ],
    link,
  },
}
