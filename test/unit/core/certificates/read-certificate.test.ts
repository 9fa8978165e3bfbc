import { X509Certificate, createHash, createPrivateKey } from 'node:crypto'
import forge from 'node-forge'
import { describe, expect, it } from 'vitest'
import type { CertificateReading } from '../../../../src/core/certificates/read-certificate.ts'
import { fixture, foreignPassword, password, readBytes, readFixture, thumbprints } from './fixtures.ts'

type Row = readonly [certificate: string, privateKey?: string, secret?: string]

const pem: readonly Row[] = [
  ['leaf-then-key.pem'],
  ['key-then-leaf.pem'],
  ['root-first.pem'],
  ['crlf.pem'],
  ['text-around.pem'],
  ['two-keys.pem'],
  ['leaf-then-encrypted-key.pem', undefined, password],
  ['leaf.pem', 'key-pkcs8.pem'],
  ['leaf.pem', 'key-pkcs1.pem'],
  ['leaf.pem', 'key-pkcs8-aes256.pem', password],
  ['leaf.pem', 'key-pkcs8-3des.pem', password],
  ['leaf.pem', 'key-pkcs8-scrypt.pem', password],
  ['leaf.pem', 'key-pkcs8-foreign-password.pem', foreignPassword],
  ['leaf.pem', 'key-pkcs1-aes256.pem', password],
  ['leaf.pem', 'key-pkcs1-3des.pem', password],
  ['two-leaves.pem', 'key-pkcs8.pem'],
]

const der: readonly Row[] = [
  ['leaf.der', 'key-pkcs8.der'],
  ['leaf.der', 'key-pkcs1.der'],
  ['leaf.der', 'key-pkcs8-aes256.der', password],
  ['leaf.der', 'key-pkcs8.pem'],
  ['leaf.pem', 'key-pkcs8.der'],
]

const pfx: readonly Row[] = [
  ['modern.pfx', undefined, password],
  ['legacy.pfx', undefined, password],
  ['3des.pfx', undefined, password],
  ['aes128.pfx', undefined, password],
  ['sha512-mac.pfx', undefined, password],
  ['mixed.pfx', undefined, password],
  ['chain.pfx', undefined, password],
  ['many-rounds.pfx', undefined, password],
  ['no-mac.pfx', undefined, password],
  ['open-with-mac.pfx', undefined, password],
  ['open.pfx'],
  ['empty-password.pfx'],
  ['empty-password.pfx', undefined, ''],
  ['empty-password-legacy.pfx'],
  ['foreign-password.pfx', undefined, foreignPassword],
  ['foreign-password-3des.pfx', undefined, foreignPassword],
  ['foreign-password-legacy.pfx', undefined, foreignPassword],
  ['foreign-password-mixed.pfx', undefined, foreignPassword],
  ['no-key.pfx', 'key-pkcs8-aes256.pem', password],
  ['leaf.pem', 'no-certificate.pfx', password],
]

describe('what is read', () => {
  it.each([...pem, ...der, ...pfx].map((row) => [row]))('%j', async ([certificate, privateKey, secret]) => {
    const credential = credentialOf(await readFixture(certificate, privateKey, secret))
    expect(credential).toMatchObject({
      thumbprintSha256: thumbprints.leaf.sha256,
      thumbprintSha1: thumbprints.leaf.sha1,
      subject: 'O=Fixtures, CN=fixture-app',
      issuer: 'O=Fixtures, CN=Fixture Issuing',
    })
    expect(credential.privateKeyPem).toBe(fixture('key-pkcs8.pem').toString())
    expect(sha256Of(credential.certificatePem)).toBe(thumbprints.leaf.sha256)
  })

  it('takes the certificate the key belongs to, wherever it stands', async () => {
    const { thumbprintSha256 } = credentialOf(await readFixture('two-leaves.pem', 'other-key.pem', undefined))
    expect(thumbprintSha256).toBe(thumbprints.lone.sha256)
  })

  it.each<readonly [string, string | undefined]>([
    ['chain.pfx', password],
    ['root-first.pem', undefined],
  ])('orders the issuers in %s from the nearest to the root', async (certificate, secret) => {
    const { chainPem } = credentialOf(await readFixture(certificate, undefined, secret))
    expect(chainPem.map(sha256Of)).toEqual([thumbprints.issuing.sha256, thumbprints.root.sha256])
  })

  it('leaves the chain empty for a certificate that signed itself', async () => {
    expect(credentialOf(await readFixture('lone.pfx', undefined, password)).chainPem).toEqual([])
  })

  it('gives the dates of the certificate', async () => {
    const { notBefore, notAfter } = credentialOf(await readFixture('leaf.der', 'key-pkcs8.der', undefined))
    const { validFrom, validTo } = new X509Certificate(fixture('leaf.der'))
    expect(notBefore.getTime()).toBe(Date.parse(validFrom))
    expect(notAfter.getTime() - notBefore.getTime()).toBe(18_262 * 24 * 60 * 60 * 1000)
    expect(notAfter.getTime()).toBe(Date.parse(validTo))
  })

  it('ignores a password that nothing needs', async () => {
    expect((await readFixture('leaf.pem', 'key-pkcs8.pem', 'needless')).kind).toBe('read')
  })
})

