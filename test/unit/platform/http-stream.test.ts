import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { HttpStream } from '../../../src/core/ports.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { createHttpClient, type HttpOptions } from '../../../src/platform/http.ts'
import { rejectionOf } from '../../support/failure.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const clock = { now: () => new Date(0), random: () => 0, sleep: async () => {} }
const client = (options: Partial<HttpOptions> = {}) => createHttpClient({ env: {}, clock, ...options })

async function bytesOf({ body }: HttpStream): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('an answer as a stream', () => {
  it('is handed on byte by byte, with status and headers', async () => {
    const sent = Buffer.from([0, 255, 254, 10, 128])
    const url = await serve((_request, response) => response.writeHead(404, { 'X-Kind': 'bytes' }).end(sent))
    const answer = await client().open({ method: 'GET', url })
    expect(answer).toMatchObject({ status: 404, headers: { 'x-kind': 'bytes' } })
    expect(await bytesOf(answer)).toEqual(sent)
  })

  it('takes a body of bytes', async () => {
    const url = await serve((request, response) => request.pipe(response))
    const body = Buffer.from([0, 200, 13, 10])
    expect(await bytesOf(await client().open({ method: 'PUT', url, body }))).toEqual(body)
  })

  it('comes before its end, and is not cut off by the time limit of one that waits', async () => {
    const url = await serve((_request, response) => {
      response.write('a')
      setTimeout(() => response.end('b'), 120)
    })
    const answer = await client({ attemptMilliseconds: 100 }).open({ method: 'GET', url })
    // The pause before the second piece is longer than the limit.
    const failure = await rejectionOf(bytesOf(answer))
    expect(failure).toMatchObject({ code: 'timeout' })
    expect(failure.message).toMatch(/sent no more of its answer for 0.1 s$/)
  })

  it('is tried again where the server asks to come again', async () => {
    let asked = 0
    const url = await serve((_request, response) => {
      asked++
      if (asked === 1) response.writeHead(429, { 'Retry-After': '1' }).end('wait')
      else response.end('now')
    })
    expect(String(await bytesOf(await client().open({ method: 'GET', url })))).toBe('now')
    expect(asked).toBe(2)
  })

  it('that breaks off is a network error', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    const answer = await client().open({ method: 'GET', url })
    expect(await rejectionOf(bytesOf(answer))).toMatchObject({ code: 'network' })
  })

  it('ends with the reason of the signal', async () => {
    const url = await serve((_request, response) => void response.write('x'))
    const stop = new AbortController()
    const reason = new EntraAuthError('interrupted', 'interrupted')
    const answer = await client().open({ method: 'GET', url, signal: stop.signal })
    const reading = rejectionOf(bytesOf(answer))
    stop.abort(reason)
    expect(await reading).toBe(reason)
  })
})
