const longestQuote = 80

/** A text from outside in quotes, cut where it is long: a reason stays one line. */
export function quoted(text: string): string {
  return text.length > longestQuote ? `"${text.slice(0, longestQuote)}…"` : `"${text}"`
}

/** Some texts from outside in quotes; of many the first few. */
export function quotedList(texts: readonly string[]): string {
  const shown = texts.slice(0, 5).map(quoted).join(', ')
  return texts.length > 5 ? `${shown} and ${texts.length - 5} more` : shown
}

/** `2026-01-31 10:00:00 UTC`; a time that no date can hold, by its sign. */
export function timeText(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000)
  if (Number.isNaN(date.getTime())) return epochSeconds > 0 ? 'in the far future' : 'in the far past'
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** A span in its biggest unit, rounded down: `59 seconds`, `45 minutes`, `3 hours`, `4 days`. */
export function spanWords(seconds: number): string {
  const span = Math.floor(Math.abs(seconds))
  if (span < 120) return counted(span, 'second')
  if (span < 2 * 3600) return counted(Math.floor(span / 60), 'minute')
  if (span < 2 * 86_400) return counted(Math.floor(span / 3600), 'hour')
  return counted(Math.floor(span / 86_400), 'day')
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
