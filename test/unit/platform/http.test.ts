import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createPlainServer, type RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import { createHttpClient, type HttpOptions } from '../../../src/platform/http.ts'
import { type ConnectProxy, startConnectProxy } from '../../support/connect-proxy.ts'
import { hasSystemStore } from '../../../src/platform/trust.ts'
import { createAuthority, type TestAuthority } from './certificates.ts'
import { type CompiledPlatform, compilePlatform } from './compiled.ts'
import { StillClock } from './still-clock.ts'

const run = promisify(execFile)

let authority: TestAuthority
let localhost: { key: string; cert: string }
let folder: string
let caFile: string
let servers: Server[] = []
let sockets: Socket[] = []
let clock: StillClock

beforeAll(async () => {
  authority = createAuthority()
  localhost = authority.issue(['localhost', '127.0.0.1', 'login.microsoftonline.com'])
  folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-http-'))
  caFile = join(folder, 'ca.pem')
  await writeFile(caFile, authority.certificate)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => {
  clock = new StillClock()
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers) server.close()
  sockets = []
  servers = []
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: Socket) => sockets.push(socket))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

const serve = (answer: RequestListener, certificate = localhost) =>
  listening(createServer(certificate, answer))
const client = (options: Partial<HttpOptions> = {}) => createHttpClient({ env: {}, clock, ...options })

/** A server that gives these answers in turn, and counts. */
async function inTurn(...answers: readonly (readonly [status: number, headers?: Record<string, string>])[]) {
  const seen: number[] = []
  const port = await serve((_, response) => {
    const [status, headers = {}] = answers[seen.length] ?? [418]
    seen.push(status)
    response.writeHead(status, headers).end(String(status))
  })
  return { url: `https://localhost:${port}/`, seen }
}

describe('a request', () => {
  it('carries method, headers and body, and brings the whole answer back', async () => {
    const port = await serve((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.writeHead(201, { 'X-Seen': String(request.headers['x-mine']), 'Set-Cookie': ['a=1', 'b=2'] })
        response.end(
          `${request.method} ${request.url} ${request.headers['content-length']} ${Buffer.concat(chunks).toString()}`,
        )
      })
    })
    const answer = await client().send({
      method: 'POST',
      url: `https://localhost:${port}/p?q=1`,
      headers: { 'x-mine': 'yes' },
      body: 'grüße',
      caFile,
    })
    expect(answer).toMatchObject({ status: 201, body: 'POST /p?q=1 7 grüße' })
    expect(answer.headers).toMatchObject({ 'x-seen': 'yes', 'set-cookie': 'a=1, b=2' })
  })

  it('does not follow a redirect', async () => {
    const { url, seen } = await inTurn([302, { location: '/elsewhere' }])
    expect(await client().send({ method: 'GET', url, caFile })).toMatchObject({ status: 302 })
    expect(seen).toEqual([302])
  })

  it('reads 10 MiB and no more', async () => {
    const port = await serve((request, response) => {
      response.end(Buffer.alloc(10 * 1024 * 1024 + (request.url === '/more' ? 1 : 0), 'a'))
    })
    const whole = await client().send({ method: 'GET', url: `https://localhost:${port}/`, caFile })
    expect(whole.body).toHaveLength(10 * 1024 * 1024)
    await expect(
      client().send({ method: 'GET', url: `https://localhost:${port}/more`, caFile }),
    ).rejects.toMatchObject({
      code: 'network',
      message: 'the answer is larger than 10 MiB',
    })
  })

  it('goes over plain HTTP to this machine alone', async () => {
    const port = await listening(createPlainServer((_, response) => response.end('here')))
    expect((await client().send({ method: 'GET', url: `http://127.0.0.1:${port}/` })).body).toBe('here')
  })

  // What was stopped before it was sent got past the rule, and no further.
  it.each<[string, boolean | undefined, 'network' | 'interrupted']>([
    ['http://172.16.5.3:8081/', true, 'interrupted'],
    ['http://10.1.2.3/', true, 'interrupted'],
    ['http://192.168.0.1/', true, 'interrupted'],
    ['http://172.16.5.3:8081/', undefined, 'network'],
    ['http://172.32.0.1/', true, 'network'],
    ['http://10.1.2.3.evil.example/', true, 'network'],
    ['http://8.8.8.8/', true, 'network'],
  ])('goes over plain HTTP to %s where it may be private (%s): %s', async (url, mayBePrivate, code) => {
    const signal = AbortSignal.abort()
    await expect(client().send({ method: 'GET', url, mayBePrivate, signal })).rejects.toMatchObject({ code })
  })

  it.each(['http://login.microsoftonline.com/', 'http://127.evil.example/', 'ftp://localhost/', 'nonsense'])(
    'is refused for %s',
    async (url) => {
      await expect(client().send({ method: 'GET', url })).rejects.toMatchObject({ code: 'network' })
    },
  )
})

