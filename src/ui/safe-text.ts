import { stripVTControlCharacters } from 'node:util'

// C0 but tab and line feed, DEL, C1: a terminal may act on any of them.
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
// Marks that reorder or hide neighbouring text ("Trojan Source", CVE-2021-42574), and line breaks that are no LF.
const deceivingCharacters = /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/**
 * Text from outside (claims, server messages, file names) made harmless for a terminal: control sequences, control
 * characters and bidirectional overrides are taken out, letters of every script stay.
 * @param options.lines keep line feeds and tabs; otherwise each becomes a space, so the result is one line
 */
export function safeText(text: string, options: { readonly lines?: boolean } = {}): string {
  const harmless = stripVTControlCharacters(text)
    .replace(controlCharacters, '')
    .replace(deceivingCharacters, '')
  return options.lines ? harmless : harmless.replace(/[\t\n]+/g, ' ')
}
