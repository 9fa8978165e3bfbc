import * as plain from 'node:http'
import * as secure from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { HttpResponse } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import type { AheadAgent } from './ahead-agent.ts'
import type { Destination } from './network-errors.ts'
import { pinnedAgent } from './pinned-agent.ts'
import { isRepeatable, type AnyRequest } from './retry.ts'

const largestBodyBytes = 10 * 1024 * 1024

/** Ways to servers that trust the same authorities. */
export interface Connections {
  readonly context: secure.AgentOptions['secureContext']
  readonly plain: plain.Agent
  readonly secure: AheadAgent
}

/** An answer of which no more is known than its headers. */
export type AnswerHead = Omit<HttpResponse, 'body'>

export type Outcome<T extends AnswerHead> =
  | { readonly response: T }
  | {
      readonly error: unknown
      readonly destination: Destination
      /** Whether the server may have got the request, and acted upon it. */
      readonly mayHaveArrived: boolean
    }

/** How long things may take. */
export interface Limits {
  /** Until the server has taken the connection. */
  readonly connect: number
  /** For the whole exchange. */
  readonly attempt: number
}

/** What to make of an answer whose headers are there. */
export interface Reading<T extends AnswerHead> {
  /** Whether the time limit is for the headers alone, and `take` looks after the rest. */
  readonly headOnly: boolean
  take(message: plain.IncomingMessage, head: AnswerHead): T | Promise<T>
}

/** Reads the whole body as text. */
export const wholeAnswer: Reading<HttpResponse> = {
  headOnly: false,
  take: async (message, head) => ({ ...head, body: await readBody(message) }),
}

/** One request and its answer; whatever goes wrong on the way is a value. */
export async function exchange<T extends AnswerHead>(
  request: AnyRequest,
  url: URL,
  proxy: URL | undefined,
  connections: Connections,
  limits: Limits,
  reading: Reading<T>,
): Promise<Outcome<T>> {
  const { signal } = request
  let waysOpen = proxy === undefined
  let mayHaveArrived = false
  // Ends the socket to a proxy too, which the request itself does not own until the way through is open.
  const stop = new AbortController()
  try {
    if (signal?.aborted) throw abortError(signal)
    const agent = proxy
      ? await proxyAgent(proxy, connections, stop.signal)
      : agentFor(request, url, connections, stop.signal)
    const response = await new Promise<T>((resolve, reject) => {
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
      const patience = request.connectMilliseconds ?? limits.connect
      const connecting = setTimeout(() => fail(late('took no connection', patience)), patience)
      const whole = setTimeout(() => fail(late('did not answer', limits.attempt)), limits.attempt)
      const aborted = () => signal && fail(abortError(signal))
      signal?.addEventListener('abort', aborted, { once: true })
      // It may have been aborted while the way to the proxy was prepared.
      if (signal?.aborted) aborted()

      sent.on('proxyConnect', (answer: ProxyAnswer) => {
        waysOpen = answer.statusCode === 200
        if (!waysOpen && proxy) fail(refusedByProxy(proxy, url, answer))
      })
      // The agent no longer listens to it then; in bun an error nobody listens to ends the program.
      sent.on('proxy', ({ socket }: { socket: plain.ClientRequest['socket'] }) => socket?.on('error', fail))
      sent.on('socket', (socket) => {
        const connected = () => {
          clearTimeout(connecting)
          mayHaveArrived = true
        }
        // One that was opened ahead may have shown its certificate; a pinned server's comes when that was seen.
        const isOpen = sent.reusedSocket || (socket as Partial<TLSSocket>).authorized === true
        if (isOpen || request.serverThumbprint !== undefined) connected()
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
        if (reading.headOnly) clearTimeout(whole)
        const head = { status: message.statusCode ?? 0, headers: flatten(message.headers) }
        Promise.resolve(reading.take(message, head)).then(resolve, fail)
      })
    })
    return { response }
  } catch (error) {
    const destination = { host: url.host, proxy: waysOpen ? undefined : proxy?.host }
    return { error, destination, mayHaveArrived }
  }
}

/**
 * The connections to take one from. What must not be sent twice gets a new one: one that has rested may be closed by the
 * server at this very moment, and then nobody knows whether the request arrived.
 */
function agentFor(request: AnyRequest, url: URL, connections: Connections, signal: AbortSignal): plain.Agent {
  if (url.protocol !== 'https:') return connections.plain
  if (request.serverThumbprint !== undefined) return pinnedAgent(request.serverThumbprint, signal)
  return isRepeatable(request) ? connections.secure : new secure.Agent({ secureContext: connections.context })
}

function start(request: AnyRequest, url: URL, agent: plain.Agent): plain.ClientRequest {
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

/** What a proxy answers to CONNECT. */
interface ProxyAnswer {
  readonly statusCode: number
  readonly headers: plain.IncomingHttpHeaders
}

function refusedByProxy(proxy: URL, url: URL, { statusCode, headers }: ProxyAnswer): EntraAuthError {
  const refusal = (what: string, hint: string) =>
    new EntraAuthError('network', `the proxy ${proxy.host} ${what} (${statusCode})`, { hint })
  if (statusCode !== 407) {
    return refusal(
      `does not let ${url.host} through`,
      'ask for that host to be allowed, or name it in NO_PROXY',
    )
  }
  const ways = [headers['proxy-authenticate'] ?? 'Basic'].flat().join(', ')
  if (!/\bbasic\b/i.test(ways)) {
    return refusal(
      'takes no user name and password, but only Windows sign-in such as NTLM or Kerberos',
      'run a helper that signs in to it, such as px or cntlm, and name the helper in HTTPS_PROXY',
    )
  }
  return proxy.username === ''
    ? refusal('wants a user name and a password', 'put them in HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT')
    : refusal(
        'does not take the user name and password',
        'check them in HTTPS_PROXY; special characters are written as %40 for @ and so on',
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
