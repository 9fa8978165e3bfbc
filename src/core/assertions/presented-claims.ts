import { EntraAuthError } from '../../errors.ts'
import { decodeToken } from '../../jwt/decode.ts'
import { workloadFederationCodes } from '../entra-codes/federation-workload.ts'

/**
 * Entra's refusal of an assertion with the claims that did not fit: they are no secret, and whoever mends the federated
 * credential compares them letter by letter. Any other error is given back as it is.
 * @param assertion the one that was sent, if any
 */
export function withPresentedClaims(error: unknown, assertion: string | undefined): unknown {
  if (!(error instanceof EntraAuthError) || assertion === undefined) return error
  if (!Object.hasOwn(workloadFederationCodes, error.entraCode ?? '')) return error
  const claims = presentedClaims(assertion)
  if (claims === undefined) return error
  return new EntraAuthError(error.code, `${error.message}; the assertion says ${claims}`, {
    hint: error.hint,
    entraCode: error.entraCode,
    cause: error,
  })
}

function presentedClaims(assertion: string): string | undefined {
  try {
    const { iss, sub, aud } = decodeToken(assertion).payload
    return `issuer ${shown(iss)}, subject ${shown(sub)}, audience ${shown(aud)}`
  } catch {
    return undefined
  }
}

function shown(claim: unknown): string {
  const texts = [claim].flat().filter((one) => typeof one === 'string')
  return texts.length === 0 ? 'none' : texts.map((text) => `"${text.slice(0, 300)}"`).join(' and ')
}
