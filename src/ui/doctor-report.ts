import type { Check, Group } from '../core/doctor/check.ts'
import type { Report } from '../core/doctor/doctor.ts'
import type { Paint, Style } from './colour.ts'
import { wrapped } from './wrapped-text.ts'
import { safeText } from './safe-text.ts'

const titles: Readonly<Record<Group, string>> = {
  storage: 'Storage',
  network: 'Network',
  environment: 'Environment',
  profiles: 'Profiles',
}

const marks: Readonly<Record<Check['status'], readonly [mark: string, style: Style]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
  not_applicable: ['-', 'dim'],
}

/** Room for the names of all checks; of profiles, a longer one moves its own fact alone. */
const [leastLabel, mostLabel] = [16, 24]

/**
 * What the doctor found, in groups: a mark, what it is about, the fact, and below it what mends it.
 * @param options.width of the terminal, at which sentences are broken between words; undefined breaks none. A command
 *   is never broken, for it is to be copied
 */
export function doctorReport(
  { checks }: Report,
  { width, paint }: { readonly width: number | undefined; readonly paint: Paint },
): string {
  const longest = Math.max(leastLabel, ...checks.map((check) => safeText(labelOf(check)).length))
  const layout: Layout = { width, paint, labelWidth: Math.min(longest, mostLabel) }
  const groups = (Object.keys(titles) as Group[]).map((group) =>
    [
      paint('bold', titles[group]),
      ...checks.filter((check) => check.group === group).map((check) => checkText(check, layout)),
    ].join('\n'),
  )
  return [...groups, summary(checks, paint)].join('\n\n')
}

interface Layout {
  readonly width: number | undefined
  readonly labelWidth: number
  readonly paint: Paint
}

function checkText(check: Check, { width, labelWidth, paint }: Layout): string {
  const [mark, style] = marks[check.status]
  const label = safeText(labelOf(check)).padEnd(labelWidth)
  const indent = ' '.repeat(4 + labelWidth + 1)
  const room = width && Math.max(width - indent.length, 30)
  const factStyle = check.status === 'not_applicable' ? 'dim' : undefined
  const [first = '', ...others] = wrapped(safeText(check.fact), room).map((line) =>
    shown(line, factStyle, paint),
  )
  return [
    `  ${paint(style, mark)} ${label} ${first}`,
    ...[...others, ...remedyLines(check, room, paint)].map((line) => indent + line),
  ].join('\n')
}

// What begins otherwise is a sentence.
const command =
  /^(\$env:|(chmod|df|entra-auth-cli|export|gnome-keyring-daemon|kill|npm|read|rm|security|sudo|taskkill|unset|w32tm) )/

function remedyLines({ remedy }: Check, room: number | undefined, paint: Paint): readonly string[] {
  if (remedy === undefined) return []
  const text = safeText(remedy)
  const arrow = paint('cyan', '→')
  if (command.test(text)) return [`${arrow} ${paint('cyan', text)}`]
  return wrapped(text, room && room - 2).map((line, index) => `${index === 0 ? arrow : ' '} ${line}`)
}

function shown(text: string, style: Style | undefined, paint: Paint): string {
  return style === undefined ? text : paint(style, text)
}

/** A profile by its own name, everything else by the check's: `token-store` as `token store`. */
function labelOf({ group, name, subject }: Check): string {
  return group === 'profiles' && subject !== undefined ? subject : name.replaceAll('-', ' ')
}

function summary(checks: readonly Check[], paint: Paint): string {
  const failedIn = (group: Group) =>
    checks.some((check) => check.group === group && check.status === 'failed')
  const warnings = checks.filter(({ status }) => status === 'warning').length
  const failures = checks.filter(({ status }) => status === 'failed').length
  const verdict = failedIn('storage')
    ? paint('red', 'Tokens cannot be stored and read.')
    : paint('green', 'Tokens can be stored and read.')
  const counts = [
    failures > 0 ? `${failures} failed` : undefined,
    warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : undefined,
  ].filter((text) => text !== undefined)
  return counts.length === 0 ? verdict : `${verdict} ${counts.join(', ')}.`
}
