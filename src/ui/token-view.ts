import type { DecodedToken } from '../jwt/decode.ts'
import type { TokenDescription } from '../jwt/describe.ts'
import type { TokenRemark } from '../jwt/token-remarks.ts'
import { compactJson } from './json.ts'
import { eachMember, JsonReader, stringIn, type JsonMember } from './json-reader.ts'
import { distanceText, localTimeText } from './local-time.ts'
import { safeText } from './safe-text.ts'
import { utcText } from './time.ts'
import { dateText, expiryText } from './token-summary.ts'
import { durationText } from './token-times.ts'

/** A token and all that is known about it, as it is handed to whoever shows it. */
export interface TokenReading {
  readonly token: DecodedToken
  readonly description: TokenDescription
  readonly remarks: readonly TokenRemark[]
  readonly now: Date
  /** Where the reader is, as in `Europe/Vienna`; times are told in UTC too. */
  readonly timeZone: string
  /** What a claim or a header parameter means, in a clause; undefined for an unknown one. */
  readonly claimMeaning: (name: string, value: unknown) => string | undefined
  readonly headerMeaning: (name: string) => string | undefined
  /** The name of a directory role by its template id. */
  readonly roleName: (templateId: string) => string | undefined
}

/** A token laid out for a person. Every text is one line, harmless for a terminal; for HTML it must be escaped. */
export interface TokenView {
  /** `delegated access token (v1.0)` */
  readonly kind: string
  readonly algorithm: string
  readonly signature: string
  readonly header: readonly TokenRow[]
  readonly claims: readonly TokenRow[]
  readonly times: readonly TokenRow[]
  readonly remarks: readonly TokenRemark[]
}

export interface TokenRow {
  readonly label: string
  /** A list, or one value. */
  readonly lines: readonly TokenLine[]
  /** What stands between them on one line; default: a comma. */
  readonly separator?: string
  readonly meaning?: string | undefined
}

export interface TokenLine {
  readonly text: string
  /** What this one stands for, such as the name of a role. */
  readonly note?: string | undefined
}

/** Nobody reads more rows, or more items of a list; `-o json` shows all. */
const mostRows = 1000
/** As many characters of one value. */
const mostCharacters = 10_000

/** Lays a token out: what it is, every header parameter and claim with what it means, its times, and what stands out. */
export function tokenView(reading: TokenReading): TokenView {
  const { token, description } = reading
  const header = membersIn(token.json.header, reading.headerMeaning)
  const claims = membersIn(token.json.payload, (name) => reading.claimMeaning(name, undefined))
  const version = description.version === undefined ? '' : ` (v${safeText(description.version)})`
  return {
    kind: `${description.kind === 'unknown' ? 'JSON Web Token' : description.kind}${version}`,
    algorithm: safeText(algorithmOf(token)),
    signature:
      token.signature === '' ? 'none' : `${Math.floor((token.signature.length * 3) / 4)} bytes, not checked`,
    header: rowsOf(header, (name) => reading.headerMeaning(name), reading),
    claims: rowsOf(claims, (name) => reading.claimMeaning(name, token.payload[name]), reading),
    times: timeRows(reading),
    remarks: remarksOf(reading, claims.repeated),
  }
}

/** Required by RFC 7515, section 4.1.1; a header without it cannot be signed. */
function algorithmOf({ header }: DecodedToken): string {
  return typeof header['alg'] === 'string' ? header['alg'] : 'none'
}

interface Members {
  /** As many as are shown. */
  readonly first: readonly JsonMember[]
  readonly count: number
  /** Some of the names that are there more than once, of those that are shown or have a meaning. */
  readonly repeated: readonly string[]
}

function membersIn(json: string, meaningOf: (name: string) => string | undefined): Members {
  const first: JsonMember[] = []
  const seen = new Set<string>()
  const repeated = new Set<string>()
  let count = 0
  eachMember(json, (member) => {
    if (++count <= mostRows) first.push(member)
    const name = stringIn(member.nameText)
    if (seen.has(name)) repeated.add(name)
    // To remember half a million names takes longer than all the rest.
    else if (count <= mostRows || meaningOf(name) !== undefined) seen.add(name)
  })
  return { first, count, repeated: [...repeated].slice(0, 10) }
}

function rowsOf(
  { first, count }: Members,
  meaningOf: (name: string) => string | undefined,
  reading: TokenReading,
): readonly TokenRow[] {
  const rows = first.map((member) => rowOf(member, meaningOf, reading))
  if (count <= mostRows) return rows
  return [...rows, { label: '...', lines: [{ text: more(count - mostRows) }] }]
}

function more(count: number): string {
  return `and ${count} more; "-o json" shows all`
}

