import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CertificateReading } from '../../../../src/core/certificates/read-certificate.ts'
import { EntraAuthError } from '../../../../src/errors.ts'
import { fixture, password, readBytes, readFixture, thumbprints } from './fixtures.ts'

describe('what cannot prove an app', () => {
  it.each<readonly [string, string | undefined, string | undefined, string, RegExp]>([
    [
      'README.md',
      undefined,
      undefined,
      '"README.md" holds no certificate',
      /PFX \(PKCS#12\), PEM or DER file with one$/,
    ],
    [
      'key-pkcs8.pem',
      undefined,
      undefined,
      '"key-pkcs8.pem" holds no certificate',
      /this one holds PRIVATE KEY$/,
    ],
    [
      'key-pkcs8.der',
      undefined,
      undefined,
      '"key-pkcs8.der" holds no certificate',
      /this one holds PRIVATE KEY$/,
    ],
    ['request.csr', undefined, undefined, '"request.csr" holds no certificate', /CERTIFICATE REQUEST$/],
    ['no-certificate.pfx', undefined, password, '"no-certificate.pfx" holds no certificate', /PRIVATE KEY$/],
    ['leaf.pem', undefined, undefined, '"leaf.pem" holds no private key', /--private-key/],
    ['leaf.der', undefined, undefined, '"leaf.der" holds no private key', /--private-key/],
    ['no-key.pfx', undefined, password, '"no-key.pfx" holds no private key', /--private-key/],
    ['leaf.pem', 'root.pem', undefined, '"root.pem" holds no private key', /PKCS#8 or PKCS#1/],
    [
      'leaf.pem',
      'other-key.pem',
      undefined,
      'the private key in "other-key.pem" does not belong to the certificate in "leaf.pem"',
      /must print the same/,
    ],
    [
      'ec.pem',
      'ec-key.pem',
      undefined,
      '"ec-key.pem" holds a private key of type EC, and only RSA can sign in',
      /rsa:2048/,
    ],
    [
      'ec.pfx',
      undefined,
      password,
      '"ec.pfx" holds a private key of type EC, and only RSA can sign in',
      /rsa:2048/,
    ],
    [
      'leaf.pem',
      'key-pkcs8-rc2-40.pem',
      password,
      'the private key in "key-pkcs8-rc2-40.pem" is encrypted with an outdated cipher',
      /-provider legacy/,
    ],
    [
      'rc2-128.pfx',
      undefined,
      password,
      'the PFX file "rc2-128.pfx" uses the cipher 1.2.840.113549.1.12.1.5',
      /openssl pkcs12 -legacy/,
    ],
  ])('%s with %s', async (certificate, privateKey, secret, message, hint) => {
    const error = await errorOf(readFixture(certificate, privateKey, secret))
    expect(error).toMatchObject({ code: 'profile_incomplete', message, hint: expect.stringMatching(hint) })
  })

  it('says that a certificate is missing before it asks for the password of the key', async () => {
    const error = await errorOf(readFixture('key-pkcs8-aes256.pem', undefined, undefined))
    expect(error.message).toBe('"key-pkcs8-aes256.pem" holds no certificate')
  })

  it.each([
    ['empty', Buffer.alloc(0)],
    ['nonsense', Buffer.from('hello world')],
    ['zeros', Buffer.alloc(100)],
  ])('a file that is %s', async (_, content) => {
    expect((await errorOf(readBytes(content))).message).toBe('"made-here" holds no certificate')
  })

  it('refuses a PFX that would keep us counting for hours', async () => {
    const bytes = fixture('modern.pfx')
    const rounds = bytes.lastIndexOf(Buffer.from('02020800', 'hex'))
    const grown = Buffer.concat([bytes.subarray(0, rounds), Buffer.from('02047fffffff', 'hex')])
    grown.writeUInt16BE(bytes.readUInt16BE(2) + 2, 2)
    const mac = bytes.indexOf(Buffer.from('3041', 'hex'), bytes.length - 80)
    grown[mac + 1]! += 2
    const error = await errorOf(readBytes(grown, password))
    expect(error.message).toBe('the PFX file "made-here" uses 2147483647 rounds of key derivation')
  })
})

describe('a damaged file', () => {
  it.each<readonly [string, Buffer, string]>([
    ['a certificate cut short', cut('leaf.der', 400), 'the certificate in "made-here" is damaged'],
    [
      'a PEM certificate without its end line',
      cut('leaf.pem', 600),
      'the certificate in "made-here" is damaged',
    ],
    [
      'a PEM key without its end line',
      cut('leaf-then-key.pem', 2500),
      'the private key in "made-here" is damaged',
    ],
    [
      'an encrypted PEM key without its end line',
      cut('leaf-then-encrypted-key.pem', 2500),
      'the private key in "made-here" is damaged',
    ],
    [
      'an encrypted PEM key that misses a line',
      withoutLine('leaf-then-encrypted-key.pem', -5),
      'the private key in "made-here" is damaged',
    ],
    [
      'a PEM key that misses a line',
      withoutLine('leaf-then-key.pem', -5),
      'the private key in "made-here" is damaged',
    ],
    ['a PFX cut short', cut('modern.pfx', 1500), 'the PFX file "made-here" is damaged'],
    ['a legacy PFX cut short', cut('legacy.pfx', 1500), 'the PFX file "made-here" is damaged'],
  ])('is never a wrong password: %s', async (_, content, message) => {
    expect(await errorOf(readBytes(content, password))).toMatchObject({ code: 'profile_incomplete', message })
    expect((await errorOf(readBytes(content))).message).toBe(message)
  })

  const files = [
    'modern.pfx',
    'legacy.pfx',
    'no-mac.pfx',
    'leaf.der',
    'leaf-then-key.pem',
    'leaf-then-encrypted-key.pem',
  ]

  it.each(files)('is called damaged or empty wherever it is cut short: %s', async (name) => {
    const whole = fixture(name)
    const cuts = fc.integer({ min: 0, max: whole.length - 30 })
    await fc.assert(
      fc.asyncProperty(cuts, async (length) => {
        const { message } = await errorOf(readBytes(whole.subarray(0, length), password))
        expect(message).toMatch(/is damaged$|holds no (certificate|private key)$/)
      }),
      { numRuns: 60 },
    )
  })

  // Some bits say nothing (the class of a tag that stands where only one can), so the file may also be read, rightly.
  it.each(['modern.pfx', 'legacy.pfx', '3des.pfx', 'chain.pfx'])(
    'is not taken for a wrong password when a bit of it flipped: %s',
    async (name) => {
      const whole = fixture(name)
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: whole.length * 8 - 1 }), async (bit) => {
          const flipped = Buffer.from(whole)
          flipped[bit >> 3]! ^= 1 << (bit & 7)
          const outcome = await readBytes(flipped, password).catch((error: EntraAuthError) => error)
          expect(['profile_incomplete', thumbprints.leaf.sha256]).toContain(inShort(outcome))
        }),
        { numRuns: 50 },
      )
    },
  )

  it('never crashes on bytes that only begin like a PFX', async () => {
    const head = Buffer.from('3080020103', 'hex')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (rest) => {
        const { code } = await errorOf(readBytes(Buffer.concat([head, rest]), password))
        expect(code).toBe('profile_incomplete')
      }),
    )
  })

  it('never crashes on nested sequences without an end', async () => {
    const bytes = Buffer.concat([
      Buffer.from('3080020103', 'hex'),
      Buffer.from('3080'.repeat(100_000), 'hex'),
    ])
    expect((await errorOf(readBytes(bytes))).message).toBe('the PFX file "made-here" is damaged')
  })
})

