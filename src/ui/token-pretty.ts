import type { DecodedToken } from '../jwt/decode.ts'
import type { TokenDescription } from '../jwt/describe.ts'
import type { Paint } from './colour.ts'
import { compactJson } from './json.ts'
import { parseJsonTree, stringIn, type JsonMember, type JsonTree } from './json-tree.ts'
import { safeText } from './safe-text.ts'
import { utcText } from './time.ts'
import { dateText, expiryText } from './token-summary.ts'
import { durationText } from './token-times.ts'

export interface PrettyToken {
  readonly token: DecodedToken
  readonly description: TokenDescription
  /** What a claim or a header parameter means, in a clause; undefined for an unknown one. */
  readonly claimMeaning: (name: string, value: unknown) => string | undefined
  readonly headerMeaning: (name: string) => string | undefined
}

/** Which part of a token to show. */
export type TokenPart = 'whole' | 'header' | 'claims'

/**
 * A token for a person to read: what it is, every header parameter and claim with what it means, its times as dates, and
 * what is wrong with it. Everything foreign is harmless for a terminal.
 */
export function prettyToken(pretty: PrettyToken, part: TokenPart, paint: Paint): string {
  const { token, description } = pretty
  const headerRows = rows(token.json.header, (name) => pretty.headerMeaning(name))
  const claimRows = rows(token.json.payload, (name) => pretty.claimMeaning(name, token.payload[name]))
  const sections = {
    header: section('Header', headerRows, paint),
    claims: section('Claims', claimRows, paint),
  }
  if (part !== 'whole') return sections[part]
  const kind = description.kind === 'unknown' ? 'JSON Web Token' : description.kind
  const version = description.version === undefined ? '' : ` (v${safeText(description.version)})`
  const top = [
    `Token Type: ${kind}${version}`,
    `Algorithm: ${safeText(algorithmOf(token))}`,
    `Signature: ${token.signature === '' ? 'none' : `${Math.floor((token.signature.length * 3) / 4)} bytes, not checked`}`,
  ].join('\n')
  const expiration = section('Expiration', timeRows(description), paint)
  const warnings = warningsAbout(token, description).map((text) => `${paint('yellow', 'Warning:')} ${text}`)
  return [top, sections.header, sections.claims, expiration, warnings.join('\n')]
    .filter((block) => block !== '')
    .join('\n\n')
}

/** Required by RFC 7515, section 4.1.1; a header without it cannot be signed. */
function algorithmOf({ header }: DecodedToken): string {
  return typeof header['alg'] === 'string' ? header['alg'] : 'none'
}

interface Row {
  readonly label: string
  readonly lines: readonly string[]
  readonly meaning?: string | undefined
}

const widestValue = 40
const longestLine = 60

function section(title: string, list: readonly Row[], paint: Paint): string {
  const labelWidth = widest(list.map(({ label }) => label)) + 1
  const valueWidth = widest(
    list.map(({ lines }) => lines[0] ?? '').filter((line) => line.length <= widestValue),
  )
  const indent = ' '.repeat(labelWidth + 3)
  const text = list.flatMap(({ label, lines: [first = '', ...rest], meaning }) => {
    const head = `  ${paint('cyan', `${label}:`)}${' '.repeat(labelWidth - label.length)}`
    const tail = rest.map((line) => `${indent}${line}`)
    if (meaning === undefined) return [`${head}${first}`, ...tail]
    const told = paint('dim', meaning)
    // A value that reaches into the column of meanings leaves its own to the next line.
    return first.length > valueWidth
      ? [`${head}${first}`, ...tail, `${indent}${' '.repeat(valueWidth)}  ${told}`]
      : [`${head}${first.padEnd(valueWidth)}  ${told}`, ...tail]
  })
  return [paint('bold', `${title}:`), ...text].join('\n')
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0)
}

function rows(json: string, meaningOf: (name: string) => string | undefined): readonly Row[] {
  return membersOf(json).map(({ nameText, value }) => {
    const name = stringIn(nameText)
    return { label: safeText(name), lines: valueLines(name, value), meaning: meaningOf(name) }
  })
}

function membersOf(json: string): readonly JsonMember[] {
  const tree = parseJsonTree(json)
  return tree.kind === 'object' ? tree.members : []
}

const timeClaims = new Set(['exp', 'iat', 'nbf', 'auth_time', 'xms_tcdt'])

function valueLines(name: string, value: JsonTree): readonly string[] {
  if (value.kind === 'array') return listLines(value.items.map(inlineText), ', ')
  if (name === 'scp' && value.kind === 'string') return listLines(inlineText(value).split(' '), ' ')
  const text = inlineText(value)
  if (!timeClaims.has(name) || !/^-?\d+(\.\d+)?$/.test(text)) return [text]
  const date = new Date(Number(text) * 1000)
  return [Number.isNaN(date.getTime()) ? text : `${text} (${utcText(date)})`]
}

function listLines(items: readonly string[], separator: string): readonly string[] {
  const line = items.join(separator)
  if (items.length === 0) return ['(none)']
  return line.length <= longestLine ? [line] : items
}

function inlineText(value: JsonTree): string {
  if (value.kind !== 'string') return compactJson(value)
  const text = stringIn(value.text)
  return text === '' ? '""' : safeText(text)
}

/** The labels of the earlier manuals, which people know. */
function timeRows(description: TokenDescription): readonly Row[] {
  const { status, issuedAt, notBefore, nbf, iat, expiresInSeconds } = description
  const row = (label: string, text: string): Row => ({ label, lines: [text] })
  return [
    ...(iat === undefined ? [] : [row('Issued At', dateText(issuedAt, iat))]),
    ...(nbf === undefined ? [] : [row('Not Before', dateText(notBefore, nbf))]),
    row('Expires At', expiryText(description)),
    ...(expiresInSeconds === undefined
      ? []
      : status === 'expired'
        ? [row('Expired For', durationText(expiresInSeconds))]
        : [row('Valid For', durationText(expiresInSeconds))]),
  ]
}

function warningsAbout(token: DecodedToken, description: TokenDescription): readonly string[] {
  const { status, exp, expiresInSeconds = 0, notBefore, nbf } = description
  const isUnsigned = token.signature === '' || /^none$/i.test(algorithmOf(token))
  const repeated = repeatedNames(membersOf(token.json.payload))
  return [
    ...(status === 'expired' ? [`expired ${durationText(expiresInSeconds)} ago; APIs refuse it`] : []),
    ...(status === 'not-yet-valid' ? [`not valid before ${dateText(notBefore, nbf)}; APIs refuse it`] : []),
    ...(status === 'unclear' ? ['exp or nbf is not a time; APIs refuse it'] : []),
    ...(exp === undefined && status === 'valid' ? ['has no exp claim, so it never expires'] : []),
    ...(isUnsigned ? ['not signed (alg none): anyone can have written it'] : []),
    ...repeated.map((name) => `the claim "${safeText(name)}" is there more than once; the last one counts`),
  ]
}

function repeatedNames(members: readonly JsonMember[]): readonly string[] {
  const names = members.map(({ nameText }) => stringIn(nameText))
  const seen = new Set<string>()
  const repeated = names.filter((name) => seen.size === seen.add(name).size)
  return [...new Set(repeated)]
}
