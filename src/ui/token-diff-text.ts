import type { Paint } from './colour.ts'
import { compactJson } from './json.ts'
import { jsonObject, stringIn } from './json-reader.ts'
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
    list.map((one) => ({ name: one.name, lines: claimLines(one, roleName, minus, plus) }))
  const sections = [
    section('Header', differences(header), paint),
    section('Claims', differences(claims), paint),
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

function section(title: string, blocks: readonly Block[], paint: Paint): string {
  if (blocks.length === 0) return ''
  const labels = blocks.map(({ name }) => `${safeText(name)}:`)
  const width = labels.reduce((widest, label) => Math.max(widest, label.length), 0)
  const lines = blocks.flatMap(({ lines: list }, index) =>
    list.map((line, at) => {
      const label = at === 0 ? (labels[index] ?? '') : ''
      return `  ${paint('cyan', label)}${' '.repeat(width - label.length)}  ${line}`
    }),
  )
  return [paint('bold', `${title}:`), ...lines].join('\n')
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
    ...one.onlyA.map((item) => minus(told(item))),
    ...one.onlyB.map((item) => plus(told(item))),
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
  const named = (members: readonly (readonly [name: string, json: string])[]) =>
    `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
  const differences = (all: readonly ClaimDiff[]) =>
    named(
      all.map((one) => [
        one.name,
        one.kind === 'set'
          ? jsonObject({ only_a: list(one.onlyA), only_b: list(one.onlyB), both: list(one.both) })
          : jsonObject({ a: one.a ?? 'null', b: one.b ?? 'null' }),
      ]),
    )
  return jsonObject({
    same: JSON.stringify(saysTheSame(diff)),
    header: differences(diff.header),
    claims: differences(diff.claims),
    times: named(
      diff.times.map(({ name, a, b, seconds }) => [
        name,
        jsonObject({ a, b, seconds: JSON.stringify(seconds ?? null) }),
      ]),
    ),
    new_in_every_token: JSON.stringify(diff.newInEveryToken),
  })
}
