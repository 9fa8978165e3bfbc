/** Servers that drop, stall, flood, babble and throttle, on real sockets: what is said, what is sent again, what is let go. */
import dns from 'node:dns'
import { writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HttpRequest } from '../../../src/core/ports.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { createHttpClient, type HttpOptions } from '../../../src/platform/http.ts'
import { startConnectProxy } from '../../support/connect-proxy.ts'
import { rejectionOf } from '../../support/failure.ts'
import { createAuthority, selfSigned } from './certificates.ts'
import { type LoopbackServers, loopbackServers } from './loopback-servers.ts'
import { StillClock } from './still-clock.ts'

let servers: LoopbackServers
let clock: StillClock

beforeAll(() => {
  servers = loopbackServers()
})
afterAll(() => servers.remove())
beforeEach(() => {
  clock = new StillClock(Date.parse('2026-01-31T10:00:00Z'))
})
afterEach(() => {
  vi.restoreAllMocks()
  servers.reset()
})

const client = (options: Partial<HttpOptions> = {}) => createHttpClient({ env: {}, clock, ...options })
const get = (port: number, more: Partial<HttpRequest> = {}) =>
  ({ method: 'GET', url: `https://localhost:${port}/`, caFile: servers.caFile, ...more }) as const
const tokenRequest = (port: number, grant: string): HttpRequest => ({
  ...get(port),
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: `grant_type=${grant}&code=x`,
})

describe('an authorization code', () => {
  it('is sent once where the connection breaks and nobody knows whether it arrived', async () => {
    let seen = 0
    const port = await servers.serve((request) => {
      seen++
      request.socket.destroy()
    })
    const failure = await rejectionOf(client().send(tokenRequest(port, 'authorization_code')))
    expect(failure).toMatchObject({ code: 'network', exitCode: 5 })
    expect([seen, clock.sleeps]).toEqual([1, []])
    seen = 0
    await rejectionOf(client().send(tokenRequest(port, 'refresh_token')))
    expect(seen).toBe(3)
  })

  it('is sent again where the connection broke before there was one', async () => {
    const answers = servers.unbound((_, response) => response.end('the token'))
    let connections = 0
    const port = await servers.serveSockets((socket) => {
      connections++
      if (connections === 1) socket.destroy()
      else answers.emit('connection', socket)
    })
    const answer = await client().send(tokenRequest(port, 'authorization_code'))
    expect([answer.body, connections]).toEqual(['the token', 2])
  })

  it.each([
    [500, 1],
    [502, 1],
    [504, 1],
    [429, 3],
    [503, 3],
  ])('that is answered by %i is sent %i times', async (status, times) => {
    let seen = 0
    const port = await servers.serve((_, response) => {
      seen++
      response.writeHead(status).end()
    })
    expect(await client().send(tokenRequest(port, 'authorization_code'))).toMatchObject({ status })
    expect(seen).toBe(times)
  })

  it('goes over a connection of its own, other requests over one that is open', async () => {
    const used = new Set<Socket>()
    const port = await servers.serve((request, response) => {
      used.add(request.socket)
      response.end()
    })
    const http = client()
    await http.send(get(port))
    await http.send(tokenRequest(port, 'refresh_token'))
    expect(used.size).toBe(1)
    await http.send(tokenRequest(port, 'authorization_code'))
    expect(used.size).toBe(2)
  })
})

