import { generateKeyPairSync } from 'node:crypto'
import forge from 'node-forge'

/** A certificate authority for one test run, and what it signs. */
export interface TestAuthority {
  readonly certificate: string
  /** A server certificate for DNS names and IPv4 addresses, valid for a day from now unless told otherwise. */
  issue(names: readonly string[], until?: Date, from?: Date): ServerCertificate
}

export interface ServerCertificate {
  readonly key: string
  readonly cert: string
}

const day = 24 * 3_600_000

export function createAuthority(): TestAuthority {
  const authority = keyPair()
  const name = [{ name: 'commonName', value: 'Test authority' }]
  const certificate = sign(
    authority.publicKey,
    name,
    name,
    authority.privateKey,
    new Date(Date.now() + day),
    [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true },
    ],
  )
  return {
    certificate,
    issue(names, until = new Date(Date.now() + day), from = twoDaysAgo()) {
      const server = keyPair()
      const altNames = names.map((value) =>
        /^[\d.]+$/.test(value) ? { type: 7, ip: value } : { type: 2, value },
      )
      const subject = [{ name: 'commonName', value: names[0] ?? '' }]
      const cert = sign(
        server.publicKey,
        subject,
        name,
        authority.privateKey,
        until,
        [{ name: 'subjectAltName', altNames }],
        from,
      )
      return { key: server.privateKey, cert }
    },
  }
}

/** A certificate for `localhost` that nobody signed but itself. */
export function selfSigned(): ServerCertificate {
  const { publicKey, privateKey } = keyPair()
  const name = [{ name: 'commonName', value: 'localhost' }]
  const extensions = [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }]
  const cert = sign(publicKey, name, name, privateKey, new Date(Date.now() + day), extensions)
  return { key: privateKey, cert }
}

const twoDaysAgo = () => new Date(Date.now() - 2 * day)

function keyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

function sign(
  publicKey: string,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  signingKey: string,
  until: Date,
  extensions: object[],
  from = twoDaysAgo(),
): string {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = `01${Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')}`
  certificate.validity.notBefore = from
  certificate.validity.notAfter = until
  certificate.setSubject(subject)
  certificate.setIssuer(issuer)
  certificate.setExtensions(extensions)
  certificate.sign(forge.pki.privateKeyFromPem(signingKey), forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate)
}
