/** `call` of the built program at the sandbox, and at an API that sends more than fits into the memory it is given. */
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prepareCertificates } from '../../sandbox/certificates.ts'
import { seedSecrets } from '../../sandbox/seed.ts'
import { cli } from '../support/cli.ts'
import { runBlock } from '../support/session.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'

let world: SandboxWorld
let api: Server
let origin: string
/** The headers of every request of the API, without the token. */
const asked: string[] = []

const pages = 100
const itemsOnPage = 100
/** So that all pages together are 100 MB. */
const note = 'x'.repeat(10_000)

beforeAll(async () => {
  world = await startSandboxWorld()
  writeFileSync(join(world.workFolder, 'secret'), seedSecrets.daemonWithSecret)
  const graph = ['--graph-url', world.sandbox.origin]
  await world.createProfile('ci', 'daemonWithSecret', '--client-secret-file', 'secret', ...graph)
  const { server } = await prepareCertificates(join(world.root, 'sandbox'))
  api = createServer({ cert: server.certificate, key: server.privateKey }, (request, response) => {
    const url = new URL(request.url ?? '', origin)
    asked.push(`${request.method} ${url.pathname} ${request.headers.authorization?.slice(0, 9) ?? ''}`)
    if (url.pathname === '/large') {
      const piece = Buffer.alloc(1024 * 1024, 0xff)
      let left = 200
      const more = () => {
        while (left > 0) {
          left--
          if (!response.write(piece)) return void response.once('drain', more)
        }
        response.end()
      }
      return more()
    }
    const page = Number(url.searchParams.get('page') ?? '1')
    const value = Array.from({ length: itemsOnPage }, (_, index) => ({
      id: (page - 1) * itemsOnPage + index,
      note,
    }))
    const next = page < pages ? { '@odata.nextLink': `${origin}/items?page=${page + 1}` } : {}
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ value, ...next }))
  })
  await new Promise<void>((resolve) => api.listen(0, 'localhost', resolve))
  origin = `https://localhost:${(api.address() as AddressInfo).port}`
})
afterAll(async () => {
  api?.closeAllConnections()
  api?.close()
  await world?.end()
})
beforeEach(() => {
  asked.length = 0
  world.sandbox.control.clearFaults()
})

const call = (words: readonly string[], env: Record<string, string> = {}) =>
  cli(['call', '-p', 'ci', ...words], { world, env })
const shell = (script: string, env: Record<string, string> = {}) =>
  runBlock({ script, line: 0 }, { cwd: world.workFolder, env: { ...world.env, ...env } })
/** A heap that is far smaller than what is sent. */
const small = { NODE_OPTIONS: '--max-old-space-size=48' }

describe('call', () => {
  it('gets what Graph has', async () => {
    const { code, stdout, stderr } = await call(['/users?$select=displayName'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { value } = JSON.parse(stdout) as { value: { displayName: string }[] }
    expect(value.length).toBeGreaterThan(2)
  })

  it('pages through ten thousand items in a heap that half of them would fill', async () => {
    const words = [`${origin}/items`, '--allow-host', new URL(origin).host, '--paginate', '-o', 'items.json']
    const { code, stdout, stderr } = await call(words, small)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(statSync(join(world.workFolder, 'items.json')).size).toBeGreaterThan(
      pages * itemsOnPage * note.length,
    )
    expect(asked).toHaveLength(pages)
  })

  it('does so into a pipe whose reader is slow', async () => {
    const words = `${origin}/items --allow-host ${new URL(origin).host} --paginate --jsonl`
    const script = `entra-auth-cli call -p ci ${words} | (sleep 1; grep -c '"id":')`
    const { exitCode, stdout } = await shell(script, small)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${pages * itemsOnPage}\n` })
  })

  it('writes an answer of any size to a file', async () => {
    const words = [`${origin}/large`, '--allow-host', new URL(origin).host, '-o', 'large.bin']
    expect(await call(words, small)).toMatchObject({ code: 0, stderr: '' })
    expect(statSync(join(world.workFolder, 'large.bin'))).toMatchObject({ size: 200 * 1024 * 1024 })
    expect(statSync(join(world.workFolder, 'large.bin')).mode & 0o777).toBe(0o600)
  })

  it('sends no token to a host that is not its own', async () => {
    const { code, stdout, stderr } = await call([`${origin}/items`])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain('is not known\n')
    expect(asked).toEqual([])
  })

  it('comes again when a server that is asked too often says so', async () => {
    world.sandbox.control.addFault({
      path: '/v1.0/users',
      effect: { kind: 'status', status: 429, retryAfterSeconds: 1 },
    })
    expect(await call(['/users'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('says when to come again where that is far off', async () => {
    world.sandbox.control.addFault({
      path: '/v1.0/users',
      times: 9,
      effect: { kind: 'status', status: 503, retryAfterSeconds: 3600 },
    })
    const { code, stderr } = await call(['/users'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: Microsoft Graph answered 503.*\nhint: try again in 3600 s\n$/)
  })

  it('fails where the server goes away', async () => {
    world.sandbox.control.addFault({ path: '/v1.0/users', times: 9, effect: { kind: 'drop' } })
    const { code, stdout, stderr } = await call(['/users'])
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/)
  })

  it('gives up after its time', async () => {
    world.sandbox.control.addFault({ path: '/v1.0/users', effect: { kind: 'delay', milliseconds: 5000 } })
    const { code, stderr } = await call(['/users', '--timeout', '1s'])
    expect(code).toBe(6)
    expect(stderr).toMatch(/^error: localhost:\d+ was not done in time\n/)
  })
})

describe('a token for curl', () => {
  it('comes by a pipe, and stands in no argument', async () => {
    const script = `entra-auth-cli get-token -p ci -o header | curl -s --cacert '${world.sandbox.caFile}' -H @- '${world.sandbox.origin}/v1.0/users?$top=1'`
    const { exitCode, stdout } = await shell(script)
    expect(exitCode).toBe(0)
    expect((JSON.parse(stdout) as { value: unknown[] }).value).toHaveLength(1)
  })
})
