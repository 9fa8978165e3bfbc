/** Deeper than anything a person writes, and shallow enough for every program that walks it. */
const deepest = 64

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
