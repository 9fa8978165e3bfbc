import type { AppCredential } from '../core/graph/application.ts'

const dayMilliseconds = 24 * 60 * 60 * 1000
/** From then on an end is told in days. */
const soonDays = 30

/** What an app's secrets and certificates are worth, in a few words: `until 2027-01-31`, `12 days left`, `expired`, `none`. */
export function credentialsText(credentials: readonly AppCredential[], now: Date): string {
  if (credentials.length === 0) return 'none'
  // The one that lives longest speaks for all.
  const ends = Math.max(...credentials.map(({ endsAt }) => endsAt?.getTime() ?? Number.POSITIVE_INFINITY))
  if (!Number.isFinite(ends)) return 'without end'
  return endText(new Date(ends), now)
}

/** When something ends, seen from now. */
export function endText(endsAt: Date, now: Date): string {
  const days = Math.floor((endsAt.getTime() - now.getTime()) / dayMilliseconds)
  if (days < 0) return 'expired'
  if (days < soonDays) return days === 1 ? '1 day left' : `${days} days left`
  return `until ${endsAt.toISOString().slice(0, 10)}`
}
