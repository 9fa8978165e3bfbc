import { clockRemedy, isUnusable, skewFact, type ClockSkew } from '../clock-skew.ts'
import type { Finding } from './check.ts'

/** Tokens have whole minutes in hand at both ends. */
const noticeable = 60_000

/** @param skew undefined where no authority told its time */
export function clockFinding(skew: ClockSkew | undefined, platform: NodeJS.Platform): Finding {
  const name = 'clock'
  if (skew === undefined) return { name, status: 'not_applicable', fact: 'no authority told its time' }
  if (Math.abs(skew.milliseconds) <= noticeable)
    return { name, status: 'ok', fact: `agrees with that of ${skew.server}` }
  return {
    name,
    status: isUnusable(skew) ? 'failed' : 'warning',
    fact: skewFact(skew),
    remedy: clockRemedy(platform),
  }
}
