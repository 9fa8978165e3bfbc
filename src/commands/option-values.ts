import { InvalidArgumentError } from 'commander'
import { EntraAuthError } from '../errors.ts'

const unitMilliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Reads `30s`, `2m`, `1h`, `500ms`, or a bare number of seconds. @returns milliseconds */
export function parseDuration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/i.exec(text.trim()) ?? []
  const milliseconds = Number(digits) * (unitMilliseconds[unit.toLowerCase()] ?? Number.NaN)
  if (Number.isFinite(milliseconds)) return milliseconds
  throw new InvalidArgumentError('It must be a time such as 30s, 2m or 1h.')
}

export function parseMinutes(text: string): number {
  const minutes = Number(text)
  if (text.trim() !== '' && Number.isFinite(minutes) && minutes >= 0) return minutes
  throw new InvalidArgumentError('It must be a number of minutes.')
}

export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new InvalidArgumentError('It must be a port from 1 to 65535.')
}

/** Reads `8000-8100`. @returns every port in it */
export function parsePortRange(text: string): readonly number[] {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? []
  if (first === undefined || last === undefined)
    throw new InvalidArgumentError('It must be a range such as 8000-8100.')
  const from = parsePort(first)
  const to = parsePort(last)
  if (from > to) throw new InvalidArgumentError('Its first port must not be above its last one.')
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** Gathers an option that may be given several times. */
export function gather(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text]
}

/** The error for two flags of which only one can be meant. */
export function contradiction(one: string, other: string, hint = 'give one of them'): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `${one} and ${other} contradict each other`, { hint })
}

/** What to throw for a flag whose value is empty: the variable it comes from is not set, as a rule. */
export function emptyFlag(flag: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `${flag} is empty`, {
    hint: 'is the variable it comes from set?',
  })
}
