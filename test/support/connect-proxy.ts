/**
 * An HTTP CONNECT proxy on loopback that leads chosen names to local servers and refuses the rest, so that a
 * client set up for the public cloud runs unmodified and a test can prove that it talked to nobody else.
 */
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A server on this machine. */
export interface Target {
  readonly host: string
  readonly port: number
}

export interface ConnectProxyOptions {
  /** Where each allowed `host:port`, as a client writes it, really leads. Loopback only. */
  readonly route: Readonly<Record<string, Target>>
  /** The exact `Proxy-Authorization` a client must send, such as `Basic dXNlcjpwYXNz`; without it 407. */
  readonly requireAuthorization?: string
}

export interface ConnectProxy {
  /** For `HTTPS_PROXY`: `http://127.0.0.1:PORT`, without credentials. */
  readonly url: string
  /** One entry a tunnel opened, in order; `host` is what the client asked for, such as `graph.microsoft.com:443`. */
  readonly connections: readonly { readonly host: string }[]
  /** What clients asked for and were denied: other names with their port, and the URL of a request that is no CONNECT. */
  readonly refused: readonly string[]
  /** Stops listening and cuts every open tunnel. */
  close(): Promise<void>
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * Starts the proxy on a free port of 127.0.0.1.
 * It answers 200 and tunnels for a name in `route`, 407 without the wanted authorization, 502 where the target
 * does not listen, and 403 for everything else. It does not look inside a tunnel and never opens a connection
 * that leaves this machine.
 *
 * @throws RangeError when a route leads off this machine
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export async function startConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const targets = new Map(Object.entries(options.route).map(([name, target]) => [name.toLowerCase(), target]))
  for (const [name, target] of targets) {
    if (!loopback.has(target.host)) throw new RangeError(`the route of "${name}" leaves this machine`)
  }

  const connections: { host: string }[] = []
  const refused: string[] = []
  const open = new Set<Socket>()
  const hold = (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // A client that hangs up in the middle is its own affair, not a failure of the proxy.
    socket.on('error', () => socket.destroy())
  }

  const server = createServer((request, response) => {
    refused.push(request.url ?? '')
    response.writeHead(403, { connection: 'close' }).end()
  })
  server.on('connection', hold)
  server.on('connect', (request, socket: Socket, head: Buffer) => {
    const name = (request.url ?? '').toLowerCase()
    if (
      options.requireAuthorization &&
      request.headers['proxy-authorization'] !== options.requireAuthorization
    ) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n',
      )
      return
    }
    const target = targets.get(name)
    if (!target) {
      refused.push(name)
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    const upstream = connect(target.port, target.host)
    hold(upstream)
    upstream.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    upstream.once('connect', () => {
      connections.push({ host: name })
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      socket.pipe(upstream).pipe(socket)
    })
    socket.once('close', () => upstream.destroy())
    upstream.once('close', () => socket.end())
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    refused,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        for (const socket of open) socket.destroy()
      }),
  }
}
