import type { DecodedToken } from '../jwt/decode.ts'
import { parseJsonTree, stringIn, type JsonTree } from './json-tree.ts'

/** How two tokens differ, the first called `a`, the second `b`. */
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
      readonly a: JsonTree | undefined
      readonly b: JsonTree | undefined
    }

type Items = readonly JsonTree[]

export interface TimeDiff {
  readonly name: string
  readonly a: JsonTree
  readonly b: JsonTree
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
export function diffTokens(a: DecodedToken, b: DecodedToken): TokenDiff {
  const header = differing(a.json.header, b.json.header)
  const claims = differing(a.json.payload, b.json.payload)
  const isNew = ({ name }: Pair) => newClaims.has(name)
  const isTime = (pair: Pair): pair is Pair & { a: JsonTree; b: JsonTree } =>
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
  readonly a: JsonTree | undefined
  readonly b: JsonTree | undefined
}

function differing(a: string, b: string): readonly Pair[] {
  const [ofA, ofB] = [membersOf(a), membersOf(b)]
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])]
  return names
    .map((name) => ({ name, a: ofA.get(name), b: ofB.get(name) }))
    .filter((pair) => canonical(pair.a) !== canonical(pair.b))
}

function membersOf(json: string): ReadonlyMap<string, JsonTree> {
  const tree = parseJsonTree(json)
  const members = tree.kind === 'object' ? tree.members : []
  return new Map(members.map(({ nameText, value }) => [stringIn(nameText), value]))
}

/** The same text for the same value, however it was written; digits of numbers count. */
function canonical(tree: JsonTree | undefined): string {
  if (tree === undefined) return ''
  switch (tree.kind) {
    case 'object': {
      const members = [...new Map(tree.members.map(({ nameText, value }) => [stringIn(nameText), value]))]
      const texts = members.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`)
      return `{${texts.toSorted().join(',')}}`
    }
    case 'array':
      return `[${tree.items.map(canonical).join(',')}]`
    case 'string':
      return JSON.stringify(stringIn(tree.text))
    case 'number':
    case 'literal':
      return tree.text
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
function itemsOf(tree: JsonTree | undefined): ReadonlyMap<string, JsonTree> | undefined {
  if (tree === undefined) return new Map()
  if (tree.kind === 'array') return new Map(tree.items.map((item) => [canonical(item), item]))
  if (tree.kind !== 'string') return undefined
  const words = stringIn(tree.text)
    .split(/\s+/)
    .filter((word) => word !== '')
  return new Map(words.map((word) => [JSON.stringify(word), { kind: 'string', text: JSON.stringify(word) }]))
}

function timeDiff({ name, a, b }: { name: string; a: JsonTree; b: JsonTree }): TimeDiff {
  const seconds = Math.round(secondsOf(b) - secondsOf(a))
  return { name, a, b, seconds: Number.isFinite(seconds) ? seconds : undefined }
}

function secondsOf(tree: JsonTree): number {
  return tree.kind === 'number' ? Number(tree.text) : Number.NaN
}
