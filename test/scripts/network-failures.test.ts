/** Servers that drop, stall, babble and throttle, as a user meets them: what is said, and which exit code ends it. */
import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { cli, succeeded } from '../support/cli.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { selfSigned } from '../unit/platform/certificates.ts'
import { loopbackServers, type LoopbackServers } from '../unit/platform/loopback-servers.ts'

let servers: LoopbackServers
let world: World

beforeAll(() => {
  servers = loopbackServers()
})
afterAll(() => servers.remove())
beforeEach(() => {
  world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32), AZURE_CLIENT_SECRET: 's3cret~value' })
})
afterEach(() => {
  servers.reset()
  world.remove()
})

const saying = (words: string) => () =>
  servers.serveTls((socket) => socket.once('data', () => socket.write(words)))
const answering = (status: string, body = '', ...headers: readonly string[]) =>
  saying([`HTTP/1.1 ${status}`, ...headers, `content-length: ${body.length}`, '', body].join('\r\n'))
const onceAsked = (end: (socket: Socket) => void) => () =>
  servers.serveTls((socket) => socket.once('data', () => end(socket)))

it.each<[what: string, start: () => Promise<number>, code: number, error: RegExp, hint: RegExp]>([
  ['refuses connections', async () => 1, 5, /refused the connection$/, /server runs/],
  [
    'hangs up before TLS',
    () => servers.serveSockets((socket) => socket.destroy()),
    5,
    /closed the connection$/,
    /again/,
  ],
  [
    'hangs up before its answer',
    onceAsked((socket) => socket.destroy()),
    5,
    /closed the connection$/,
    /again/,
  ],
  [
    'hangs up within its answer',
    onceAsked((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{', () => socket.destroy()),
    ),
    5,
    /closed the connection$/,
    /again/,
  ],
  ['never says a word', onceAsked(() => undefined), 6, /did not answer in time$/, /--timeout/],
  [
    'never ends its answer',
    saying('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    6,
    /in time$/,
    /--timeout/,
  ],
  ['speaks another protocol', saying('220 mail.example ESMTP\r\n'), 5, /is not HTTP \(HPE_/, /port/],
  [
    'is asked too often',
    answering('429 Slow down', '', 'retry-after: 120'),
    5,
    /too often \(429\)$/,
    /in 120 s$/,
  ],
  [
    'is out of order',
    answering('503 Down', '<html>', 'retry-after: 120'),
    5,
    /cannot answer now \(503\)$/,
    /in 120 s/,
  ],
  [
    'leads elsewhere',
    answering('302 Found', '', 'location: https://portal.example/'),
    5,
    /not JSON$/,
    /captive/,
  ],
  ['is a page for people', answering('200 OK', '<html>Welcome to this hotel'), 5, /not JSON$/, /captive/],
  [
    'vouches for itself',
    () => servers.serve((_, response) => response.end(), selfSigned()),
    5,
    /is self-signed \(/,
    /NODE_EXTRA_CA_CERTS/,
  ],
])('an authority that %s', async (_what, start, code, error, hint) => {
  const authority = `https://localhost:${await start()}`
  const id = '11111111-1111-4111-8111-111111111111'
  const flags = ['--authority', authority, '--ca-file', servers.caFile, '--flow', 'client-credentials']
  succeeded(await cli(['config', 'create', 'x', '--tenant-id', id, '--client-id', id, ...flags], { world }))
  const result = await cli(['get-token', '-p', 'x', '--timeout', code === 6 ? '1s' : '60s'], { world })
  expect({ ...result, stderr: '' }).toEqual({ stdout: '', stderr: '', code })
  const [said, next, ...more] = result.stderr.trimEnd().split('\n')
  expect(said).toMatch(/^error: /)
  expect(said).toMatch(error)
  expect(next).toMatch(/^hint: /)
  expect(next).toMatch(hint)
  expect(more).toEqual([])
})
