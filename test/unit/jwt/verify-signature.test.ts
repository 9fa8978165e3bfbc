import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { PublishedKey } from '../../../src/jwt/key-set.ts'
import { headerFlaw, isUnknownKey, verifySignature } from '../../../src/jwt/verify-signature.ts'
import { ecKey, rsaKey, signed } from '../../support/signing.ts'

const joesClaims =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'

const decoded = (jws: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jws.split('.')[0]!, 'base64url').toString('utf8'))
const judge = (jws: string, keys: readonly PublishedKey[]) => verifySignature(jws, decoded(jws), keys)

async function reasonOf(jws: string, keys: readonly PublishedKey[]): Promise<string> {
  const verdict = await judge(jws, keys)
  return verdict.isGood ? 'it is good' : verdict.reason
}

// https://www.rfc-editor.org/rfc/rfc7515#appendix-A
describe('RFC 7515, appendix A', () => {
  const examples: readonly (readonly [string, string, PublishedKey])[] = [
    [
      'A.2 (RS256)',
      `eyJhbGciOiJSUzI1NiJ9.${joesClaims}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
      {
        kty: 'RSA',
        n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
        e: 'AQAB',
      },
    ],
    [
      'A.3 (ES256)',
      `eyJhbGciOiJFUzI1NiJ9.${joesClaims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
      {
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    ],
    [
      'A.4 (ES512)',
      'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
      {
        kty: 'EC',
        crv: 'P-521',
        x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
        y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
      },
    ],
  ]

  it.each(examples)('%s is good', async (_name, jws, key) => {
    expect(await judge(jws, [key])).toEqual({ isGood: true, key })
  })

  it.each(examples)('%s is not with one bit changed, anywhere', async (_name, jws, key) => {
    for (const part of [1, 2]) {
      const parts = jws.split('.')
      const bytes = Buffer.from(parts[part]!, 'base64url')
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const changed = Buffer.from(bytes)
        changed[at]! ^= 1
        const forged = parts.with(part, changed.toString('base64url')).join('.')
        expect(await reasonOf(forged, [key])).toMatch(/does not match the key/)
      }
    }
  })

  it('A.1 (HS256) is refused for its algorithm, also with its own key', async () => {
    const jws = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${joesClaims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`
    expect(await reasonOf(jws, [{ kty: 'oct' }])).toMatch(/^"HS256" is made with a shared secret/)
  })

  it('A.5 (none) is refused', async () => {
    expect(await reasonOf(`eyJhbGciOiJub25lIn0.${joesClaims}.`, [])).toBe('"none" says that nobody signed it')
  })
})

describe('a header', () => {
  it.each([
    ['none', { alg: 'none' }, '"none" says that nobody signed it'],
    ['none in any case', { alg: 'nOnE' }, '"nOnE" says that nobody signed it'],
    ['a shared secret', { alg: 'HS512' }, /"HS512" is made with a shared secret/],
    ['an algorithm in another case', { alg: 'rs256' }, '"rs256" is no algorithm that Entra could use'],
    ['an encryption algorithm', { alg: 'RSA-OAEP' }, /is no algorithm that Entra could use/],
    ['EdDSA', { alg: 'EdDSA' }, /is no algorithm that Entra could use/],
    ['a name of every object', { alg: 'constructor' }, /is no algorithm that Entra could use/],
    ['no algorithm', {}, 'the header names no algorithm'],
    ['several algorithms', { alg: ['RS256', 'none'] }, 'the header names no algorithm'],
    // RFC 7515, appendix E
    [
      'what must be understood',
      { alg: 'RS256', crit: ['http://example.invalid/UNDEFINED'] },
      /UNDEFINED" as critical/,
    ],
    // RFC 7797, section 7 keeps it out of JWTs
    ['an unencoded payload', { alg: 'RS256', crit: ['b64'], b64: false }, /"b64" as critical/],
    ['an empty crit', { alg: 'RS256', crit: [] }, /something as critical/],
    ['a crit that is no list', { alg: 'RS256', crit: 'exp' }, /something as critical/],
  ])('with %s is refused', (_what, header, reason) => {
    expect(headerFlaw(header)).toMatch(reason)
  })

  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'])(
    'with %s is not',
    (alg) => {
      expect(headerFlaw({ alg, typ: 'JWT' })).toBeUndefined()
    },
  )
})

const rsa = rsaKey('one')
const other = rsaKey('two')
const curve = ecKey('curve')
const claims = { iss: 'https://issuer.example', sub: 'somebody' }

// https://www.rfc-editor.org/rfc/rfc8725#section-2
describe('attacks of RFC 8725', () => {
  it('2.1: a public key is no shared secret', async () => {
    const pem = createPublicKey({ key: { ...rsa.published }, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    const input = signed(claims, { alg: 'HS256', kid: 'one' }, rsa).split('.').slice(0, 2).join('.')
    const mac = createHmac('sha256', pem).update(input).digest('base64url')
    expect(await reasonOf(`${input}.${mac}`, [rsa.published])).toMatch(/anybody could forge it/)
  })

  it('2.1: the key of one algorithm is none for another', async () => {
    const jws = signed(claims, { alg: 'ES256', kid: 'one' }, curve)
    expect(await reasonOf(jws, [rsa.published])).toBe('the key "one" is of type "RSA", which makes no ES256')
    const reverse = signed(claims, { alg: 'RS256', kid: 'curve' }, rsa)
    expect(await reasonOf(reverse, [curve.published])).toBe(
      'the key "curve" is of type "EC", which makes no RS256',
    )
  })

  it('2.2: a small RSA key proves nothing', async () => {
    const small = rsaKey('small', {}, 1024)
    const jws = signed(claims, { alg: 'RS256', kid: 'small' }, small)
    expect(await reasonOf(jws, [small.published])).toBe('the key "small" has less than 2048 bits')
  })

  it('2.2: leading zeros make no key larger', async () => {
    const small = rsaKey('small', {}, 1024)
    const padded = Buffer.concat([Buffer.alloc(128), Buffer.from(small.published.n!, 'base64url')])
    const key = { ...small.published, n: padded.toString('base64url') }
    expect(await reasonOf(signed(claims, { alg: 'RS256', kid: 'small' }, small), [key])).toMatch(/2048 bits/)
  })

  it.each([
    ['jwk', { jwk: other.published }],
    ['jku', { jku: 'https://attacker.example/keys' }],
    ['x5u', { x5u: 'https://attacker.example/certificate' }],
    ['x5c', { x5c: ['MIIB'] }],
  ])('3.10: a key by %s is not used', async (_name, header) => {
    const jws = signed(claims, { alg: 'RS256', kid: 'one', ...header }, other)
    expect(await reasonOf(jws, [rsa.published])).toMatch(/^it does not match the key "one"/)
    expect(await reasonOf(jws, [])).toBe('there is no key to judge it by')
  })
})

describe('the key', () => {
  const jws = signed(claims, { alg: 'RS256', kid: 'one' }, rsa)

  it.each<[string, Partial<PublishedKey>, RegExp]>([
    ['for encryption', { use: 'enc' }, /is not for signatures/],
    ['for other operations', { use: undefined, key_ops: ['encrypt'] }, /is not for signatures/],
    ['for another algorithm', { alg: 'PS256' }, /is for "PS256", not for RS256/],
    ['that is none', { n: 'A'.repeat(342) }, /less than 2048 bits/],
    ['with a broken exponent', { e: '!' }, /does not match/],
    ['without an exponent', { e: undefined }, /does not match/],
  ])('%s does not do', async (_what, members, reason) => {
    expect(await reasonOf(jws, [{ ...rsa.published, ...members }])).toMatch(reason)
  })

  it('is found by its name among others, and nobody else is asked', async () => {
    expect(await judge(jws, [other.published, rsa.published])).toEqual({ isGood: true, key: rsa.published })
    expect(await reasonOf(jws, [other.published])).toBe(
      'the key "one" is none of the 1 that its issuer publishes',
    )
  })

  it('may bear a name that another one bears', async () => {
    const twin = { ...other.published, kid: 'one' }
    expect(await judge(jws, [twin, rsa.published])).toMatchObject({ isGood: true })
    expect(await reasonOf(jws, [twin, { ...twin }])).toBe('it matches none of the 2 keys in question')
  })

  it('is found by its thumbprint, as v1.0 tokens may name it', async () => {
    const byThumbprint = signed(claims, { alg: 'RS256', x5t: 'print' }, rsa)
    const key = { ...rsa.published, x5t: 'print' }
    expect(await judge(byThumbprint, [other.published, key])).toEqual({ isGood: true, key })
  })

  it('need not be named', async () => {
    const nameless = signed(claims, { alg: 'RS256' }, rsa)
    expect(await judge(nameless, [other.published, curve.published, rsa.published])).toMatchObject({
      isGood: true,
    })
    const { kid: _, ...unnamed } = rsa.published
    expect(await judge(jws, [unnamed])).toMatchObject({ isGood: true })
  })

  it('cannot be named by something that is no name', async () => {
    const strange = signed(claims, { alg: 'RS256', kid: { one: 1 } }, rsa)
    expect(await reasonOf(strange, [rsa.published])).toBe(
      'the header names its key in no way that can be read',
    )
  })

  it('is unknown where the token names another', () => {
    expect(isUnknownKey({ kid: 'two' }, [rsa.published])).toBe(true)
    expect(isUnknownKey({ kid: 'one' }, [rsa.published])).toBe(false)
    expect(isUnknownKey({}, [rsa.published])).toBe(false)
  })
})

describe('the parts', () => {
  const jws = signed(claims, { alg: 'RS256', kid: 'one' }, rsa)
  const [header, payload, signature] = jws.split('.') as [string, string, string]

  it.each([
    ['a fourth part', `${jws}.`],
    ['no signature', `${header}.${payload}.`],
    ['padding', `${jws}==`],
    ['a line break', `${header}.${payload}.\n${signature}`],
    ['another alphabet', `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}+`],
  ])('with %s are not taken', async (_what, changed) => {
    expect(await judge(changed, [rsa.published])).toMatchObject({ isGood: false })
  })
})
