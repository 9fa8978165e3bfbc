/** Keys and certificates made on the spot, for servers on loopback and for clients that sign assertions. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import forge from 'node-forge'

/** A certificate and its private key, both PEM. */
export interface KeyedCertificate {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** What a certificate is for, as RFC 5280 section 4.2.1 says it. */
type Purpose = { kind: 'authority' } | { kind: 'server'; names: readonly string[] } | { kind: 'client' }

/** A certificate authority for one test run. Never install it anywhere. */
export function makeAuthority(): KeyedCertificate {
  return makeCertificate('certificate authority of a test', { kind: 'authority' })
}

/** A server certificate for DNS names and IP addresses, signed by `authority`. */
export function issueServerCertificate(
  authority: KeyedCertificate,
  names: readonly string[],
): KeyedCertificate {
  return makeCertificate(names[0] ?? 'server', { kind: 'server', names }, authority)
}

/** What an app registration keeps of a client: a self-signed RSA certificate, as the portal accepts it. */
export function makeClientCertificate(commonName: string): KeyedCertificate {
  return makeCertificate(commonName, { kind: 'client' })
}

const dayMilliseconds = 86_400_000

function makeCertificate(commonName: string, purpose: Purpose, issuer?: KeyedCertificate): KeyedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  // 0x40 in front keeps the number positive and its DER minimal; OpenSSL refuses a needless leading zero.
  certificate.serialNumber = `40${randomBytes(15).toString('hex')}`
  certificate.validity.notBefore = new Date(Date.now() - dayMilliseconds)
  certificate.validity.notAfter = new Date(Date.now() + 30 * dayMilliseconds)
  certificate.setSubject([{ name: 'commonName', value: commonName }])
  certificate.setIssuer(
    issuer
      ? forge.pki.certificateFromPem(issuer.certificatePem).subject.attributes
      : certificate.subject.attributes,
  )
  certificate.setExtensions(extensionsFor(purpose))
  certificate.sign(forge.pki.privateKeyFromPem(issuer?.privateKeyPem ?? privateKey), forge.md.sha256.create())
  return { certificatePem: forge.pki.certificateToPem(certificate), privateKeyPem: privateKey }
}

function extensionsFor(purpose: Purpose): object[] {
  switch (purpose.kind) {
    case 'authority':
      return [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
        { name: 'subjectKeyIdentifier' },
      ]
    case 'server':
      return [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: purpose.names.map(alternativeName) },
      ]
    case 'client':
      return [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
      ]
  }
}

const dnsName = 2
const ipAddress = 7

function alternativeName(name: string): object {
  return /^[\d.]+$|:/.test(name) ? { type: ipAddress, ip: name } : { type: dnsName, value: name }
}
