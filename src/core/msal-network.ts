import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { EntraAuthError } from '../errors.ts'
import type { HttpClient, HttpRequest } from './ports.ts'

/**
 * Our HTTP in the shape MSAL wants it. MSAL hides the cause of a failed request behind `endpoints_resolution_error`, so
 * the last failure is kept for whoever translates MSAL's error.
 */
export class MsalNetwork implements INetworkModule {
  readonly #http: HttpClient
  readonly #caFile: string | undefined
  readonly #signal: AbortSignal
  /** Whatever was thrown, ours or not. */
  lastFailure: unknown

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
      return {
        status: answer.status,
        headers: { ...answer.headers },
        body: parseBody(answer.body, request.url) as T,
      }
    } catch (error) {
      this.lastFailure = error
      throw error
    }
  }
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
