import type { Paint, Style } from './colour.ts'
import type { JsonTree } from './json-tree.ts'
import { safeText } from './safe-text.ts'

/** Where JSON is shown. A `Console` is one. */
export interface JsonStage {
  readonly paint: Paint
  /** A person reads it: what a terminal might act on is written as an escape, which is the same value to a program. */
  readonly resultIsRead: boolean
}

/** Where no person looks, such as a file. */
export const plainStage: JsonStage = { paint: (_style, text) => text, resultIsRead: false }

const styles = { string: 'green', number: 'yellow', literal: 'magenta' } as const satisfies Record<
  string,
  Style
>
const nameStyle: Style = 'cyan'

/** JSON with an indent of two spaces, as `JSON.stringify(…, null, 2)` lays it out, in colour where the stage has any. */
export function formatJson(tree: JsonTree, stage: JsonStage): string {
  const pieces: string[] = []
  const { resultIsRead } = stage
  const show = (text: string) => (resultIsRead ? escapeUnsafe(text) : text)

  function list<T>(
    brackets: string,
    items: readonly T[],
    indent: string,
    item: (one: T, indent: string) => void,
  ) {
    const inner = `${indent}  `
    const next = `,\n${inner}`
    let before = `${brackets.charAt(0)}\n${inner}`
    for (const one of items) {
      pieces.push(before)
      item(one, inner)
      before = next
    }
    pieces.push(items.length > 0 ? `\n${indent}${brackets.charAt(1)}` : brackets)
  }

  function write(node: JsonTree, indent: string): void {
    if (node.kind === 'object') {
      list('{}', node.members, indent, ({ nameText, value }, inner) => {
        pieces.push(stage.paint(nameStyle, show(nameText)), ': ')
        write(value, inner)
      })
    } else if (node.kind === 'array') {
      list('[]', node.items, indent, write)
    } else {
      pieces.push(stage.paint(styles[node.kind], show(node.text)))
    }
  }

  write(tree, '')
  return pieces.join('')
}

/** JSON on one line, harmless for a terminal. */
export function compactJson(tree: JsonTree): string {
  if (tree.kind === 'object') {
    const members = tree.members.map(
      ({ nameText, value }) => `${escapeUnsafe(nameText)}:${compactJson(value)}`,
    )
    return `{${members.join(',')}}`
  }
  if (tree.kind === 'array') return `[${tree.items.map(compactJson).join(',')}]`
  return escapeUnsafe(tree.text)
}

/** The same JSON string with an escape for every character that `safeText` would take out. */
export function escapeUnsafe(jsonString: string): string {
  if (safeText(jsonString) === jsonString) return jsonString
  return jsonString.replace(/[^\x20-\x7e]/g, (character) =>
    safeText(character) === character
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
