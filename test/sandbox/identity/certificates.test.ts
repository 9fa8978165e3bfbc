import { X509Certificate } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { prepareCertificates } from '../../../sandbox/certificates.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-certificates-'))
})

describe('the certificates of a folder', () => {
  it('are kept from one start to the next', async () => {
    const first = await prepareCertificates(folder)
    expect(await prepareCertificates(folder)).toEqual(first)
  })

  it('get a leaf for further host names from the same authority', async () => {
    const first = await prepareCertificates(folder)
    const second = await prepareCertificates(folder, ['login.microsoftonline.com'])
    const leaf = new X509Certificate(second.server.certificate)
    const names = ['localhost', 'login.microsoftonline.com'].map((name) => leaf.checkHost(name))
    expect(names).toEqual(['localhost', 'login.microsoftonline.com'])
    expect([leaf.checkIP('127.0.0.1'), leaf.checkIP('::1')]).not.toContain(undefined)
    expect(leaf.checkHost('graph.microsoft.com')).toBeUndefined()
    expect(second.client).toEqual(first.client)
    expect(leaf.verify(new X509Certificate(readFileSync(first.caFile)).publicKey)).toBe(true)
  })

  it.each([
    [
      'the key of another certificate',
      () => copyFileSync(join(folder, 'client.key'), join(folder, 'server.key')),
    ],
    ['a damaged certificate', () => writeFileSync(join(folder, 'server.pem'), 'damaged')],
  ])('are made anew where there is %s', async (_name, damage) => {
    const first = await prepareCertificates(folder)
    damage()
    const second = await prepareCertificates(folder)
    expect(second.server).not.toEqual(first.server)
    expect(second.caFile).toBe(first.caFile)
    expect(new X509Certificate(second.server.certificate).checkHost('localhost')).toBe('localhost')
  })
})
