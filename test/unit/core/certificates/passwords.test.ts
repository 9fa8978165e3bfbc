import { describe, expect, it } from 'vitest'
import { foreignPassword, password, readFixture } from './fixtures.ts'

type Pair = readonly [certificate: string, privateKey: string | undefined]

const lockedFiles: readonly (readonly [string, string?])[] = [
  ['modern.pfx'],
  ['legacy.pfx'],
  ['3des.pfx'],
  ['mixed.pfx'],
  ['no-mac.pfx'],
  ['open-with-mac.pfx'],
  ['foreign-password.pfx'],
  ['foreign-password-3des.pfx'],
  ['leaf-then-encrypted-key.pem'],
  ['leaf.pem', 'key-pkcs8-aes256.pem'],
  ['leaf.pem', 'key-pkcs8-3des.pem'],
  ['leaf.pem', 'key-pkcs8-scrypt.pem'],
  ['leaf.pem', 'key-pkcs1-aes256.pem'],
  ['leaf.pem', 'key-pkcs1-3des.pem'],
  ['leaf.der', 'key-pkcs8-aes256.der'],
  ['leaf.pem', 'no-certificate.pfx'],
]

const locked: readonly Pair[] = lockedFiles.map(([certificate, privateKey]) => [certificate, privateKey])

describe('a password that is missing', () => {
  it.each(locked)('is asked for: %s %s', async (certificate, privateKey) => {
    expect(await readFixture(certificate, privateKey, undefined)).toEqual({ kind: 'password-needed' })
  })
})

describe('a password that does not fit', () => {
  it.each(locked)('is called wrong: %s %s', async (certificate, privateKey) => {
    expect(await readFixture(certificate, privateKey, 'battery-staple')).toEqual({ kind: 'password-wrong' })
  })

  it.each(locked)('is called wrong when it is empty: %s %s', async (certificate, privateKey) => {
    expect(await readFixture(certificate, privateKey, '')).toEqual({ kind: 'password-wrong' })
  })

  it('is called wrong where the file has the empty one', async () => {
    expect(await readFixture('empty-password.pfx', undefined, password)).toEqual({ kind: 'password-wrong' })
  })

  it('is called wrong where only a letter beyond ASCII differs', async () => {
    const reading = await readFixture('foreign-password.pfx', undefined, foreignPassword.replace('â', 'a'))
    expect(reading).toEqual({ kind: 'password-wrong' })
  })

  // One wrong password in 256 leaves padding that looks right; OpenSSL then answers something other than "bad decrypt".
  it('is called wrong also when the padding happens to fit', async () => {
    const kinds = new Set<string>()
    for (let n = 0; n < 1000; n += 1)
      kinds.add((await readFixture('leaf.pem', 'key-pkcs1-3des.pem', `wrong ${n}`)).kind)
    expect([...kinds]).toEqual(['password-wrong'])
  })
})