describe('trust', () => {
  const refused = (fact: RegExp) => ({ code: 'network', message: expect.stringMatching(fact) as string })

  it('is not given to an unknown authority', async () => {
    const { url, seen } = await inTurn([200])
    await expect(client().send({ method: 'GET', url })).rejects.toMatchObject({
      ...refused(/^the certificate of localhost:\d+ is signed by an unknown authority/),
      hint: expect.stringContaining('--ca-file') as string,
    })
    expect(seen).toEqual([])
  })

  describe('in a process of its own', () => {
    let compiled: CompiledPlatform
    let program: string
    let otherFile: string

    beforeAll(async () => {
      compiled = compilePlatform()
      program = join(compiled.directory, 'driver.mjs')
      otherFile = join(folder, 'other.pem')
      await writeFile(otherFile, createAuthority().certificate)
      await writeFile(
        program,
        `import { createHost } from './host.js'
const [url, caFile] = process.argv.slice(2)
await createHost(process).http.send({ method: 'GET', url, caFile }).then(
  (answer) => console.log(answer.status),
  (error) => console.log(error.code),
)`,
      )
    })
    afterAll(() => compiled.remove())

    async function outcome(env: Record<string, string>, ...given: readonly string[]): Promise<string> {
      const { url } = await inTurn([200])
      const { stdout } = await run(process.execPath, [program, url, ...given], { env })
      return stdout.trim()
    }

    it('is given to the authorities in NODE_EXTRA_CA_CERTS, beside those in a CA file', async () => {
      expect(await outcome({})).toBe('network')
      expect(await outcome({ NODE_EXTRA_CA_CERTS: caFile })).toBe('200')
      expect(await outcome({}, otherFile)).toBe('network')
      expect(await outcome({ NODE_EXTRA_CA_CERTS: caFile }, otherFile)).toBe('200')
    })

    it("is given to the operating system's authorities where they can be read", async () => {
      expect(await outcome({ SSL_CERT_FILE: caFile })).toBe(hasSystemStore ? '200' : 'network')
      expect(await outcome({ SSL_CERT_FILE: caFile }, otherFile)).toBe(hasSystemStore ? '200' : 'network')
      expect(await outcome({ SSL_CERT_FILE: otherFile })).toBe('network')
    })

    it('is given to those in the folder of SSL_CERT_DIR too', async () => {
      const certificates = join(folder, 'certificates')
      await mkdir(certificates)
      await writeFile(join(certificates, 'README'), 'no certificate')
      await writeFile(join(certificates, 'company.pem'), authority.certificate)
      const env = { SSL_CERT_DIR: certificates }
      expect(await outcome(env)).toBe(hasSystemStore ? '200' : 'network')
    })
  })

  it('is not given to a certificate for another name', async () => {
    const port = await serve((_, response) => response.end(), authority.issue(['other.example']))
    await expect(
      client().send({ method: 'GET', url: `https://localhost:${port}/`, caFile }),
    ).rejects.toMatchObject(refused(/is for another name$/))
  })

  it('is not given to a certificate that has expired', async () => {
    const port = await serve(
      (_, response) => response.end(),
      authority.issue(['localhost'], new Date(Date.now() - 1_000)),
    )
    await expect(
      client().send({ method: 'GET', url: `https://localhost:${port}/`, caFile }),
    ).rejects.toMatchObject(refused(/has expired$/))
  })

  it('needs a CA file that is there and holds a certificate', async () => {
    const none = join(folder, 'none.pem')
    await expect(
      client().send({ method: 'GET', url: 'https://localhost:1/', caFile: none }),
    ).rejects.toMatchObject({
      code: 'file_unusable',
      message: expect.stringContaining(none) as string,
    })
    await writeFile(none, 'no certificate')
    await expect(client().send({ method: 'GET', url: 'https://localhost:1/', caFile: none })).rejects.toThrow(
      `cannot read "${none}": it holds no certificate in PEM form`,
    )
    await rm(none)
  })
})

