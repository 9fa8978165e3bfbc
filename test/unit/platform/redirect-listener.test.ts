import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RedirectOptions, RedirectWait } from '../../../src/core/ports.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { openRedirect } from '../../../src/platform/redirect-listener.ts'
import { compilePlatform } from './compiled.ts'

const state = 'state-of-this-sign-in'
let wait: RedirectWait | undefined
const taken: Server[] = []

afterEach(async () => {
  vi.useRealTimers()
  await wait?.close()
  wait = undefined
  for (const server of taken.splice(0)) server.close()
})

async function open(options: Partial<RedirectOptions> = {}): Promise<RedirectWait> {
  wait = await openRedirect({
    ports: [0],
    path: '/callback',
    state,
    page: (answer) => `<h1>${answer.kind}</h1>`,
    ...options,
  })
  return wait
}

interface Visit {
  readonly path: string
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly address?: string
  readonly port?: number
}

function visit({
  path,
  method = 'GET',
  headers = {},
  body,
  address = '127.0.0.1',
  port = wait?.port,
}: Visit) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const sent = request(
        {
          host: address,
          port,
          path,
          method,
          headers: { host: `localhost:${port}`, ...headers },
          agent: false,
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            text += chunk
          })
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          )
        },
      )
      sent.on('error', reject)
      sent.end(body)
    },
  )
}

const never = new AbortController().signal
const right = `/callback?code=abc&state=${state}`

describe('an address that was carried over', () => {
  const carried = () => `http://localhost:${wait?.port}/callback?code=carried&state=${state}`

  it('is the answer, and whoever comes to the port then is too late', async () => {
    const { answer, take } = await open()
    const answered = answer(new AbortController().signal)
    expect(take(carried())).toBeUndefined()
    expect(await answered).toEqual({ kind: 'code', code: 'carried', clientInfo: undefined })
    const late = await visit({ path: `/callback?code=late&state=${state}` })
    expect([late.status, late.text]).toEqual([400, 'this sign-in is already over\n'])
    expect(take(carried())).toBe('this sign-in is already over')
  })

  it('is too late where the browser came by itself', async () => {
    const { answer, take } = await open()
    const answered = answer(new AbortController().signal)
    expect((await visit({ path: `/callback?code=first&state=${state}` })).status).toBe(200)
    expect(await answered).toMatchObject({ code: 'first' })
    expect(take(carried())).toBe('this sign-in is already over')
  })

  it('does not end the wait where it is not the right one', async () => {
    const { answer, take } = await open()
    const answered = answer(new AbortController().signal)
    expect(take(carried().replace(state, 'guessed'))).toBe('this answer belongs to another sign-in')
    expect(take(carried())).toBeUndefined()
    expect(await answered).toMatchObject({ code: 'carried' })
  })
})

describe('an authorization response', () => {
  it('comes by query, and its sender sees the page', async () => {
    const { answer } = await open()
    const [got, page] = await Promise.all([
      answer(never),
      visit({ path: `${right}&client_info=xyz&session_state=1` }),
    ])
    expect(got).toEqual({ kind: 'code', code: 'abc', clientInfo: 'xyz' })
    expect(page).toMatchObject({ status: 200, text: '<h1>code</h1>' })
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
  })

  it('comes by form post', async () => {
    const { answer } = await open()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = `code=a%2Bb&state=${state}`
    const [got] = await Promise.all([
      answer(never),
      visit({ path: '/callback', method: 'POST', headers, body }),
    ])
    expect(got).toEqual({ kind: 'code', code: 'a+b', clientInfo: undefined })
  })

  it('may be an error', async () => {
    const { answer } = await open()
    const path = `/callback?error=access_denied&error_description=no+thanks&state=${state}`
    const [got, page] = await Promise.all([answer(never), visit({ path })])
    expect(got).toEqual({ kind: 'error', error: 'access_denied', description: 'no thanks' })
    expect(page.text).toBe('<h1>error</h1>')
  })

  it('is kept when it comes before anybody waits', async () => {
    const { answer } = await open()
    await visit({ path: right })
    expect(await answer(never)).toMatchObject({ code: 'abc' })
  })

  it('counts once', async () => {
    const { answer } = await open()
    await visit({ path: right })
    expect(await visit({ path: `/callback?code=second&state=${state}` })).toMatchObject({
      status: 400,
      text: 'this sign-in is already over\n',
    })
    expect(await answer(never)).toMatchObject({ code: 'abc' })
  })

  it('arrives at [::1] as well', async () => {
    const { answer } = await open()
    const [got] = await Promise.all([answer(never), visit({ path: right, address: '::1' })])
    expect(got).toMatchObject({ code: 'abc' })
  })

  it('whose page is long is handed over whole before the listener closes', async () => {
    const { answer, close } = await open({ page: () => 'x'.repeat(2_000_000) })
    const seen = visit({ path: right })
    await answer(never)
    await close()
    expect((await seen).text).toHaveLength(2_000_000)
  })
})

