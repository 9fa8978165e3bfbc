const minute = 60
const hour = 60 * minute
const day = 24 * hour
const century = 36_525 * day

/** A span as a person says it, rounded down: `45 minutes`, `2 hours 5 minutes`, `3 days 4 hours`. The sign is left out. */
export function durationText(seconds: number): string {
  const span = Math.floor(Math.abs(seconds))
  if (span < minute) return counted(span, 'second')
  // A token of one hour has 60 minutes, not an hour, so that the figures of one token compare at a glance.
  if (span < 90 * minute) return counted(Math.floor(span / minute), 'minute')
  if (span < 2 * day) return twoUnits(span, hour, 'hour', minute, 'minute')
  if (span < century) return twoUnits(span, day, 'day', hour, 'hour')
  return 'more than 100 years'
}

function twoUnits(span: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((span % big) / small)
  const first = counted(Math.floor(span / big), bigName)
  return rest === 0 ? first : `${first} ${counted(rest, smallName)}`
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
