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

export type ClaimDiff =
  | {
      readonly kind: 'set'
      readonly name: string
      readonly onlyA: Items
      readonly onlyB: Items
      readonly both: Items
    }
  /** Undefined on the side that has no such claim. */
  | {
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
  const header = differing(a.json.header, b.json.header)
  const claims = differing(a.json.payload, b.json.payload)
  const isNew = ({ name }: Pair) => newClaims.has(name)
  const isTime = (pair: Pair): pair is Pair & { a: string; b: string } =>
    timeClaims.has(pair.name) && pair.a !== undefined && pair.b !== undefined
  const news = [...header.filter(isNew), ...claims.filter(isNew)].map(({ name }) => name)
  return {
    header: header.filter((pair) => !isNew(pair)).map(valueDiff),
    claims: claims
      .filter((pair) => !isNew(pair) && !isTime(pair))
      .flatMap((pair) => (setClaims.has(pair.name) ? setDiff(pair) : [valueDiff(pair)])),
    times: claims.filter(isTime).map(timeDiff),
    newInEveryToken: [...new Set([...news, ...(a.signature === b.signature ? [] : ['signature'])])],
  }
}

/** Whether two tokens say the same, but for what is new in every token: times, ids, signature. */
export function saysTheSame({ header, claims }: TokenDiff): boolean {
  return header.length === 0 && claims.length === 0
}

interface Pair {
  readonly name: string
  readonly a: string | undefined
  readonly b: string | undefined
}

function differing(a: string, b: string): readonly Pair[] {
  if (a === b) return []
  const [ofA, ofB] = [membersOf(a), membersOf(b)]
  const pairs: Pair[] = []
  for (const [nameText, valueA] of ofA) {
    const valueB = ofB.get(nameText)
    if (valueB === undefined || !isSameValue(valueA, valueB)) {
      pairs.push({ name: stringIn(nameText), a: valueA, b: valueB })
    }
  }
  for (const [nameText, valueB] of ofB) {
    if (!ofA.has(nameText)) pairs.push({ name: stringIn(nameText), a: undefined, b: valueB })
  }
  return pairs
}

/** By the canonical text of each name. */
function membersOf(json: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>()
  eachMember(json, ({ nameText, value }) => members.set(canonicalString(nameText), value))
  return members
}

function isSameValue(a: string, b: string): boolean {
  return a === b || canonical(a) === canonical(b)
}

/** The same text for the same value, however it was written; digits of numbers count. */
function canonical(json: string): string {
  return canonicalValue(new JsonReader(json))
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

function valueDiff({ name, a, b }: Pair): ClaimDiff {
  return { kind: 'value', name, a, b }
}

/** A claim that is missing is an empty set. None at all where only order and repetition differ. */
function setDiff(pair: Pair): readonly ClaimDiff[] {
  const [ofA, ofB] = [itemsOf(pair.a), itemsOf(pair.b)]
  if (!ofA || !ofB) return [valueDiff(pair)]
  const onlyA = [...ofA].filter(([text]) => !ofB.has(text)).map(([, item]) => item)
  const onlyB = [...ofB].filter(([text]) => !ofA.has(text)).map(([, item]) => item)
  const both = [...ofA].filter(([text]) => ofB.has(text)).map(([, item]) => item)
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
    for (const word of stringIn(json).match(/\S+/g) ?? [])
      items.set(JSON.stringify(word), JSON.stringify(word))
  } else return undefined
  return items
}

function timeDiff({ name, a, b }: { name: string; a: string; b: string }): TimeDiff {
  const seconds = Math.round(secondsOf(b) - secondsOf(a))
  return { name, a, b, seconds: Number.isFinite(seconds) ? seconds : undefined }
}

function secondsOf(json: string): number {
  return new JsonReader(json).kind() === 'number' ? Number(json) : Number.NaN
}
