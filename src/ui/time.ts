/** `2026-01-31 10:00:00 UTC`, the form all text uses. */
export function utcText(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `2026-01-31T10:00:00Z`, the form all JSON uses: whole seconds. */
export function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
