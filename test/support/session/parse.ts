/** Markdown in, the commands it shows and what it says they print out. Pure. */

/** A fenced block of a Markdown text. */
export interface FencedBlock {
  /** The word after the fence, such as `console`; empty where there is none. */
  readonly language: string
  /** The lines inside, without the indentation of the fence. */
  readonly lines: readonly string[]
  /** Where the first line inside stands in the file, from 1. */
  readonly firstLine: number
}

/** One command of a session and everything it must do. */
export interface Step {
  readonly command: string
  /** Of the `$ ` line, from 1. */
  readonly line: number
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  readonly exitCode: number
}

/** All fenced blocks of a CommonMark text, also those inside a list. An unclosed one ends with the file. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  const blocks: FencedBlock[] = []
  const lines = markdown.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const [, indent = '', fence = '', language = ''] =
      /^( *)(`{3,}|~{3,}) *(\S*)/.exec(lines[index] ?? '') ?? []
    if (!fence) continue
    const firstLine = index + 2
    const content: string[] = []
    for (index++; index < lines.length && !closes(lines[index] ?? '', fence); index++) {
      content.push(withoutIndent(lines[index] ?? '', indent.length))
    }
    blocks.push({ language, lines: content, firstLine })
  }
  return blocks
}

function closes(line: string, fence: string): boolean {
  const text = line.trim()
  return text.length >= fence.length && text.split(fence[0] ?? '').join('') === ''
}

function withoutIndent(line: string, width: number): string {
  const spaces = /^ */.exec(line)?.[0].length ?? 0
  return line.slice(Math.min(width, spaces))
}

/**
 * The steps of every `console` block, in order: `$ ` starts a command, `> ` right below it continues it (after a
 * trailing backslash, inside quotes, in a here-document), `! ` marks a line of stderr, `[exit 2]` at the end names
 * the exit code, everything else is stdout.
 *
 * @throws SyntaxError when output stands before the first command or after its exit code; the message has the line
 */
export function parseSession(markdown: string): Step[] {
  return fencedBlocks(markdown)
    .filter(({ language }) => language === 'console')
    .flatMap(stepsOf)
}

function stepsOf(block: FencedBlock): Step[] {
  const steps: (Step & { stdout: string[]; stderr: string[]; exitCode: number; command: string })[] = []
  let mayContinue = false
  let ended = false
  for (const [offset, text] of block.lines.entries()) {
    const line = block.firstLine + offset
    const step = steps.at(-1)
    if (text.startsWith('$ ')) {
      steps.push({ command: text.slice(2), line, stdout: [], stderr: [], exitCode: 0 })
      mayContinue = true
      ended = false
      continue
    }
    if (!step) throw new SyntaxError(`line ${line}: output without a command`)
    if (mayContinue && (text === '>' || text.startsWith('> '))) {
      step.command += `\n${text.slice(2)}`
      continue
    }
    mayContinue = false
    if (ended) throw new SyntaxError(`line ${line}: output after the exit code`)
    const exitCode = /^\[exit (\d+)\]$/.exec(text)?.[1]
    if (exitCode !== undefined) {
      step.exitCode = Number(exitCode)
      ended = true
    } else if (text === '!' || text.startsWith('! ')) step.stderr.push(text.slice(2))
    else step.stdout.push(text)
  }
  return steps
}