describe('what environment variables and shells make of a file', () => {
  const bundle = fixture('leaf-then-key.pem')
  const text = bundle.toString()

  it.each<readonly [string, Buffer]>([
    ['a PFX in base64', Buffer.from(fixture('modern.pfx').toString('base64'))],
    ['a PFX in base64 with line breaks', Buffer.from(wrapped(fixture('legacy.pfx')))],
    ['PEM in base64', Buffer.from(bundle.toString('base64'))],
    ['PEM with line breaks written as \\n', Buffer.from(text.replaceAll('\n', '\\n'))],
    ['PEM with line breaks written as \\r\\n', Buffer.from(text.replaceAll('\n', '\\r\\n'))],
    ['PEM on one line', Buffer.from(text.replaceAll('\n', ' '))],
    ['indented PEM', Buffer.from(text.replaceAll(/^/gm, '    '))],
    ['PEM with old Macintosh line ends', Buffer.from(text.replaceAll('\n', '\r'))],
    ['PEM with a UTF-8 byte order mark', Buffer.from(`\ufeff${text}`)],
    ['PEM in UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['a PFX with a line break at its end', Buffer.concat([fixture('modern.pfx'), Buffer.from('\n')])],
  ])('%s', async (_, content) => {
    expect(credentialOf(await readBytes(content, password)).thumbprintSha256).toBe(thumbprints.leaf.sha256)
  })
})

describe('a PFX as other programs write it', () => {
  it('opens one that was made without any password', async () => {
    const { pki } = forge
    const key = pki.privateKeyFromPem(fixture('key-pkcs8.pem').toString())
    const certificate = pki.certificateFromPem(fixture('leaf.pem').toString())
    const bytes = forge.asn1
      .toDer(forge.pkcs12.toPkcs12Asn1(key, certificate, null, { algorithm: '3des' }))
      .getBytes()
    const { thumbprintSha256 } = credentialOf(await readBytes(Buffer.from(bytes, 'latin1')))
    expect(thumbprintSha256).toBe(thumbprints.leaf.sha256)
  })

  it('opens one in BER, of indefinite length and with its content in pieces', async () => {
    const { kind } = await readBytes(inBer(fixture('modern.pfx')), password)
    expect(kind).toBe('read')
  })
})

function credentialOf(reading: CertificateReading) {
  if (reading.kind !== 'read') throw new Error(`not read: ${reading.kind}`)
  expect(createPrivateKey(reading.credential.privateKeyPem).asymmetricKeyType).toBe('rsa')
  return reading.credential
}

function sha256Of(certificatePem: string): string {
  return createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('hex')
}

function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')
}

/** Rewrites a PFX as Windows does: outer sequence of indefinite length, authenticated safe cut into octet strings. */
function inBer(pfx: Buffer): Buffer {
  const { asn1 } = forge
  const outer = asn1.fromDer(pfx.toString('latin1')).value as forge.asn1.Asn1[]
  const [version, authSafe, mac] = outer.map((node) => asn1.toDer(node).getBytes())
  const [contentType, content] = outer[1]!.value as forge.asn1.Asn1[]
  const safe = (content!.value as forge.asn1.Asn1[])[0]!.value as string
  const pieces = (safe.match(/[\s\S]{1,1000}/g) ?? []).map((piece) =>
    asn1.toDer(asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, piece)).getBytes(),
  )
  const end = '\0\0'
  const octets = `\x24\x80${pieces.join('')}${end}`
  const info = `\x30\x80${asn1.toDer(contentType!).getBytes()}\xa0\x80${octets}${end}${end}`
  expect(authSafe).not.toBe(info)
  return Buffer.from(`\x30\x80${version}${info}${mac}${end}`, 'latin1')
}
