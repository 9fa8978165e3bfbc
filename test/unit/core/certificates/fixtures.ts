import { readFileSync } from 'node:fs'
import type { CertificateReading } from '../../../../src/core/certificates/read-certificate.ts'
import { readCertificate } from '../../../../src/core/certificates/read-certificate.ts'

const folder = new URL('../../../fixtures/certificates/', import.meta.url)

/** The passwords the fixtures were made with. */
export const password = 'correct-horse'
export const foreignPassword = 'pâßwörd-漢字-🔑'

/** What `openssl x509 -fingerprint` printed. */
export const thumbprints = JSON.parse(fixture('thumbprints.json').toString()) as Readonly<
  Record<'leaf' | 'lone' | 'issuing' | 'root', { readonly sha1: string; readonly sha256: string }>
>

export function fixture(name: string): Buffer {
  return readFileSync(new URL(name, folder))
}

/** Reads fixtures by name. */
export function readFixture(
  certificate: string,
  privateKey: string | undefined,
  secret: string | undefined,
): Promise<CertificateReading> {
  return readCertificate(
    {
      certificate: fixture(certificate),
      certificatePath: certificate,
      privateKey: privateKey === undefined ? undefined : fixture(privateKey),
      privateKeyPath: privateKey,
    },
    secret,
  )
}

/** Reads bytes made in the test. */
export function readBytes(certificate: Buffer, secret?: string): Promise<CertificateReading> {
  return readCertificate({ certificate, certificatePath: 'made-here' }, secret)
}
