import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type {
  OpenTokenServer,
  ServedAnswer,
  ServedRequest,
  TokenServerOptions,
} from '../../../src/core/ports.ts'
import { openTokenServer, type ServedSystem } from '../../../src/platform/token-server.ts'
import { rejectionOf } from '../../support/failure.ts'

const me: ServedSystem = { platform: process.platform, userId: process.getuid?.() }
const open: { server?: OpenTokenServer; sockets: Socket[] } = { sockets: [] }

afterEach(async () => {
  for (const socket of open.sockets.splice(0)) socket.destroy()
  await open.server?.close()
  open.server = undefined
})

interface Started {
  readonly port: number
  readonly requests: ServedRequest[]
  readonly broken: string[]
}

const fine: ServedAnswer = { status: 200, headers: { 'x-test': 'yes' }, body: '{}', keepOpen: true }

async function start(options: Partial<TokenServerOptions> = {}, system: ServedSystem = me): Promise<Started> {
  const requests: ServedRequest[] = []
  const broken: string[] = []
  const { answer = () => fine, ...others } = options
  const server = await openTokenServer(
    {
      addresses: [],
      port: undefined,
      onBroken: (reason) => broken.push(reason),
      ...others,
      answer: (request, port) => {
        requests.push(request)
        return answer(request, port)
      },
    },
    system,
  )
  open.server = server
  return { port: server.port, requests, broken }
}

/** A connection, and everything that came over it until its end. */
async function connection(port: number, host = '127.0.0.1') {
  const socket = connect(port, host)
  open.sockets.push(socket)
  let received = ''
  socket.setEncoding('latin1').on('data', (text) => (received += text))
  const ended = new Promise<string>((resolve) => {
    socket.on('error', () => {}).on('close', () => resolve(received))
  })
  await once(socket, 'connect')
  return { socket, ended, received: () => received }
}

/** Sends text as it is. @returns what came until the server ended the connection */
async function send(port: number, text: string, host?: string): Promise<string> {
  const { socket, ended } = await connection(port, host)
  socket.write(text, 'latin1')
  return ended
}

const plainRequest = 'GET /x?y=1 HTTP/1.1\r\nHost: h\r\nX-Twice: a\r\nx-twice: b\r\nConnection: close\r\n\r\n'

