import { X509Certificate, createHash, createPrivateKey, generateKeyPair, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import forge from 'node-forge'

/** The certificates of one sandbox folder: its own authority, the server's leaf, and a client certificate for an app. */
export interface SandboxCertificates {
  /** PEM file of the authority, for `--ca-file`, `NODE_EXTRA_CA_CERTS` and the like. Never install it system-wide. */
  readonly caFile: string
  readonly server: KeyedCertificate
  /** The key tokens are signed with first, and the one after it: kept, so that tokens outlive a restart. */
  readonly signing: readonly [KeyedCertificate, KeyedCertificate]
  readonly client: KeyedCertificate & { readonly certFile: string; readonly keyFile: string }
}

export interface KeyedCertificate {
  /** PEM; the server's is followed by nothing, clients know the authority. */
  readonly certificate: string
  /** PEM, PKCS#8. */
  readonly privateKey: string
}

/** How long before its end a kept certificate is replaced. */
const renewalMilliseconds = 24 * 3600 * 1000
const dayMilliseconds = 24 * 3600 * 1000

/**
 * The certificates kept in `folder`, made anew where they are missing, near their end, or do not name every host.
 * Certificates always follow the machine's clock, not the sandbox's: TLS clients check them with theirs.
 * The authority can vouch for any name, so its key is 0600 in a 0700 folder and its life is 90 days.
 * @param hostNames DNS names beside `localhost`, such as `login.microsoftonline.com` for tests behind a proxy
 */
export async function prepareCertificates(
  folder: string,
  hostNames: readonly string[] = [],
): Promise<SandboxCertificates> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const ca = await kept(folder, 'ca', () => true, makeAuthority)
  const names = ['localhost', '127.0.0.1', '::1', ...hostNames]
  const isServerLeaf = (leaf: X509Certificate): boolean =>
    issuedBy(leaf, ca) && names.every((name) => (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)))
  const server = await kept(folder, 'server', isServerLeaf, () =>
    makeLeaf('localhost', names, 'serverAuth', ca),
  )
  const client = await kept(
    folder,
    'client',
    (leaf) => issuedBy(leaf, ca),
    () => makeLeaf('Sandbox client certificate', [], 'clientAuth', ca),
  )
  const signing = await Promise.all([
    kept(folder, 'signing-1', () => true, makeSigningCertificate),
    kept(folder, 'signing-2', () => true, makeSigningCertificate),
  ])
  return {
    caFile: join(folder, 'ca.pem'),
    server,
    signing,
    client: { ...client, certFile: join(folder, 'client.pem'), keyFile: join(folder, 'client.key') },
  }
}

const signingCommonName = 'accounts.accesscontrol.windows.net'

/** A self-signed certificate, as Entra publishes one beside each signing key. */
export function makeSigningCertificate(): Promise<KeyedCertificate> {
  return makeCertificate({ commonName: signingCommonName, days: 3650, extensions: [] })
}

/** `x5t` and `x5t#S256` of a certificate, base64url without padding (RFC 7515, sections 4.1.7 and 4.1.8). */
export function thumbprints(pem: string): { readonly sha1: string; readonly sha256: string } {
  const der = new X509Certificate(pem).raw
  const digest = (algorithm: string): string => createHash(algorithm).update(der).digest('base64url')
  return { sha1: digest('sha1'), sha256: digest('sha256') }
}

async function kept(
  folder: string,
  name: string,
  fits: (certificate: X509Certificate) => boolean,
  make: () => Promise<KeyedCertificate>,
): Promise<KeyedCertificate> {
  const found = readKept(folder, name)
  if (found !== undefined && isUsable(found, fits)) return found
  const made = await make()
  writePrivately(join(folder, `${name}.key`), made.privateKey)
  writePrivately(join(folder, `${name}.pem`), made.certificate)
  return made
}

/** Whole, a pair, not near its end, and fit for its purpose; a file somebody damaged is no reason not to start. */
function isUsable(kept: KeyedCertificate, fits: (certificate: X509Certificate) => boolean): boolean {
  try {
    const certificate = new X509Certificate(kept.certificate)
    const isPair = certificate.checkPrivateKey(createPrivateKey(kept.privateKey))
    const isFresh = Date.parse(certificate.validTo) - Date.now() > renewalMilliseconds
    return isPair && isFresh && fits(certificate)
  } catch {
    return false
  }
}

function readKept(folder: string, name: string): KeyedCertificate | undefined {
  const [certificateFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return undefined
  return { certificate: readFileSync(certificateFile, 'utf8'), privateKey: readFileSync(keyFile, 'utf8') }
}

/** Written aside and renamed, so that a sandbox killed half-way leaves no torn file to trip the next one. */
export function writePrivately(file: string, content: string): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' })
  renameSync(temporary, file)
}

function issuedBy(leaf: X509Certificate, ca: KeyedCertificate): boolean {
  return leaf.verify(new X509Certificate(ca.certificate).publicKey)
}

function makeAuthority(): Promise<KeyedCertificate> {
  return makeCertificate({
    commonName: 'entra-auth-cli sandbox CA (do not install)',
    days: 90,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ],
  })
}

function makeLeaf(
  commonName: string,
  names: readonly string[],
  usage: 'serverAuth' | 'clientAuth',
  issuer: KeyedCertificate,
): Promise<KeyedCertificate> {
  const altNames = names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name }))
  return makeCertificate({
    commonName,
    days: 60,
    issuer,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', [usage]: true },
      ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
    ],
  })
}

interface CertificatePlan {
  readonly commonName: string
  readonly days: number
  /** Undefined: self-signed. */
  readonly issuer?: KeyedCertificate
  readonly extensions: readonly object[]
}

const generateKeys = promisify(generateKeyPair)

/** Keys come from node:crypto (forge's own generator takes seconds), the X.509 encoding from forge. */
async function makeCertificate(plan: CertificatePlan): Promise<KeyedCertificate> {
  const keys = await generateKeys('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey)
  // The first byte 0x40 keeps the number positive and its DER minimal; OpenSSL refuses a needless leading zero.
  certificate.serialNumber = `40${randomBytes(15).toString('hex')}`
  certificate.validity.notBefore = new Date(Date.now() - dayMilliseconds)
  certificate.validity.notAfter = new Date(Date.now() + plan.days * dayMilliseconds)
  const subject = [{ name: 'commonName', value: plan.commonName }]
  certificate.setSubject(subject)
  certificate.setIssuer(
    plan.issuer ? forge.pki.certificateFromPem(plan.issuer.certificate).subject.attributes : subject,
  )
  certificate.setExtensions([...plan.extensions])
  const signingKey = forge.pki.privateKeyFromPem(plan.issuer?.privateKey ?? keys.privateKey)
  certificate.sign(signingKey, forge.md.sha256.create())
  return {
    certificate: forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n'),
    privateKey: keys.privateKey,
  }
}
