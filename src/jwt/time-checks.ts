import { failed, notApplicable, passed, type TokenCheck } from './check.ts'
import type { JsonObject } from './decode.ts'
import { numericDate } from './describe.ts'
import { spanWords, timeText } from './reason-words.ts'

/** The moment to judge by, in epoch seconds, and how far the clocks may differ. */
export interface Moment {
  readonly nowSeconds: number
  readonly skewSeconds: number
}

/** A token must end: Entra's always do. It is good up to the second before it ends, and as long as the skew allows. */
export function checkExpiry(payload: JsonObject, { nowSeconds, skewSeconds }: Moment): TokenCheck {
  const exp = numericDate(payload['exp'])
  if (exp === undefined)
    return failed('expiry', payload['exp'] === undefined ? 'it never ends (no exp)' : 'exp is no time')
  const left = exp - nowSeconds
  if (left > 0) return passed('expiry', `ends ${timeText(exp)}, in ${spanWords(left)}`)
  const ended = `ended ${timeText(exp)}, ${spanWords(left)} ago`
  return -left < skewSeconds
    ? passed('expiry', `${ended}, which the clock skew of ${spanWords(skewSeconds)} allows`)
    : failed('expiry', ended)
}

export function checkNotBefore(payload: JsonObject, moment: Moment): TokenCheck {
  return checkStart('not_before', 'nbf', 'begins', payload, moment)
}

/**
 * When it was made: not in the future. RFC 7519 leaves to the reader what to make of it; a token from the future is none
 * that a right clock dated.
 */
export function checkIssuedAt(payload: JsonObject, moment: Moment): TokenCheck {
  return checkStart('issued_at', 'iat', 'made', payload, moment)
}

function checkStart(
  name: 'not_before' | 'issued_at',
  claim: 'nbf' | 'iat',
  verb: string,
  payload: JsonObject,
  { nowSeconds, skewSeconds }: Moment,
): TokenCheck {
  if (payload[claim] === undefined) return notApplicable(name, `the token has no ${claim}`)
  const start = numericDate(payload[claim])
  if (start === undefined) return failed(name, `${claim} is no time`)
  const ahead = start - nowSeconds
  if (ahead <= 0) return passed(name, `${verb} ${timeText(start)}`)
  const late = `${verb} ${timeText(start)}, ${spanWords(ahead)} from now`
  return ahead <= skewSeconds
    ? passed(name, `${late}, which the clock skew of ${spanWords(skewSeconds)} allows`)
    : failed(name, late)
}
