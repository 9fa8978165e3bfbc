import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { EntraAuthError } from '../errors.ts'
import { entraRefusal } from './entra-errors.ts'
import type { HttpClient, HttpRequest } from './ports.ts'

/**
 * Our HTTP in the shape MSAL wants it. MSAL hides the cause of a failed request, and what an authority says of an
 * unknown tenant, behind `endpoints_resolution_error`, so the last failure is kept for whoever translates MSAL's error.
 */
export class MsalNetwork implements INetworkModule {
  readonly #http: HttpClient
  readonly #caFile: string | undefined
  readonly #signal: AbortSignal
  /** Whatever was thrown, ours or not. */
  lastFailure: unknown
  /** The last answer, where it was an OAuth error. While it polls for a device code, MSAL drops all but its `error`. */
  lastRefusal: EntraAuthError | undefined

  constructor(http: HttpClient, caFile: string | undefined, signal: AbortSignal) {
    this.#http = http
    this.#caFile = caFile
    this.#signal = signal
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send({ method: 'GET', url, headers: options?.headers })
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send({ method: 'POST', url, headers: options?.headers, body: options?.body ?? '' })
  }

  async #send<T>(request: Omit<HttpRequest, 'signal' | 'caFile'>): Promise<NetworkResponse<T>> {
    try {
      const answer = await this.#http.send({ ...request, signal: this.#signal, caFile: this.#caFile })
      const body = parseBody(answer.body, request.url)
      this.lastRefusal = isRefusal(body) ? entraRefusal(body.error, body.error_description ?? '') : undefined
      if (request.method === 'GET' && this.lastRefusal) this.lastFailure = this.lastRefusal
      return { status: answer.status, headers: { ...answer.headers }, body: body as T }
    } catch (error) {
      this.lastFailure = error
      throw error
    }
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function isRefusal(body: unknown): body is { readonly error: string; readonly error_description?: string } {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
}

function parseBody(body: string, url: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new EntraAuthError('network', `"${new URL(url).host}" answered with something that is not JSON`, {
      hint: 'a proxy or a captive portal may have answered in its place; open the address in a browser',
      cause,
    })
  }
}