describe('openTokenServer', () => {
  it.each(['127.0.0.1', '::1'])('answers at %s, and hands over the request as it was sent', async (host) => {
    const { port, requests } = await start()
    const answer = await send(port, plainRequest, host)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nx-test: yes\r\ncontent-length: 2\r\n/)
    expect(answer).toMatch(/\r\n\r\n\{\}$/)
    expect(requests).toMatchObject([{ method: 'GET', target: '/x?y=1', peerAddress: host }])
    expect(requests[0]?.headers).toEqual([
      ['host', 'h'],
      ['x-twice', 'a'],
      ['x-twice', 'b'],
      ['connection', 'close'],
    ])
  })

  it('hands over every header of a request that has thousands', async () => {
    const { port, requests } = await start()
    await send(port, `GET / HTTP/1.1\r\n${'a:b\r\n'.repeat(2_500)}Host: h\r\nConnection: close\r\n\r\n`)
    expect(requests[0]?.headers).toHaveLength(2_502)
  })

  it('ends a connection whose request was not for it', async () => {
    const { port } = await start({ answer: () => ({ ...fine, status: 401, keepOpen: false }) })
    expect(await send(port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')).toMatch(/^HTTP\/1\.1 401 /)
  })

  it('ends a connection when the answer cannot be made, and stays', async () => {
    let isFirst = true
    const { port } = await start({
      answer: () => {
        if (!isFirst) return fine
        isFirst = false
        throw new Error('a defect')
      },
    })
    expect(await send(port, plainRequest)).toBe('')
    expect(await send(port, plainRequest)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('reads a body, and gives up at 64 KB', async () => {
    const { port } = await start({
      answer: async (request) => {
        const body = await request.readBody()
        return { ...fine, body: JSON.stringify(body?.length ?? 'too large'), keepOpen: false }
      },
    })
    const post = (length: number) => `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n`
    expect(await send(port, post(65_536) + 'x'.repeat(65_536))).toMatch(/\r\n\r\n65536$/)
    expect(await send(port, post(70_000) + 'x'.repeat(70_000))).toMatch(/\r\n\r\n"too large"$/)
  })

  it('takes the port it is told, and says when somebody has it', async () => {
    const { port } = await start()
    const failure = await rejectionOf(
      openTokenServer({ addresses: [], port, answer: () => fine, onBroken: () => {} }, me),
    )
    expect(failure).toMatchObject({ code: 'invalid_arguments', message: `port ${port} is in use` })
  })

  it('does not listen where the machine is not', async () => {
    const options = { addresses: ['192.0.2.1'], port: undefined, answer: () => fine, onBroken: () => {} }
    expect(await rejectionOf(openTokenServer(options, me))).toMatchObject({
      code: 'invalid_arguments',
      message: '192.0.2.1 is no address of this machine',
    })
  })

  it('closes at once where nothing is being answered', async () => {
    const { port } = await start()
    const silent = await connection(port)
    const idle = await connection(port)
    idle.socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    await once(idle.socket, 'data')
    await open.server?.close()
    await Promise.all([silent.ended, idle.ended])
    const refused = connect(port, '127.0.0.1')
    open.sockets.push(refused)
    await expect(once(refused, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe.runIf(process.platform === 'linux' && me.userId !== undefined)('whose connection it is', () => {
  const another = { platform: 'linux', userId: (me.userId ?? 0) + 1 } as const
  const tell: TokenServerOptions['answer'] = async (request) => ({
    ...fine,
    body: JSON.stringify(await request.isAnotherUsers()),
  })

  it.each(['127.0.0.1', '::1'])("is ours at %s, and not another user's", async (host) => {
    const { port } = await start({ answer: tell })
    expect(await send(port, plainRequest, host)).toMatch(/\r\n\r\nfalse$/)
  })

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('is known at %s where it is not ours', async (host) => {
    const { port } = await start({ answer: tell }, another)
    expect(await send(port, plainRequest, host)).toMatch(/\r\n\r\ntrue$/)
  })

  it('is not known elsewhere', async () => {
    const { port } = await start({ answer: tell }, { ...another, platform: 'darwin' })
    expect(await send(port, plainRequest)).toMatch(/\r\n\r\nfalse$/)
  })
})

describe('against whoever keeps it waiting', () => {
  const limits = { headersMilliseconds: 100, requestMilliseconds: 200 }

  it.each([
    ['says nothing', ''],
    ['never ends its headers', 'GET / HTTP/1.1\r\nHost: h\r\nX-A: b\r\n'],
    ['never ends its first line', 'GE'],
    ['never sends its body', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nx'],
  ])('ends a connection that %s', async (_what, text) => {
    const { port, broken } = await start({
      limits,
      answer: async (request) => ({ ...fine, body: (await request.readBody()) ?? '' }),
    })
    const answer = await send(port, text)
    expect(answer).not.toContain('200')
    expect(broken).toEqual(['a request did not come to its end in time'])
  })

  it('ends one that sends a byte now and then', async () => {
    const { port } = await start({ limits })
    const { socket, ended } = await connection(port)
    const drip = setInterval(() => socket.write('x'), 20)
    expect(await ended).toMatch(/^HTTP\/1\.1 (408|400) /)
    clearInterval(drip)
  })

  it('ends one that rests after an answer', async () => {
    const { port } = await start({ limits: { ...limits, idleMilliseconds: 50 } })
    expect(await send(port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('against whoever opens connection after connection', () => {
  it('ends the oldest that have shown nothing, and keeps those that are trusted', async () => {
    const { port, broken } = await start({
      limits: { connections: 5 },
      answer: (request) => {
        request.trust()
        return fine
      },
    })
    const trusted = await connection(port)
    trusted.socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    await once(trusted.socket, 'data')
    const strangers = []
    for (let index = 0; index < 20; index++) strangers.push(await connection(port))
    await Promise.all(strangers.slice(0, 16).map(({ ended }) => ended))
    expect(new Set(broken)).toEqual(new Set(['there were too many connections']))
    expect(await send(port, plainRequest)).toMatch(/^HTTP\/1\.1 200 /)
    trusted.socket.write('GET /again HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(await trusted.ended).toMatch(/HTTP\/1\.1 200 [^]*HTTP\/1\.1 200 /)
  })
})

describe('against what is no plain request', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n'
  it.each<[string, string]>([
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'two lengths',
      `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 30\r\n\r\n${smuggled}`,
    ],
    ['a length with a sign', `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +0\r\n\r\n${smuggled}`],
    ['a length in hexadecimal', `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x0\r\n\r\n${smuggled}`],
    ['a space before the colon', `POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 0\r\n\r\n${smuggled}`],
    [
      'chunks that are not the last coding',
      `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['a folded header', `GET / HTTP/1.1\r\nHost: h\r\nX-A: b\r\n c: d\r\nBad Name: x\r\n\r\n${smuggled}`],
    ['a header without a name', `GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n${smuggled}`],
    ['a NUL in a header', `GET / HTTP/1.1\r\nHost: h\r\nX-A: b\0c\r\n\r\n${smuggled}`],
    ['lines that end in CR alone', `GET / HTTP/1.1\rHost: h\r\r${smuggled}`],
    ['another version', `GET / HTTP/3.0\r\nHost: h\r\n\r\n${smuggled}`],
    ['HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${smuggled}`],
    ['an unknown method', `STEAL / HTTP/1.1\r\nHost: h\r\n\r\n${smuggled}`],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['headers of 20 KB', `GET / HTTP/1.1\r\nHost: h\r\nX-A: ${'b'.repeat(20_000)}\r\n\r\n`],
    ['an address of 20 KB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: h\r\n\r\n`],
    ['a tunnel', `CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n${smuggled}`],
  ])('ends the connection at %s', async (_what, text) => {
    const { port, requests } = await start({ answer: () => ({ ...fine, keepOpen: false }) })
    const answer = await send(port, text)
    expect(answer).not.toContain('200')
    expect(requests).toEqual([])
    expect(await send(port, plainRequest)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('never takes a body for a second request', async () => {
    const { port, requests } = await start({ answer: () => ({ ...fine, keepOpen: false }) })
    await send(port, `GET / HTTP/1.1\r\nHost: h\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`)
    expect(requests.map(({ target }) => target)).toEqual(['/'])
  })

  it.each([
    ['of one', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['of one without a host', 'GET / HTTP/1.1\r\n\r\n'],
    ['of one in chunks', 'GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['of one that waits for a go-ahead', 'GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n'],
  ])('ends the connection where another request comes before the answer %s', async (_what, first) => {
    const { port, requests, broken } = await start()
    await send(port, `${first}${smuggled}`)
    expect(requests.map(({ target }) => target)).toEqual(['/'])
    expect(broken).toEqual(['a request came before the answer to the one before it'])
  })

  it('leaves a request of the oldest protocols to whoever answers, without a host', async () => {
    const { port, requests } = await start({ answer: () => ({ ...fine, status: 403, keepOpen: false }) })
    await send(port, 'GET /\r\n\r\n')
    expect(requests).toMatchObject([{ target: '/', headers: [] }])
  })
})
