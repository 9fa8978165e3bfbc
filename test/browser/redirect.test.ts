/** Where the browser comes back to: ports, paths, and who else may knock there meanwhile. */
import { request } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AtTheBrowser, onlyToken } from '../support/at-the-browser.ts'
import { keepScreenshot, signIn } from '../support/chromium.ts'

let here: AtTheBrowser
beforeAll(async () => {
  here = await AtTheBrowser.sit()
  await here.world.createProfile('desktop', 'desktop', '--scope', 'api://contoso-api/access_as_user')
})
afterEach(() => here.forget())
afterAll(() => here?.leave())

const redirectOf = (address: string) => new URL(new URL(address).searchParams.get('redirect_uri') ?? '')

async function finish(address: string) {
  const page = await here.freshPage()
  await page.goto(address)
  await signIn(page, 'bob@contoso.com')
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
  expect(onlyToken(await here.ended())).toMatchObject({ name: 'Bob Baker' })
}

interface Knock {
  readonly host?: string
  readonly path?: string
  readonly hostHeader?: string
  readonly form?: string
}

/** One request to the waiting listener, as any program on this machine may send it. */
async function knock(port: number, { host = '127.0.0.1', path = '/', hostHeader, form }: Knock) {
  const sent = request({
    host,
    port,
    path,
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      host: hostHeader ?? `localhost:${port}`,
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
  }).end(form)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode as number, body: await text(response) }
}

async function occupy(host: string, port = 0): Promise<Server> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  return server
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = await occupy('127.0.0.1')
  const port = portOf(server)
  await new Promise((done) => server.close(done))
  return port
}

describe('the redirect', () => {
  it('comes back to --port', async () => {
    const port = await freePort()
    await here.getToken(`-p desktop --port ${port}`)
    const address = await here.opened.next()
    expect(redirectOf(address).href).toBe(`http://localhost:${port}/`)
    await finish(address)
  })

  it('comes back to the first free port of --port-range', async () => {
    const taken = await occupy('127.0.0.1')
    try {
      const first = portOf(taken)
      await here.getToken(`-p desktop --port-range ${first}-${first + 20}`)
      const address = await here.opened.next()
      expect(Number(redirectOf(address).port)).toBeGreaterThan(first)
      expect(Number(redirectOf(address).port)).toBeLessThanOrEqual(first + 20)
      await finish(address)
    } finally {
      taken.close()
    }
  })

  it('comes back to the path of --redirect-uri, on any free port', async () => {
    await here.getToken('-p desktop --redirect-uri http://localhost/callback')
    const address = await here.opened.next()
    expect(redirectOf(address).pathname).toBe('/callback')
    await finish(address)
  })

  it('comes back to the port in --redirect-uri', async () => {
    const port = await freePort()
    await here.getToken(`-p desktop --redirect-uri http://localhost:${port}/callback`)
    const address = await here.opened.next()
    expect(redirectOf(address).href).toBe(`http://localhost:${port}/callback`)
    await finish(address)
  })

  it.each(['127.0.0.1', '::1'])(
    'refuses a port that somebody has on %s, and opens no browser',
    async (host) => {
      const taken = await occupy(host)
      try {
        const before = here.opened.count()
        await here.getToken(`-p desktop --port ${portOf(taken)}`)
        const { code, stdout, shown } = await here.ended()
        expect([code, stdout, here.opened.count()]).toEqual([4, '', before])
        expect(shown).toContain(`error: port ${portOf(taken)} cannot be listened on`)
        expect(shown).toMatch(/hint: .*--port$/)
      } finally {
        taken.close()
      }
    },
  )

  it('refuses to come back to another machine', async () => {
    await here.getToken('-p desktop --redirect-uri https://contoso.com/callback')
    const { code, shown } = await here.ended()
    expect(code).toBe(4)
    expect(shown).toContain(
      'error: the redirect URI "https://contoso.com/callback" does not lead to this machine',
    )
  })
})

describe('the listener', () => {
  it('hears on both loopback addresses, refuses what is not the answer, and waits on', async () => {
    await here.getToken('-p desktop')
    const address = await here.opened.next()
    const port = Number(redirectOf(address).port)
    const state = new URL(address).searchParams.get('state') ?? ''

    for (const host of ['127.0.0.1', '::1']) {
      expect(await knock(port, { host, path: '/favicon.ico' })).toMatchObject({ status: 404 })
    }
    const right = `code=stolen&state=${state}`
    const refusals = await Promise.all([
      knock(port, { hostHeader: `attacker.example:${port}`, form: right }),
      knock(port, { hostHeader: 'localhost', form: right }),
      knock(port, { form: 'code=foreign&state=guessed' }),
      knock(port, { form: 'code=foreign' }),
      knock(port, { form: 'error=access_denied&state=guessed' }),
      knock(port, { path: '/?code=foreign&state=guessed' }),
      knock(port, { form: `${right}&code=second` }),
    ])
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 400])
    for (const { body } of refusals) expect(body).not.toContain('foreign')

    await finish(address)
    await expect(knock(port, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('tells a person whose page belongs to another sign-in', async () => {
    await here.getToken('-p desktop')
    const address = await here.opened.next()
    const forged = new URL(address)
    forged.searchParams.set('state', 'of-another-sign-in')
    const page = await here.freshPage()
    await page.goto(forged.href)
    await signIn(page, 'bob@contoso.com')
    await page.waitForURL(/^http:\/\/localhost:/)
    expect(await page.locator('body').innerText()).toContain('this answer belongs to another sign-in')
    await keepScreenshot(page, 'wrong-state')
    await finish(address)
  })
})
