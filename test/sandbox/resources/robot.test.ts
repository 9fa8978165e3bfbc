import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prepareCertificates } from '../../../sandbox/certificates.ts'
import { formOf, page, redirect, type SandboxRequest, type SandboxResponse } from '../../../sandbox/http.ts'
import { listen, type Listener } from '../../../sandbox/listener.ts'
import {
  consentPage,
  deviceDonePage,
  devicePage,
  errorPage,
  formPostPage,
  mfaPage,
  signInPage,
} from '../../../sandbox/pages/index.ts'
import { runRobot, signIn, type SignInOptions } from '../../../sandbox/robot.ts'
import { alice } from './fixture.ts'

const publicName = 'login.microsoftonline.com'

type Routes = Readonly<Record<string, (request: SandboxRequest) => SandboxResponse>>

const app = { displayName: 'Contoso "Desktop" & Co' } as Parameters<typeof deviceDonePage>[0]['app']
let folder: string
let ca: string
let provider: Listener
let routes: Routes = {}
let seen: string[] = []
let client: { readonly server: Server; readonly origin: string; readonly received: string[]; status: number }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'robot-'))
  const certificates = await prepareCertificates(folder, [publicName])
  ca = await readFile(join(folder, 'ca.pem'), 'utf8')
  provider = await listen({
    port: 0,
    certificate: certificates.server,
    hostNames: ['localhost', publicName],
    now: () => new Date(),
    answer: async (request) => {
      seen.push(`${request.method} ${request.url.pathname}`)
      return routes[request.url.pathname]?.(request) ?? { status: 404, body: 'not found' }
    },
  })
})
afterAll(async () => {
  await provider.close()
  await rm(folder, { recursive: true })
})

/** The app that waits for the authorization response. */
beforeEach(async () => {
  seen = []
  const received: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${body}`.trim())
      response.writeHead(client.status).end('thank you')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = { server, origin: `http://localhost:${port}`, received, status: 200 }
})
afterEach(() => new Promise((resolve) => client.server.close(resolve)))

const person = { username: 'alice@contoso.com', password: 'p"&<1' }
const at = (path: string) => `https://localhost:${provider.port}${path}`
const go = (path: string, options: Partial<SignInOptions> = {}) =>
  signIn(at(path), { ...person, ca, ...options })

/** Sign-in, second factor and consent, each asked for what it posts; a cookie ties them together. */
const fullSignIn: Routes = {
  '/authorize': () =>
    page(200, signInPage({ action: '/login?a=1&b=2', fields: { ctx: '<c1>' }, app, users: [alice] }), {
      'set-cookie': ['session=s1; Path=/; Secure', 'gone=1', 'gone=; Max-Age=0'],
    }),
  '/login': (request) => {
    const form = formOf(request)
    const good = form.get('username') === person.username && form.get('password') === person.password
    const kept = request.headers['cookie'] === 'session=s1' && form.get('ctx') === '<c1>'
    if (!kept || request.url.search !== '?a=1&b=2') return { status: 500, body: 'lost what it was given' }
    const again = { action: '/login?a=1&b=2', fields: { ctx: '<c1>' }, app, users: [] }
    if (!good) return page(200, signInPage({ ...again, error: "AADSTS50126: it's wrong & done" }))
    return redirect('/mfa')
  },
  '/mfa': () => page(200, mfaPage({ action: '/otp', fields: {}, user: alice })),
  '/otp': (request) =>
    page(
      200,
      formOf(request).get('otp') === '123456'
        ? consentPage({ action: '/consent', fields: {}, app, user: alice, permissions: [] })
        : mfaPage({ action: '/otp', fields: {}, user: alice, error: 'wrong code' }),
    ),
  '/consent': (request) =>
    redirect(
      formOf(request).get('consent') === 'accept'
        ? `${client.origin}/callback?code=c1&state=s1`
        : `${client.origin}/callback?error=access_denied&state=s1`,
    ),
}

