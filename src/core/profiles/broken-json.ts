/**
 * Where a text that JSON.parse refused stops being JSON, and what should stand there: `line 3, column 7: comma expected`.
 * JSON.parse itself tells the place only on some runtimes, and then with a piece of the text, which may be a secret.
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-2
 */
export function whereBroken(text: string): string {
  const { offset, expected } = firstFault(text)
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}: ${expected} expected`
}

/** What may come next: within a list or an object, after one of its items, or where the document has ended. */
type Expected =
  | 'value'
  | 'value or ]'
  | 'property name'
  | 'property name or }'
  | 'colon'
  | 'comma or ]'
  | 'comma or }'
  | 'end of file'

interface Fault {
  readonly offset: number
  readonly expected: string
}

// No library does this: jsonc-parser calls itself for each level, and what it exports does not survive being packed.
/** Without calling itself: a hostile text is as deep as it is long. */
function firstFault(text: string): Fault {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let offset = 0
  const afterValue = (): Expected => {
    const container = open.at(-1)
    if (container === undefined) return 'end of file'
    return container === '{' ? 'comma or }' : 'comma or ]'
  }
  for (;;) {
    offset = matchEnd(/[ \t\r\n]*/y, text, offset) ?? offset
    const sign = text.charAt(offset)
    const isCloser = (sign === '}' || sign === ']') && expected.endsWith(` or ${sign}`)
    if (isCloser) {
      open.pop()
      expected = afterValue()
      offset++
    } else if (sign === ',' && expected.startsWith('comma')) {
      expected = open.at(-1) === '{' ? 'property name' : 'value'
      offset++
    } else if (sign === ':' && expected === 'colon') {
      expected = 'value'
      offset++
    } else if (sign === '"' && expected.startsWith('property name')) {
      const end = stringEnd(text, offset)
      if (typeof end !== 'number') return end
      expected = 'colon'
      offset = end
    } else if (!expected.startsWith('value')) {
      return { offset, expected }
    } else if (sign === '{' || sign === '[') {
      open.push(sign)
      expected = sign === '{' ? 'property name or }' : 'value or ]'
      offset++
    } else {
      const end = sign === '"' ? stringEnd(text, offset) : matchEnd(literal, text, offset)
      if (end === undefined) return { offset, expected }
      if (typeof end !== 'number') return end
      expected = afterValue()
      offset = end
    }
  }
}

const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y
const stringPart = /[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y

/** The offset after a string, or where it is broken. */
function stringEnd(text: string, start: number): number | Fault {
  let offset = start + 1
  for (;;) {
    if (text.charAt(offset) === '"') return offset + 1
    const end = matchEnd(stringPart, text, offset)
    if (end === undefined)
      return { offset, expected: text.charAt(offset) === '\\' ? 'valid escape' : 'end of the text in quotes' }
    offset = end
  }
}

function matchEnd(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset
  return pattern.test(text) ? pattern.lastIndex : undefined
}
