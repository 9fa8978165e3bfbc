import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../../src/platform/http.ts'
import { eventually } from '../../support/eventually.ts'
import { rejectionOf } from '../../support/failure.ts'
import { createAuthority } from './certificates.ts'

const authority = createAuthority()
const server = createServer(authority.issue(['localhost']), (request, response) => {
  asked.push(`${request.method} ${request.url}`)
  // Longer than that test's patience with connecting.
  setTimeout(() => response.end(), request.url === '/slow' ? 100 : 0)
})
const sockets = new Set<Socket>()
let connections = 0
let handshakes = 0
let asked: string[] = []
let origin: string
let folder: string
let caFile: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-ahead-'))
  caFile = join(folder, 'ca.pem')
  await writeFile(caFile, authority.certificate)
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket.on('error', () => {}))
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    handshakes++
    socket.on('error', () => {})
  })
  await new Promise<void>((done) => {
    server.listen(0, 'localhost', done)
  })
  origin = `https://localhost:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  connections = handshakes = 0
  asked = []
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const client = (env = {}) => createHttpClient({ env })
const post = (url: string) => ({ method: 'POST' as const, url, caFile, body: 'a=b', headers: form })
const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('a connection that is opened ahead', () => {
  it('carries the first request, and the second; nothing is sent before', async () => {
    const http = client()
    await http.connectAhead({ url: origin, caFile })
    await eventually(() => expect(handshakes).toBe(1))
    expect(asked).toEqual([])
    await http.send(post(`${origin}/token`))
    await http.send(post(`${origin}/token`))
    expect({ connections, asked }).toEqual({ connections: 1, asked: ['POST /token', 'POST /token'] })
  })

  it('is used as well when the request comes before the handshake is over', async () => {
    const http = client()
    const [, answer] = await Promise.all([
      http.connectAhead({ url: `${origin}/`, caFile }),
      new Promise((go) => setImmediate(go)).then(() => http.send(post(`${origin}/token`))),
    ])
    expect(answer.status).toBe(200)
  })

  it('counts as one: what takes long then is the answer', async () => {
    const http = createHttpClient({ env: {}, connectMilliseconds: 30 })
    await http.connectAhead({ url: origin, caFile })
    await eventually(() => expect(handshakes).toBe(1))
    expect((await http.send(post(`${origin}/slow`))).status).toBe(200)
  })

  it('is opened once, however often it is wished for', async () => {
    const http = client()
    await Promise.all([1, 2, 3].map(() => http.connectAhead({ url: origin, caFile })))
    await http.send(post(`${origin}/token`))
    expect(connections).toBe(1)
  })

  it('that the server has closed meanwhile is replaced', async () => {
    const http = client()
    await http.connectAhead({ url: origin, caFile })
    await eventually(() => expect(handshakes).toBe(1))
    for (const socket of sockets) socket.destroy()
    await eventually(() => expect([...sockets].every((socket) => socket.closed)).toBe(true))
    expect((await http.send(post(`${origin}/token`))).status).toBe(200)
    expect(asked).toEqual(['POST /token'])
  })

  it('is not shared by those who trust other authorities', async () => {
    const other = join(folder, 'other.pem')
    await writeFile(other, createAuthority().certificate)
    const http = client()
    await http.connectAhead({ url: origin, caFile })
    const failure = await rejectionOf(http.send({ ...post(`${origin}/token`), caFile: other }))
    expect(failure).toMatchObject({ code: 'network' })
    expect(asked).toEqual([])
  })

  it('never carries an authorization code, which must not be sent twice', async () => {
    const http = client()
    await http.connectAhead({ url: origin, caFile })
    await http.send({ ...post(`${origin}/token`), body: 'grant_type=authorization_code&code=c' })
    expect(connections).toBe(2)
  })

  it.each<[string, string, Record<string, string>]>([
    ['through a proxy', 'https://login.contoso.test', { HTTPS_PROXY: 'http://127.0.0.1:9' }],
    ['without TLS', 'http://localhost:1', {}],
    ['to what is no address', 'nonsense', {}],
  ])('is not opened %s, and that is no error', async (_what, url, env) => {
    await client(env).connectAhead({ url, caFile })
    expect(connections).toBe(0)
  })

  it.each<[string, () => { url: string; caFile?: string }, RegExp]>([
    ['nobody listens', () => ({ url: 'https://localhost:1', caFile }), /refused the connection/],
    ['the certificate is not trusted', () => ({ url: origin }), /signed by an unknown authority/],
    [
      'the CA file is not there',
      () => ({ url: origin, caFile: '/nowhere.pem' }),
      /cannot read "\/nowhere.pem"/,
    ],
  ])('says nothing where %s: the request does', async (_what, to, message) => {
    const http = client()
    await http.connectAhead(to())
    const failure = await rejectionOf(http.send({ method: 'GET', ...to() }))
    expect(failure.message).toMatch(message)
  })
})
