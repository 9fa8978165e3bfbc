/** Deeper than anything a person writes, and shallow enough for every program that walks it. */
const deepest = 64

/**
 * Where a text stops being JSON, and why: `line 3, column 7: comma expected`. JSON.parse tells the position only on some
 * runtimes, so a parser that always does is asked, and only then loaded.
 */
export async function whereBroken(text: string): Promise<string> {
  const { visit, printParseErrorCode } = await import('jsonc-parser')
  let first: { readonly code: number; readonly offset: number } | undefined
  try {
    visit(
      text,
      {
        onError: (code, offset) => {
          first = { code, offset }
          // The first is enough, and a hostile text has millions.
          throw enough
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    )
  } catch (error) {
    // It calls itself for each level.
    if (error instanceof RangeError) return nestedTooDeeply
    if (error !== enough) throw error
  }
  if (!first) return 'it is not valid JSON'
  const before = text.slice(0, first.offset).split('\n')
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
  return `${place}: ${printParseErrorCode(first.code)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()}`
}

const enough = new Error('the first error was found')

/** What to say of a document that `isTooDeep`. */
export const nestedTooDeeply = `it is nested more than ${deepest} levels deep`

/** Whether a parsed document has more levels than can be walked and written again without care. */
export function isTooDeep(document: unknown): boolean {
  return goesBelow(document, deepest)
}

function goesBelow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((inner) => goesBelow(inner, levels - 1))
}
