import { firstSentence } from '../entra-codes/first-sentence.ts'
import { plainText } from './plain-text.ts'

/** What a text says of a failed sign-in. All of it is foreign text: whoever shows it makes it safe. */
export interface Scan {
  /** Every number, each once, in the order of the text; with what Entra wrote about it, where it did. */
  readonly codes: readonly FoundCode[]
  /** How many more numbers there were than anybody would read. */
  readonly codesLeftOut: number
  /** The OAuth error or MSAL's name of it, such as `invalid_grant`, where it is a known one. */
  readonly error: string | undefined
  readonly suberror: string | undefined
  readonly traceId: string | undefined
  readonly correlationId: string | undefined
  /** As Entra wrote it, such as `2026-01-31 10:00:00Z`. */
  readonly timestamp: string | undefined
}

export interface FoundCode {
  readonly code: number
  readonly sentence: string
}

/** What the scanner must be told to tell an error from something that looks like one. */
export interface Vocabulary {
  /** Whether a number is one of Entra's. Only asked where nothing else says so. */
  readonly isCode: (code: number) => boolean
  readonly names: readonly string[]
}

const mostCodes = 50

// Nobody but Entra writes "AADSTS", "error_codes" and its error page. "Error(s)" is MSAL's. Others have error codes too,
// so those count only where they are known. A number that goes on, as in a GUID, is none.
const mark =
  /AADSTS[ :#_-]?(?<sure>\d{4,9})(?!\d)|error_codes["']?\s{0,8}[:=]\s{0,8}\[(?<list>[\d,\s"']{1,200})\]|Error\(s\):\s{0,8}(?<some>\d[\d, ]{0,200})|\/error\?code=(?<page>\d{4,9})(?!\d)|(?:error[ _-]?(?:code|number|no)|result[ _-]?type)["']?\s{0,8}[:=]?\s{0,8}["']?(?<maybe>\d{5,9})(?![\d-])/gi

const bareNumbers = /^[\s#"']*\d{5,9}(?:[\s,;]+\d{5,9})*[\s"'.,;]*$/

/**
 * Finds what Entra said in anything that a person may paste or pipe: a number, a message, a JSON answer, an error of a
 * library around it, an address with the error in it, a whole log. Takes time in proportion to the text.
 */
export function scan(text: string, vocabulary: Vocabulary): Scan {
  const plain = plainText(text)
  const found = new Map<number, string>()
  for (const { code, end } of codesIn(plain, vocabulary)) {
    const sentence = found.get(code) || (end === undefined ? '' : sentenceAt(plain, end))
    found.set(code, sentence)
  }
  const codes = [...found].map(([code, sentence]) => ({ code, sentence }))
  const known = new Set(vocabulary.names)
  return {
    codes: codes.slice(0, mostCodes),
    codesLeftOut: Math.max(codes.length - mostCodes, 0),
    error: errorIn(plain, known),
    suberror: valueOf(plain, /sub_?error["']?\s{0,8}[:=]\s{0,8}["']?(\w{3,64})/i),
    traceId: valueOf(plain, new RegExp(`trace[ +_-]?id["']?[\\s+]{0,8}[:=][\\s+]{0,8}["']?(${guid})`, 'i')),
    correlationId: valueOf(
      plain,
      new RegExp(`correlation[ +_-]?id["']?[\\s+]{0,8}[:=][\\s+]{0,8}["']?(${guid})`, 'i'),
    ),
    timestamp: valueOf(
      plain,
      /timestamp["']?[\s+]{0,8}[:=][\s+]{0,8}["']?(\d{4}-\d\d-\d\d[ T+]\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?)/i,
    )?.replace('+', ' '),
  }
}

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

interface Mark {
  readonly code: number
  /** Where Entra's own words begin; undefined where the number stands alone. */
  readonly end: number | undefined
}

function* codesIn(text: string, { isCode }: Vocabulary): Generator<Mark> {
  if (text.length < 2000 && bareNumbers.test(text)) {
    for (const code of numbersIn(text)) yield { code, end: undefined }
    return
  }
  for (const { 0: whole, index, groups = {} } of text.matchAll(mark)) {
    const { sure, list, some, page, maybe } = groups
    if (sure !== undefined) yield { code: Number(sure), end: index + whole.length }
    for (const code of numbersIn(`${list ?? ''} ${some ?? ''} ${page ?? ''}`)) yield { code, end: undefined }
    if (maybe !== undefined && isCode(Number(maybe))) yield { code: Number(maybe), end: undefined }
  }
}

function numbersIn(text: string): readonly number[] {
  return (text.match(/(?<!\d)\d{4,9}(?!\d)/g) ?? []).map(Number)
}

/** Entra puts a colon between the number and what it says of it; another error may follow. */
function sentenceAt(text: string, start: number): string {
  const [rest = ''] = text.slice(start, start + 1000).split('AADSTS', 1)
  return /^["']?:/.test(rest) ? firstSentence(rest.replace(/^["']?:[\s+]*/, '')).replace(/[\s:]+$/, '') : ''
}

/** The value of `error`, else the first known name anywhere. */
function errorIn(text: string, known: ReadonlySet<string>): string | undefined {
  for (const [, name = ''] of text.matchAll(
    /(?<![\w-])error["']?\s{0,8}[:=]\s{0,8}["']?([a-z_]{3,64})(?!\w)/gi,
  )) {
    if (known.has(name)) return name
  }
  for (const [name] of text.matchAll(/(?<![\w-])[a-z]{1,32}_[a-z_]{1,64}(?![\w-])/g))
    if (known.has(name)) return name
  return undefined
}

function valueOf(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1]
}
