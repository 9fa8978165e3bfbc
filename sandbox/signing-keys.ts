import { type KeyObject, X509Certificate, createPrivateKey } from 'node:crypto'
import type { JSONWebKeySet, JWK } from 'jose'
import { exportJWK } from 'jose/key/export'
import { type KeyedCertificate, makeSigningCertificate, thumbprints } from './certificates.ts'

/** A public key as Entra lists it. */
type PublishedKey = JWK & { readonly cloud_instance_name: string }

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicJwk: PublishedKey
}

/**
 * The keys tokens are signed with. Like Entra's key set it holds more keys than the one in use: the next one is
 * published before it signs, and the previous one stays published after it has been replaced.
 */
export class SigningKeys {
  private previous: SigningKey | undefined
  private currentKey: SigningKey
  private next: SigningKey

  private constructor(current: SigningKey, next: SigningKey) {
    this.currentKey = current
    this.next = next
  }

  static async create(first: KeyedCertificate, second: KeyedCertificate): Promise<SigningKeys> {
    const [current, next] = await Promise.all([signingKey(first), signingKey(second)])
    return new SigningKeys(current, next)
  }

  get current(): SigningKey {
    return this.currentKey
  }

  /** The public keys (RFC 7517), with the certificate and thumbprint Entra adds. */
  published(): JSONWebKeySet {
    const keys = [this.currentKey, this.next, ...(this.previous ? [this.previous] : [])]
    return { keys: keys.map((key) => key.publicJwk) }
  }

  /** Signs with the next key from now on; tokens of the replaced key stay verifiable until the next rotation. */
  async rotate(): Promise<void> {
    const coming = await signingKey(await makeSigningCertificate())
    this.previous = this.currentKey
    this.currentKey = this.next
    this.next = coming
  }
}

async function signingKey({ certificate, privateKey }: KeyedCertificate): Promise<SigningKey> {
  const parsed = new X509Certificate(certificate)
  // Entra's `kid` is the SHA-1 thumbprint of the key's certificate, repeated as `x5t`.
  const kid = thumbprints(certificate).sha1
  const { kty, n, e } = await exportJWK(parsed.publicKey)
  return {
    kid,
    privateKey: createPrivateKey(privateKey),
    publicJwk: {
      kty,
      use: 'sig',
      kid,
      x5t: kid,
      n,
      e,
      x5c: [parsed.raw.toString('base64')],
      cloud_instance_name: 'microsoftonline.com',
    },
  }
}
