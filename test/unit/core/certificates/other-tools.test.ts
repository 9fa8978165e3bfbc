/** Files that GnuTLS, Java, NSS and Python wrote: no two agree on ciphers, iterations, checksums and padding. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fixture, password, readBytes, readFixture, thumbprints } from './fixtures.ts'

const folder = 'by-other-tools'
const names = readdirSync(new URL(`../../../fixtures/certificates/${folder}/`, import.meta.url))
const open = new Set(['gnutls-empty.pfx', 'gnutls-null.pfx', 'python-open.pfx'])
const files = names.filter((name) => name.endsWith('.pfx'))
const keys = names.filter((name) => name.endsWith('.pem'))
const locked = files.filter((name) => !open.has(name))
const read = (name: string, secret?: string) => readBytes(fixture(`${folder}/${name}`), secret)

const theLeaf = {
  kind: 'read',
  credential: { thumbprintSha256: thumbprints.leaf.sha256, thumbprintSha1: thumbprints.leaf.sha1 },
}

describe('a PFX of another tool', () => {
  it('is there in every kind', () => {
    expect({ locked: locked.length, open: files.length - locked.length, keys: keys.length }).toEqual({
      locked: 6,
      open: 3,
      keys: 4,
    })
  })

  it.each(locked)('is opened by its password: %s', async (name) => {
    expect(await read(name, password)).toMatchObject(theLeaf)
  })

  it.each(locked)('needs it: %s', async (name) => {
    expect(await read(name)).toEqual({ kind: 'password-needed' })
  })

  it.each(['java.pfx', 'nss.pfx', 'python.pfx'])('takes no other: %s', async (name) => {
    expect(await read(name, 'wrong')).toEqual({ kind: 'password-wrong' })
  })

  it.each([...open])('is open without one: %s', async (name) => {
    expect(await read(name)).toMatchObject(theLeaf)
  })
})

describe('a private key of another tool', () => {
  it.each(keys)('is opened by its password, and by no other: %s', async (name) => {
    const path = `${folder}/${name}`
    expect(await readFixture('leaf.pem', path, password)).toMatchObject(theLeaf)
    expect(await readFixture('leaf.pem', path, undefined)).toEqual({ kind: 'password-needed' })
    expect(await readFixture('leaf.pem', path, 'wrong')).toEqual({ kind: 'password-wrong' })
  })
})
