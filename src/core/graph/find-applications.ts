import { isGuid } from '../profiles/profile.ts'
import { applicationFields, readApplication, type Application } from './application.ts'
import type { Graph, Question } from './graph.ts'
import type { JsonObject } from './json-fields.ts'
import { hasWildcard, parseNamePattern } from './name-pattern.ts'
import { keyText, literal, searchClause } from './odata.ts'

/** What app registrations are searched for. */
export interface ApplicationSearch {
  /** What Graph is asked for. */
  readonly question: Question
  /** Whether an answer is one that was meant, where Graph cannot be asked so exactly. */
  readonly isMeant: (application: Application) => boolean
}

const what = 'app registrations'
const permission = 'Application.Read.All'
/** The most that a page may hold: fewer questions. */
const pageSize = '999'

/**
 * How to find apps by what a person typed: a client id; an App ID URI; a pattern of the whole name with `*` and `?`; or
 * words of the name, which Graph's own search finds by their beginnings. Nothing stands for all apps.
 *
 * Graph compares names by their beginning only: it has neither "contains" nor "ends with" for them, and `$search` knows
 * whole words alone. A pattern is therefore asked for by what stands before its first wildcard, and what comes is
 * compared here, so that nothing is missed in the middle of a word.
 * @see https://learn.microsoft.com/graph/api/resources/application#properties
 */
export function searchFor(text: string | undefined): ApplicationSearch {
  const typed = (text ?? '').trim()
  const asked = (query: Readonly<Record<string, string>>, isAdvanced = false): Question => ({
    path: '/applications',
    query: { ...query, $select: applicationFields, $top: pageSize },
    isAdvanced,
    what,
    permission,
  })
  const everything = () => true
  if (isGuid(typed))
    return { question: asked({ $filter: `appId eq ${literal(typed)}` }), isMeant: everything }
  if (isUri(typed)) return byUri(typed, asked)
  if (hasWildcard(typed)) {
    const { prefix, matchesAll, matches } = parseNamePattern(typed)
    const query: Readonly<Record<string, string>> =
      prefix === '' ? {} : { $filter: `startswith(displayName,${literal(prefix)})` }
    const isMeant = matchesAll ? everything : ({ displayName }: Application) => matches(displayName)
    return { question: asked(query), isMeant }
  }
  // Symbols only part words, and some of them Graph's search stumbles over.
  const words = typed.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim()
  if (words !== '')
    return { question: asked({ $search: searchClause('displayName', words) }, true), isMeant: everything }
  const contained = typed.toLowerCase()
  return { question: asked({}), isMeant: ({ displayName }) => displayName.toLowerCase().includes(contained) }
}

function byUri(
  typed: string,
  asked: (query: Readonly<Record<string, string>>) => Question,
): ApplicationSearch {
  const filter = (test: string) => asked({ $filter: `identifierUris/any(uri:${test})` })
  if (!hasWildcard(typed)) return { question: filter(`uri eq ${literal(typed)}`), isMeant: () => true }
  const { prefix, matches } = parseNamePattern(typed)
  return {
    question: filter(`startswith(uri,${literal(prefix)})`),
    isMeant: ({ identifierUris }) => identifierUris.some(matches),
  }
}

/** What an API calls itself. A name may hold a colon too, but hardly two slashes after it. */
function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^urn:/i.test(text)
}

export interface FoundApplications {
  /** By name. */
  readonly applications: readonly Application[]
  /** Whether there may be more than `limit` let through. */
  readonly isCut: boolean
}

/**
 * Finds app registrations, over as many pages as it takes.
 * @param limit how many at most; undefined for all
 * @param progress told how many were looked at, after each page's worth
 * @throws GraphError, and whatever the network throws
 */
export async function findApplications(
  graph: Graph,
  search: ApplicationSearch,
  limit: number | undefined,
  progress: (looked: number) => void = () => {},
): Promise<FoundApplications> {
  const applications: Application[] = []
  let looked = 0
  let isCut = false
  for await (const entity of graph.collection(search.question)) {
    const application = readApplication(entity)
    if (application.appId !== '' && search.isMeant(application)) {
      isCut = applications.length === limit
      if (isCut) break
      applications.push(application)
    }
    if (++looked % Number(pageSize) === 0) progress(looked)
  }
  return { applications: applications.toSorted(byName), isCut }
}

function byName(one: Application, other: Application): number {
  const names = compare(one.displayName.toLowerCase(), other.displayName.toLowerCase())
  return names === 0 ? compare(one.appId, other.appId) : names
}

/** The same order on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/**
 * One app registration with all that Graph tells of it.
 * @throws GraphError, with status 404 where the tenant has none of that client id
 */
export async function applicationOf(graph: Graph, appId: string): Promise<Application> {
  const entity: JsonObject = await graph.object({
    path: `/applications${keyText('appId', appId)}`,
    query: { $select: applicationFields },
    what: `app registration ${appId}`,
    permission,
  })
  return readApplication(entity)
}