describe('trying again', () => {
  it('waits as Retry-After asks', async () => {
    const { url, seen } = await inTurn([429, { 'retry-after': '7' }], [503, { 'retry-after': '2' }], [200])
    expect(await client().send({ method: 'POST', url, body: '{}', caFile })).toMatchObject({ status: 200 })
    expect([seen, clock.sleeps]).toEqual([
      [429, 503, 200],
      [7_000, 2_000],
    ])
  })

  it('hands out the third answer, whatever it is', async () => {
    const { url, seen } = await inTurn([500], [502], [504])
    expect(await client().send({ method: 'GET', url, caFile })).toMatchObject({ status: 504, body: '504' })
    expect([seen, clock.sleeps]).toEqual([
      [500, 502, 504],
      [375, 750],
    ])
  })

  it('does not wait longer than 30 s', async () => {
    const { url, seen } = await inTurn([429, { 'retry-after': '31' }])
    expect(await client().send({ method: 'GET', url, caFile })).toMatchObject({ status: 429 })
    expect([seen, clock.sleeps]).toEqual([[429], []])
  })

  it('is left out where a change might be made twice', async () => {
    const { url, seen } = await inTurn([500])
    await client().send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: '{}',
      caFile,
    })
    expect(seen).toEqual([500])
  })

  it('stops when the signal does', async () => {
    const { url } = await inTurn([503, { 'retry-after': '9' }], [200])
    const controller = new AbortController()
    const reason = new EntraAuthError('timeout', 'no token within 60 s')
    clock.sleep = async (_, signal) => {
      controller.abort(reason)
      throw signal?.reason
    }
    await expect(client().send({ method: 'GET', url, caFile, signal: controller.signal })).rejects.toBe(
      reason,
    )
  })

  it('follows a broken connection for a token request, and gives up at the third', async () => {
    let connections = 0
    const port = await serve((request, response) => {
      connections++
      if (connections < 3 || request.url === '/never') request.socket.destroy()
      else response.end('at last')
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const send = (path: string) =>
      client().send({ method: 'POST', url: `https://localhost:${port}${path}`, headers, body: 'a=b', caFile })
    expect((await send('/')).body).toBe('at last')
    connections = 0
    await expect(send('/never')).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/^localhost:\d+ closed the connection$/) as string,
    })
    expect(connections).toBe(3)
  })
})

describe('an end that is not an answer', () => {
  it('comes when nobody listens', async () => {
    const port = await listening(createSocketServer())
    servers.pop()?.close()
    await expect(client().send({ method: 'GET', url: `https://localhost:${port}/` })).rejects.toMatchObject({
      code: 'network',
      message: `localhost:${port} refused the connection`,
    })
  })

  it('comes when the handshake takes too long', async () => {
    const port = await listening(createSocketServer())
    const hasty = client({ connectMilliseconds: 20 })
    await expect(hasty.send({ method: 'GET', url: `https://localhost:${port}/` })).rejects.toMatchObject({
      code: 'timeout',
      message: `localhost:${port} took no connection within 0.02 s`,
    })
  })

  it('comes when the answer takes too long, also when it has begun', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/begun') response.write('{')
    })
    const hasty = client({ attemptMilliseconds: 100 })
    for (const path of ['/', '/begun']) {
      await expect(
        hasty.send({ method: 'GET', url: `https://localhost:${port}${path}`, caFile }),
      ).rejects.toMatchObject({
        code: 'timeout',
        message: `localhost:${port} did not answer within 0.1 s`,
      })
    }
  })

  it('comes when the signal says so, before and while', async () => {
    const controller = new AbortController()
    const reason = new EntraAuthError('interrupted', 'stopped')
    const port = await serve(() => controller.abort(reason))
    const request = {
      method: 'GET',
      url: `https://localhost:${port}/`,
      caFile,
      signal: controller.signal,
    } as const
    await expect(client().send(request)).rejects.toBe(reason)
    await expect(client().send(request)).rejects.toBe(reason)
    await expect(client().send({ ...request, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    })
  })

  it('comes when the answer is cut short', async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => request.socket.destroy())
    })
    const send = client().send({ method: 'PATCH', url: `https://localhost:${port}/`, body: '{}', caFile })
    await expect(send).rejects.toMatchObject({ code: 'network' })
  })
})