describe('errors', () => {
  it('show neither the key nor the password', async () => {
    const flipped = Buffer.from(fixture('modern.pfx'))
    flipped[1500]! ^= 1
    const errors = await Promise.all([
      errorOf(readFixture('leaf.pem', 'other-key.pem', password)),
      errorOf(readFixture('ec.pem', 'ec-key.pem', password)),
      errorOf(readFixture('leaf.pem', 'key-pkcs8-rc2-40.pem', password)),
      errorOf(readBytes(withoutLine('leaf-then-key.pem', -5), password)),
      errorOf(readBytes(flipped, password)),
    ])
    const secrets = ['other-key.pem', 'ec-key.pem', 'key-pkcs8.pem', 'key-pkcs8-rc2-40.pem'].flatMap((name) =>
      fixture(name)
        .toString()
        .split('\n')
        .filter((line) => line.length === 64)
        .map((line) => line.slice(8, 40)),
    )
    const shown = errors
      .map((error) => inspect(error, { depth: Infinity, maxStringLength: Infinity }))
      .join('\n')
    expect(secrets.length).toBeGreaterThan(50)
    expect([password, ...secrets].filter((secret) => shown.includes(secret))).toEqual([])
  })
})

function inShort(outcome: EntraAuthError | CertificateReading): string {
  if (outcome instanceof EntraAuthError) return outcome.code
  return outcome.kind === 'read' ? outcome.credential.thumbprintSha256 : outcome.kind
}

async function errorOf(reading: Promise<unknown>): Promise<EntraAuthError> {
  const error: unknown = await reading.then(
    (value) => expect.unreachable(`answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof EntraAuthError) return error
  throw error
}

function cut(name: string, length: number): Buffer {
  return fixture(name).subarray(0, length)
}

function withoutLine(name: string, index: number): Buffer {
  const lines = fixture(name).toString().split('\n')
  return Buffer.from(lines.toSpliced(index, 1).join('\n'))
}
