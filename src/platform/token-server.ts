import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { OpenTokenServer, ServedRequest, ServerLimits, TokenServerOptions } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { errorCode } from './file-errors.ts'
import { ConnectionTables, isLoopback, userOfPeer } from './peer-user.ts'

const largestHeaderBytes = 16 * 1024
const largestBodyBytes = 64 * 1024
const farewellMilliseconds = 1_000
/** For a connection on which nothing moves, be it that nobody reads our answer: longer than any answer takes. */
const stillMilliseconds = 120_000

const defaultLimits: ServerLimits = {
  headersMilliseconds: 5_000,
  requestMilliseconds: 10_000,
  idleMilliseconds: 60_000,
  connections: 2_000,
}

/** What is known of the system on which this listens. */
export interface ServedSystem {
  readonly platform: NodeJS.Platform
  readonly userId: number | undefined
}

/**
 * Listens on 127.0.0.1, where the machine has it on [::1], and on the addresses given, on one port.
 * @throws EntraAuthError `invalid_arguments` where that cannot be
 */
export async function openTokenServer(
  options: TokenServerOptions,
  system: ServedSystem,
): Promise<OpenTokenServer> {
  const connections = new Connections(options.limits?.connections ?? defaultLimits.connections, () =>
    options.onBroken('there were too many connections'),
  )
  const tables = new ConnectionTables()
  const handle = (port: number) => (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    if (!connections.beginRequest(socket)) {
      options.onBroken('a request came before the answer to the one before it')
      return void socket.destroy()
    }
    const served = servedRequest(request, connections, () => isAnotherUsers(socket, system, tables))
    respond(served, response, options, port)
      .then((keepsOpen) => keepsOpen && connections.endRequest(socket))
      .catch(() => socket.destroy())
  }
  const { servers, port } = await listen(options, connections)
  for (const server of servers) {
    server.on('request', handle(port))
    // What waits for a go-ahead before it sends its body is answered like the others, without one.
    server.on('checkContinue', handle(port)).on('checkExpectation', handle(port))
  }
  return { port, close: () => closeAll(servers, connections) }
}

/** @returns whether the connection takes another request */
async function respond(
  request: ServedRequest,
  response: ServerResponse,
  { answer: answerTo }: TokenServerOptions,
  port: number,
): Promise<boolean> {
  const { status, headers, body, keepOpen } = await answerTo(request, port)
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(keepOpen ? {} : { connection: 'close' }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
  return keepOpen
}

function servedRequest(
  request: IncomingMessage,
  connections: Connections,
  isAnother: () => Promise<boolean>,
): ServedRequest {
  const { socket, rawHeaders } = request
  const headers: [string, string][] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index]?.toLowerCase() ?? '', rawHeaders[index + 1] ?? ''])
  }
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers,
    peerAddress: socket.remoteAddress ?? '',
    trust: () => connections.trust(socket),
    isAnotherUsers: isAnother,
    readBody: () => readBody(request),
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array)
    bytes += part.length
    if (bytes > largestBodyBytes) return undefined
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Whose connection it is, looked up once: the other end does not change hands unnoticed. */
const verdicts = new WeakMap<Socket, Promise<boolean>>()

function isAnotherUsers(socket: Socket, system: ServedSystem, tables: ConnectionTables): Promise<boolean> {
  const known = verdicts.get(socket)
  if (known) return known
  const verdict = findOut(socket, system, tables)
  verdicts.set(socket, verdict)
  return verdict
}

async function findOut(
  { remoteAddress, remotePort, localAddress, localPort }: Socket,
  { platform, userId }: ServedSystem,
  tables: ConnectionTables,
): Promise<boolean> {
  if (platform !== 'linux' || userId === undefined) return false
  if (!remoteAddress || !localAddress || !remotePort || !localPort || !isLoopback(remoteAddress)) return false
  const ends = {
    peerAddress: remoteAddress,
    peerPort: remotePort,
    ownAddress: localAddress,
    ownPort: localPort,
  }
  const user = userOfPeer(await tables.current(), ends)
  return user !== undefined && user !== userId
}

/** The open connections. Those that have not shown the secret make way when there are too many. */
class Connections {
  readonly #all = new Set<Socket>()
  readonly #strangers = new Set<Socket>()
  readonly #answering = new WeakSet<Socket>()
  readonly #most: number
  readonly #onTooMany: () => void

  constructor(most: number, onTooMany: () => void) {
    this.#most = most
    this.#onTooMany = onTooMany
  }

