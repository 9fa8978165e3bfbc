import * as plain from 'node:http'
import * as secure from 'node:https'
import type { Environment, HttpClient, HttpRequest, HttpResponse } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import { type Clock, systemClock } from './clock.ts'
import { isBrokenConnection, isUnknownIssuer, networkError } from './network-errors.ts'
import { isLinkLocal, isLocalHost, proxyFor } from './proxy.ts'
import { isPassing, isRepeatable, maximumAttempts, retryDelayMilliseconds } from './retry.ts'
import { hasSystemStore, secureContext } from './trust.ts'

const largestBodyBytes = 10 * 1024 * 1024

export interface HttpOptions {
  /** `HTTPS_PROXY`, `NO_PROXY`, `NODE_EXTRA_CA_CERTS`. */
  readonly env: Environment
  readonly clock?: Clock
  /** Told one line about each attempt: method, address without the values of its query, outcome. No headers, no bodies. */
  readonly trace?: (line: string) => void
  /** Until the server has taken the connection. Default 15 s. */
  readonly connectMilliseconds?: number
  /** For one attempt as a whole. Default 30 s. */
  readonly attemptMilliseconds?: number
}

/** The HTTP client of this machine. See `HttpClient` for what it promises. */
export function createHttpClient(options: HttpOptions): HttpClient {
  const { env, clock = systemClock, trace = () => undefined } = options
  const limits = {
    connect: options.connectMilliseconds ?? 15_000,
    attempt: options.attemptMilliseconds ?? 30_000,
  }
  const connections = new Map<string, Promise<Connections>>()

  return { send }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    const url = allowedUrl(request.url)
    const repeatable = isRepeatable(request)
    for (let attempt = 1; ; attempt++) {
      const last = attempt === maximumAttempts
      const outcome = await attemptOnce(request, url)
      if ('error' in outcome) {
        const again = !last && repeatable && isBrokenConnection(outcome.error)
        if (!again) throw networkError(outcome.error, outcome.destination)
      } else if (last || !isPassing(outcome.response.status, repeatable)) {
        return outcome.response
      }
      const response = 'error' in outcome ? undefined : outcome.response
      const retryAfter = response?.headers['retry-after']
      const delay = retryDelayMilliseconds(attempt, retryAfter, clock.now(), clock.random())
      if (delay === undefined && response) return response
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
  async function attemptOnce(request: HttpRequest, url: URL): Promise<Outcome> {
    const outcome = await traced(request, url, false)
    const unknown = 'error' in outcome && isUnknownIssuer(outcome.error)
    return unknown && hasSystemStore ? traced(request, url, true) : outcome
  }

  async function traced(request: HttpRequest, url: URL, system: boolean): Promise<Outcome> {
    const started = clock.now().getTime()
    const context = await connectionsFor(request.caFile, system)
    const outcome = await exchange(request, url, proxyFor(url, env), context, limits)
    const took = `${clock.now().getTime() - started} ms`
    const result =
      'error' in outcome ? networkError(outcome.error, outcome.destination).message : outcome.response.status
    trace(`${request.method} ${withoutQueryValues(url)} → ${result} (${took})`)
    return outcome
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

interface Connections {
  readonly context: secure.AgentOptions['secureContext']
  readonly plain: plain.Agent
  readonly secure: secure.Agent
}

type Outcome =
  | { readonly response: HttpResponse }
  | { readonly error: unknown; readonly destination: { readonly host: string; readonly proxy?: string } }

/** Plain HTTP is for this machine and for the link-local addresses where Azure's managed identities answer. */
function allowedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const near = url && (isLocalHost(url.hostname) || isLinkLocal(url.hostname))
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && near)) return url
  const shown = url ? `${url.protocol}//${url.host}` : text.slice(0, 80)
  throw new EntraAuthError('network', `"${shown}" is not an https URL`, {
    hint: 'tokens and secrets are sent over https only; if the authority named it, do not trust it',
  })
}

