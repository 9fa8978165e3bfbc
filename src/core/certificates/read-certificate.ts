import { X509Certificate, createHash, type KeyObject } from 'node:crypto'
import { EntraAuthError } from '../../errors.ts'
import { certificateFile } from './certificate-file.ts'
import type { PemBlock } from './pem-blocks.ts'
import { readPfx, type PfxReading } from './pfx.ts'
import { isPrivateKey, readPrivateKey } from './private-key.ts'

/** The files of a certificate credential as they were read, and the names to call them by. */
export interface CertificateContent {
  readonly certificate: Buffer
  readonly certificatePath: string
  /** Where the key is in a file of its own. It then comes from there, also where the first file holds one. */
  readonly privateKey?: Buffer
  readonly privateKeyPath?: string
}

/** A certificate and its key, ready to sign a client assertion with. Lives in memory only. */
export interface CertificateCredential {
  /** SHA-256 of the certificate's DER, lower-case hex: MSAL's `thumbprintSha256`. */
  readonly thumbprintSha256: string
  /** SHA-1 of the certificate's DER, lower-case hex: the thumbprint the Entra portal shows (there in upper case). */
  readonly thumbprintSha1: string
  /** Unencrypted PKCS#8 in PEM. A secret: never to be written or shown. */
  readonly privateKeyPem: string
  readonly certificatePem: string
  /** The certificate's issuers, nearest first, as far as the file holds them; without the certificate itself. */
  readonly chainPem: readonly string[]
  /** Distinguished name on one line, as in `O=Contoso, CN=ci`. */
  readonly subject: string
  readonly issuer: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/** What came of reading a certificate credential: the credential, or why a password stands in the way. */
export type CertificateReading =
  | { readonly kind: 'read'; readonly credential: CertificateCredential }
  | { readonly kind: 'password-needed' }
  | { readonly kind: 'password-wrong' }

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'])

/**
 * Reads a certificate and its private key from a PFX (PKCS#12), or from PEM or DER in one file or two; told apart by
 * content, never by file name. Of several certificates it takes the one the key belongs to. Does not judge dates (see
 * {@link certificateWarning}), trust or revocation: Entra does.
 * @param password for an encrypted key or PFX; ignored where nothing is encrypted. undefined asks whether one is needed
 * @throws EntraAuthError `profile_incomplete` where a file is damaged, the certificate or key is missing, they do not
 *   belong together, or the key is not RSA. A damaged file is not reported as a wrong password
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function readCertificate(
  content: CertificateContent,
  password: string | undefined,
): Promise<CertificateReading> {
  const { certificatePath, privateKey, privateKeyPath = certificatePath } = content
  const first = await blocksOf(content.certificate, password, certificatePath)
  if (first.kind !== 'read') return first
  const certificates = certificatesOf(first.blocks, certificatePath)

  const second = privateKey === undefined ? first : await blocksOf(privateKey, password, privateKeyPath)
  if (second.kind !== 'read') return second
  for (const block of privateKeysOf(second.blocks, privateKeyPath, privateKey !== undefined)) {
    const reading = readPrivateKey(block, password, privateKeyPath)
    if (reading.kind !== 'read') return reading
    assertRsa(reading.key, privateKeyPath)
    const leaf = certificates.find((certificate) => certificate.checkPrivateKey(reading.key))
    if (leaf !== undefined) return { kind: 'read', credential: credentialOf(leaf, reading.key, certificates) }
  }
  throw new EntraAuthError(
    'profile_incomplete',
    `the private key in "${privateKeyPath}" does not belong to the certificate in "${certificatePath}"`,
    {
      hint: `"openssl x509 -in CERTIFICATE -noout -pubkey" and "openssl pkey -in KEY -pubout" must print the same`,
    },
  )
}

/** What anybody may know of a certificate. */
export type CertificateFacts = Pick<
  CertificateCredential,
  'subject' | 'issuer' | 'thumbprintSha1' | 'thumbprintSha256' | 'notBefore' | 'notAfter'
>

/**
 * Looks at the certificate in a file whose private key stays closed: only a PFX hides its certificates too. Of several
 * it takes one that signed none of the others, for the key, which would tell, is not looked at.
 * @returns undefined where the file is a PFX that only a password opens
 * @throws EntraAuthError `profile_incomplete` where the file is damaged or holds no certificate
 */
export async function lookAtCertificate(
  content: Pick<CertificateContent, 'certificate' | 'certificatePath'>,
): Promise<CertificateFacts | undefined> {
  const opened = await blocksOf(content.certificate, undefined, content.certificatePath)
  if (opened.kind !== 'read') return undefined
  const certificates = certificatesOf(opened.blocks, content.certificatePath)
  const isIssuer = (one: X509Certificate) =>
    certificates.some((other) => other !== one && !other.raw.equals(one.raw) && other.checkIssued(one))
  const leaf = certificates.find((certificate) => !isIssuer(certificate)) ?? certificates[0]
  return leaf && factsOf(leaf)
}

/** What a file holds, opened; PEM keys stay encrypted until they are looked at. */
async function blocksOf(content: Buffer, password: string | undefined, path: string): Promise<PfxReading> {
  const file = certificateFile(content)
  return file.kind === 'pfx' ? readPfx(file.bytes, password, path) : { kind: 'read', blocks: file.blocks }
}

function certificatesOf(blocks: readonly PemBlock[], path: string): readonly X509Certificate[] {
  const certificates = blocks.filter(({ label }) => certificateLabels.has(label))
  if (certificates.length > 0) return certificates.map((block) => x509Of(block, path))
  const others = [...new Set(blocks.map(({ label }) => label))].join(', ')
  throw new EntraAuthError('profile_incomplete', `"${path}" holds no certificate`, {
    hint: `give a PFX (PKCS#12), PEM or DER file with one${others === '' ? '' : `; this one holds ${others}`}`,
  })
}

function x509Of(block: PemBlock, path: string): X509Certificate {
  try {
    if (block.complete) return new X509Certificate(block.pem)
  } catch (cause) {
    throw damagedCertificate(path, cause)
  }
  throw damagedCertificate(path)
}

function damagedCertificate(path: string, cause?: unknown): EntraAuthError {
  return new EntraAuthError('profile_incomplete', `the certificate in "${path}" is damaged`, {
    hint: `export it again; "openssl x509 -in '${path}' -noout -text" tells more`,
    cause,
  })
}

function privateKeysOf(blocks: readonly PemBlock[], path: string, ownFile: boolean): readonly PemBlock[] {
  const keys = blocks.filter(isPrivateKey)
  if (keys.length > 0) return keys
  throw new EntraAuthError('profile_incomplete', `"${path}" holds no private key`, {
    hint: ownFile
      ? 'the key file must hold a PKCS#8 or PKCS#1 key, as PEM or DER'
      : 'name the key file with "--private-key", or give a PFX or PEM file that holds both',
  })
}

/** MSAL signs client assertions with PS256 or RS256 and nothing else, so an EC key would fail in the middle of a sign-in. */
function assertRsa(key: KeyObject, path: string): void {
  if (key.asymmetricKeyType === 'rsa') return
  const kind = key.asymmetricKeyType?.toUpperCase()
  throw new EntraAuthError(
    'profile_incomplete',
    `"${path}" holds a private key of type ${kind}, and only RSA can sign in`,
    {
      hint: 'make a certificate with an RSA key, "openssl req -x509 -newkey rsa:2048 …", and add it to the app in Entra',
    },
  )
}

function credentialOf(
  leaf: X509Certificate,
  key: KeyObject,
  certificates: readonly X509Certificate[],
): CertificateCredential {
  return {
    ...factsOf(leaf),
    privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: leaf.toString(),
    chainPem: issuersOf(leaf, certificates).map((certificate) => certificate.toString()),
  }
}

function factsOf(leaf: X509Certificate): CertificateFacts {
  return {
    thumbprintSha256: thumbprint('sha256', leaf),
    thumbprintSha1: thumbprint('sha1', leaf),
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    notBefore: new Date(leaf.validFrom),
    notAfter: new Date(leaf.validTo),
  }
}

function thumbprint(algorithm: 'sha1' | 'sha256', certificate: X509Certificate): string {
  return createHash(algorithm).update(certificate.raw).digest('hex')
}

function issuersOf(
  leaf: X509Certificate,
  certificates: readonly X509Certificate[],
): readonly X509Certificate[] {
  const others = certificates.filter(({ raw }) => !raw.equals(leaf.raw))
  const issuer = others.find((candidate) => leaf.checkIssued(candidate))
  return issuer === undefined ? [] : [issuer, ...issuersOf(issuer, others)]
}

/** Node gives a name one attribute a line, in the order of the certificate; undefined where there are none. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}
