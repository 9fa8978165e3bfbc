/** Ctrl-C against a program that waits for the network, in each of the ways it may wait. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { cli, succeeded } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { isRunByNode, makeWorld, programUnderTest, type World } from '../support/session/environment.ts'
import { loopbackServers, type LoopbackServers } from '../unit/platform/loopback-servers.ts'

/** Most ends take some ten; a machine that is busy with other tests takes longer. */
const patienceMilliseconds = 1000

let servers: LoopbackServers
let world: World

beforeAll(() => {
  servers = loopbackServers()
})
afterAll(() => servers.remove())
beforeEach(() => {
  world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32), AZURE_CLIENT_SECRET: 's3cret' })
})
afterEach(() => {
  servers.reset()
  world.remove()
})

interface Way {
  /** Where the profile's authority is. */
  readonly authority: string
  readonly env?: Readonly<Record<string, string>>
  /** Resolves as soon as the program waits there. */
  readonly reached: Promise<unknown>
}

/** A server that is reached as soon as it got something, and then does what `talk` says. */
async function silent(kind: 'sockets' | 'tls', talk: (socket: Socket) => void = () => {}) {
  let reach: () => void
  const reached = new Promise<void>((resolve) => (reach = resolve))
  const meet = (socket: Socket) =>
    socket.once('data', () => {
      talk(socket)
      reach()
    })
  const port = kind === 'tls' ? await servers.serveTls(meet) : await servers.serveSockets(meet)
  return { authority: `https://localhost:${port}`, reached }
}

type NamedWay = readonly [what: string, make: () => Promise<Way>]

const ways: readonly NamedWay[] = [
  ['a TLS handshake', () => silent('sockets')],
  ['the headers of an answer', () => silent('tls')],
  [
    'the rest of an answer',
    () => silent('tls', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')),
  ],
  [
    'the time that Retry-After names',
    () =>
      silent('tls', (socket) =>
        socket.write('HTTP/1.1 503 Busy\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n'),
      ),
  ],
  [
    'a proxy that opens no way',
    async () => {
      const { authority, reached } = await silent('sockets')
      const env = { HTTPS_PROXY: authority.replace('https', 'http') }
      return { authority: 'https://login.example', env, reached }
    },
  ],
]

const nameServer: NamedWay = [
  'a name server',
  async () => {
    const pipe = join(world.workFolder, 'silence')
    execFileSync('mkfifo', [pipe])
    const fixture = import.meta.resolve('./never-found.fixture.mjs')
    return {
      authority: 'https://login.example',
      env: { NODE_OPTIONS: `--import=${fixture}`, SILENT_PIPE: pipe },
      // Can be opened as soon as the program's thread reads it.
      reached: eventually(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)),
    }
  },
]

it.each([...ways, ...(isRunByNode ? [nameServer] : [])])(
  'ends it at once while it waits for %s',
  async (_what, make) => {
    const { authority, env, reached } = await make()
    const id = '11111111-1111-4111-8111-111111111111'
    const flags = ['--authority', authority, '--ca-file', servers.caFile, '--flow', 'client-credentials']
    succeeded(await cli(['config', 'create', 'x', '--tenant-id', id, '--client-id', id, ...flags], { world }))
    const [program, ...words] = programUnderTest()
    const child = spawn(program, [...words, 'get-token', '-p', 'x'], {
      env: { ...world.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(child, 'exit')
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
    try {
      const opened = await reached
      const from = performance.now()
      child.kill('SIGINT')
      const [code, signal] = await ended
      const took = performance.now() - from
      if (typeof opened === 'number') closeSync(opened)
      // A shell reports both ends as 130.
      expect(code ?? signal).toBe(code === null ? 'SIGINT' : 130)
      expect([await stdout, await stderr]).toEqual(['', 'error: interrupted\n'])
      expect(took).toBeLessThan(patienceMilliseconds)
    } finally {
      child.kill('SIGKILL')
    }
  },
)