describe('a proxy', () => {
  let proxy: ConnectProxy | undefined
  afterEach(async () => {
    await proxy?.close()
    proxy = undefined
  })

  const url = 'https://login.microsoftonline.com/common'
  const through = (address: string) => client({ env: { HTTPS_PROXY: address } })

  async function start(requireAuthorization?: string) {
    const port = await serve((request, response) => response.end(`${request.headers.host}`))
    proxy = await startConnectProxy({
      route: { 'login.microsoftonline.com:443': { host: '127.0.0.1', port } },
      requireAuthorization,
    })
    return proxy
  }

  it('leads to the server, whose certificate counts as ever', async () => {
    const { url: address, connections } = await start()
    expect((await through(address).send({ method: 'GET', url, caFile })).body).toBe(
      'login.microsoftonline.com',
    )
    expect(connections).toEqual([{ host: 'login.microsoftonline.com:443' }])
    await expect(through(address).send({ method: 'GET', url })).rejects.toThrow(
      'the certificate of login.microsoftonline.com is signed by an unknown authority',
    )
  })

  it('gets the user name and password of its URL', async () => {
    const { url: address } = await start(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`)
    const withUser = address.replace('//', '//ann:p%40ss@')
    expect(await through(withUser).send({ method: 'GET', url, caFile })).toMatchObject({ status: 200 })
    await expect(through(address).send({ method: 'GET', url, caFile })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(
        /^the proxy 127\.0\.0\.1:\d+ wants a user name and a password \(407\)$/,
      ) as string,
    })
    const wrong = address.replace('//', '//ann:other@')
    await expect(through(wrong).send({ method: 'GET', url, caFile })).rejects.toThrow(
      /^the proxy 127\.0\.0\.1:\d+ does not take the user name and password \(407\)$/,
    )
  })

  it('is blamed for what it refuses', async () => {
    const { url: address, refused } = await start()
    await expect(
      through(address).send({ method: 'GET', url: 'https://other.example/', caFile }),
    ).rejects.toThrow(/^the proxy 127\.0\.0\.1:\d+ does not let other\.example through \(403\)$/)
    expect(refused).toEqual(['other.example:443'])
  })

  it('is blamed when it is not there', async () => {
    const { url: address } = await start()
    await proxy?.close()
    proxy = undefined
    await expect(through(address).send({ method: 'GET', url, caFile })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(
        /refused the connection on the way to login\.microsoftonline\.com$/,
      ) as string,
      hint: expect.stringContaining('HTTPS_PROXY') as string,
    })
  })

  it('that says nothing is given up, and let go', async () => {
    const port = await listening(createSocketServer())
    const hasty = client({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}` }, connectMilliseconds: 20 })
    const gone = new Promise((resolve) => {
      servers[0]?.on('connection', (socket: Socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .on('close', resolve),
      )
    })
    await expect(hasty.send({ method: 'GET', url })).rejects.toMatchObject({ code: 'timeout' })
    await gone
  })
})

describe('the trace', () => {
  it('tells method, address, outcome and time, and no secret', async () => {
    const { url } = await inTurn([503, { 'retry-after': '1', 'x-secret': 'three' }], [200])
    const lines: string[] = []
    await client({ trace: (line) => lines.push(line) }).send({
      method: 'POST',
      url: `${url}token?code=one&code=two&state=three#four`,
      headers: { authorization: 'Bearer five' },
      body: 'client_secret=six',
      caFile,
    })
    expect(lines).toEqual([
      `POST ${url}token?code=…&state=… → 503 (0 ms)`,
      'trying again in 1.0 s',
      `POST ${url}token?code=…&state=… → 200 (0 ms, attempt 2)`,
    ])
  })

  it('tells why there was no answer', async () => {
    const lines: string[] = []
    const { url } = await inTurn()
    await expect(client({ trace: (line) => lines.push(line) }).send({ method: 'GET', url })).rejects.toThrow(
      EntraAuthError,
    )
    expect(lines.at(-1)).toMatch(
      /^GET https:\/\/localhost:\d+\/ → the certificate of .* unknown authority .* \(0 ms\)$/,
    )
  })
})
