import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * A secret for one run of `serve`: 32 random bytes in letters that headers, addresses and shells take as they are. Small
 * ones: MSAL puts the address of the metadata service, of which the secret is a part, into lower case.
 */
export function newSecret(): string {
  return randomBytes(32).toString('hex')
}

/** Compares what a program presents with the secret, in a time that does not tell how much of it was right. */
export function secretCheck(secret: string): (given: string) => boolean {
  const wanted = digest(secret)
  return (given) => timingSafeEqual(digest(given), wanted)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
