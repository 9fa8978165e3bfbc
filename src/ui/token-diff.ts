import type { TokenJson } from '../jwt/decode.ts'
import { canonicalString, eachMember, JsonReader, stringIn } from './json-reader.ts'

/** How two tokens differ, the first called `a`, the second `b`. Values are JSON text. */
export interface TokenDiff {
  readonly header: readonly ClaimDiff[]
  readonly claims: readonly ClaimDiff[]
  readonly times: readonly TimeDiff[]
  /** Names of what is new in every token and differs here too; `signature` is the last part. */
  readonly newInEveryToken: readonly string[]
}

export type ClaimDiff = SetDiff | ValueDiff

export interface SetDiff {
  readonly kind: 'set'
  readonly name: string
  readonly onlyA: Items
  readonly onlyB: Items
  readonly both: Items
}

/** Undefined on the side that has no such claim. */
export interface ValueDiff {
  readonly kind: 'value'
  readonly name: string
  readonly a: string | undefined
  readonly b: string | undefined
}

type Items = readonly string[]

export interface TimeDiff {
  readonly name: string
  readonly a: string
  readonly b: string
  /** By how much the second is later; undefined where one of the two is no time. */
  readonly seconds: number | undefined
}

/** Lists in which order and repetition mean nothing; `scp` has its items in one text. */
const setClaims: ReadonlySet<string> = new Set(['scp', 'roles', 'groups', 'wids', 'amr', 'acrs', 'xms_cc'])
const timeClaims: ReadonlySet<string> = new Set(['iat', 'nbf', 'exp', 'auth_time'])
/** What Entra makes anew for each token, or uses for itself. */
const newClaims: ReadonlySet<string> = new Set([
  'uti',
  'jti',
  'aio',
  'rh',
  'xms_ftd',
  'nonce',
  'at_hash',
  'c_hash',
])

/** Compares what two tokens say. Names are compared as JSON has them: order is nothing, and of a repeated name the last counts. */
export function diffTokens(a: TokenJson, b: TokenJson): TokenDiff {
  const news: string[] = []
  const header: ClaimDiff[] = []
  for (const one of differing(a.json.header, b.json.header)) {
    if (newClaims.has(one.name)) news.push(one.name)
    else header.push(one)
  }
  const claims: ClaimDiff[] = []
  const times: TimeDiff[] = []
  for (const one of differing(a.json.payload, b.json.payload)) {
    if (newClaims.has(one.name)) news.push(one.name)
    else if (timeClaims.has(one.name) && one.a !== undefined && one.b !== undefined) {
      times.push(timeDiff(one.name, one.a, one.b))
    } else if (setClaims.has(one.name)) claims.push(...setDiff(one))
    else claims.push(one)
  }
  if (a.signature !== b.signature) news.push('signature')
  return { header, claims, times, newInEveryToken: [...new Set(news)] }
}

/** Whether two tokens say the same, but for what is new in every token: times, ids, signature. */
export function saysTheSame({ header, claims }: TokenDiff): boolean {
  return header.length === 0 && claims.length === 0
}

function differing(a: string, b: string): readonly ValueDiff[] {
  if (a === b) return []
  const ofA = membersOf(a)
  const ofB = membersOf(b)
  const differences: ValueDiff[] = []
  for (const [name, value] of ofA) {
    const other = ofB.get(name)
    ofB.delete(name)
    if (!isSameValue(value, other)) differences.push(valueDiff(name, value, other))
  }
  // Those that the first has are gone by now.
  for (const [name, value] of ofB) differences.push(valueDiff(name, undefined, value))
  return differences
}

/** By the canonical text of each name. */
function membersOf(json: string): Map<string, string> {
  const members = new Map<string, string>()
  eachMember(json, ({ nameText, value }) => members.set(canonicalString(nameText), value))
  return members
}

function valueDiff(nameText: string, a: string | undefined, b: string | undefined): ValueDiff {
  return { kind: 'value', name: stringIn(nameText), a, b }
}

function isSameValue(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  const [ofA, ofB] = [listIn(a), listIn(b)]
  // Most lists that differ do so in their length or their first items: the rest need not be looked at.
  if (ofA && ofB)
    return ofA.length === ofB.length && ofA.every((item, index) => isSameValue(item, ofB[index]))
  return canonical(a) === canonical(b)
}

/** The items as they are written; undefined for what is no list. */
function listIn(json: string): readonly string[] | undefined {
  const reader = new JsonReader(json)
  if (reader.kind() !== 'array') return undefined
  const items: string[] = []
  reader.array(() => items.push(reader.value()))
  return items
}

/** The same text for the same value, however it was written; digits of numbers count. */
function canonical(json: string): string {
  // What has neither escapes nor spaces nor names can be written in one way only.
  if (!/[\\\s{]/.test(json)) return json
  return json.startsWith('"') ? canonicalString(json) : canonicalValue(new JsonReader(json))
}

function canonicalValue(reader: JsonReader): string {
  switch (reader.kind()) {
    case 'object': {
      const members = new Map<string, string>()
      reader.object((nameText) => {
        const name = canonicalString(nameText)
        members.set(name, `${name}:${canonicalValue(reader)}`)
      })
      return `{${[...members.values()].toSorted().join(',')}}`
    }
    case 'array': {
      const items: string[] = []
      reader.array(() => items.push(canonicalValue(reader)))
      return `[${items.join(',')}]`
    }
    case 'string':
      return canonicalString(reader.scalar())
    case 'number':
    case 'literal':
      return reader.scalar()
  }
}

/** A claim that is missing is an empty set. None at all where only order and repetition differ. */
function setDiff(pair: ValueDiff): readonly ClaimDiff[] {
  const [ofA, ofB] = [itemsOf(pair.a), itemsOf(pair.b)]
  if (!ofA || !ofB) return [pair]
  const onlyA: string[] = []
  const both: string[] = []
  const onlyB: string[] = []
  for (const [text, item] of ofA) (ofB.has(text) ? both : onlyA).push(item)
  for (const [text, item] of ofB) if (!ofA.has(text)) onlyB.push(item)
  if (onlyA.length === 0 && onlyB.length === 0) return []
  return [{ kind: 'set', name: pair.name, onlyA, onlyB, both }]
}

/** Undefined for a value that is no list. */
function itemsOf(json: string | undefined): ReadonlyMap<string, string> | undefined {
  const items = new Map<string, string>()
  if (json === undefined) return items
  const reader = new JsonReader(json)
  const kind = reader.kind()
  if (kind === 'array') {
    reader.array(() => {
      const item = reader.value()
      items.set(canonical(item), item)
    })
  } else if (kind === 'string') {
    for (const word of stringIn(json).match(/\S+/g) ?? []) {
      const item = JSON.stringify(word)
      items.set(item, item)
    }
  } else return undefined
  return items
}

function timeDiff(name: string, a: string, b: string): TimeDiff {
  const seconds = Math.round(secondsOf(b) - secondsOf(a))
  return { name, a, b, seconds: Number.isFinite(seconds) ? seconds : undefined }
}

function secondsOf(json: string): number {
  return new JsonReader(json).kind() === 'number' ? Number(json) : Number.NaN
}
