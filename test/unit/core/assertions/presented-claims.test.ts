import { describe, expect, it } from 'vitest'
import { withPresentedClaims } from '../../../../src/core/assertions/presented-claims.ts'
import { entraRefusal } from '../../../../src/core/entra-errors.ts'
import type { EntraAuthError } from '../../../../src/errors.ts'
import { assertionOf } from './assertions.ts'

const refusal = (code: number) =>
  entraRefusal('invalid_client', `AADSTS${code}: No matching record. Trace ID: 0`)
const assertion = assertionOf({})

describe('a refused assertion', () => {
  it.each([70021, 70025, 700211, 700212, 700213, 7002131, 700223])(
    'is told with what did not fit: AADSTS%i',
    (code) => {
      const said = withPresentedClaims(refusal(code), assertion) as EntraAuthError
      expect(said.message).toBe(
        `${refusal(code).message}; the assertion says issuer "https://issuer.example", ` +
          'subject "repo:contoso/app:ref:refs/heads/main", audience "api://AzureADTokenExchange"',
      )
      expect(said).toMatchObject({ code: 'authentication_failed', entraCode: code })
      expect(said.hint).toBe(refusal(code).hint)
    },
  )

  it.each([
    [{ aud: ['one', 'two'] }, 'audience "one" and "two"'],
    [{ sub: undefined }, 'subject none'],
    [{ iss: 'x'.repeat(1000) }, `issuer "${'x'.repeat(300)}",`],
  ])('has its claims told whatever they are: %j', (claims, words) => {
    expect((withPresentedClaims(refusal(700213), assertionOf(claims)) as Error).message).toContain(words)
  })

  it.each<[string, unknown, string | undefined]>([
    ['another refusal', refusal(7000215), assertion],
    ['a refusal without an assertion', refusal(700213), undefined],
    ['a refusal of what is no JWT', refusal(700213), 'hello'],
    ['a failure that is not ours', new Error('x'), assertion],
  ])('leaves %s as it is', (_what, error, sent) => {
    expect(withPresentedClaims(error, sent)).toBe(error)
  })
})