describe('signing in', () => {
  it('passes sign-in, second factor and consent, and delivers the code', async () => {
    routes = fullSignIn
    await go('/authorize', { otp: '123456' })
    expect(client.received).toEqual(['GET /callback?code=c1&state=s1'])
    expect(seen).toEqual(['GET /authorize', 'POST /login', 'GET /mfa', 'POST /otp', 'POST /consent'])
  })

  it('delivers a refusal of consent, whatever the app makes of it', async () => {
    routes = fullSignIn
    client.status = 400
    await go('/authorize', { otp: '123456', consent: 'cancel' })
    expect(client.received).toEqual(['GET /callback?error=access_denied&state=s1'])
  })

  it('sends the form of form_post as it stands', async () => {
    const fields = { code: 'c&"1', state: 's+ 1' }
    routes = { '/authorize': () => page(200, formPostPage({ action: `${client.origin}/`, fields })) }
    await go('/authorize')
    expect(client.received).toEqual([`POST / ${new URLSearchParams(fields).toString()}`])
  })

  it('enters the code of a device sign-in and ends on its last page', async () => {
    routes = {
      '/device': () => page(200, devicePage({ action: '/code', fields: {} })),
      '/code': (request) =>
        formOf(request).get('user_code') === 'ABC123'
          ? page(200, deviceDonePage({ app }))
          : page(200, devicePage({ action: '/code', fields: {}, error: 'no such code' })),
    }
    await go('/device', { userCode: 'ABC123' })
    await expect(go('/device', { userCode: 'OTHER' })).rejects.toThrow('no such code')
  })

  it('takes the code that the device page already shows', async () => {
    routes = {
      '/device': () => page(200, devicePage({ action: '/code', fields: {}, userCode: 'XYZ' })),
      '/code': (request) =>
        formOf(request).get('user_code') === 'XYZ' ? page(200, deviceDonePage({ app })) : page(500, ''),
    }
    await go('/device')
    expect(seen).toEqual(['GET /device', 'POST /code'])
  })
})

it('goes through a proxy that leads a public name to the sandbox', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    const upstream = connect(provider.port, '127.0.0.1')
    socket.pipe(upstream).pipe(socket)
    // Reads on to the end, which comes only when the robot closes its side.
    upstream.on('close', () => socket.resume())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  routes = { '/authorize': () => redirect(`${client.origin}/?code=c1`) }
  await signIn(`https://${publicName}/authorize`, {
    ...person,
    ca,
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  })
  await new Promise((resolve) => proxy.close(resolve))
  expect(asked).toEqual([`${publicName}:443`])
  expect(client.received).toEqual(['GET /?code=c1'])
})

describe('what it does not pass', () => {
  const failure = {
    title: 'Sorry',
    description: 'no such app',
    traceId: '',
    correlationId: '',
    timestamp: '',
  }
  const cases: readonly [string, Routes, Partial<SignInOptions>, RegExp][] = [
    [
      'a wrong password',
      fullSignIn,
      { password: 'other' },
      /stuck on "Sign in · .*sandbox": AADSTS50126: it's wrong & done/,
    ],
    ['a second factor without a code', fullSignIn, {}, /stuck on "Second factor.*": no otp to enter/],
    ['a wrong code', fullSignIn, { otp: '0' }, /stuck on "Second factor.*": wrong code/],
    [
      'an error page',
      { '/authorize': () => page(400, errorPage({ ...failure, code: 'AADSTS700016' })) },
      {},
      /stuck on "Sorry.*": AADSTS700016: no such app/,
    ],
    [
      'a page of somebody else',
      { '/authorize': () => page(502, '<title>Proxy</title>') },
      {},
      /no page of the sandbox at https:\/\/localhost:\d+\/authorize \(HTTP 502\)/,
    ],
    [
      'a circle',
      { '/authorize': () => redirect('/authorize') },
      { fetchLimit: 3 },
      /gave up after 3 requests/,
    ],
    [
      'a redirect to a web app',
      { '/authorize': () => redirect('https://web.contoso.com/callback?code=c1') },
      {},
      /led to https:\/\/web\.contoso\.com, which is neither the sandbox nor on loopback/,
    ],
    [
      'a redirect to plain HTTP elsewhere',
      { '/authorize': () => redirect('http://192.0.2.1/callback?code=c1') },
      {},
      /led to http:\/\/192\.0\.2\.1,/,
    ],
    [
      'a form that leads elsewhere',
      {
        '/authorize': () =>
          page(200, signInPage({ action: 'https://evil.example/', fields: {}, app, users: [] })),
      },
      {},
      /led to https:\/\/evil\.example,/,
    ],
  ]
  it.each(cases)('%s', async (_, given, options, message) => {
    routes = given
    await expect(go('/authorize', options)).rejects.toThrow(message)
    expect(client.received).toEqual([])
  })

  it('an app that has no use for the response', async () => {
    routes = { '/authorize': () => redirect(`${client.origin}/other?code=c1`) }
    client.status = 404
    await expect(go('/authorize')).rejects.toThrow(/answered the response with HTTP 404/)
  })

  it('a server whose certificate another authority signed', async () => {
    const other = join(folder, 'other')
    await prepareCertificates(other, [])
    await expect(go('/authorize', { ca: await readFile(join(other, 'ca.pem'), 'utf8') })).rejects.toThrow(
      /certificate|signature/i,
    )
    expect(seen).toEqual([])
  })
})

