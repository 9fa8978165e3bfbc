/** Profiles of the public cloud, untouched: Microsoft's names, reached through a proxy that leads them to the sandbox. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedPassword, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { cli, succeeded } from '../support/cli.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { seatPerson, type PersonAtBrowser } from '../support/person-at-browser.ts'
import { makeWorld, type World } from '../support/session/environment.ts'

const authority = 'login.microsoftonline.com'
const authorization = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`

let folder: string
let sandbox: Sandbox
let person: PersonAtBrowser
let proxy: ConnectProxy
let world: World

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startSandbox({ folder, port: 0, hostNames: [authority] })
  person = await seatPerson({
    ca: readFileSync(sandbox.caFile, 'utf8'),
    answers: { username: 'bob@contoso.com', password: seedPassword, consent: 'accept' },
    connectTo: { [authority]: { host: '127.0.0.1', port: sandbox.port } },
  })
})
afterAll(async () => {
  await person?.close()
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  world?.remove()
  await proxy?.close()
})

async function startProxy(more: { requireAuthorization?: string } = {}) {
  const target = { host: '127.0.0.1', port: sandbox.port }
  proxy = await startConnectProxy({ route: { [`${authority}:443`]: target }, ...more })
}

function enter(env: Readonly<Record<string, string>>) {
  world = makeWorld({ ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4), ...env })
}

async function createProfile(clientId: string, more: string[], input?: string) {
  const words = [
    'config',
    'create',
    '-n',
    'public',
    '--tenant-id',
    contosoId,
    '--client-id',
    clientId,
    ...more,
  ]
  succeeded(await cli(words, { world, input }))
}

const daemon = () =>
  createProfile(seedApps.daemonWithSecret, ['--client-secret', '-'], seedSecrets.daemonWithSecret)
const getToken = (...more: string[]) => cli(['get-token', '-p', 'public', '--silent', ...more], { world })

describe('a public-cloud profile behind a proxy', () => {
  beforeEach(() => startProxy())

  it('gets an app token, with the authority from NODE_EXTRA_CA_CERTS, and talks to nobody else', async () => {
    enter({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: sandbox.caFile })
    await daemon()
    const { stdout, stderr, code } = await getToken()
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(decodeJwt(stdout.trimEnd())).toMatchObject({ appid: seedApps.daemonWithSecret, tid: contosoId })
    expect(proxy.refused).toEqual([])
    expect(new Set(proxy.connections.map(({ host }) => host))).toEqual(new Set([`${authority}:443`]))
  })

  it('signs a person in and renews silently', async () => {
    const browser = { ENTRA_AUTH_CLI_INTERACTIVE: '1', BROWSER: person.command }
    enter({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: sandbox.caFile, ...browser })
    await createProfile(seedApps.desktop, ['--scope', 'https://graph.microsoft.com/User.Read'])
    const first = await getToken()
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const renewed = succeeded(await cli(['refresh', '-p', 'public'], { world }))
    expect(decodeJwt(renewed.stdout.trimEnd())).toMatchObject({ upn: 'bob@contoso.com' })
    expect(renewed.stdout).not.toBe(first.stdout)
    expect(person.visits).toHaveLength(1)
    expect(proxy.refused).toEqual([])
  })

  it('says that the certificate is not trusted where the authority is not named', async () => {
    enter({ HTTPS_PROXY: proxy.url })
    await daemon()
    const { stdout, stderr, code } = await getToken()
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(stderr).toMatch(/certificate/)
  })

  it('says that the proxy refused a host it does not lead to', async () => {
    enter({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: sandbox.caFile })
    await createProfile(seedApps.daemonWithSecret, ['--cloud', 'usgov', '--client-secret', '-'], 'secret')
    const { stdout, code } = await getToken()
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(new Set(proxy.refused)).toEqual(new Set(['login.microsoftonline.us:443']))
  })
})

describe('a proxy that wants credentials', () => {
  beforeEach(() => startProxy({ requireAuthorization: authorization }))

  it('gets those of HTTPS_PROXY', async () => {
    const url = proxy.url.replace('http://', 'http://ada:p%40ss@')
    enter({ HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: sandbox.caFile })
    await daemon()
    expect(await getToken()).toMatchObject({ code: 0, stderr: '' })
    expect(proxy.connections.length).toBeGreaterThan(0)
  })

  it('is named when it turns us away, and the password is not', async () => {
    enter({
      HTTPS_PROXY: proxy.url.replace('http://', 'http://ada:wrongpassword@'),
      NODE_EXTRA_CA_CERTS: sandbox.caFile,
    })
    await daemon()
    const { stdout, stderr, code } = await getToken('--verbose')
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(stderr).toMatch(/proxy/)
    expect(stderr).not.toContain('wrongpassword')
  })
})
