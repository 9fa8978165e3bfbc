import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startConnectProxy, type ConnectProxy } from './connect-proxy.ts'

let echo: Server
let port: number
let proxy: ConnectProxy | undefined

beforeAll(async () => {
  echo = createServer((incoming, response) => response.end(`you reached ${incoming.headers.host}`))
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  port = (echo.address() as AddressInfo).port
})
afterAll(() => echo.close())
afterEach(async () => {
  await proxy?.close()
  proxy = undefined
})

/** Asks the proxy for a tunnel; the socket is past the answer's header. */
async function tunnelTo(
  name: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; socket: Socket }> {
  const { hostname, port: proxyPort } = new URL(proxy!.url)
  const asked = request({
    host: hostname,
    port: proxyPort,
    method: 'CONNECT',
    path: name,
    headers,
    agent: false,
  })
  asked.end()
  const [answer, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket]
  return { status: answer.statusCode!, socket }
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

describe('connect proxy', () => {
  it('leads a listed name to its local target and counts the tunnel', async () => {
    proxy = await startConnectProxy({
      route: { 'login.microsoftonline.com:443': { host: '127.0.0.1', port } },
    })
    const { status, socket } = await tunnelTo('LOGIN.microsoftonline.com:443')
    socket.write('GET / HTTP/1.1\r\nHost: login.microsoftonline.com\r\nConnection: close\r\n\r\n')
    expect(status).toBe(200)
    expect(await readAll(socket)).toContain('you reached login.microsoftonline.com')
    expect(proxy.connections).toEqual([{ host: 'login.microsoftonline.com:443' }])
    expect(proxy.refused).toEqual([])
  })

  it('answers 403 to every other name, also to another port of a listed one, and records it', async () => {
    proxy = await startConnectProxy({ route: { 'graph.microsoft.com:443': { host: '127.0.0.1', port } } })
    for (const name of ['example.com:443', 'graph.microsoft.com:80', 'toString:443']) {
      const { status, socket } = await tunnelTo(name)
      expect(status).toBe(403)
      socket.destroy()
    }
    expect(proxy.refused).toEqual(['example.com:443', 'graph.microsoft.com:80', 'tostring:443'])
    expect(proxy.connections).toEqual([])
  })

  it('refuses and records a plain request that is no CONNECT', async () => {
    proxy = await startConnectProxy({ route: { 'graph.microsoft.com:80': { host: '127.0.0.1', port } } })
    const { hostname, port: proxyPort } = new URL(proxy.url)
    const asked = request({
      host: hostname,
      port: proxyPort,
      path: 'http://graph.microsoft.com/v1.0/me',
    }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(403)
    expect(proxy.refused).toEqual(['http://graph.microsoft.com/v1.0/me'])
  })

  it('asks for credentials where it is told to, and opens no tunnel without them', async () => {
    const authorization = `Basic ${Buffer.from('ada:pässword').toString('base64')}`
    proxy = await startConnectProxy({
      route: { 'graph.microsoft.com:443': { host: '127.0.0.1', port } },
      requireAuthorization: authorization,
    })
    const without = await tunnelTo('graph.microsoft.com:443')
    const having = await tunnelTo('graph.microsoft.com:443', { 'proxy-authorization': authorization })
    without.socket.destroy()
    having.socket.destroy()
    expect([without.status, having.status]).toEqual([407, 200])
    expect(proxy.connections).toHaveLength(1)
  })

  it('answers 502 where the target does not listen', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const goneServer = { host: '127.0.0.1', port: (gone.address() as AddressInfo).port }
    await new Promise((resolve) => gone.close(resolve))
    proxy = await startConnectProxy({ route: { 'graph.microsoft.com:443': goneServer } })
    const { status, socket } = await tunnelTo('graph.microsoft.com:443')
    socket.destroy()
    expect(status).toBe(502)
    expect(proxy.connections).toEqual([])
  })

  it('cuts open tunnels when it closes', async () => {
    proxy = await startConnectProxy({ route: { 'graph.microsoft.com:443': { host: '127.0.0.1', port } } })
    const { socket } = await tunnelTo('graph.microsoft.com:443')
    socket.on('error', () => {})
    const closed = once(socket, 'close')
    await proxy.close()
    await closed
    const late = connect(Number(new URL(proxy.url).port), '127.0.0.1')
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
    proxy = undefined
  })

  it('refuses a route that leaves this machine', async () => {
    const elsewhere = { route: { 'graph.microsoft.com:443': { host: 'graph.microsoft.com', port: 443 } } }
    await expect(startConnectProxy(elsewhere)).rejects.toThrow(/leaves this machine/)
  })
})
