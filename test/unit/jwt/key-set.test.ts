import { describe, expect, it } from 'vitest'
import { readKeySet } from '../../../src/jwt/key-set.ts'

const key = { kty: 'RSA', kid: 'one', use: 'sig', n: 'AQ', e: 'AQAB' }

describe('a key set', () => {
  it('is read with the members that are used', () => {
    const entra = {
      ...key,
      x5t: 'one',
      x5c: ['MIIB'],
      cloud_instance_name: 'x',
      issuer: 'https://a/{tenantid}/v2.0',
    }
    const { x5c: _, cloud_instance_name: __, ...used } = entra
    expect(readKeySet({ keys: [entra] })).toEqual({ keys: [used] })
  })

  it('never brings a private key along', () => {
    const pair = { ...key, d: 'secret', p: 'secret', k: 'secret' }
    expect(JSON.stringify(readKeySet({ keys: [pair] }))).not.toContain('secret')
  })

  it('may be one key alone', () => {
    expect(readKeySet(key)).toEqual({ keys: [key] })
  })

  it.each([
    ['null', null],
    ['a text', 'null'],
    ['a number', 7],
    ['without a type', { ...key, kty: undefined }],
    ['with a number for a name', { ...key, kid: 7 }],
    ['with a name without end', { ...key, kid: 'x'.repeat(5000) }],
    ['with operations that are none', { ...key, key_ops: 'verify' }],
  ])('leaves out a key that is none: %s', (_what, none) => {
    expect(readKeySet({ keys: [none, key] })).toEqual({ keys: [key] })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', [key]],
    ['an error', { error: 'invalid_tenant' }],
    ['keys that are no list', { keys: { one: key } }],
    ['keys without end', { keys: Array.from({ length: 201 }, () => key) }],
  ])('is not %s', (_what, value) => {
    expect(readKeySet(value)).toBeUndefined()
  })
})
