import type { Paint } from './colour.ts'
import { columnWidth } from './column-width.ts'
import type { TokenLine, TokenRow, TokenView } from './token-view.ts'

/** Which part of a token to show. */
export type TokenPart = 'whole' | 'header' | 'claims'

/** A token for a person to read on a terminal or in a file. */
export function prettyToken(view: TokenView, part: TokenPart, paint: Paint): string {
  const sections = {
    header: section('Header', view.header, paint),
    claims: section('Claims', view.claims, paint),
  }
  if (part !== 'whole') return sections[part]
  const top = [
    `Token Type: ${view.kind}`,
    `Algorithm: ${view.algorithm}`,
    `Signature: ${view.signature}`,
  ].join('\n')
  const remarks = view.remarks.map(({ kind, text }) =>
    kind === 'warning' ? `${paint('yellow', 'Warning:')} ${text}` : `${paint('cyan', 'Note:')} ${text}`,
  )
  return [top, sections.header, sections.claims, section('Expiration', view.times, paint), remarks.join('\n')]
    .filter((block) => block !== '')
    .join('\n\n')
}

const widestValue = 40
const longestLine = 60

function section(title: string, rows: readonly TokenRow[], paint: Paint): string {
  const list = rows.map((row) => ({ ...row, lines: shownLines(row) }))
  const labelWidth = columnWidth(list.map(({ label }) => label)) + 1
  const valueWidth = columnWidth(
    list.map(({ lines }) => lines[0]?.text ?? '').filter((line) => line.length <= widestValue),
  )
  const indent = ' '.repeat(labelWidth + 3)
  const text = list.flatMap(({ label, lines: [first, ...rest], meaning }) => {
    const value = first?.text ?? ''
    const head = `  ${paint('cyan', `${label}:`)}${' '.repeat(Math.max(1, labelWidth - label.length))}`
    const tail = rest.map((line) => `${indent}${withNote(line, valueWidth)}`)
    if (meaning === undefined) return [`${head}${value}`, ...tail]
    const told = paint('dim', meaning)
    // A value that reaches into the column of meanings leaves its own to the next line.
    return value.length > valueWidth
      ? [`${head}${value}`, ...tail, `${indent}${' '.repeat(valueWidth)}  ${told}`]
      : [`${head}${value.padEnd(valueWidth)}  ${told}`, ...tail]
  })
  return [paint('bold', `${title}:`), ...text].join('\n')
}

/** A short list stands on one line; one that has something to say about its items on lines of their own, below. */
function shownLines({ lines, separator = ', ' }: TokenRow): readonly TokenLine[] {
  if (lines.some(({ note }) => note !== undefined)) return [{ text: `(${lines.length})` }, ...lines]
  const line = lines.map(({ text }) => text).join(separator)
  return line.length <= longestLine ? [{ text: line }] : lines
}

function withNote({ text, note }: TokenLine, valueWidth: number): string {
  return note === undefined ? text : `${text.padEnd(valueWidth)}  ${note}`
}
