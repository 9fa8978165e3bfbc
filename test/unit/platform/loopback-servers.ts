/** Servers on loopback that a test sets up as it needs them, and the certificate authority they are trusted by. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { createAuthority, type ServerCertificate } from './certificates.ts'

export interface LoopbackServers {
  /** PEM file of the authority that signs the servers' certificates. */
  readonly caFile: string
  readonly localhost: ServerCertificate
  /** Answers HTTPS. @returns the port */
  serve(answer: RequestListener, certificate?: ServerCertificate): Promise<number>
  /** Accepts TLS connections and says what the test says on them. @returns the port */
  serveTls(talk: (socket: TLSSocket) => void): Promise<number>
  /** Accepts bare connections. @returns the port */
  serveSockets(talk: (socket: Socket) => void): Promise<number>
  /** An HTTPS server whose connections the test hands it, by `emit('connection', socket)`. */
  unbound(answer: RequestListener): Server
  /** Cuts every connection and stops every server; others may be started after it. */
  reset(): void
  /** For the end: removes the files too. */
  remove(): void
}

export function loopbackServers(): LoopbackServers {
  const authority = createAuthority()
  const localhost = authority.issue(['localhost', '127.0.0.1', 'login.microsoftonline.com'])
  const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-http-'))
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, authority.certificate)
  let servers: Server[] = []
  let sockets: Socket[] = []

  async function listening(server: Server): Promise<number> {
    servers.push(server)
    server.on('connection', (socket: Socket) => {
      sockets.push(socket)
      // What a client does to its connection is what these tests are about.
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    return (server.address() as AddressInfo).port
  }

  const reset = () => {
    for (const socket of sockets) socket.destroy()
    for (const server of servers) server.close()
    sockets = []
    servers = []
  }
  return {
    caFile,
    localhost,
    serve: (answer, certificate = localhost) => listening(createSecureServer(certificate, answer)),
    serveTls: (talk) =>
      listening(
        createTlsServer(localhost, (socket) => {
          socket.on('error', () => undefined)
          talk(socket)
        }),
      ),
    serveSockets: (talk) => listening(createSocketServer(talk)),
    unbound: (answer) => createSecureServer(localhost, answer),
    reset,
    remove: () => {
      reset()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
