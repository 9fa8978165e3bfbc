import { EntraAuthError } from '../../errors.ts'
import { decodeToken, type JsonObject } from '../../jwt/decode.ts'

/** Entra allows clocks to differ by as much. */
export const toleratedSkewSeconds = 300

/**
 * Refuses what Entra would refuse as no assertion at all: it is no signed JWT, or its time is over.
 * @param place where it came from, in words
 * @throws EntraAuthError `invalid_token`, without a word of the assertion
 */
export function checkAssertion(assertion: string, place: string, now: Date): void {
  if (assertion === '')
    throw unusable(`the assertion from ${place} is empty`, 'is its source what you think?')
  const { exp } = claimsOf(assertion, place)
  if (typeof exp !== 'number' || exp + toleratedSkewSeconds > now.getTime() / 1000) return
  throw unusable(
    `the assertion from ${place} expired at ${utcText(exp)}`,
    'have its issuer make a new one, and check the clock of this machine',
  )
}

function claimsOf(assertion: string, place: string): JsonObject {
  try {
    return decodeToken(assertion).payload
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    const why = error.message.replace(/^invalid token: /, '')
    throw new EntraAuthError('invalid_token', `the assertion from ${place} is no JWT: ${why}`, {
      hint: 'it must be the token alone, as an OpenID Connect provider issues it',
      cause: error,
    })
  }
}

function unusable(fact: string, hint: string): EntraAuthError {
  return new EntraAuthError('invalid_token', fact, { hint })
}

/** As in `2026-01-31 10:00:00 UTC`. @param seconds of the epoch */
export function utcText(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime())
    ? String(seconds)
    : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The numbers by which Entra says that an assertion does not fit the app's federated credentials. */
const mismatches: ReadonlySet<number> = new Set([
  // No credential matches; none with this issuer, audience, subject; there are no credentials at all.
  70021, 700211, 700212, 700213, 70025,
  // A token of Entra itself that may not be used so.
  700222, 700236,
])

/**
 * Entra's refusal of an assertion with the claims that did not fit: they are no secret, and whoever mends the federated
 * credential compares them letter by letter. Any other error is given back as it is.
 * @param assertion the one that was sent, if any
 */
export function withPresentedClaims(error: unknown, assertion: string | undefined): unknown {
  if (!(error instanceof EntraAuthError) || assertion === undefined) return error
  if (error.entraCode === undefined || !mismatches.has(error.entraCode)) return error
  const claims = presentedClaims(assertion)
  if (claims === undefined) return error
  return new EntraAuthError(error.code, `${error.message}; the assertion says ${claims}`, {
    hint: 'compare them, letter by letter, with those under Certificates & secrets > Federated credentials of the app registration; a new credential takes some minutes to work',
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

/** @throws EntraAuthError `profile_incomplete` that says what is missing */
export function cannotBeHad(profileName: string, what: string, hint: string): never {
  throw new EntraAuthError('profile_incomplete', `the assertion of "${profileName}" cannot be had: ${what}`, {
    hint,
  })
}
