import { ByteText } from './byte-text.ts'
import type { Paint, Style } from './colour.ts'
import { unsafeCharacters } from './safe-text.ts'

/** Where JSON is shown. A `Console` is one. */
export interface JsonStage {
  readonly paint: Paint
  /** A person reads it: what a terminal might act on is written as an escape, which is the same value to a program. */
  readonly resultIsRead: boolean
}

/** Where no person looks, such as a file. */
export const plainStage: JsonStage = { paint: (_style, text) => text, resultIsRead: false }

/**
 * JSON with an indent of two spaces, as `JSON.stringify(…, null, 2)` lays it out, in colour where the stage has any.
 * Nothing is lost: names come in their order (also such as look like integers, and repeated ones), numbers with all their
 * digits, strings with their escapes.
 * @param json valid JSON; of other text it makes something that is of no use
 */
export function formatJson(json: string, stage: JsonStage): string {
  return [...jsonLines(json, stage)].join('')
}

/**
 * What `formatJson` makes, in pieces of whole lines, each with its line feed but for the last one: of a hostile token the
 * indents alone are hundreds of megabytes. Goes through the text once and makes no values of it, which would be millions.
 */
export function* jsonLines(json: string, stage: JsonStage): Generator<string, void> {
  const source = Buffer.from(stage.resultIsRead ? escapeUnsafe(json) : json)
  const colours = coloursOf(stage)
  const out = new ByteText(Math.min(2 * source.length, 2 * pieceSize))
  let depth = 0
  for (let at = afterSpace(source, 0); at < source.length; at = afterSpace(source, at)) {
    if (out.length > pieceSize) yield out.takeLines()
    const byte = source[at]
    if (byte === openBrace || byte === openBracket) {
      out.addBytes(source, at, ++at)
      at = afterSpace(source, at)
      if (isEnd(source[at])) out.addBytes(source, at, ++at)
      else out.addLine(2 * ++depth)
    } else if (isEnd(byte)) {
      out.addLine(2 * --depth)
      out.addBytes(source, at, ++at)
    } else if (byte === comma) {
      out.addBytes(source, at, ++at)
      out.addLine(2 * depth)
    } else if (byte === colon) {
      out.addBytes(colonAndSpace)
      at++
    } else {
      const end = endOfScalar(source, at)
      const { before, behind } = colours[scalarKind(source, at, end)]
      out.addBytes(before)
      out.addBytes(source, at, end)
      out.addBytes(behind)
      at = end
    }
  }
  yield out.text()
}

const pieceSize = 1024 * 1024

/** JSON on one line, harmless for a terminal. */
export function compactJson(json: string): string {
  const source = Buffer.from(escapeUnsafe(json))
  const out = new ByteText(source.length)
  for (let at = afterSpace(source, 0); at < source.length; at = afterSpace(source, at)) {
    const end = source[at] === quote ? endOfScalar(source, at) : at + 1
    out.addBytes(source, at, end)
    at = end
  }
  return out.text()
}

/** The same JSON with an escape for every character that `safeText` would take out. */
export function escapeUnsafe(json: string): string {
  return json.replace(unsafeCharacters, escapeOf)
}

/** There are few of them, and a hostile text holds millions. */
const escapes = new Map<string, string>([
  // White space between values: in a string there is none.
  ['\r', ' '],
])

function escapeOf(character: string): string {
  const known = escapes.get(character)
  if (known !== undefined) return known
  const escape = `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  escapes.set(character, escape)
  return escape
}

const styles = {
  name: 'cyan',
  string: 'green',
  number: 'yellow',
  literal: 'magenta',
} as const satisfies Record<string, Style>
type ScalarKind = keyof typeof styles

/** What a stage puts around a text in each colour, asked for once and not for every value. */
function coloursOf({ paint }: JsonStage) {
  const around = (kind: ScalarKind) => {
    const [before = '', behind = ''] = paint(styles[kind], '|').split('|')
    return { before: Buffer.from(before), behind: Buffer.from(behind) }
  }
  return {
    name: around('name'),
    string: around('string'),
    number: around('number'),
    literal: around('literal'),
  }
}

const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20] as const
const [quote, comma, minus, digit0, digit9] = [0x22, 0x2c, 0x2d, 0x30, 0x39] as const
const [colon, backslash] = [0x3a, 0x5c] as const
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d] as const
const colonAndSpace = Buffer.from(': ')

function afterSpace(source: Buffer, start: number): number {
  let at = start
  while (isSpace(source[at])) at++
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === lineFeed || byte === carriageReturn || byte === tab
}

function isEnd(byte: number | undefined): boolean {
  return byte === closeBrace || byte === closeBracket
}

function endOfScalar(source: Buffer, start: number): number {
  let at = start + 1
  if (source[start] === quote) {
    while (at < source.length && source[at] !== quote) at += source[at] === backslash ? 2 : 1
    return at + 1
  }
  while (at < source.length && !isSpace(source[at]) && !isEnd(source[at]) && source[at] !== comma) at++
  return at
}

function scalarKind(source: Buffer, start: number, end: number): ScalarKind {
  const first = source[start] ?? 0
  if (first === quote) return source[afterSpace(source, end)] === colon ? 'name' : 'string'
  return first === minus || (first >= digit0 && first <= digit9) ? 'number' : 'literal'
}
