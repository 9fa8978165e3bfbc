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

/** @throws EntraAuthError `profile_incomplete` that says what is missing */
export function cannotBeHad(profileName: string, what: string, hint: string): never {
  throw new EntraAuthError('profile_incomplete', `the assertion of "${profileName}" cannot be had: ${what}`, {
    hint,
  })
}