describe('a server', () => {
  it('that resets the connection in the middle of its answer is asked again', async () => {
    let seen = 0
    const port = await servers.serve((request, response) => {
      seen++
      if (seen === 3) return response.end('whole')
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => request.socket.destroy())
      return response
    })
    expect((await client().send(get(port))).body).toBe('whole')
  })

  it('that drips its answer is given up when its time is over', async () => {
    const port = await servers.serve((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 5)
      response.on('close', () => clearInterval(drip))
    })
    const failure = await rejectionOf(client({ attemptMilliseconds: 100 }).send(get(port)))
    expect(failure).toMatchObject({ code: 'timeout', exitCode: 6 })
  })

  it('that never stops is cut off, and no more is kept of it than the limit', async () => {
    let sent = 0
    let leave: () => void
    const left = new Promise<void>((resolve) => (leave = resolve))
    const port = await servers.serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const pour = () => {
        do sent += chunk.length
        while (!response.destroyed && response.write(chunk))
      }
      response.on('drain', pour).on('close', () => leave())
      pour()
    })
    const failure = await rejectionOf(client().send(get(port)))
    expect(failure).toMatchObject({ code: 'network', message: 'the answer is larger than 10 MiB' })
    await left
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'HPE_INVALID_CONSTANT'],
    ['headers without end', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`, 'HPE_HEADER_OVERFLOW'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      'HPE_UNEXPECTED_CONTENT_LENGTH',
    ],
  ])('that speaks %s is told so', async (_what, words, code) => {
    const port = await servers.serveTls((socket) => {
      socket.once('data', () => socket.write(words))
    })
    expect(await rejectionOf(client().send(get(port)))).toMatchObject({
      code: 'network',
      message: `localhost:${port} answered with something that is not HTTP (${code})`,
    })
  })

  it('that speaks no TLS is told so', async () => {
    const port = await servers.serveSockets((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    })
    expect((await rejectionOf(client().send(get(port)))).message).toMatch(
      /^the TLS handshake with localhost:\d+ failed \(/,
    )
  })

  it('that throttles is waited for until the moment it names', async () => {
    let seen = 0
    const port = await servers.serve((_, response) => {
      seen++
      if (seen === 1) response.writeHead(429, { 'retry-after': 'Sat, 31 Jan 2026 10:00:12 GMT' }).end()
      else response.end()
    })
    expect(await client().send(get(port))).toMatchObject({ status: 200 })
    expect(clock.sleeps).toEqual([12_000])
  })
})

describe('a certificate', () => {
  const failureWith = async (certificate: { key: string; cert: string }) => {
    const port = await servers.serve((_, response) => response.end(), certificate)
    return rejectionOf(client().send(get(port)))
  }

  it('that nobody signed but itself leads to the two places to name it', async () => {
    const failure = await failureWith(selfSigned())
    expect(failure.message).toMatch(/^the certificate of localhost:\d+ is self-signed \(/)
    expect(failure.hint).toMatch(/NODE_EXTRA_CA_CERTS.*--ca-file/)
  })

  it('that is not valid yet leads to the clock, with what it says', async () => {
    const own = createAuthority()
    const tomorrow = new Date(Date.now() + 24 * 3_600_000)
    const certificate = own.issue(['localhost'], new Date(tomorrow.getTime() + 3_600_000), tomorrow)
    const port = await servers.serve((_, response) => response.end(), certificate)
    const ownFile = `${servers.caFile}.own`
    await writeFile(ownFile, own.certificate)
    const failure = await rejectionOf(client().send(get(port, { caFile: ownFile })))
    expect(failure.message).toMatch(/is not valid yet$/)
    expect(failure.hint).toBe('look at the clock of this machine: it says 2026-01-31 10:00 UTC')
  })
})

describe('a proxy', () => {
  const url = 'https://login.microsoftonline.com/'

  it('may itself be reached over TLS, by an authority of the CA file', async () => {
    const port = await servers.serve((request, response) => response.end(request.headers.host))
    const authorization = `Basic ${Buffer.from('ann:p@ss:word').toString('base64')}`
    const inner = await startConnectProxy({
      route: { 'login.microsoftonline.com:443': { host: '127.0.0.1', port } },
      requireAuthorization: authorization,
    })
    const outer = await servers.serveTls((socket) => {
      socket.pipe(connect(Number(new URL(inner.url).port), '127.0.0.1')).pipe(socket)
    })
    const http = client({ env: { HTTPS_PROXY: `https://ann:p%40ss%3Aword@localhost:${outer}` } })
    const answer = await http.send({ method: 'GET', url, caFile: servers.caFile })
    expect(answer.body).toBe('login.microsoftonline.com')
    await inner.close()
  })

  it('that takes only Windows sign-in is named, with what helps', async () => {
    const port = await servers.serveSockets((socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n'),
      ),
    )
    const http = client({ env: { HTTPS_PROXY: `http://ann:s3cret@127.0.0.1:${port}` } })
    expect(await rejectionOf(http.send({ method: 'GET', url }))).toMatchObject({
      code: 'network',
      message: `the proxy 127.0.0.1:${port} takes no user name and password, but only Windows sign-in such as NTLM or Kerberos (407)`,
      hint: expect.stringContaining('cntlm') as string,
    })
  })

  it('that hangs up is named', async () => {
    const port = await servers.serveSockets((socket) => socket.once('data', () => socket.end()))
    const http = client({ env: { HTTPS_PROXY: `http://ann:s3cret@127.0.0.1:${port}` } })
    const failure = await rejectionOf(http.send({ method: 'GET', url }))
    expect(failure).toMatchObject({
      code: 'network',
      message: `the proxy 127.0.0.1:${port} closed the connection on the way to login.microsoftonline.com`,
    })
  })
})

