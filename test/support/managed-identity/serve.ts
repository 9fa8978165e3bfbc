/** A stand-in for an identity endpoint on a real socket of loopback. */
import { createServer as createPlainServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { HttpRequest } from '../../../src/core/ports.ts'
import type { KeyedCertificate } from '../certificates.ts'
import type { StandIn } from './stand-ins.ts'

export interface ServedStandIn {
  readonly origin: string
  /** `METHOD path` of every request so far, without the query. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/**
 * @param answerAt makes the stand-in for the origin it is served at
 * @param certificate for https; without one it is http
 */
export async function serveStandIn(
  answerAt: (origin: string) => StandIn,
  certificate?: KeyedCertificate,
): Promise<ServedStandIn> {
  const requests: string[] = []
  let origin = ''
  const listener: RequestListener = (message, response) => {
    void bodyOf(message).then((body) => {
      const url = `${origin}${message.url ?? ''}`
      requests.push(`${message.method} ${new URL(url).pathname}`)
      const answer = answerAt(origin)({
        method: message.method === 'POST' ? 'POST' : 'GET',
        url,
        headers: headersOf(message),
        body,
      })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  }
  const server =
    certificate === undefined
      ? createPlainServer(listener)
      : createServer({ cert: certificate.certificatePem, key: certificate.privateKeyPem }, listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  origin = `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  return {
    origin,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function headersOf(message: IncomingMessage): NonNullable<HttpRequest['headers']> {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const),
  )
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of message) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks).toString('utf8')
}
