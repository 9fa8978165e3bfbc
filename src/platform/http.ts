import * as plain from 'node:http'
import type { Environment, HttpAhead, HttpClient, HttpStream, HttpStreams } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import { AheadAgent } from './ahead-agent.ts'
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
import { reachesFor, secureContext, type TrustReach } from './trust.ts'

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

/** The HTTP client of this machine. See `HttpClient`, `HttpStreams` and `HttpAhead` for what it promises. */
export function createHttpClient(options: HttpOptions): HttpClient & HttpStreams & HttpAhead {
  const { env, clock = systemClock, trace = () => undefined } = options
  const limits = {
    connect: options.connectMilliseconds ?? 15_000,
    attempt: options.attemptMilliseconds ?? 30_000,
  }
  const connections = new Map<string, Promise<Connections>>()
  /** How far to look for the authority of a server, where it was found before. */
  const reaches = new Map<string, TrustReach>()

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
    connectAhead: async ({ url: text, caFile }) => {
      try {
        const url = allowedUrl(text)
        if (url.protocol !== 'https:' || proxyFor(url, env)) return
        const [reach = 'node'] = reachesFor(caFile)
        const { secure } = await connectionsFor(caFile, reach)
        await secure.openAhead(url)
      } catch {
        // The request itself meets it again, and says it.
      }
    },
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
   * One attempt. Where nobody vouches for the server's certificate, more authorities are read: that costs tens of
   * milliseconds, which only those pay who need it.
   */
  async function attemptOnce<T extends AnswerHead>(
    request: AnyRequest,
    url: URL,
    attempt: number,
    reading: Reading<T>,
  ): Promise<Outcome<T>> {
    const { caFile } = request
    const key = `${url.host} ${caFile ?? ''}`
    const known = reaches.get(key)
    const all = reachesFor(caFile)
    const [first = 'node', ...further] = known === undefined ? all : all.slice(all.indexOf(known))
    let reach = first
    let outcome = await traced(request, url, attempt, reading, reach)
    for (const next of further) {
      if (!('error' in outcome) || !isUnknownIssuer(outcome.error)) break
      reach = next
      outcome = await traced(request, url, attempt, reading, reach)
    }
    if (!('error' in outcome)) reaches.set(key, reach)
    return outcome
  }

  async function traced<T extends AnswerHead>(
    request: AnyRequest,
    url: URL,
    number: number,
    reading: Reading<T>,
    reach: TrustReach,
  ): Promise<Outcome<T>> {
    const started = clock.now().getTime()
    // A server known by its certificate is this machine's own, wherever its address seems to be.
    const proxy = request.serverThumbprint === undefined ? proxyFor(url, env) : undefined
    const ways = await connectionsFor(request.caFile, reach)
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

  function connectionsFor(caFile: string | undefined, reach: TrustReach): Promise<Connections> {
    const key = `${reach} ${caFile ?? ''}`
    const known = connections.get(key)
    if (known) return known
    const made = secureContext({ caFile, reach }, env).then((context) => ({
      context,
      plain: new plain.Agent({ keepAlive: true }),
      secure: new AheadAgent({ secureContext: context }),
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
