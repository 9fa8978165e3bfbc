import { randomUUID } from 'node:crypto'
import { json, type SandboxRequest, type SandboxResponse } from '../../http.ts'

/** Ends a request with an answer of Graph's error shape. */
export class GraphFailure extends Error {
  override readonly name = 'GraphFailure'
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export function badRequest(message: string): GraphFailure {
  return new GraphFailure(400, 'BadRequest', message)
}

export function unsupportedQuery(message: string): GraphFailure {
  return new GraphFailure(400, 'Request_UnsupportedQuery', message)
}

export function notFound(id: string): GraphFailure {
  return new GraphFailure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )
}

/** @see https://learn.microsoft.com/graph/errors#json-representation */
export function failureAnswer(failure: GraphFailure, request: SandboxRequest, now: Date): SandboxResponse {
  const requestId = randomUUID()
  const clientRequestId = request.headers['client-request-id'] ?? requestId
  const innerError = {
    date: now.toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': clientRequestId,
  }
  return json(
    failure.status,
    { error: { code: failure.code, message: failure.message, innerError } },
    { 'request-id': requestId, 'client-request-id': clientRequestId, ...failure.headers },
  )
}
