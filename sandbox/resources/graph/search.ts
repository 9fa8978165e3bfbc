import { badRequest } from './failure.ts'

/**
 * Reads a `$search` on directory objects: clauses `"property:text"` joined by AND or OR, AND binding tighter. In
 * `displayName` and `description` words are compared by their beginnings, in any order; other properties must start with
 * the text. There is no "contains".
 * @throws GraphFailure for a clause without quotes or property
 * @see https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 */
export function parseSearch(
  search: string,
  properties: ReadonlySet<string> | undefined,
): (entity: Readonly<Record<string, unknown>>) => boolean {
  const alternatives = search
    .split(/\s+OR\s+(?=")/)
    .map((part) => part.split(/\s+AND\s+(?=")/).map(readClause))
  return (entity) =>
    alternatives.some((clauses) => clauses.every(({ property, text }) => isFound(property, text, entity)))

  function readClause(clause: string) {
    const [, property, text] = /^\s*"(\w+):((?:[^"\\]|\\.)*)"\s*$/.exec(clause) ?? []
    if (property === undefined || text === undefined)
      throw badRequest(
        `Syntax error: the search clause ${clause.trim()} must be of the form "property:text".`,
      )
    if (properties && !properties.has(property))
      throw badRequest(`The property '${property}' cannot be searched.`)
    return { property, text: text.replace(/\\(.)/g, '$1') }
  }
}

function isFound(property: string, text: string, entity: Readonly<Record<string, unknown>>): boolean {
  const value = entity[property]
  if (typeof value !== 'string') return false
  if (property !== 'displayName' && property !== 'description')
    return value.toLowerCase().startsWith(text.toLowerCase())
  const present = [...wordsOf(value), ...joinedWordsOf(value)]
  return wordsOf(text).every((word) => present.some((candidate) => candidate.startsWith(word)))
}

/** The words between spaces, symbols and digits, and where lower case turns to upper. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/\d+|\p{Lu}*[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+/gu) ?? []
  return words.map((word) => word.toLowerCase())
}

/** Words that only symbols part, as one: `hello-world` is found by `helloworld` too. */
function joinedWordsOf(text: string): readonly string[] {
  return text.split(/\s+/).map((word) => word.replace(/[^\p{L}\p{N}\p{M}]/gu, '').toLowerCase())
}