function rowOf(
  { nameText, value }: JsonMember,
  meaningOf: (name: string) => string | undefined,
  { now, roleName }: TokenReading,
): TokenRow {
  const name = stringIn(nameText)
  const label = safeText(name)
  const meaning = meaningOf(name)
  const date = timeIn(name, value)
  if (date) {
    const text = `${inlineText(value)} (${utcText(date)})`
    return { label, lines: [{ text }], meaning: `${meaning ?? 'time'}: ${distanceText(date, now)}` }
  }
  const lines = valueLines(name, value, roleName)
  return name === 'scp' ? { label, lines, separator: ' ', meaning } : { label, lines, meaning }
}

const timeClaims = new Set(['exp', 'iat', 'nbf', 'auth_time', 'xms_tcdt'])

/** The moment a claim stands for, where it is one that dates can hold. */
function timeIn(name: string, value: string): Date | undefined {
  if (!timeClaims.has(name)) return undefined
  const text = inlineText(value)
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined
  const date = new Date(Number(text) * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date
}

function valueLines(name: string, value: string, roleName: TokenReading['roleName']): readonly TokenLine[] {
  const reader = new JsonReader(value)
  const kind = reader.kind()
  if (kind === 'array') {
    const items: string[] = []
    let count = 0
    reader.array(() => {
      const item = reader.value()
      if (++count <= mostRows) items.push(item)
    })
    if (count === 0) return [{ text: '(none)' }]
    return shortened(items, count, (item) => {
      const text = inlineText(item)
      return { text, note: name === 'wids' ? roleName(text) : undefined }
    })
  }
  const text = inlineText(value)
  if (name !== 'scp' || kind !== 'string') return [{ text }]
  const scopes = text.split(' ')
  return shortened(scopes.slice(0, mostRows), scopes.length, (scope) => ({ text: scope }))
}

function shortened(
  shown: readonly string[],
  count: number,
  line: (item: string) => TokenLine,
): readonly TokenLine[] {
  const lines = shown.map(line)
  return count > mostRows ? [...lines, { text: more(count - mostRows) }] : lines
}

function inlineText(value: string): string {
  const text = value.startsWith('"') ? stringIn(value) : compactJson(value)
  if (text === '') return '""'
  const shown = safeText(text.slice(0, mostCharacters))
  return text.length > mostCharacters ? `${shown}... ${more(text.length - mostCharacters)}` : shown
}

/** The labels of the earlier manuals, which people know. */
function timeRows({ description, now, timeZone }: TokenReading): readonly TokenRow[] {
  const { status, issuedAt, notBefore, expiresAt, nbf, iat, expiresInSeconds } = description
  const row = (label: string, text: string): TokenRow => ({ label, lines: [{ text }] })
  const moment = (date: Date | undefined, text: string) => {
    if (!date) return text
    const local = localTimeText(date, timeZone)
    return `${text}${local === undefined ? '' : ` = ${local}`}, ${distanceText(date, now)}`
  }
  return [
    ...(iat === undefined ? [] : [row('Issued At', moment(issuedAt, dateText(issuedAt, iat)))]),
    ...(nbf === undefined ? [] : [row('Not Before', moment(notBefore, dateText(notBefore, nbf)))]),
    row('Expires At', moment(expiresAt, expiryText(description))),
    ...(expiresInSeconds === undefined
      ? []
      : [row(status === 'expired' ? 'Expired For' : 'Valid For', durationText(expiresInSeconds))]),
  ]
}

function remarksOf(
  { token, description, remarks }: TokenReading,
  repeated: readonly string[],
): readonly TokenRemark[] {
  const { status, exp, expiresInSeconds = 0, notBefore, nbf } = description
  const isUnsigned = token.signature === '' || /^none$/i.test(algorithmOf(token))
  const warnings = [
    ...(status === 'expired' ? [`expired ${durationText(expiresInSeconds)} ago; APIs refuse it`] : []),
    ...(status === 'not-yet-valid' ? [`not valid before ${dateText(notBefore, nbf)}; APIs refuse it`] : []),
    ...(status === 'unclear' ? ['exp or nbf is not a time; APIs refuse it'] : []),
    ...(exp === undefined && status === 'valid' ? ['has no exp claim, so it never expires'] : []),
    ...(isUnsigned ? ['not signed (alg none): anyone can have written it'] : []),
    ...repeated.map((name) => `the claim "${name}" is there more than once; the last one counts`),
  ]
  return [
    ...warnings.map((text) => ({ kind: 'warning', text: safeText(text) }) as const),
    ...remarks.map(({ kind, text }) => ({ kind, text: safeText(text) })),
  ]
}
