/** Keys and tokens of an issuer that a test makes up. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { PublishedKey } from '../../src/jwt/key-set.ts'

export interface TestKey {
  readonly published: PublishedKey
  readonly privateKey: KeyObject
}

/** An RSA key as Entra publishes one: for signatures, without an algorithm. */
export function rsaKey(kid: string, members: Partial<PublishedKey> = {}, modulusLength = 2048): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
  const { n, e } = publicKey.export({ format: 'jwk' })
  return { privateKey, published: { kty: 'RSA', use: 'sig', kid, n, e, ...members } }
}

/** A key on the curve P-256. */
export function ecKey(kid: string, members: Partial<PublishedKey> = {}): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { crv, x, y } = publicKey.export({ format: 'jwk' })
  return { privateKey, published: { kty: 'EC', use: 'sig', kid, crv, x, y, ...members } }
}

/** A JWS in compact serialization, with RS256 or ES256 as the key has it, whatever the header says. */
export function signed(payload: object | string, header: object, { privateKey }: TestKey): string {
  const part = (value: object | string) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part(payload)}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}
