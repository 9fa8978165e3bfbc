import { X509Certificate } from 'node:crypto'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../../src/platform/http.ts'
import { makeAuthority, issueServerCertificate, type KeyedCertificate } from '../../support/certificates.ts'
import { rejectionOf } from '../../support/failure.ts'

let own: KeyedCertificate
let other: KeyedCertificate
const servers: Server[] = []
const sockets: Socket[] = []

beforeAll(() => {
  const authority = makeAuthority()
  // Neither name is the address it is asked by, and nobody trusts the authority.
  own = issueServerCertificate(authority, ['node.of.a.cluster'])
  other = issueServerCertificate(authority, ['node.of.a.cluster'])
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: Socket) => sockets.push(socket))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

/** A server that tells which secrets it was sent. */
async function serverWith(certificate: KeyedCertificate) {
  const secrets: unknown[] = []
  const { certificatePem: cert, privateKeyPem: key } = certificate
  const port = await listening(
    createServer({ cert, key }, (request, response) => {
      secrets.push(request.headers['secret'])
      response.end('{}')
    }),
  )
  return { url: `https://127.0.0.1:${port}/token`, secrets }
}

const thumbprintOf = ({ certificatePem }: KeyedCertificate) => new X509Certificate(certificatePem).fingerprint
const client = createHttpClient({ env: { HTTPS_PROXY: 'http://127.0.0.1:1' } })
const headers = { Secret: 'code' }

describe('a server that is known by its certificate', () => {
  it.each([
    ['with colons', (text: string) => text],
    ['without colons, in lower case', (text: string) => text.replaceAll(':', '').toLowerCase()],
  ])('is taken whoever signed it, by a thumbprint %s', async (_what, written) => {
    const { url, secrets } = await serverWith(own)
    const serverThumbprint = written(thumbprintOf(own))
    const answer = await client.send({ method: 'GET', url, headers, serverThumbprint })
    expect(answer).toMatchObject({ status: 200, body: '{}' })
    expect(secrets).toEqual(['code'])
  })

  it('is sent nothing where another certificate is shown', async () => {
    const { url, secrets } = await serverWith(other)
    const failure = await rejectionOf(
      client.send({ method: 'GET', url, headers, serverThumbprint: thumbprintOf(own) }),
    )
    expect(failure).toMatchObject({ code: 'network' })
    expect(failure.message).toMatch(/has another certificate than the one it is known by$/)
    expect(secrets).toEqual([])
  })

  it('is not taken without a thumbprint', async () => {
    const { url, secrets } = await serverWith(own)
    const failure = await rejectionOf(client.send({ method: 'GET', url, headers }))
    expect(failure).toMatchObject({ code: 'network' })
    expect(secrets).toEqual([])
  })

  it('that shakes no hands is left when nobody waits any more', async () => {
    const port = await listening(createSocketServer())
    const over = new AbortController()
    const request = client.send({
      method: 'GET',
      url: `https://127.0.0.1:${port}/`,
      serverThumbprint: thumbprintOf(own),
      signal: over.signal,
    })
    const connected = new Promise((resolve) => servers[0]?.once('connection', resolve))
    await connected
    over.abort(new Error('enough'))
    await expect(request).rejects.toThrow('interrupted')
    await new Promise((resolve) => sockets[0]?.once('close', resolve))
  })
})

describe('how long a connection may take', () => {
  it('is for the request to say', async () => {
    // TLS to a server that never answers: TCP alone is no connection taken.
    const port = await listening(createSocketServer())
    const failure = await rejectionOf(
      client.send({ method: 'GET', url: `https://127.0.0.1:${port}/`, connectMilliseconds: 20 }),
    )
    expect(failure).toMatchObject({ code: 'timeout' })
    expect(failure.message).toMatch(/took no connection within 0\.02 s$/)
  })

  it('is not how long the answer may take', async () => {
    const port = await listening(
      createPlainServer((_request, response) => {
        setTimeout(() => response.end('late'), 60)
      }),
    )
    const url = `http://127.0.0.1:${port}/`
    const answer = await client.send({ method: 'GET', url, connectMilliseconds: 30 })
    expect(answer.body).toBe('late')
  })
})
