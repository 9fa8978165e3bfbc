import { EntraAuthError } from '../../errors.ts'
import { isJsonObject, objectAt, textAt } from '../graph/json-fields.ts'
import type { Host, HttpStream } from '../ports.ts'
import { ownAddress, withoutQuery } from './address.ts'
import { jsonIn, readAgain, wholeBody } from './answer.ts'
import { retryAfterMilliseconds, type Caller, type CallRequest } from './caller.ts'

export interface OperationOptions {
  readonly caller: Caller
  readonly host: Pick<Host, 'now' | 'sleep'>
  readonly signal: AbortSignal
  /** Told what the operation says of itself, such as `Running`. */
  readonly onStatus: (status: string) => void
}

/** How an operation ended. */
export interface Ended {
  /** What its last answer was: its result where it has one. */
  readonly answer: HttpStream
  /** What it says of itself where it failed, although the answer is a success. */
  readonly failure: EntraAuthError | undefined
}

const largestStatus = 10 * 1024 * 1024
/** Between two looks, where the API names no time; what it names is kept within these. */
const usualPause = 5000
const shortestPause = 1000
const longestPause = 120_000
const over = new Set(['succeeded', 'failed', 'canceled', 'cancelled'])

/**
 * Waits for the end of a long-running operation: by `Azure-AsyncOperation` or `Operation-Location`, else by `Location`,
 * else by the `provisioningState` of what is made. An answer that begins no operation is its end.
 * @throws EntraAuthError `network` where the operation is to be followed at another origin; what sending throws
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
 */
export async function endOfOperation(
  begun: HttpStream,
  request: CallRequest,
  options: OperationOptions,
): Promise<Ended> {
  if (begun.status < 200 || begun.status > 299) return { answer: begun, failure: undefined }
  const status = begun.headers['azure-asyncoperation'] ?? begun.headers['operation-location']
  const location = begun.headers['location']
  if (status !== undefined) {
    begun.discard()
    return byStatus(addressFor(status, request.url), location, request, begun, options)
  }
  if (begun.status === 202 && location !== undefined) {
    begun.discard()
    return byLocation(addressFor(location, request.url), request, begun, options)
  }
  return byResource(begun, request, options)
}

async function byStatus(
  address: URL,
  location: string | undefined,
  request: CallRequest,
  begun: HttpStream,
  options: OperationOptions,
): Promise<Ended> {
  for (let last = begun; ;) {
    await pauseAfter(last, options)
    last = await options.caller.send(asGet(request, address))
    if (last.status < 200 || last.status > 299) return { answer: last, failure: undefined }
    const body = await wholeBody(last, largestStatus)
    const said = objectIn(body)
    const status = textAt(said, 'status') ?? textAt(objectAt(said, 'properties'), 'provisioningState')
    if (status === undefined || over.has(status.toLowerCase())) {
      const failure = failureIn(said, status)
      const result = failure === undefined ? resultAddress(request, location) : undefined
      const answer =
        result === undefined ? readAgain(last, body) : await options.caller.send(asGet(request, result))
      return { answer, failure }
    }
    options.onStatus(status)
  }
}

async function byLocation(
  address: URL,
  request: CallRequest,
  begun: HttpStream,
  options: OperationOptions,
): Promise<Ended> {
  for (let [last, url] = [begun, address]; ;) {
    await pauseAfter(last, options)
    last = await options.caller.send(asGet(request, url))
    if (last.status !== 202) return { answer: last, failure: undefined }
    last.discard()
    url = last.headers['location'] === undefined ? url : addressFor(last.headers['location'], url)
    options.onStatus('Running')
  }
}

async function byResource(
  begun: HttpStream,
  request: CallRequest,
  options: OperationOptions,
): Promise<Ended> {
  if (request.method !== 'PUT' && request.method !== 'PATCH') return { answer: begun, failure: undefined }
  for (let last = begun; ; last = await options.caller.send(asGet(request, request.url))) {
    if (last.status < 200 || last.status > 299) return { answer: last, failure: undefined }
    const body = await wholeBody(last, largestStatus)
    const said = objectIn(body)
    const state = textAt(objectAt(said, 'properties'), 'provisioningState')
    if (state === undefined || over.has(state.toLowerCase())) {
      return { answer: readAgain(last, body), failure: failureIn(said, state) }
    }
    options.onStatus(state)
    await pauseAfter(last, options)
  }
}

async function pauseAfter({ headers }: HttpStream, { host, signal }: OperationOptions): Promise<void> {
  const asked = retryAfterMilliseconds(headers['retry-after'], host.now()) ?? usualPause
  await host.sleep(Math.min(Math.max(asked, shortestPause), longestPause), signal)
}

/** Where what an operation made is to be found: at the address itself, or where it says. */
function resultAddress({ method, url }: CallRequest, location: string | undefined): URL | undefined {
  if (method === 'PUT' || method === 'PATCH') return url
  return method === 'POST' && location !== undefined ? addressFor(location, url) : undefined
}

function failureIn(
  said: Readonly<Record<string, unknown>>,
  status: string | undefined,
): EntraAuthError | undefined {
  if (status === undefined || status.toLowerCase() === 'succeeded') return undefined
  const error = objectAt(said, 'error')
  const details = [textAt(error, 'code'), textAt(error, 'message')].filter((part) => part !== undefined)
  const fact = status.toLowerCase() === 'failed' ? 'the operation failed' : 'the operation was cancelled'
  return new EntraAuthError('general', [fact, details.join(', ')].filter((part) => part !== '').join(': '))
}

function objectIn(body: Uint8Array): Readonly<Record<string, unknown>> {
  const value = jsonIn(new TextDecoder().decode(body))?.value
  return isJsonObject(value) ? value : {}
}

function asGet({ headers }: CallRequest, url: URL): CallRequest {
  const kept = Object.entries(headers).filter(([name]) => !/^(?:content-|if-)/i.test(name))
  return { method: 'GET', url, headers: Object.fromEntries(kept) }
}

function addressFor(named: string, asked: URL): URL {
  const url = ownAddress(named, asked)
  if (url !== undefined) return url
  throw new EntraAuthError(
    'network',
    `the operation is to be followed at ${withoutQuery(named, asked)}, where the token may not go`,
    { hint: 'leave --wait away, and call that address by itself if you trust it' },
  )
}
