import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Server, createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { KeyedCertificate } from './certificates.ts'
import type { SandboxRequest, SandboxResponse } from './http.ts'

/** `undefined` closes the connection without an answer. */
export type Answer = (request: SandboxRequest) => Promise<SandboxResponse | undefined>

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

export interface ListenerOptions {
  /** 0 stands for any free port. */
  readonly port: number
  readonly certificate: KeyedCertificate
  /** The names requests may be addressed to; others get 421, so that no foreign name leads here. */
  readonly hostNames: readonly string[]
  readonly now: () => Date
  readonly answer: Answer
}

const bodyLimitBytes = 1024 * 1024

/** HTTPS on 127.0.0.1, and on ::1 where the machine has one. Never on another address. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const first = await bind(options, options.port, '127.0.0.1')
  const { port } = first.address() as AddressInfo
  const second = await bindIfPossible(options, port)
  const servers = second ? [first, second] : [first]
  return {
    port,
    close: async () => {
      await Promise.all(servers.map(closed))
    },
  }
}

function bind(options: ListenerOptions, port: number, host: string): Promise<Server> {
  const { certificate, privateKey } = options.certificate
  const server = createServer({ cert: certificate, key: privateKey }, (incoming, outgoing) => {
    void serve(options, incoming, outgoing)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

async function bindIfPossible(options: ListenerOptions, port: number): Promise<Server | undefined> {
  try {
    return await bind(options, port, '::1')
  } catch {
    // No IPv6 here, or another program on that port there: IPv4 loopback is enough.
    return undefined
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function serve(
  options: ListenerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const request = await requestOf(options, incoming)
    const response = 'status' in request ? request : await options.answer(request)
    if (response) write(response, outgoing, options.now())
    else incoming.socket.destroy()
  } catch {
    // A defect of the sandbox or a connection that broke off; either way the text stays constant.
    if (!outgoing.headersSent) write({ status: 500, body: 'the sandbox failed' }, outgoing, options.now())
  }
}

async function requestOf(
  options: ListenerOptions,
  incoming: IncomingMessage,
): Promise<SandboxRequest | SandboxResponse> {
  const host = incoming.headers.host ?? ''
  const target = incoming.url ?? ''
  // Taken apart by hand: `new URL(target, base)` would read `//other.host/` as another host.
  if (!target.startsWith('/') || !URL.canParse(`https://${host}${target}`)) {
    return { status: 400, body: 'bad request' }
  }
  const url = new URL(`https://${host}${target}`)
  if (!options.hostNames.includes(url.hostname)) {
    return { status: 421, body: 'this sandbox does not serve that host name' }
  }
  const body = await bodyOf(incoming)
  if (body === undefined) return { status: 413, body: 'request too large', headers: { connection: 'close' } }
  return { method: incoming.method ?? 'GET', url, headers: headersOf(incoming), body }
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  )
}

async function bodyOf(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function write(response: SandboxResponse, outgoing: ServerResponse, now: Date): void {
  // The sandbox's clock, not the machine's: clients measure their skew by this header.
  outgoing.setHeader('date', now.toUTCString())
  outgoing.setHeader('x-content-type-options', 'nosniff')
  for (const [name, value] of Object.entries(response.headers ?? {})) outgoing.setHeader(name, value)
  outgoing.writeHead(response.status)
  outgoing.end(response.body ?? '')
}
