import { describe, expect, it } from 'vitest'
import { newVaultKey, open, seal, vaultKey } from '../../../../src/core/vault/envelope.ts'

const key = vaultKey(Buffer.alloc(32, 7))
const name = 'token-cache:work'
const sealedText = (text: string) => seal(key, name, Buffer.from(text))

describe('a sealed file', () => {
  it.each(['', 'x', 'käse 🧀', 'x'.repeat(100_000)])('gives back what was sealed', (text) => {
    const opened = open(key, name, sealedText(text))
    expect(opened.ok && opened.content.toString('utf8')).toBe(text)
  })

  it('shows nothing of its content, and never looks the same twice', () => {
    const one = sealedText('s3cret~value')
    expect(one.includes('s3cret')).toBe(false)
    expect(one.equals(sealedText('s3cret~value'))).toBe(false)
  })

  it('begins with its name, version, algorithm and key', () => {
    const header = sealedText('x').subarray(0, 14)
    expect(header.toString('latin1', 0, 4)).toBe('EAC1')
    expect([...header.subarray(4, 6)]).toEqual([1, 1])
    expect(header.toString('hex', 6)).toBe(key.id)
  })

  it('opens under no other name', () => {
    expect(open(key, 'token-cache:other', sealedText('x'))).toEqual({ ok: false, damage: 'does-not-verify' })
  })

  it('opens with no other key, and says that it is another', () => {
    expect(open(newVaultKey(), name, sealedText('x'))).toEqual({ ok: false, damage: 'other-key' })
  })

  it('is rejected with any one bit changed', () => {
    const sealed = sealedText('s3cret')
    const accepted = Array.from({ length: sealed.length * 8 }, (_, bit) => bit).filter((bit) => {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return open(key, name, changed).ok
    })
    expect(accepted).toEqual([])
  })

  it('is rejected when it is cut short or prolonged anywhere', () => {
    const sealed = sealedText('s3cret')
    for (let length = 0; length < sealed.length; length++)
      expect(open(key, name, sealed.subarray(0, length)).ok).toBe(false)
    expect(open(key, name, Buffer.concat([sealed, Buffer.alloc(1)])).ok).toBe(false)
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'not-sealed'],
    ['plain text', Buffer.from('{"AccessToken":{"a":"b"},"RefreshToken":{}}'), 'not-sealed'],
    ['a header alone', sealedText('').subarray(0, 26), 'not-sealed'],
  ])('%s is none', (_what, bytes, damage) => {
    expect(open(key, name, bytes)).toEqual({ ok: false, damage })
  })

  it.each([4, 5])('of a newer version is said to be (byte %i)', (position) => {
    const newer = sealedText('x')
    newer[position] = 2
    expect(open(key, name, newer)).toEqual({ ok: false, damage: 'newer-version' })
  })
})

describe("a key's id", () => {
  it('is the same for the same key, and shows nothing of it', () => {
    expect(vaultKey(Buffer.alloc(32, 7)).id).toBe(key.id)
    expect(key.id).toMatch(/^[0-9a-f]{16}$/)
    expect(key.bytes.toString('hex')).not.toContain(key.id)
    expect(newVaultKey().id).not.toBe(newVaultKey().id)
  })
})
