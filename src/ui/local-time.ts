import type { Environment } from '../core/ports.ts'
import { durationText } from './token-times.ts'

/** The time zone a person here lives in: `TZ` where it names one, else the system's. As in `Europe/Vienna`. */
export function localZone(env: Environment): string {
  const named = env['TZ']
  return named && isZone(named) ? named : Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Not every `TZ` is a name: `:/etc/localtime` and `CET-1CEST` are good too, and Intl knows neither. */
function isZone(name: string): boolean {
  try {
    return Boolean(Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** `2026-01-31 11:45:00 +01:00`; undefined where that is the same as in UTC, or the year has more or less than four digits. */
export function localTimeText(date: Date, timeZone: string): string | undefined {
  if (!/^\d{4}-/.test(date.toISOString())) return undefined
  const minutes = offsetMinutes(date, timeZone)
  if (minutes === 0) return undefined
  const span = Math.abs(minutes)
  const offset = [span / 60, span % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')
  return `${wallClock(date, timeZone)} ${minutes < 0 ? '-' : '+'}${offset}`
}

/** `2026-01-31 11:45:00`: what a clock on the wall shows, which does not tell the two hours apart that summer time repeats. */
export function wallClock(date: Date, timeZone: string): string {
  const shifted = new Date(date.getTime() + offsetMinutes(date, timeZone) * 60_000)
  return shifted.toISOString().slice(0, 19).replace('T', ' ')
}

/** Making one costs more than all that it is used for. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** By how much a zone is ahead of UTC at a moment. Zones that were off by seconds in their youth are rounded. */
function offsetMinutes(date: Date, timeZone: string): number {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  formats.set(timeZone, format)
  const name = format.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  const span = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -span : span
}

/** `in 45 minutes`, `3 days ago`, `now`. */
export function distanceText(date: Date, now: Date): string {
  const seconds = Math.floor((date.getTime() - now.getTime()) / 1000)
  if (seconds === 0) return 'now'
  return seconds > 0 ? `in ${durationText(seconds)}` : `${durationText(seconds)} ago`
}
