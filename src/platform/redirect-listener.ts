import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RedirectAnswer, RedirectOptions, RedirectWait } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import { errorCode } from './file-errors.ts'
import { isLoopbackHost, readAnswer, readRedirect } from './redirect-answer.ts'

const largestFormBytes = 64 * 1024
const farewellMilliseconds = 1_000

/**
 * Listens on 127.0.0.1 and, where the machine has it, on [::1], on the same port: `localhost` may mean either.
 * Nothing but the authorization response is answered with more than a line; the code is never logged.
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
export async function openRedirect(options: RedirectOptions): Promise<RedirectWait> {
  const sockets = new Set<Socket>()
  let settle: (answer: RedirectAnswer) => void
  const answered = new Promise<RedirectAnswer>((resolve) => {
    settle = resolve
  })
  let over = false
  const claim = () => !over && (over = true)
  const handle = (port: number) => (request: IncomingMessage, response: ServerResponse) => {
    respond(request, response, port, options, claim, (answer) => settle(answer)).catch(() => {
      request.destroy()
    })
  }

  const { servers, port } = await listen(options.ports, handle, sockets)
  const close = () => closeAll(servers, sockets)
  return {
    port,
    close,
    take: (address) => {
      const answer = readRedirect(address, port, options)
      if (typeof answer === 'string') return answer
      if (!claim()) return 'this sign-in is already over'
      settle(answer)
      return undefined
    },
    answer: (signal) =>
      new Promise((resolve, reject) => {
        const stop = () => {
          for (const socket of sockets) socket.destroy()
          void close()
          reject(abortError(signal))
        }
        if (signal.aborted) return stop()
        signal.addEventListener('abort', stop, { once: true })
        void answered.then((answer) => {
          signal.removeEventListener('abort', stop)
          resolve(answer)
        })
      }),
  }
}

/** Answers one request. `claim` lets the first right answer through alone; `finished` is called when the person's browser has been handed the whole page. */
async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  options: RedirectOptions,
  claim: () => boolean,
  finished: (answer: RedirectAnswer) => void,
): Promise<void> {
  const say = (status: number, text: string) =>
    reply(response, status, 'text/plain; charset=utf-8', `${text}\n`)
  if (!isLoopbackHost(request.headers.host, port)) return say(400, 'this is not the host that was asked for')
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname !== options.path) return say(404, 'there is nothing here')
  if (request.method !== 'GET' && request.method !== 'POST') return say(405, 'only GET and POST')
  const parameters = request.method === 'GET' ? url.searchParams : await readForm(request)
  if (!parameters) return say(400, 'this is not a form, or it is too large')
  const answer = readAnswer(parameters, options.state)
  if (typeof answer === 'string') {
    return say(400, `${answer}; go back to the page that was opened for you and sign in there`)
  }
  if (!claim()) return say(400, 'this sign-in is already over')
  response.on('close', () => finished(answer))
  reply(response, 200, 'text/html; charset=utf-8', options.page(answer))
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(body)
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const isForm = request.headers['content-type']
    ?.toLowerCase()
    .startsWith('application/x-www-form-urlencoded')
  if (!isForm) return undefined
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array)
    bytes += part.length
    if (bytes > largestFormBytes) return undefined
    chunks.push(part)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function listen(ports: readonly number[], handle: (port: number) => Handler, sockets: Set<Socket>) {
  let reason: unknown
  for (const wanted of ports) {
    // Any free port on 127.0.0.1 may be taken on [::1]; a few tries find one that is free on both.
    for (let attempt = 1; attempt <= (wanted === 0 ? 10 : 1); attempt++) {
      try {
        return await listenOnBoth(wanted, handle, sockets)
      } catch (error) {
        if (!['EADDRINUSE', 'EACCES'].includes(errorCode(error) ?? '')) throw error
        reason = error
      }
    }
  }
  const numbers = ports.length > 3 ? `${ports[0]} to ${ports.at(-1)}` : ports.join(', ')
  throw new EntraAuthError(
    'invalid_arguments',
    ports.length === 1 ? `port ${numbers} cannot be listened on` : `none of the ports ${numbers} is free`,
    { hint: 'close the program that uses it, or choose another with --port', cause: reason },
  )
}

async function listenOnBoth(wanted: number, handle: (port: number) => Handler, sockets: Set<Socket>) {
  const first = await listenOn('127.0.0.1', wanted, sockets)
  const { port } = first.address() as AddressInfo
  const servers = [first]
  try {
    servers.push(await listenOn('::1', port, sockets))
  } catch (error) {
    // A machine without IPv6 does without; but whoever else has this port on [::1] would get the code.
    if (!['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(errorCode(error) ?? '')) {
      await closeAll(servers, sockets)
      throw error
    }
  }
  for (const server of servers) server.on('request', handle(port))
  return { servers, port }
}

function listenOn(host: string, port: number, sockets: Set<Socket>): Promise<Server> {
  // An authorization response by query can be longer than Node's 16 KiB.
  const server = createServer({ maxHeaderSize: largestFormBytes })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => resolve(server))
  })
}

/** Stops listening. A page on its way gets a second to arrive; connections that say nothing (browsers keep some) end now. */
async function closeAll(servers: readonly Server[], sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
      }),
  )
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const farewell = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, farewellMilliseconds)
  await Promise.all(closed)
  clearTimeout(farewell)
}
