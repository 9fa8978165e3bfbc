import { jsonIn, wholeBody } from '../core/call/answer.ts'
import type { HttpStream, Terminal } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import type { Console } from './console.ts'
import { compactJson, formatJson, type JsonStage } from './json.ts'
import { parseJsonTree, stringIn, type JsonTree } from './json-tree.ts'
import { safeText } from './safe-text.ts'

/** More than a person reads, and few enough to be held. */
const largestShown = 10 * 1024 * 1024

export interface AnswerStage {
  readonly terminal: Pick<Terminal, 'stdout' | 'flushed'>
  readonly console: Console
  /** Whether bodies are shown as they came, to a person too. */
  readonly raw: boolean
}

/** Status and headers, as `curl -i` shows them. */
export function printHead(
  { status, headers }: Pick<HttpStream, 'status' | 'headers'>,
  { console }: AnswerStage,
) {
  const lines = [`HTTP/1.1 ${status}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
  console.result(`${lines.map((line) => safeText(line)).join('\n')}\n\n`)
}

/**
 * The body: into a pipe byte by byte as it came, however large; for a person JSON is laid out and coloured, and text is
 * made harmless.
 * @throws EntraAuthError `general` for what is no text and would be shown to a person; `network` for more than that
 *   person reads; what reading the body throws
 */
export async function printBody(answer: HttpStream, stage: AnswerStage): Promise<void> {
  const { terminal, console, raw } = stage
  if (console.resultIsRead && !raw)
    return printForPerson(await wholeBody(answer, largestShown), answer, console)
  for await (const piece of answer.body) {
    terminal.stdout.write(piece)
    // Without it a slow reader would have us hold everything.
    await terminal.flushed()
  }
}

function printForPerson(body: Buffer, { headers }: HttpStream, console: Console): void {
  const text = textIn(body)
  if (text === undefined) {
    throw new EntraAuthError(
      'general',
      `the answer is no text (${safeText(headers['content-type'] ?? 'of no kind')})`,
      {
        hint: 'write it to a file with -o FILE, or show it as it is with --raw',
      },
    )
  }
  if (text === '') return
  console.result(jsonIn(text) ? formatJson(parseJsonTree(text), console) : safeText(text, { lines: true }))
}

function textIn(body: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return text.includes('\u0000') ? undefined : text
  } catch {
    return undefined
  }
}

/**
 * The items of a collection, page by page, without anything of a page that is over.
 * @param pages JSON of objects with an array `value`
 * @param form one JSON array, or an item a line
 */
export async function* itemTexts(
  pages: AsyncIterable<{ readonly text: string }>,
  form: 'array' | 'lines',
  stage: JsonStage,
): AsyncGenerator<{ readonly text: string; readonly items: number }, void> {
  const pretty = form === 'array' && stage.resultIsRead
  const one = pretty
    ? (item: JsonTree) => `  ${formatJson(item, stage).replaceAll('\n', '\n  ')}`
    : compactJson
  let isFirst = true
  for await (const { text } of pages) {
    const items = itemsIn(parseJsonTree(text))
    if (items.length === 0) continue
    if (form === 'lines') yield { text: items.map((item) => `${one(item)}\n`).join(''), items: items.length }
    else yield { text: (isFirst ? '[\n' : ',\n') + items.map(one).join(',\n'), items: items.length }
    isFirst = false
  }
  // A reader can tell an array that broke off: it has no end.
  if (form === 'array') yield { text: isFirst ? '[]\n' : '\n]\n', items: 0 }
}

function itemsIn(page: JsonTree): readonly JsonTree[] {
  const value =
    page.kind === 'object' ? page.members.find(({ nameText }) => stringIn(nameText) === 'value') : undefined
  return value?.value.kind === 'array' ? value.value.items : []
}
