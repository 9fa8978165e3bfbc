/** Whether what a command printed is what the page says. Pure. */

/** What each placeholder stands for. `<time>` is the one form times have in text and in JSON. */
const placeholders: Readonly<Record<string, string>> = {
  '<uuid>': '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  '<jwt>': '[\\w-]+\\.[\\w-]+\\.[\\w-]*',
  '<time>': '\\d{4}-\\d\\d-\\d\\d(?: \\d\\d:\\d\\d:\\d\\d UTC|T\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z)',
  '<number>': '-?\\d+(?:\\.\\d+)?',
  '…': '.*',
}
const placeholder = new RegExp(`(${Object.keys(placeholders).join('|')})`)

/** Stands for the missing end of the last line, as in a diff. A page that means it writes it. */
export const noNewline = '\\ no newline at the end'

/** Printed text as lines; text that does not end with a line break has {@link noNewline} as its last. */
export function linesOf(printed: string): string[] {
  if (printed === '') return []
  const lines = printed.split('\n')
  if (lines.at(-1) === '') lines.pop()
  else lines.push(noNewline)
  return lines
}

/**
 * Whether `printed` has exactly the expected lines, where `…` is any text within a line, a line of nothing but `…`
 * any number of lines, and placeholders are what their names say.
 */
export function matches(expected: readonly string[], printed: string): boolean {
  return matchesFrom(expected, linesOf(printed))
}

function matchesFrom(expected: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = expected
  if (first === undefined) return lines.length === 0
  if (first.trim() === '…') {
    for (let skipped = 0; skipped <= lines.length; skipped++) {
      if (matchesFrom(rest, lines.slice(skipped))) return true
    }
    return false
  }
  const [line, ...others] = lines
  return line !== undefined && matchesLine(first, line) && matchesFrom(rest, others)
}

/** The same for one line. */
export function matchesLine(expected: string, line: string): boolean {
  const pattern = expected
    .split(placeholder)
    .map((part) => placeholders[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('')
  return new RegExp(`^${pattern}$`, 's').test(line)
}

/** Expected and printed lines side by side below each other: `  ` agrees, `- ` was expected, `+ ` was printed. */
export function difference(expected: readonly string[], printed: string): string[] {
  const lines = linesOf(printed)
  let start = 0
  while (start < expected.length && start < lines.length && sameAt(expected[start], lines[start])) start++
  let end = 0
  while (
    end < expected.length - start &&
    end < lines.length - start &&
    sameAt(expected[expected.length - 1 - end], lines[lines.length - 1 - end])
  ) {
    end++
  }
  return [
    ...lines.slice(0, start).map((line) => `  ${line}`),
    ...expected.slice(start, expected.length - end).map((line) => `- ${line}`),
    ...lines.slice(start, lines.length - end).map((line) => `+ ${line}`),
    ...lines.slice(lines.length - end).map((line) => `  ${line}`),
  ]
}

function sameAt(expected: string | undefined, line: string | undefined): boolean {
  return (
    expected !== undefined && line !== undefined && expected.trim() !== '…' && matchesLine(expected, line)
  )
}
