/**
 * A text as a string of OData's filter language: between single quotes, and those within it doubled, so that no text
 * becomes a part of the filter.
 * @see https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_PrimitiveLiterals
 */
export function literal(text: string): string {
  return `'${wellFormed(text).replaceAll("'", "''")}'`
}

/**
 * A clause of Graph's `$search` on directory objects: `"displayName:payroll job"`.
 * @see https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 */
export function searchClause(property: string, text: string): string {
  return `"${property}:${wellFormed(text).replace(/["\\]/g, String.raw`\$&`)}"`
}

/** Query options as the end of an address, `?…` or nothing; every value is encoded as a whole. */
export function queryText(options: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${encodeURIComponent(wellFormed(value))}`,
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** An alternate key as a path has it: `(appId='…')`. */
export function keyText(property: string, value: string): string {
  return `(${property}=${encodeURIComponent(literal(value))})`
}

/** Half of a surrogate pair has no encoding. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
