import * as plain from 'node:http'
import * as secure from 'node:https'
import type { Environment, HttpClient, HttpStream, HttpStreams } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import { type Clock, systemClock } from './clock.ts'
import {
  type AnswerHead,
  type Connections,
  exchange,
  type Outcome,
  type Reading,
  wholeAnswer,
} from './http-exchange.ts'
import { streamedAnswer } from './http-stream.ts'
import { traceLine } from './http-trace.ts'
import { isBrokenConnection, isUnknownIssuer, networkError } from './network-errors.ts'
import { isLinkLocal, isLocalHost, isPrivateAddress, proxyFor } from './proxy.ts'
import { type AnyRequest, isPassing, isRepeatable, maximumAttempts, retryDelayMilliseconds } from './retry.ts'
import { hasSystemStore, secureContext } from './trust.ts'

export interface HttpOptions {
  /** `HTTPS_PROXY`, `NO_PROXY`, `NODE_EXTRA_CA_CERTS`. */
  readonly env: Environment
  readonly clock?: Clock
  /** Told one line about each attempt, see `traceLine`, and one about each wait before the next. */
  readonly trace?: (line: string) => void
  /** Until the server has taken the connection. Default 15 s. */
  readonly connectMilliseconds?: number
  /** For one attempt as a whole. Default 30 s. */
  readonly attemptMilliseconds?: number
}

/** The HTTP client of this machine. See `HttpClient` and `HttpStreams` for what it promises. */
export function createHttpClient(options: HttpOptions): HttpClient & HttpStreams {
  const { env, clock = systemClock, trace = () => undefined } = options
  const limits = {
    connect: options.connectMilliseconds ?? 15_000,
    attempt: options.attemptMilliseconds ?? 30_000,
  }
  const connections = new Map<string, Promise<Connections>>()

  return {
    send: (request) => sendPatiently(request, wholeAnswer, () => undefined),
    open: async (request) =>
      sendPatiently<HttpStream>(
        request,
        streamedAnswer({
          url: allowedUrl(request.url),
          limits,
          signal: request.signal,
          now: () => clock.now(),
        }),
        (answer) => answer.discard(),
      ),
  }

  /** @param drop is told of an answer that is not the last one */
  async function sendPatiently<T extends AnswerHead>(
    request: AnyRequest,
    reading: Reading<T>,
    drop: (answer: T) => void,
  ): Promise<T> {
    const url = allowedUrl(request.url, request.mayBePrivate)
    const repeatable = isRepeatable(request)
    for (let attempt = 1; ; attempt++) {
      const last = attempt === maximumAttempts
      const outcome = await attemptOnce(request, url, attempt, reading)
      if ('error' in outcome) {
        const harmless = repeatable || !outcome.mayHaveArrived
        if (last || !harmless || !isBrokenConnection(outcome.error)) throw explained(outcome)
      } else if (last || !isPassing(outcome.response.status, repeatable)) {
        return outcome.response
      }
      const response = 'error' in outcome ? undefined : outcome.response
      const retryAfter = response?.headers['retry-after']
      const delay = retryDelayMilliseconds(attempt, retryAfter, clock.now(), clock.random())
      if (delay === undefined && response) return response
      if (response) drop(response)
      trace(`trying again in ${((delay ?? 0) / 1000).toFixed(1)} s`)
      await pause(delay ?? 0, request.signal)
    }
  }

  async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    await clock.sleep(milliseconds, signal).catch((error: unknown) => {
      throw signal?.aborted ? abortError(signal) : error
    })
  }

  /**
   * One attempt. Where nobody vouches for the server's certificate, the operating system's authorities are asked, where
   * Node can read them: that costs tens of milliseconds, which only those pay who need it.
   */
  async function attemptOnce<T extends AnswerHead>(
    request: AnyRequest,
    url: URL,
    attempt: number,
    reading: Reading<T>,
  ): Promise<Outcome<T>> {
    const outcome = await traced(request, url, attempt, reading, false)
    const unknown = 'error' in outcome && isUnknownIssuer(outcome.error)
    return unknown && hasSystemStore ? traced(request, url, attempt, reading, true) : outcome
  }

  async function traced<T extends AnswerHead>(
    request: AnyRequest,
    url: URL,
    number: number,
    reading: Reading<T>,
    system: boolean,
  ): Promise<Outcome<T>> {
    const started = clock.now().getTime()
    // A server known by its certificate is this machine's own, wherever its address seems to be.
    const proxy = request.serverThumbprint === undefined ? proxyFor(url, env) : undefined
    const ways = await connectionsFor(request.caFile, system)
    const outcome = await exchange(request, url, proxy, ways, limits, reading)
    const milliseconds = clock.now().getTime() - started
    const result = 'error' in outcome ? explained(outcome) : outcome.response
    trace(traceLine({ request, url, number, milliseconds, proxy: proxy?.host, result }))
    return outcome
  }

  function explained({
    error,
    destination,
  }: Extract<Outcome<AnswerHead>, { error: unknown }>): EntraAuthError {
    return networkError(error, destination, clock.now())
  }

  function connectionsFor(caFile: string | undefined, system: boolean): Promise<Connections> {
    const key = `${system} ${caFile ?? ''}`
    const known = connections.get(key)
    if (known) return known
    const made = secureContext({ caFile, system }, env).then((context) => ({
      context,
      plain: new plain.Agent({ keepAlive: true }),
      secure: new secure.Agent({ keepAlive: true, secureContext: context }),
    }))
    connections.set(key, made)
    return made
  }
}

/** Plain HTTP is for this machine and for the addresses where Azure's managed identities answer. */
function allowedUrl(text: string, mayBePrivate = false): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const host = url?.hostname ?? ''
  const near = isLocalHost(host) || isLinkLocal(host) || (mayBePrivate && isPrivateAddress(host))
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && near)) return url
  const shown = url ? `${url.protocol}//${url.host}` : text.slice(0, 80)
  throw new EntraAuthError('network', `"${shown}" is not an https URL`, {
    hint: 'tokens and secrets are sent over https only; if the authority named it, do not trust it',
  })
}
