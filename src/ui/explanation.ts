import type { Explained, Explanation } from '../core/explain/explain.ts'
import type { Paint } from './colour.ts'
import { wrapped } from './wrapped-text.ts'
import { safeText } from './safe-text.ts'

const actors: Readonly<Record<NonNullable<Explanation['who']>, string>> = {
  you: 'you, who sign in or run the command',
  'app-owner': 'the owner of the app registration',
  administrator: 'an administrator of the tenant',
  developer: 'the developer of the app',
  microsoft: 'Microsoft; wait, or open a ticket',
}

/**
 * What errors mean, for a person: of each what it is, its causes, who must act and how; last the ids that a ticket needs.
 * Everything foreign is harmless for a terminal.
 * @param options.width of the terminal, at which sentences are broken between words; undefined breaks none
 */
export function explanationText(
  explained: Explained,
  { width, paint }: { readonly width: number | undefined; readonly paint: Paint },
): string {
  const blocks = explained.explanations.map((explanation) => block(explanation, width, paint))
  const { codesLeftOut } = explained
  const leftOut = codesLeftOut === 0 ? [] : [`${codesLeftOut} more numbers are in the text.`]
  return [...blocks, ...leftOut, ids(explained, paint)].filter((text) => text !== '').join('\n\n')
}

function block(explanation: Explanation, width: number | undefined, paint: Paint): string {
  const { fact, causes, who, remedy, link } = explanation
  const room = width && Math.max(width - 6, 30)
  const item = (lead: string, text: string) =>
    wrapped(withWholeCommands(safeText(text)), room && room - lead.length)
      .map(
        (line, index) =>
          `    ${index === 0 ? lead : ' '.repeat(lead.length)}${line.replaceAll(nonBreaking, ' ')}`,
      )
      .join('\n')
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${paint('cyan', `${title}:`)}`, ...lines]
  return [
    paint('bold', titleOf(explanation)),
    ...wrapped(safeText(fact), width && width - 2).map((line) => `  ${line}`),
    ...section(
      'Likely causes',
      causes.map((cause) => item('- ', cause)),
    ),
    ...(who === undefined ? [] : [`  ${paint('cyan', 'Who must act:')} ${actors[who]}`]),
    ...section(
      'What to do',
      remedy.map((step, index) => item(`${index + 1}. `, step)),
    ),
    ...(link === undefined ? [] : [`  ${paint('cyan', 'More:')} ${safeText(link)}`]),
  ].join('\n')
}

const nonBreaking = '\u00a0'

/** A command is never broken, for it is to be copied. */
function withWholeCommands(text: string): string {
  return text.replace(/"entra-auth-cli [^"]*"/g, (command) => command.replaceAll(' ', nonBreaking))
}

function titleOf({ code, name }: Explanation): string {
  if (code === undefined) return safeText(name ?? '')
  return name === undefined ? `AADSTS${code}` : `AADSTS${code} (${name})`
}

/** What Microsoft's support asks for. */
function ids({ traceId, correlationId, timestamp }: Explained, paint: Paint): string {
  const rows = [
    ['Trace ID', traceId],
    ['Correlation ID', correlationId],
    ['Timestamp', timestamp],
  ] as const
  return rows
    .flatMap(([label, value]) =>
      value === undefined ? [] : [`${paint('cyan', `${label}:`)} ${safeText(value)}`],
    )
    .join('\n')
}

/** All numbers in a table: number, name, what it means. */
export function codeList(explanations: readonly Explanation[], paint: Paint): string {
  const rows = explanations.map(({ code, name, fact }) => ({ label: `AADSTS${code}`, fact, name }))
  const width = Math.max(...rows.map(({ label }) => label.length))
  return rows
    .map(({ label, fact, name }) => {
      const tail = name === undefined ? '' : ` ${paint('dim', `(${name})`)}`
      return `${paint('bold', label.padEnd(width))}  ${fact}${tail}`
    })
    .join('\n')
}

/** The same for programs: stable names, nothing left out. */
export function explanationData(explained: Explained): object {
  return {
    explanations: explained.explanations.map(explanationFields),
    error: explained.error ?? null,
    suberror: explained.suberror ?? null,
    trace_id: explained.traceId ?? null,
    correlation_id: explained.correlationId ?? null,
    timestamp: explained.timestamp ?? null,
    codes_left_out: explained.codesLeftOut,
  }
}

export function explanationFields(explanation: Explanation): object {
  const { code, name, known, fact, causes, who, remedy, link } = explanation
  return {
    code: code ?? null,
    name: name ?? null,
    known,
    fact,
    causes,
    who: who ?? null,
    remedy,
    link: link ?? null,
  }
}