describe('the command line', () => {
  async function run(...argv: string[]) {
    const output = { stdout: '', stderr: '' }
    const exitCode = await runRobot(argv, {
      stdout: (text) => void (output.stdout += text),
      stderr: (text) => void (output.stderr += text),
      defaultFolder: folder,
    })
    return { exitCode, ...output }
  }

  it('is alice with the seeded password and the ca.pem of the default folder, and says nothing', async () => {
    const entered: string[] = []
    routes = {
      '/authorize': () => page(200, signInPage({ action: '/login', fields: {}, app, users: [] })),
      '/login': (request) => {
        entered.push(request.body)
        return redirect(`${client.origin}/?code=c1`)
      },
    }
    expect(await run(at('/authorize'))).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(entered).toEqual(['username=alice%40contoso.com&password=sandbox'])
    await run(at('/authorize'), '--user', 'bob@contoso.com', '--password', 'x')
    expect(entered[1]).toBe('username=bob%40contoso.com&password=x')
  })

  it('refuses consent with --cancel and answers the second factor with --otp', async () => {
    routes = fullSignIn
    const { exitCode } = await run(
      at('/authorize'),
      '--password',
      person.password,
      '--otp',
      '123456',
      '--cancel',
    )
    expect(exitCode).toBe(0)
    expect(client.received).toEqual(['GET /callback?error=access_denied&state=s1'])
  })

  it.each([
    [[], 4, /^error: no URL given\nhint: /],
    [['http://localhost/'], 4, /^error: "http:\/\/localhost\/" is not an https URL\n/],
    [['https://localhost/', 'more'], 4, /^error: unexpected argument "more"\n/],
    [['https://localhost/', '--frob'], 4, /^error: unknown option '--frob'/],
    [
      ['https://localhost/', '--ca-file', '/nowhere/ca.pem'],
      4,
      /^error: cannot read "\/nowhere\/ca.pem"\nhint: /,
    ],
  ])('%j ends with %i', async (argv, exitCode, message) => {
    const result = await run(...argv)
    expect(result).toMatchObject({ exitCode, stdout: '' })
    expect(result.stderr).toMatch(message)
  })

  it('tells a failed sign-in from a sandbox that is not there', async () => {
    routes = fullSignIn
    const refused = await run(at('/authorize'), '--password', 'wrong')
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('AADSTS50126')])
    const closed = (client.server.address() as AddressInfo).port
    await new Promise((resolve) => client.server.close(resolve))
    expect((await run(`https://localhost:${closed}/`)).exitCode).toBe(5)
    client.server.listen(0, '127.0.0.1')
  })

  it('stops with 130 when interrupted', async () => {
    const controller = new AbortController()
    routes = {
      '/authorize': () => {
        controller.abort()
        return page(200, '')
      },
    }
    const io = { stdout: () => {}, stderr: () => {}, defaultFolder: folder, signal: controller.signal }
    expect(await runRobot([at('/authorize')], io)).toBe(130)
  })

  it('explains itself', async () => {
    const { exitCode, stdout } = await run('--help')
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining('usage: entra-auth-cli sandbox sign-in URL'),
    ])
  })
})