/** One request and its whole answer; whatever goes wrong on the way is a value. */
async function exchange(
  request: HttpRequest,
  url: URL,
  proxy: URL | undefined,
  connections: Connections,
  limits: { readonly connect: number; readonly attempt: number },
): Promise<Outcome> {
  const { signal } = request
  let waysOpen = proxy === undefined
  // Ends the socket to a proxy too, which the request itself does not own until the way through is open.
  const stop = new AbortController()
  try {
    if (signal?.aborted) throw abortError(signal)
    const agent = proxy
      ? await proxyAgent(proxy, connections, stop.signal)
      : url.protocol === 'https:'
        ? connections.secure
        : connections.plain
    const response = await new Promise<HttpResponse>((resolve, reject) => {
      const sent = start(request, url, agent)
      const fail = (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)))
        stop.abort()
        sent.destroy()
      }
      const late = (what: string, milliseconds: number) =>
        new EntraAuthError('timeout', `${url.host} ${what} within ${milliseconds / 1000} s`, {
          hint: 'try again; look at your connection, a VPN or HTTPS_PROXY if it stays so',
        })
      const connecting = setTimeout(() => fail(late('took no connection', limits.connect)), limits.connect)
      const whole = setTimeout(() => fail(late('did not answer', limits.attempt)), limits.attempt)
      const aborted = () => signal && fail(abortError(signal))
      signal?.addEventListener('abort', aborted, { once: true })

      sent.on('proxyConnect', (answer: { statusCode: number; statusText: string }) => {
        waysOpen = answer.statusCode === 200
        if (!waysOpen && proxy) fail(refusedByProxy(proxy, url, answer.statusCode))
      })
      sent.on('socket', (socket) => {
        const connected = () => clearTimeout(connecting)
        if (sent.reusedSocket) connected()
        else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
      })
      sent.on('error', fail)
      sent.on('close', () => {
        clearTimeout(connecting)
        clearTimeout(whole)
        signal?.removeEventListener('abort', aborted)
      })
      sent.on('response', (message) => {
        clearTimeout(connecting)
        readBody(message).then((body) => {
          resolve({ status: message.statusCode ?? 0, headers: flatten(message.headers), body })
        }, fail)
      })
    })
    return { response }
  } catch (error) {
    return { error, destination: { host: url.host, proxy: waysOpen ? undefined : proxy?.host } }
  }
}

function start(request: HttpRequest, url: URL, agent: plain.Agent): plain.ClientRequest {
  const body = request.body === undefined ? undefined : Buffer.from(request.body)
  const headers: Record<string, string> = { ...request.headers, 'accept-encoding': 'identity' }
  if (body) headers['content-length'] = String(body.length)
  const send = url.protocol === 'https:' ? secure.request : plain.request
  const sent = send(url, { method: request.method, headers, agent })
  sent.end(body)
  return sent
}

async function proxyAgent(proxy: URL, connections: Connections, signal: AbortSignal): Promise<plain.Agent> {
  const { HttpsProxyAgent } = await import('https-proxy-agent')
  const options = { signal, secureContext: connections.context }
  const agent = new HttpsProxyAgent(proxy, options)
  // To the server behind the proxy the agent passes on what the request says, so the trust must be said there too.
  Object.assign(agent.options, { secureContext: connections.context })
  return agent
}

function refusedByProxy(proxy: URL, url: URL, status: number): EntraAuthError {
  if (status === 407 && proxy.username !== '') {
    return new EntraAuthError(
      'network',
      `the proxy ${proxy.host} does not take the user name and password (407)`,
      {
        hint: 'check them in HTTPS_PROXY; special characters are written as %40 for @ and so on',
      },
    )
  }
  const wantsCredentials = status === 407
  return new EntraAuthError(
    'network',
    wantsCredentials
      ? `the proxy ${proxy.host} wants a user name and a password (407)`
      : `the proxy ${proxy.host} does not let ${url.host} through (${status})`,
    {
      hint: wantsCredentials
        ? 'put them in HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT'
        : 'ask for that host to be allowed, or name it in NO_PROXY',
    },
  )
}

async function readBody(message: plain.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message) {
    const part = Buffer.from(chunk as Uint8Array)
    bytes += part.length
    if (bytes > largestBodyBytes) {
      throw new EntraAuthError('network', `the answer is larger than ${largestBodyBytes / 1024 / 1024} MiB`, {
        hint: 'ask for less at once, for example with $top or $select',
      })
    }
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function flatten(headers: plain.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

/** An address for people: its query may carry codes and secrets, so only the names are kept. */
function withoutQueryValues(url: URL): string {
  const names = [...new Set(url.searchParams.keys())]
  return url.origin + url.pathname + (names.length ? `?${names.map((name) => `${name}=…`).join('&')}` : '')
}
