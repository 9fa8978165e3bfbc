import { X509Certificate } from 'node:crypto'
import type { ClientCertificate, ClientSecret } from '../../directory.ts'

/**
 * A secret as Graph shows it: never its value, only the three characters it begins with.
 * @see https://learn.microsoft.com/graph/api/resources/passwordcredential
 */
export function passwordCredential({ keyId, value, expires, name }: ClientSecret) {
  return {
    customKeyIdentifier: null,
    keyId,
    displayName: name ?? null,
    hint: value.slice(0, 3),
    secretText: null,
    startDateTime: '2025-01-31T10:00:00Z',
    endDateTime: expires.toISOString(),
  }
}

/**
 * A certificate as Graph shows it, with its content, which only `$select` of a single object gets.
 * @see https://learn.microsoft.com/graph/api/resources/keycredential
 */
export function keyCredential({ keyId, pem }: ClientCertificate) {
  const certificate = new X509Certificate(pem)
  return {
    // The SHA-1 thumbprint, where nobody gave it another name.
    customKeyIdentifier: certificate.fingerprint.replaceAll(':', ''),
    displayName: certificate.subject.split('\n').join(', '),
    keyId,
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: certificate.raw.toString('base64'),
    startDateTime: new Date(certificate.validFrom).toISOString(),
    endDateTime: new Date(certificate.validTo).toISOString(),
  }
}
