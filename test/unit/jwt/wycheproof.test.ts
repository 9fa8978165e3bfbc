/** Project Wycheproof's suite for JSON Web Signatures: what libraries got wrong before. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readKeySet } from '../../../src/jwt/key-set.ts'
import { headerFlaw, verifySignature } from '../../../src/jwt/verify-signature.ts'

interface Case {
  readonly tcId: number
  readonly comment: string
  readonly jws: string
  readonly result: 'valid' | 'invalid'
}

interface Suite {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly comment: string
    readonly public?: object
    readonly tests: readonly Case[]
  }[]
}

const path = join(import.meta.dirname, '../../fixtures/wycheproof/json_web_signature_test.json')
const suite = JSON.parse(readFileSync(path, 'utf8')) as Suite
const cases = suite.testGroups.flatMap((group) =>
  group.tests.map((test) => ({ ...test, group: group.comment, key: group.public })),
)

/** Cases that are said to be valid and are refused, each with what is said about it. */
const deliberate = new Map([
  // RFC 7517, section 4.4: a key's "alg" is the algorithm it is meant for. Using it with another one is what RFC 8725,
  // section 3.1 warns of. These keys say PS256 and ES521 (which is no algorithm) and signed with PS384 and ES512.
  [346, /is for "PS256", not for PS384/],
  [347, /is for "ES521", not for ES512/],
  [350, /is for "PS256", not for PS384/],
  [351, /is for "ES521", not for ES512/],
])

function headerOf(jws: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8'))
  } catch {
    return {}
  }
}

const isOfSharedSecret = (jws: string) => String(headerOf(jws)['alg']).startsWith('HS')
const judge = ({ jws, key }: { readonly jws: string; readonly key?: object }) =>
  verifySignature(jws, headerOf(jws), readKeySet(key)?.keys ?? [])

describe('the Wycheproof suite', () => {
  it('is there as a whole', () => {
    expect(cases).toHaveLength(suite.numberOfTests)
    expect(cases).toHaveLength(401)
  })

  const judged = cases.filter(({ jws, tcId }) => !isOfSharedSecret(jws) && !deliberate.has(tcId))
  it.each(judged)('$tcId $group $comment: $result', async (test) => {
    const verdict = await judge(test)
    expect(verdict.isGood ? 'valid' : 'invalid').toBe(test.result)
  })

  const shared = cases.filter(({ jws }) => isOfSharedSecret(jws))
  it.each(shared)('$tcId $group $comment: refused for its algorithm', async (test) => {
    expect(headerFlaw(headerOf(test.jws))).toMatch(/"HS\d+" is made with a shared secret/)
    expect(await judge(test)).toMatchObject({ isGood: false })
  })

  const differing = cases.filter(({ tcId }) => deliberate.has(tcId))
  it.each(differing)('$tcId $group $comment: refused on purpose', async (test) => {
    expect(test.result).toBe('valid')
    const verdict = await judge(test)
    expect(verdict.isGood ? '' : verdict.reason).toMatch(deliberate.get(test.tcId) ?? /never/)
  })

  it('judges far more cases than it refuses for their algorithm', () => {
    expect([judged.length, shared.length, differing.length]).toEqual([363, 34, 4])
    expect(judged.filter(({ result }) => result === 'valid').length).toBe(32)
  })
})