describe('a request is let go at once, with its connection,', () => {
  const reason = new EntraAuthError('interrupted', 'interrupted')

  /** Sends, stops when `reached` says so, and waits until it is over. @returns how long it took, in milliseconds */
  async function stopped(
    send: (signal: AbortSignal) => Promise<unknown>,
    reached: Promise<unknown>,
  ): Promise<number> {
    const stop = new AbortController()
    const failure = rejectionOf(send(stop.signal))
    await reached
    const from = performance.now()
    stop.abort(reason)
    expect(await failure).toBe(reason)
    return performance.now() - from
  }

  /** A server that does no more than `talk`, and the moments when it was reached and left. */
  async function silentServer(kind: 'sockets' | 'tls', talk: (socket: Socket, reach: () => void) => void) {
    let leave: (value?: unknown) => void
    const left = new Promise((resolve) => (leave = resolve))
    let reach: () => void
    const reached = new Promise<void>((resolve) => (reach = resolve))
    const greet = (socket: Socket) => {
      socket.on('close', () => leave())
      talk(socket, () => reach())
    }
    const port = kind === 'tls' ? await servers.serveTls(greet) : await servers.serveSockets(greet)
    return { port, reached, left }
  }

  it('while its name is looked up', async () => {
    let reach: () => void
    const reached = new Promise<void>((resolve) => (reach = resolve))
    vi.spyOn(dns, 'lookup').mockImplementation(() => reach())
    const http = client()
    const took = await stopped(
      (signal) => http.send({ method: 'GET', url: 'https://login.example/', signal }),
      reached,
    )
    expect(took).toBeLessThan(100)
  })

  it('in the middle of the TLS handshake', async () => {
    const server = await silentServer('sockets', (socket, reach) => socket.once('data', reach))
    const took = await stopped((signal) => client().send(get(server.port, { signal })), server.reached)
    await server.left
    expect(took).toBeLessThan(100)
  })

  it('while the proxy opens the way', async () => {
    const server = await silentServer('sockets', (socket, reach) => socket.once('data', reach))
    const http = client({ env: { HTTPS_PROXY: `http://127.0.0.1:${server.port}` } })
    const took = await stopped(
      (signal) => http.send({ method: 'GET', url: 'https://login.example/', signal }),
      server.reached,
    )
    await server.left
    expect(took).toBeLessThan(100)
  })

  it('at whatever moment before it is sent', async () => {
    const port = await servers.serveSockets(() => undefined)
    const http = client({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}` }, connectMilliseconds: 500 })
    for (let turns = 0; turns < 40; turns++) {
      const stop = new AbortController()
      const failure = rejectionOf(
        http.send({ method: 'GET', url: 'https://login.example/', signal: stop.signal }),
      )
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      stop.abort(reason)
      expect(await failure).toBe(reason)
    }
  })

  it('while it waits for headers', async () => {
    const server = await silentServer('tls', (socket, reach) => socket.once('data', reach))
    const took = await stopped((signal) => client().send(get(server.port, { signal })), server.reached)
    await server.left
    expect(took).toBeLessThan(100)
  })

  it('in the middle of a body', async () => {
    const server = await silentServer('tls', (socket, reach) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', reach)),
    )
    const took = await stopped((signal) => client().send(get(server.port, { signal })), server.reached)
    await server.left
    expect(took).toBeLessThan(100)
  })

  it('while it waits as Retry-After asks', async () => {
    const port = await servers.serve((_, response) => response.writeHead(503, { 'retry-after': '30' }).end())
    let reach: () => void
    const reached = new Promise<void>((resolve) => (reach = resolve))
    const http = createHttpClient({ env: {}, trace: (line) => line.startsWith('trying again') && reach() })
    const took = await stopped((signal) => http.send(get(port, { signal })), reached)
    expect(took).toBeLessThan(100)
  })
})

describe('the trace of a request', () => {
  it('holds the ids under which Microsoft finds it, and the proxy without its password', async () => {
    const ours = '11111111-2222-4333-8444-555555555555'
    const theirs = '66666666-7777-4888-8999-000000000000'
    const port = await servers.serve((_, response) => {
      response.writeHead(400, { 'x-ms-request-id': theirs, 'client-request-id': 'not ours\u00a0' }).end()
    })
    const proxy = await startConnectProxy({
      route: { 'login.microsoftonline.com:443': { host: '127.0.0.1', port } },
    })
    const lines: string[] = []
    const env = { HTTPS_PROXY: proxy.url.replace('//', '//ann:s3cret@') }
    const send = (body: string, query = '') =>
      client({ env, trace: (line) => lines.push(line) }).send({
        ...tokenRequest(port, ''),
        url: `https://login.microsoftonline.com/token${query}`,
        body,
      })
    await send(`client-request-id=${ours}&client_secret=s3cret`)
    await send('', `?client-request-id=${ours}`)
    await send('client-request-id=%0As3cret')
    await proxy.close()
    const through = `through ${new URL(proxy.url).host}`
    expect(lines).toEqual([
      `POST https://login.microsoftonline.com/token → 400 (0 ms, ${through}, correlation id ${ours}, request id ${theirs})`,
      `POST https://login.microsoftonline.com/token?client-request-id=… → 400 (0 ms, ${through}, correlation id ${ours}, request id ${theirs})`,
      `POST https://login.microsoftonline.com/token → 400 (0 ms, ${through}, request id ${theirs})`,
    ])
  })
})
