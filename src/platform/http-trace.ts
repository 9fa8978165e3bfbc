import type { HttpResponse } from '../core/ports.ts'
import { formIn, type AnyRequest } from './retry.ts'

/** What became of one attempt. */
export interface Attempt {
  readonly request: AnyRequest
  readonly url: URL
  /** From 1. */
  readonly number: number
  readonly milliseconds: number
  /** Host and port of the proxy that it went through. */
  readonly proxy: string | undefined
  /** The answer, or why there was none. */
  readonly result: Omit<HttpResponse, 'body'> | Error
}

/**
 * One attempt on one line, fit for a support ticket: method, address without the values of its query, outcome, time, and
 * the ids under which Microsoft finds it. No headers, no body.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application
 */
export function traceLine({ request, url, number, milliseconds, proxy, result }: Attempt): string {
  const outcome = result instanceof Error ? result.message : String(result.status)
  const headers = result instanceof Error ? {} : result.headers
  const facts = [
    `${milliseconds} ms`,
    number === 1 ? undefined : `attempt ${number}`,
    labelled('through', proxy),
    labelled('correlation id', idIn(correlationIdOf(request, url) ?? headers['client-request-id'])),
    labelled('request id', idIn(headers['x-ms-request-id'] ?? headers['request-id'])),
  ]
  return `${request.method} ${withoutQueryValues(url)} → ${outcome} (${facts.filter((fact) => fact !== undefined).join(', ')})`
}

const labelled = (label: string, value: string | undefined) =>
  value === undefined ? undefined : `${label} ${value}`

/** Our own id of a request, which Entra writes beside its own: MSAL puts it into the form, or the address. */
function correlationIdOf(request: AnyRequest, url: URL): string | undefined {
  const name = 'client-request-id'
  const form = formIn(request)
  return request.headers?.[name] ?? url.searchParams.get(name) ?? form.get(name) ?? undefined
}

/** Nothing that could be anything but an id. */
function idIn(text: string | undefined): string | undefined {
  return /^[\w-]{8,64}$/.test(text ?? '') ? text : undefined
}

/** An address for people: its query may carry codes and secrets, so only the names are kept. */
function withoutQueryValues(url: URL): string {
  const names = [...new Set(url.searchParams.keys())]
  return url.origin + url.pathname + (names.length ? `?${names.map((name) => `${name}=…`).join('&')}` : '')
}
