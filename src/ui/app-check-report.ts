import type { AppFinding } from '../core/app-check/app-finding.ts'
import type { AppReport } from '../core/app-check/check-app.ts'
import type { Paint, Style } from './colour.ts'
import { safeText } from './safe-text.ts'
import { wrapped } from './wrapped-text.ts'

const marks: Readonly<Record<AppFinding['status'], readonly [mark: string, style: Style]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
  unknown: ['?', 'dim'],
}

/** Room for the longest name. */
const labelWidth = 'service principal'.length
const indent = ' '.repeat(4 + labelWidth + 1)

/**
 * What was found about an app, a mark and a fact for each thing, below it what mends it and where.
 * @param heading what was looked at, and for what
 * @param options.width of the terminal, at which sentences are broken between words. An address is never broken
 */
export function appCheckReport(
  heading: string,
  { ok, findings }: AppReport,
  { width, paint }: { readonly width: number | undefined; readonly paint: Paint },
): string {
  const room = width && Math.max(width - indent.length, 30)
  return [
    paint('bold', safeText(heading)),
    ...findings.map((finding) => findingText(finding, room, paint)),
    '',
    summary(ok, findings, paint),
  ].join('\n')
}

function findingText(finding: AppFinding, room: number | undefined, paint: Paint): string {
  const [mark, style] = marks[finding.status]
  const { subject, fact, remedy, page } = finding
  const said = subject === undefined ? fact : `${subject}: ${fact}`
  const [first = '', ...others] = wrapped(safeText(said), room)
  return [
    `  ${paint(style, mark)} ${finding.name.replaceAll('-', ' ').padEnd(labelWidth)} ${first}`,
    ...[...others, ...advice(remedy, room, paint), ...advice(page, room, paint)].map((line) => indent + line),
  ].join('\n')
}

function advice(text: string | undefined, room: number | undefined, paint: Paint): readonly string[] {
  if (text === undefined) return []
  return wrapped(safeText(text), room && room - 2).map(
    (line, index) => `${index === 0 ? paint('cyan', '→') : ' '} ${line}`,
  )
}

function summary(ok: boolean, findings: readonly AppFinding[], paint: Paint): string {
  const count = (status: AppFinding['status']) => findings.filter((one) => one.status === status).length
  const failed = count('failed')
  const counts = [
    count('warning') > 0
      ? `${count('warning')} ${count('warning') === 1 ? 'warning' : 'warnings'}`
      : undefined,
    count('unknown') > 0 ? `${count('unknown')} unknown` : undefined,
  ].filter((text) => text !== undefined)
  const verdict = ok
    ? paint('green', `Nothing ${count('unknown') > 0 ? 'that could be read ' : ''}stands in the way.`)
    : paint('red', failed === 0 ? 'Nothing is known.' : verdictOf(failed))
  return counts.length === 0 ? verdict : `${verdict} ${counts.join(', ')}.`
}

function verdictOf(failed: number): string {
  return failed === 1 ? 'One thing stands in the way.' : `${failed} things stand in the way.`
}
