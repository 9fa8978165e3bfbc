import { spanText, type Finding } from './check.ts'

/** Tokens have whole minutes in hand at both ends: Entra and its APIs allow a clock to be five minutes off. */
const noticeable = 60_000
const unusable = 5 * 60_000

/**
 * How far a server's clock is ahead of ours, from its `Date`; undefined where it tells none. A `Date` that a proxy kept
 * is as old as `Age` says.
 * @param sent when the request was sent
 * @param tookMilliseconds until the answer was here
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 */
export function skewOf(
  headers: Readonly<Record<string, string>>,
  sent: Date,
  tookMilliseconds: number,
): number | undefined {
  const date = new Date(headers['date'] ?? Number.NaN).getTime()
  if (Number.isNaN(date)) return undefined
  const age = /^\d{1,9}$/.test(headers['age'] ?? '') ? Number(headers['age']) * 1000 : 0
  const skew = date + age - sent.getTime()
  // It was written at some moment of the exchange, and has whole seconds.
  if (skew >= -1000 && skew <= tookMilliseconds) return 0
  return skew < 0 ? skew : skew - tookMilliseconds
}

/** @param skewMilliseconds undefined where no authority told its time */
export function clockFinding(
  skewMilliseconds: number | undefined,
  server: string,
  platform: NodeJS.Platform,
): Finding {
  const name = 'clock'
  if (skewMilliseconds === undefined)
    return { name, status: 'not_applicable', fact: 'no authority told its time' }
  const off = Math.abs(skewMilliseconds)
  if (off <= noticeable) return { name, status: 'ok', fact: `agrees with that of ${server}` }
  const where = skewMilliseconds > 0 ? 'behind' : 'ahead of'
  return {
    name,
    status: off > unusable ? 'failed' : 'warning',
    fact: `this machine's clock is ${spanText(off)} ${where} that of ${server}`,
    remedy: remedies[platform] ?? 'sudo timedatectl set-ntp true',
  }
}

const remedies: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
}
