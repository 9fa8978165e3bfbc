import { EntraAuthError } from '../../errors.ts'
import type { Forge } from './asn1.ts'
import { pemBlock, type PemBlock } from './pem-blocks.ts'
import { macFits, openPfx, parsePfx, type Pfx } from './pfx-contents.ts'
import { UnsupportedPfx } from './pfx-encryption.ts'

/** What a PFX holds, or why a password stands in the way. */
export type PfxReading =
  | { readonly kind: 'read'; readonly blocks: readonly PemBlock[] }
  | { readonly kind: 'password-needed' | 'password-wrong' }

/**
 * Opens a PFX (PKCS#12) and gives its certificates and keys as blocks, the keys as unencrypted PKCS#8.
 *
 * No password, and an empty one, are tried both ways the standard allows. The password counts as wrong only where it
 * neither fits the file's checksum (MAC) nor opens any part of the file; otherwise the file is damaged. Without a
 * password a checksum that does not fit is taken for the sign that one is needed.
 * @param path names the file in errors
 * @throws EntraAuthError `profile_incomplete` where the file is damaged or uses an algorithm that is not read
 * @see https://www.rfc-editor.org/rfc/rfc7292
 */
export async function readPfx(
  bytes: Buffer,
  password: string | undefined,
  path: string,
): Promise<PfxReading> {
  const { default: forge } = await import('node-forge') // 15 ms that a PEM never pays
  try {
    return openWith(forge, parsePfx(forge, bytes), password)
  } catch (cause) {
    throw cause instanceof UnsupportedPfx ? unsupported(path, cause) : damaged(path, cause)
  }
}

function openWith(forge: Forge, pfx: Pfx, password: string | undefined): PfxReading {
  // RFC 7292 appendix B.1: an empty password is two zero bytes, no password is none; files of both kinds exist.
  const candidates = password === undefined || password === '' ? ['', null] : [password]
  const attempts = []
  for (const candidate of candidates) {
    const fits = macFits(forge, pfx, candidate)
    // Looking whether a password is needed shall not cost what opening does: 600 000 rounds for each part, in some.
    if (password === undefined && fits === false) continue
    const attempt = openPfx(forge, pfx, candidate)
    if (fits !== false && attempt.lockedParts === 0) {
      return {
        kind: 'read',
        blocks: [
          ...attempt.certificates.map((der) => pemBlock('CERTIFICATE', der)),
          ...attempt.privateKeys.map((der) => pemBlock('PRIVATE KEY', der)),
        ],
      }
    }
    attempts.push({ ...attempt, fits })
  }
  if (attempts.some(({ fits: didFit, openedParts }) => didFit === true || openedParts > 0)) {
    throw new Error('the password fits, but a part or the checksum of the file does not')
  }
  return { kind: password === undefined ? 'password-needed' : 'password-wrong' }
}

function damaged(path: string, cause: unknown): EntraAuthError {
  return new EntraAuthError('profile_incomplete', `the PFX file "${path}" is damaged`, {
    hint: `export it again; "openssl pkcs12 -in '${path}' -info -noout" tells more`,
    cause,
  })
}

function unsupported(path: string, cause: UnsupportedPfx): EntraAuthError {
  return new EntraAuthError('profile_incomplete', `the PFX file "${path}" uses ${cause.message}`, {
    hint: `turn it into PEM with "openssl pkcs12 -legacy -in '${path}' -out cert.pem", and use that`,
    cause,
  })
}