describe('what is not the response', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it.each<[string, Visit, number]>([
    ['another state', { path: '/callback?code=abc&state=other' }, 400],
    ['no state', { path: '/callback?code=abc' }, 400],
    ['neither code nor error', { path: `/callback?state=${state}` }, 400],
    ['nothing at all', { path: '/callback' }, 400],
    ['a code twice', { path: `${right}&code=def` }, 400],
    ['another path', { path: `/?code=abc&state=${state}` }, 404],
    ['an icon', { path: '/favicon.ico' }, 404],
    ['another method', { path: right, method: 'PUT' }, 405],
    ['another host, as in DNS rebinding', { path: right, headers: { host: 'evil.example' } }, 400],
    ['another port of this host', { path: right, headers: { host: 'localhost:1' } }, 400],
    ['a post that is no form', { path: '/callback', method: 'POST', body: `code=abc&state=${state}` }, 400],
    [
      'a form that is too large',
      { path: '/callback', method: 'POST', headers: form, body: `state=${state}&code=${'a'.repeat(70_000)}` },
      400,
    ],
  ])('%s is refused and does not end the wait', async (_, wrong, status) => {
    const { answer } = await open()
    const refused = await visit(wrong)
    expect(refused.status).toBe(status)
    expect(refused.text).not.toContain('abc')
    const [got] = await Promise.all([answer(never), visit({ path: right })])
    expect(got).toMatchObject({ kind: 'code', code: 'abc' })
  })
})

describe('the wait', () => {
  it('ends with the reason of its signal, and cuts every connection', async () => {
    const { answer, port } = await open()
    const silent = connect(port, '127.0.0.1')
    const cut = new Promise((resolve) => silent.on('close', resolve))
    await new Promise((resolve) => silent.on('connect', resolve))
    const controller = new AbortController()
    const reason = new EntraAuthError('timeout', 'nobody signed in')
    const waiting = answer(controller.signal)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await cut
    await expect(visit({ path: right })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('does not begin with a signal that is aborted', async () => {
    const { answer } = await open()
    await expect(answer(AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('is closed at once although a browser keeps a connection for later', async () => {
    const { close, port } = await open()
    const silent = connect(port, '127.0.0.1')
    await new Promise((resolve) => silent.on('connect', resolve))
    const cut = new Promise((resolve) => silent.on('close', resolve))
    // The second a page gets to arrive never passes here.
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    await close()
    await cut
    expect(silent.destroyed).toBe(true)
  })

  it('has handed the page over when it ends, so that the process may end too', async () => {
    const compiled = compilePlatform()
    try {
      const program = join(compiled.directory, 'driver.mjs')
      await writeFile(
        program,
        `import { openRedirect } from './redirect-listener.js'
const page = () => 'x'.repeat(20_000_000)
const wait = await openRedirect({ ports: [0], path: '/callback', state: '${state}', page })
console.log(wait.port)
await wait.answer(new AbortController().signal)
process.exit(0)`,
      )
      const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const page = await visit({ path: right, port: Number(line) })
      expect(page.text).toHaveLength(20_000_000)
    } finally {
      compiled.remove()
    }
  })
})

describe('the port', () => {
  async function take(host: string, port = 0): Promise<number> {
    const server = createServer()
    taken.push(server)
    await new Promise<void>((resolve) => {
      server.listen({ host, port, ipv6Only: true }, resolve)
    })
    return (server.address() as AddressInfo).port
  }

  it('is the first that is free', async () => {
    const [first, second] = [await take('127.0.0.1'), await take('127.0.0.1')]
    taken.pop()?.close()
    expect((await open({ ports: [first, second] })).port).toBe(second)
  })

  it('counts as taken when another process has it on [::1]', async () => {
    const port = await take('::1')
    await expect(open({ ports: [port] })).rejects.toMatchObject({
      code: 'invalid_arguments',
      message: `port ${port} cannot be listened on`,
      hint: expect.stringContaining('--port') as string,
    })
    // And 127.0.0.1 was given back.
    expect(await take('127.0.0.1', port)).toBe(port)
  })

  it('is named when none is free', async () => {
    const ports = [
      await take('127.0.0.1'),
      await take('127.0.0.1'),
      await take('127.0.0.1'),
      await take('127.0.0.1'),
    ]
    await expect(open({ ports })).rejects.toThrow(`none of the ports ${ports[0]} to ${ports[3]} is free`)
  })
})
