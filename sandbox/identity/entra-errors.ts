import { randomUUID } from 'node:crypto'
import { type SandboxRequest, type SandboxResponse, json } from '../http.ts'

/**
 * A refusal in Entra's terms. Codes and their meaning follow Microsoft's list; the sentences are those Entra is known to
 * send, shortened where it links to portal pages.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class EntraError extends Error {
  override readonly name = 'EntraError'
  /** The number in `AADSTS7000215`. */
  readonly code: number
  /** The OAuth error (RFC 6749, section 5.2). */
  readonly error: string
  readonly status: number
  readonly suberror: string | undefined
  readonly claims: string | undefined

  constructor(error: string, code: number, text: string, details: EntraErrorDetails = {}) {
    super(text)
    this.error = error
    this.code = code
    this.status = details.status ?? (error === 'invalid_client' ? 401 : 400)
    this.suberror = details.suberror
    this.claims = details.claims
  }
}

export interface EntraErrorDetails {
  /** Default: 401 for `invalid_client`, 400 for everything else. */
  readonly status?: number
  readonly suberror?: string
  /** A claims challenge the client shall repeat in its next authorization request. */
  readonly claims?: string
}

/** What Entra adds to each error so that support can find it again. */
export interface Diagnostics {
  readonly traceId: string
  readonly correlationId: string
  /** `2026-01-31 10:00:00Z` */
  readonly timestamp: string
}

/** @param sent the parameters of the request; MSAL names its correlation id there or in a header */
export function diagnosticsOf(request: SandboxRequest, sent: URLSearchParams, now: Date): Diagnostics {
  const correlationId = request.headers['client-request-id'] ?? sent.get('client-request-id') ?? ''
  return {
    traceId: randomUUID(),
    correlationId: /^[0-9a-f-]{36}$/i.test(correlationId) ? correlationId : randomUUID(),
    timestamp: `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`,
  }
}

/** The `error_description`: text, trace id, correlation id and timestamp, as one string. */
export function describe(error: EntraError, diagnostics: Diagnostics): string {
  const { traceId, correlationId, timestamp } = diagnostics
  return [
    `AADSTS${error.code}: ${error.message} Trace ID: ${traceId}`,
    `Correlation ID: ${correlationId}`,
    `Timestamp: ${timestamp}`,
  ].join(' ')
}

/** The JSON body of the token, device and discovery endpoints. */
export function errorResponse(error: EntraError, diagnostics: Diagnostics, origin: string): SandboxResponse {
  return json(
    error.status,
    {
      error: error.error,
      error_description: describe(error, diagnostics),
      error_codes: [error.code],
      timestamp: diagnostics.timestamp,
      trace_id: diagnostics.traceId,
      correlation_id: diagnostics.correlationId,
      error_uri: `${origin}/error?code=${error.code}`,
      ...(error.suberror === undefined ? {} : { suberror: error.suberror }),
      ...(error.claims === undefined ? {} : { claims: error.claims }),
    },
    { 'x-ms-request-id': diagnostics.traceId },
  )
}

/** A parameter the endpoint cannot do without. */
export function required(sent: URLSearchParams, name: string): string {
  const value = sent.get(name)
  if (value === null || value === '') {
    throw new EntraError(
      'invalid_request',
      900144,
      `The request body must contain the following parameter: '${name}'.`,
    )
  }
  return value
}
