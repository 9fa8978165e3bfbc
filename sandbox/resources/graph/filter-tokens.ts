import { badRequest } from './failure.ts'

export type FilterToken =
  | { readonly kind: 'string'; readonly text: string; readonly position: number }
  | { readonly kind: 'word' | 'symbol' | 'number'; readonly text: string; readonly position: number }

const pattern = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_][\w./]*)|(-?\d+(?:\.\d+)?)|([(),:]))/y

/**
 * Cuts a `$filter` into its words. A quote within a string is written twice.
 * @throws GraphFailure for what is no part of a filter, such as a string without an end
 * @see https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_PrimitiveLiterals
 */
export function filterTokens(filter: string): readonly FilterToken[] {
  const tokens: FilterToken[] = []
  const end = filter.trimEnd().length
  let position = 0
  while (position < end) {
    pattern.lastIndex = position
    const match = pattern.exec(filter)
    if (match === null) {
      const isString = filter.slice(position).trimStart().startsWith("'")
      const what = isString ? 'There is an unterminated string literal' : 'Syntax error'
      throw badRequest(`Invalid filter clause: ${what} at position ${position} in '${filter}'.`)
    }
    const [, string, word, number, symbol] = match
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'"), position })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, position })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, position })
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, position })
    position = pattern.lastIndex
  }
  return tokens
}
