import { EntraAuthError } from '../../errors.ts'
import { isJsonObject, textAt } from '../graph/json-fields.ts'
import type { HttpStream } from '../ports.ts'
import { ownAddress, withoutQuery } from './address.ts'
import { jsonIn, wholeBody } from './answer.ts'
import type { Caller, CallRequest } from './caller.ts'

/** A page of a collection: JSON of an object with an array `value`. */
export interface Page {
  readonly text: string
  /** Whether another one follows. */
  readonly hasNext: boolean
}

/** More than any page, and few enough to be held. */
const largestPage = 32 * 1024 * 1024
/** More than any collection has pages, and fewer than an answer that leads in a circle. */
const mostPages = 1_000_000

/**
 * The pages of a collection, one at a time: the next is asked for when this one was taken. `@odata.nextLink` (Graph,
 * OData) and `nextLink` (Azure) lead to it, and must be of the same origin, for the token goes along.
 * @param onFailure makes the error of an answer that is no success
 * @throws EntraAuthError `network` for an answer that is no page; whatever `onFailure` makes
 * @see https://learn.microsoft.com/graph/paging
 * @see https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#collections
 */
export async function* pagesOf(
  first: CallRequest,
  caller: Caller,
  onFailure: (answer: HttpStream) => Promise<EntraAuthError>,
): AsyncGenerator<Page, void> {
  let request: CallRequest | undefined = first
  for (let count = 0; request !== undefined; count++) {
    if (count === mostPages) throw noPage('more pages than there can be')
    const answer = await caller.send(request)
    if (answer.status < 200 || answer.status > 299) throw await onFailure(answer)
    const text = new TextDecoder().decode(await wholeBody(answer, largestPage))
    const link = linkIn(text)
    yield { text, hasNext: link !== undefined }
    request = link === undefined ? undefined : nextPage(link, request)
  }
}

/** Where the next page is, as this one says; undefined for the last one. */
function linkIn(text: string): string | undefined {
  const page = jsonIn(text)?.value
  if (!isJsonObject(page)) throw noPage('something that is no JSON object')
  if (!Array.isArray(page['value'])) throw noPage('no collection: it has no array "value"')
  return textAt(page, '@odata.nextLink') ?? textAt(page, 'nextLink')
}

function nextPage(link: string, { url: asked, headers }: CallRequest): CallRequest {
  const url = ownAddress(link, asked)
  if (url === undefined) {
    throw new EntraAuthError(
      'network',
      `the next page is at ${withoutQuery(link, asked)}, where the token may not go`,
      { hint: 'call that address by itself, if you trust it' },
    )
  }
  if (url.href === asked.href) throw noPage('a page that is its own next one')
  // Next links carry everything: a body that asked for the first page is not sent again.
  return { method: 'GET', url, headers: withoutContent(headers) }
}

function withoutContent(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)))
}

function noPage(what: string): EntraAuthError {
  return new EntraAuthError('network', `the answer is ${what}`, {
    hint: 'leave --paginate and --jsonl away: they are for collections',
  })
}
