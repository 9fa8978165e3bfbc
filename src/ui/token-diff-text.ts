import type { Paint } from './colour.ts'
import { compactJson } from './json.ts'
import { jsonObject, stringIn } from './json-reader.ts'
import { columnWidth } from './column-width.ts'
import { safeText } from './safe-text.ts'
import { saysTheSame, type ClaimDiff, type TimeDiff, type TokenDiff } from './token-diff.ts'
import { durationText } from './token-times.ts'

/** What the two tokens are called: where they came from, and what they are. */
export interface DiffLabels {
  readonly a: string
  readonly b: string
}

/**
 * How two tokens differ, for a person: `-` is what only the first says, `+` what only the second does. Empty for two that
 * are one. Harmless for a terminal.
 * @param roleName the name of a directory role by its template id
 */
export function diffText(
  diff: TokenDiff,
  labels: DiffLabels,
  roleName: (templateId: string) => string | undefined,
  paint: Paint,
): string {
  const { header, claims, times, newInEveryToken } = diff
  const minus = (text: string) => paint('red', `- ${text}`)
  const plus = (text: string) => paint('green', `+ ${text}`)
  const differences = (list: readonly ClaimDiff[]): readonly Block[] =>
    list.slice(0, mostRows).map((one) => ({ name: one.name, lines: claimLines(one, roleName, minus, plus) }))
  const sections = [
    section('Header', differences(header), paint, header.length),
    section('Claims', differences(claims), paint, claims.length),
    section(
      'Times',
      times.map((time) => ({ name: time.name, lines: [timeLine(time)] })),
      paint,
    ),
    newInEveryToken.length === 0
      ? ''
      : `New in every token: ${newInEveryToken.map((name) => safeText(name)).join(', ')}`,
  ].filter((text) => text !== '')
  if (sections.length === 0) return ''
  const top = [paint('red', `--- ${safeText(labels.a)}`), paint('green', `+++ ${safeText(labels.b)}`)].join(
    '\n',
  )
  return [top, ...sections].join('\n\n')
}

interface Block {
  readonly name: string
  readonly lines: readonly string[]
}

/** Nobody reads more differences, or more items of a set. */
const mostRows = 1000

function more(count: number, shown: number): readonly string[] {
  return count > shown ? [`... and ${count - shown} more; "-o json" shows all`] : []
}

/** @param count of the blocks, and of those that are left out */
function section(
  title: string,
  blocks: readonly Block[],
  paint: Paint,
  count: number = blocks.length,
): string {
  if (blocks.length === 0) return ''
  const labels = blocks.map(({ name }) => `${safeText(name)}:`)
  const width = columnWidth(labels)
  const lines = blocks.flatMap(({ lines: list }, index) =>
    list.map((line, at) => {
      const label = at === 0 ? (labels[index] ?? '') : ''
      return `  ${paint('cyan', label)}${' '.repeat(Math.max(0, width - label.length))}  ${line}`
    }),
  )
  const rest = more(count, blocks.length).map((line) => `  ${line}`)
  return [paint('bold', `${title}:`), ...lines, ...rest].join('\n')
}

function claimLines(
  one: ClaimDiff,
  roleName: (templateId: string) => string | undefined,
  minus: (text: string) => string,
  plus: (text: string) => string,
): readonly string[] {
  if (one.kind === 'value') {
    return [
      ...(one.a === undefined ? [] : [minus(inline(one.a))]),
      ...(one.b === undefined ? [] : [plus(inline(one.b))]),
    ]
  }
  const told = (item: string) => {
    const text = inline(item)
    const role = one.name === 'wids' ? roleName(text) : undefined
    return role === undefined ? text : `${text} (${role})`
  }
  return [
    ...one.onlyA.slice(0, mostRows).map((item) => minus(told(item))),
    ...more(one.onlyA.length, mostRows).map(minus),
    ...one.onlyB.slice(0, mostRows).map((item) => plus(told(item))),
    ...more(one.onlyB.length, mostRows).map(plus),
    ...(one.both.length === 0 ? [] : [`  ${one.both.length} in both`]),
  ]
}

function timeLine({ a, b, seconds }: TimeDiff): string {
  if (seconds === undefined) return `${inline(a)} and ${inline(b)}`
  return seconds < 0 ? `${durationText(seconds)} earlier` : `${durationText(seconds)} later`
}

function inline(json: string): string {
  if (!json.startsWith('"')) return compactJson(json)
  const text = stringIn(json)
  return text === '' ? '""' : safeText(text)
}

/**
 * How two tokens differ, as JSON for a program: `same`, and by claim either `a` and `b` (null where it is missing), or `only_a`,
 * `only_b` and `both` for what is a set. Times have `seconds` too, by which the second is later.
 */
export function diffJson(diff: TokenDiff): string {
  const list = (items: readonly string[]) => `[${items.join(',')}]`
  const named = (members: readonly string[]) => `{${members.join(',')}}`
  const claim = (one: ClaimDiff) =>
    one.kind === 'set'
      ? `{"only_a":${list(one.onlyA)},"only_b":${list(one.onlyB)},"both":${list(one.both)}}`
      : `{"a":${one.a ?? 'null'},"b":${one.b ?? 'null'}}`
  const differences = (all: readonly ClaimDiff[]) =>
    named(all.map((one) => `${JSON.stringify(one.name)}:${claim(one)}`))
  return jsonObject({
    same: JSON.stringify(saysTheSame(diff)),
    header: differences(diff.header),
    claims: differences(diff.claims),
    times: named(
      diff.times.map(
        ({ name, a, b, seconds }) => `"${name}":{"a":${a},"b":${b},"seconds":${seconds ?? null}}`,
      ),
    ),
    new_in_every_token: JSON.stringify(diff.newInEveryToken),
  })
}
