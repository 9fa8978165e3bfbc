import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { EntraAuthError } from '../errors.ts'
import { readAuthorityAnswer, withDeviceCode } from './authority-answer.ts'
import { pause } from './deadline.ts'
import { isOverload, overloadError } from './overload.ts'
import type { HttpClient, HttpRequest } from './ports.ts'

/**
 * Our HTTP in the shape MSAL wants it. MSAL hides the cause of a failed request, and what an authority says of an
 * unknown tenant, behind `endpoints_resolution_error`, so the last failure is kept for whoever translates MSAL's error.
 */
export class MsalNetwork implements INetworkModule {
  readonly #http: HttpClient
  readonly #caFile: string | undefined
  readonly #signal: AbortSignal
  /** By how much polls for a device code wait longer than MSAL makes them. */
  #pollDelayMilliseconds = 0
  /** Whatever was thrown, ours or not. */
  lastFailure: unknown
  /** The last answer, where it was an OAuth error. While it polls for a device code, MSAL drops all but its `error`. */
  lastRefusal: EntraAuthError | undefined
  /** The client assertion sent last. */
  lastAssertion: string | undefined
  /** What the authority said of its endpoints, where it was asked. */
  openIdConfiguration: object | undefined
  /** Whether a form was sent to a place where no endpoint is: what is known of the authority is out of date. */
  hasMissed = false
  readonly #origin: string | undefined

  /** @param origin the only one that anything is sent to, where what is known of the authority was kept */
  constructor(http: HttpClient, caFile: string | undefined, signal: AbortSignal, origin?: string) {
    this.#http = http
    this.#caFile = caFile
    this.#signal = signal
    this.#origin = origin
  }

  /** Another try begins: what failed before says nothing about it. */
  forget(): void {
    this.lastFailure = undefined
    this.lastRefusal = undefined
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send({ method: 'GET', url, headers: options?.headers })
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send({ method: 'POST', url, headers: options?.headers, body: options?.body ?? '' })
  }

  async #send<T>(request: Omit<HttpRequest, 'signal' | 'caFile'>): Promise<NetworkResponse<T>> {
    if (request.method === 'POST')
      this.lastAssertion = new URLSearchParams(request.body).get('client_assertion') ?? undefined
    try {
      this.#checkOrigin(request.url)
      if (isDevicePoll(request)) await pause(this.#pollDelayMilliseconds, this.#signal)
      const answer = await this.#http.send({ ...request, signal: this.#signal, caFile: this.#caFile })
      const { host } = new URL(request.url)
      this.hasMissed =
        request.method === 'POST' && isElsewhere(answer.status) && !holdsRefusal(answer.body, host)
      if (isOverload(answer) && !holdsRefusal(answer.body, host)) {
        if (!isDevicePoll(request)) throw overloadError(answer, host)
        // A person is signing in: MSAL asks again after the interval, and one bad moment does not cost them their work.
        return stillPending()
      }
      const read = readAuthorityAnswer(answer.body, host)
      this.lastRefusal = isRefusal(read) ? await refusalIn(read) : undefined
      if (request.method === 'GET' && this.lastRefusal) this.lastFailure = this.lastRefusal
      if (isDevicePoll(request) && read['error'] === 'slow_down') {
        // MSAL does not know this error, and would give up.
        this.#pollDelayMilliseconds += 5000
        return stillPending()
      }
      if (isOpenIdConfiguration(request.url)) this.openIdConfiguration = read
      const wantsCode = isDeviceRequest(request)
      // MSAL would show the refusal as a code called "undefined", and poll for it.
      if (wantsCode && this.lastRefusal) throw this.lastRefusal
      const body = wantsCode ? withDeviceCode(read, host) : read
      return { status: answer.status, headers: { ...answer.headers }, body: body as T }
    } catch (error) {
      this.lastFailure = error
      throw error
    }
  }

  /** MSAL puts addresses together of what it was told. */
  #checkOrigin(url: string): void {
    if (this.#origin === undefined || new URL(url).origin === this.#origin) return
    this.hasMissed = true
    throw new EntraAuthError('network', 'what was kept of the authority leads elsewhere')
  }
}

/** Whether a server says that nothing is at this address, or that it has moved. */
function isElsewhere(status: number): boolean {
  return (status >= 300 && status < 400) || status === 404 || status === 405 || status === 410
}

/** @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest */
function isOpenIdConfiguration(url: string): boolean {
  return new URL(url).pathname.endsWith('/.well-known/openid-configuration')
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
interface Refusal {
  readonly error: string
  readonly error_description?: string
  readonly suberror?: string
}

function isRefusal(body: object): body is Refusal {
  return 'error' in body && typeof body.error === 'string'
}

/** What all the numbers mean is loaded only where one came. */
async function refusalIn(body: Refusal): Promise<EntraAuthError> {
  const { entraRefusal } = await import('./entra-errors.ts')
  return entraRefusal(body.error, body.error_description ?? '', undefined, body.suberror)
}

/** What an authority says while a person has not entered the device code yet (RFC 8628, section 3.5). */
function stillPending<T>(): NetworkResponse<T> {
  return { status: 400, headers: {}, body: { error: 'authorization_pending' } as T }
}

/** Whether the authority says what is wrong, whatever the status. */
function holdsRefusal(body: string, host: string): boolean {
  try {
    return isRefusal(readAuthorityAnswer(body, host))
  } catch {
    return false
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc8628#section-3.4 */
function isDevicePoll({ method, body }: Pick<HttpRequest, 'method' | 'body'>): boolean {
  return method === 'POST' && (new URLSearchParams(body).get('grant_type') ?? '').endsWith('device_code')
}

/** A request for a device code is the only one that is posted without the name of a grant. */
function isDeviceRequest({ method, body }: Pick<HttpRequest, 'method' | 'body'>): boolean {
  return method === 'POST' && !new URLSearchParams(body).has('grant_type')
}
