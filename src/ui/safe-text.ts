import { stripVTControlCharacters } from 'node:util'

/**
 * Whatever a terminal may act on, but tab and line feed: C0, DEL, C1; marks that reorder or hide neighbouring text ("Trojan
 * Source", CVE-2021-42574), and line breaks that are no LF.
 */
export const unsafeCharacters =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/**
 * Text from outside (claims, server messages, file names) made harmless for a terminal: control sequences, control
 * characters and bidirectional overrides are taken out, letters of every script stay.
 * @param options.lines keep line feeds and tabs; otherwise each becomes a space, so the result is one line
 */
export function safeText(text: string, options: { readonly lines?: boolean } = {}): string {
  // Nearly all is harmless as it is, and a token may hold a million texts: one look, and no copy.
  if (isSafeText(text)) return text
  const harmless = stripVTControlCharacters(text).replace(unsafeCharacters, '')
  return options.lines ? harmless : harmless.replace(/[\t\n]+/g, ' ')
}

/** Whether `safeText` leaves a text as it is. */
export function isSafeText(text: string): boolean {
  return !text.includes('\t') && !text.includes('\n') && text.search(unsafeCharacters) < 0
}
