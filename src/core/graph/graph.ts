import { EntraAuthError } from '../../errors.ts'
import type { HttpClient, HttpResponse } from '../ports.ts'
import { graphError } from './graph-error.ts'
import { isJsonObject, objectsAt, textAt, type JsonObject } from './json-fields.ts'
import { queryText } from './odata.ts'

/** Microsoft Graph v1.0, read with one token. */
export interface Graph {
  /** One object. @throws GraphError, and whatever the network throws */
  object(question: Question): Promise<JsonObject>
  /**
   * The objects of a collection, page by page: the next page is asked for when all before it were taken.
   * @throws GraphError; EntraAuthError `network` where the next page is not Graph's, and whatever the network throws
   */
  collection(question: Question): AsyncGenerator<JsonObject, void>
}

export interface Question {
  /** Begins with a slash. What is put into it has been encoded. */
  readonly path: string
  /** OData's, such as `$filter`; undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>
  /**
   * Whether it is one of the advanced queries, which a separate index answers, some moments late.
   * @see https://learn.microsoft.com/graph/aad-advanced-queries
   */
  readonly isAdvanced?: boolean
  /** For errors: `app registrations`. */
  readonly what: string
  /** For errors: the permission that suffices. */
  readonly permission: string
}

export interface GraphOptions {
  readonly http: HttpClient
  /** Origin of the cloud's Graph. */
  readonly graphUrl: string
  readonly caFile: string | undefined
  readonly token: string
  /** Gets another token where Graph takes the first one for too little; undefined where that one is new itself. */
  readonly renewToken: (() => Promise<string>) | undefined
  readonly signal: AbortSignal
}

/** More than any tenant has pages, and fewer than an answer that leads in a circle. */
const mostPages = 10_000

/** Graph as a token sees it. The token is sent to `graphUrl` and nowhere else. */
export function openGraph(options: GraphOptions): Graph {
  const root = `${options.graphUrl}/v1.0`
  let { token, renewToken } = options
  /** A token that was kept may be older than what was granted since, so its refusal is not the last word. */
  const ask = async (url: string, question: Question): Promise<JsonObject> => {
    const response = await send(url, question, token, options)
    if (renewToken === undefined || (response.status !== 401 && response.status !== 403))
      return answerIn(response, question)
    const renew = renewToken
    renewToken = undefined
    token = await renew()
    return answerIn(await send(url, question, token, options), question)
  }
  const addressOf = ({ path, query = {}, isAdvanced }: Question) =>
    `${root}${path}${queryText({ ...query, $count: isAdvanced ? 'true' : undefined })}`
  return {
    object: async (question) => ask(addressOf(question), question),
    async *collection(question) {
      let address: string | undefined = addressOf(question)
      for (let pages = 0; address !== undefined; pages++) {
        if (pages === mostPages) throw badAnswer('more pages than there can be')
        const page: JsonObject = await ask(address, question)
        if (!Array.isArray(page['value'])) throw badAnswer('no collection')
        yield* objectsAt(page, 'value')
        address = nextPage(page, address, root)
      }
    },
  }
}

function send(
  url: string,
  { isAdvanced }: Question,
  token: string,
  { http, caFile, signal }: GraphOptions,
): Promise<HttpResponse> {
  return http.send({
    method: 'GET',
    url,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(isAdvanced ? { ConsistencyLevel: 'eventual' } : {}),
    },
    caFile,
    signal,
  })
}

function answerIn(response: HttpResponse, { what, permission }: Question): JsonObject {
  if (response.status !== 200) throw graphError(response, what, permission)
  return parsed(response)
}

function parsed({ body }: HttpResponse): JsonObject {
  try {
    const answer: unknown = JSON.parse(body)
    if (isJsonObject(answer)) return answer
  } catch (cause) {
    throw badAnswer('something that is not JSON', cause)
  }
  throw badAnswer('JSON that is no object')
}

/**
 * The next page's address as Graph names it; it goes with the token, so it must be Graph's own.
 * @see https://learn.microsoft.com/graph/paging
 */
function nextPage(page: JsonObject, current: string, root: string): string | undefined {
  const next = textAt(page, '@odata.nextLink')
  if (next === undefined) return undefined
  const url = URL.canParse(next) ? new URL(next) : undefined
  const isGraphs =
    url !== undefined &&
    url.username === '' &&
    url.password === '' &&
    url.origin === new URL(root).origin &&
    url.pathname.startsWith(`${new URL(root).pathname}/`)
  if (!isGraphs) throw badAnswer('a next page that is not its own')
  if (url.href === current) throw badAnswer('a page that is its own next one')
  return url.href
}

function badAnswer(what: string, cause?: unknown): EntraAuthError {
  return new EntraAuthError('network', `Microsoft Graph answered with ${what}`, {
    hint: 'a proxy may have answered in its place; --graph-url names another Graph',
    cause,
  })
}
