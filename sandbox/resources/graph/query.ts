import type { SandboxRequest } from '../../http.ts'
import type { Entity, EntitySet } from './entities.ts'
import { badRequest, GraphFailure, unsupportedQuery } from './failure.ts'
import { parseFilter } from './filter.ts'
import { parseSearch } from './search.ts'

const defaultPageSize = 100
const maximumPageSize = 999
const understood = new Set([
  '$filter',
  '$search',
  '$select',
  '$top',
  '$count',
  '$orderby',
  '$skiptoken',
  '$format',
])
const reference = 'Refer to https://aka.ms/graph-docs/advanced-queries for more information'

/** The answer to a query of a collection, with `@odata.nextLink` where there is more. */
export function queryCollection(
  set: EntitySet,
  entities: readonly Entity[],
  request: SandboxRequest,
): Record<string, unknown> {
  const options = optionsOf(request.url)
  const isEventual = request.headers['consistencylevel']?.toLowerCase() === 'eventual'
  const isAdvanced = isEventual && options.get('$count') === 'true'
  // An empty collection cannot tell its properties; then every name passes and nothing is found.
  const properties =
    entities.length === 0 ? undefined : new Set(entities.flatMap((entity) => Object.keys(entity)))

  const found = entities
    .filter(filterOf(options, set, properties, { isEventual, isAdvanced }))
    .filter(searchOf(options, properties, isEventual))
  const sorted = sort(found, options, set, isAdvanced)
  const pageSize = pageSizeOf(options)
  const start = startOf(options)
  const page = sorted.slice(start, start + pageSize)
  const next = start + pageSize < sorted.length ? nextLink(request.url, start + pageSize) : undefined
  return {
    '@odata.context': contextOf(request.url, set, options),
    // Without the header, Graph ignores $count=true in silence.
    ...(isAdvanced ? { '@odata.count': sorted.length } : {}),
    ...(next === undefined ? {} : { '@odata.nextLink': next }),
    value: page.map((entity) => show(set.hiddenInLists?.(entity) ?? entity, set, options)),
  }
}

/** How many there are: `/users/$count`. */
export function countCollection(entities: readonly Entity[], request: SandboxRequest): string {
  if (request.headers['consistencylevel']?.toLowerCase() !== 'eventual')
    throw new GraphFailure(400, 'Request_BadRequest', '$count is not currently supported.')
  return String(entities.length)
}

/** The answer for a single object. */
export function querySingle(set: EntitySet, entity: Entity, url: URL): Record<string, unknown> {
  const options = optionsOf(url)
  const shown = options.has('$select') ? entity : (set.hiddenInLists?.(entity) ?? entity)
  return { '@odata.context': `${contextOf(url, set, options)}/$entity`, ...show(shown, set, options) }
}

/** The query options by their names in lower case; Graph takes them with and without `$`. */
function optionsOf(url: URL): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    const bare = name.toLowerCase().replace(/^\$/, '')
    const option = `$${bare}`
    if (name.startsWith('$') && !understood.has(option))
      throw badRequest(`The query option '${name}' is not supported by the sandbox.`)
    if (understood.has(option)) options.set(option, value)
  }
  return options
}

function filterOf(
  options: ReadonlyMap<string, string>,
  set: EntitySet,
  properties: ReadonlySet<string> | undefined,
  { isEventual, isAdvanced }: { readonly isEventual: boolean; readonly isAdvanced: boolean },
): (entity: Entity) => boolean {
  const text = options.get('$filter')
  if (text === undefined) return () => true
  const filter = parseFilter(text, { type: set.type, properties, supportsEndsWith: set.supportsEndsWith })
  if (filter.advancedOperator !== undefined && !isAdvanced) {
    const why = isEventual
      ? 'required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header'
      : "the 'ConsistencyLevel:eventual' header is missing"
    throw unsupportedQuery(
      `Operator '${filter.advancedOperator}' is not supported because ${why}. ${reference}`,
    )
  }
  return (entity) => filter.matches(entity)
}

function searchOf(
  options: ReadonlyMap<string, string>,
  properties: ReadonlySet<string> | undefined,
  isEventual: boolean,
): (entity: Entity) => boolean {
  const text = options.get('$search')
  if (text === undefined) return () => true
  if (!isEventual)
    throw unsupportedQuery(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    )
  return parseSearch(text, properties)
}

function sort(
  entities: readonly Entity[],
  options: ReadonlyMap<string, string>,
  set: EntitySet,
  isAdvanced: boolean,
): readonly Entity[] {
  const orderBy = options.get('$orderby')
  if (orderBy === undefined) return entities
  const [, property = '', direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(orderBy) ?? []
  const isOffered =
    set.sortsByDefault.includes(property) || (isAdvanced && set.sortsWhenAdvanced.includes(property))
  const isCombined = options.has('$filter') || options.has('$search')
  if (!isOffered || (isCombined && !isAdvanced))
    throw unsupportedQuery('Sorting not supported for current query.')
  const sign = direction?.toLowerCase() === 'desc' ? -1 : 1
  return entities.toSorted(
    (one, other) => sign * String(one[property]).localeCompare(String(other[property])),
  )
}

function pageSizeOf(options: ReadonlyMap<string, string>): number {
  const top = options.get('$top')
  if (top === undefined) return defaultPageSize
  if (!/^\d+$/.test(top)) throw badRequest(`Invalid value '${top}' for $top query option found.`)
  const size = Number(top)
  if (size < 1 || size > maximumPageSize)
    throw unsupportedQuery(
      `Invalid page size specified: '${top}'. Must be between 1 and ${maximumPageSize} inclusive.`,
    )
  return size
}

const skipTokenPrefix = 'sandbox:'

function startOf(options: ReadonlyMap<string, string>): number {
  const token = options.get('$skiptoken')
  if (token === undefined) return 0
  const [, start] =
    new RegExp(`^${skipTokenPrefix}(\\d+)$`).exec(Buffer.from(token, 'base64url').toString()) ?? []
  if (start === undefined)
    throw new GraphFailure(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
    )
  return Number(start)
}

/** The same query, further on. Opaque to clients, who must follow it as it is. */
function nextLink(url: URL, start: number): string {
  const next = new URL(url)
  next.searchParams.set('$skiptoken', Buffer.from(`${skipTokenPrefix}${start}`).toString('base64url'))
  return next.href
}

function contextOf(url: URL, set: EntitySet, options: ReadonlyMap<string, string>): string {
  const selection = options.get('$select')
  return `${url.origin}/v1.0/$metadata#${set.name}${selection === undefined ? '' : `(${selection})`}`
}

function show(
  entity: Entity,
  set: EntitySet,
  options: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const selection = options.get('$select')
  const names = selection?.split(',').map((name) => name.trim()) ?? set.shownByDefault
  if (names === undefined) return entity
  const unknown = names.find((name) => !(name in entity))
  if (unknown !== undefined)
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${set.type}'.`,
    )
  return Object.fromEntries(names.map((name) => [name, entity[name]]))
}