  add(socket: Socket): void {
    this.#all.add(socket)
    this.#strangers.add(socket)
    socket.on('close', () => {
      this.#all.delete(socket)
      this.#strangers.delete(socket)
    })
    if (this.#all.size <= this.#most) return
    const [oldest] = this.#strangers
    oldest?.destroy()
    this.#onTooMany()
  }

  /**
   * Programs send a request when they have the answer to the one before. What comes sooner would be the rest of a
   * request of which somebody on the way thinks that it ends elsewhere (request smuggling).
   * @returns whether the connection was free for one
   */
  beginRequest(socket: Socket): boolean {
    if (this.#answering.has(socket)) return false
    this.#answering.add(socket)
    return true
  }

  endRequest(socket: Socket): void {
    this.#answering.delete(socket)
  }

  trust(socket: Socket): void {
    this.#strangers.delete(socket)
  }

  endStrangers(): void {
    for (const socket of this.#strangers) socket.destroy()
  }

  endAll(): void {
    for (const socket of this.#all) socket.destroy()
  }
}

interface Listening {
  readonly servers: readonly Server[]
  readonly port: number
}

async function listen(options: TokenServerOptions, connections: Connections): Promise<Listening> {
  // Any free port on 127.0.0.1 may be taken on another address; a few tries find one that is free on all.
  for (let triesLeft = options.port === undefined ? 10 : 1; ; triesLeft--) {
    try {
      return await listenOnAll(options, connections)
    } catch (error) {
      if (triesLeft > 1 && errorCode(error) === 'EADDRINUSE') continue
      throw cannotListen(error, options)
    }
  }
}

async function listenOnAll(options: TokenServerOptions, connections: Connections): Promise<Listening> {
  const first = await listenOn('127.0.0.1', options.port ?? 0, options, connections)
  const { port } = first.address() as AddressInfo
  const servers = [first]
  try {
    for (const address of options.addresses) {
      servers.push(await listenOn(address, port, options, connections))
    }
    servers.push(await listenOn('::1', port, options, connections))
  } catch (error) {
    // A machine without IPv6 does without; but whoever else has this port on [::1] would be told the secret.
    const isMissing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(errorCode(error) ?? '')
    if (!isMissing || servers.length <= options.addresses.length) {
      await closeAll(servers, connections)
      throw error
    }
  }
  return { servers, port }
}

function listenOn(
  host: string,
  port: number,
  { limits: wanted, onBroken }: TokenServerOptions,
  connections: Connections,
): Promise<Server> {
  const limits = { ...defaultLimits, ...wanted }
  const server = createServer({
    maxHeaderSize: largestHeaderBytes,
    // Node would refuse a request without a host by itself, and then go on to whatever stands behind it.
    requireHostHeader: false,
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    keepAliveTimeout: limits.idleMilliseconds,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMilliseconds / 4),
  })
  server.timeout = stillMilliseconds
  // Node would drop headers beyond a number in silence, and with them the one that matters.
  server.maxHeadersCount = 0
  server.on('connection', (socket) => connections.add(socket))
  server.on('clientError', (error, socket) => refuseBroken(error, socket as Socket, onBroken))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true, backlog: 1024 }, () => {
      // One connection that cannot be taken, for want of file descriptors, is no reason to end.
      server.on('error', () => onBroken('a connection could not be taken'))
      resolve(server)
    })
  })
}

const brokenRequests: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers of a request were too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'a request did not come to its end in time'],
}

/** What never became a request: it gets a status and no more, and the connection ends whether it is read or not. */
function refuseBroken(error: Error, socket: Socket, onBroken: (reason: string) => void): void {
  const code = errorCode(error) ?? ''
  if (!socket.writable || code === 'ECONNRESET' || code === 'EPIPE') return void socket.destroy()
  const [status, reason] = brokenRequests[code] ?? [
    '400 Bad Request',
    'something came that is no HTTP request',
  ]
  onBroken(reason)
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  setTimeout(() => socket.destroy(), farewellMilliseconds).unref()
}

function cannotListen(cause: unknown, { port, addresses }: TokenServerOptions): unknown {
  const code = errorCode(cause)
  if (code === 'EADDRNOTAVAIL' || code === 'EINVAL') {
    return new EntraAuthError('invalid_arguments', `${addresses.join(', ')} is no address of this machine`, {
      hint: 'name the address of the bridge that your containers are on; "ip addr" shows all of them',
      cause,
    })
  }
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause
  const which = port === undefined ? 'no port' : `port ${port}`
  const what = code === 'EACCES' ? 'may not be listened on' : 'is in use'
  return new EntraAuthError('invalid_arguments', `${which} ${port === undefined ? 'is free' : what}`, {
    hint: 'close the program that uses it, or leave --port away: any free one is taken then',
    cause,
  })
}

/** Stops listening. What is being answered gets a moment; all else ends now. */
async function closeAll(servers: readonly Server[], connections: Connections): Promise<void> {
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  )
  connections.endStrangers()
  const farewell = setTimeout(() => connections.endAll(), farewellMilliseconds)
  await Promise.all(closed)
  clearTimeout(farewell)
}
