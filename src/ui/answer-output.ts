import type { HttpStream, Terminal } from '../core/ports.ts'
import type { Console } from './console.ts'
import { compactJson, formatJson, type JsonStage } from './json.ts'
import { eachMember, JsonReader, stringIn } from './json-reader.ts'
import { safeText } from './safe-text.ts'

/** Status and headers, as `curl -i` shows them. */
export function printHead(
  { status, headers }: Pick<HttpStream, 'status' | 'headers'>,
  console: Console,
): void {
  const lines = [`HTTP/1.1 ${status}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
  console.result(`${lines.map((line) => safeText(line)).join('\n')}\n\n`)
}

/** Writes bytes as they come, however many: no more of them are held than a slow reader has not taken yet. */
export async function printBytes(
  pieces: AsyncIterable<Uint8Array>,
  { stdout, flushed }: Pick<Terminal, 'stdout' | 'flushed'>,
): Promise<void> {
  for await (const piece of pieces) {
    stdout.write(piece)
    await flushed()
  }
}

/**
 * Text for a person: JSON is laid out and coloured, all else made harmless.
 * @param isJson whether it is JSON that may be walked
 */
export function printText(text: string, isJson: boolean, console: Console): void {
  if (text === '') return
  console.result(isJson ? formatJson(text, console) : safeText(text, { lines: true }))
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
  const one = pretty ? (item: string) => `  ${formatJson(item, stage).replaceAll('\n', '\n  ')}` : compactJson
  let isFirst = true
  for await (const { text } of pages) {
    const items = itemsIn(text)
    if (items.length === 0) continue
    if (form === 'lines') yield { text: items.map((item) => `${one(item)}\n`).join(''), items: items.length }
    else yield { text: (isFirst ? '[\n' : ',\n') + items.map(one).join(',\n'), items: items.length }
    isFirst = false
  }
  // A reader can tell an array that broke off: it has no end.
  if (form === 'array') yield { text: isFirst ? '[]\n' : '\n]\n', items: 0 }
}

/** Of a repeated name the first counts. */
function itemsIn(page: string): readonly string[] {
  let value: string | undefined
  eachMember(page, (member) => {
    if (stringIn(member.nameText) === 'value') value ??= member.value
  })
  const reader = new JsonReader(value ?? 'null')
  const items: string[] = []
  if (reader.kind() === 'array') reader.array(() => items.push(reader.value()))
  return items
}
