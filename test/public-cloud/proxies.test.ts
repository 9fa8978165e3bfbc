/** What can be wrong on the way to the public cloud, and what is said about it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import type { ConnectProxy } from '../support/connect-proxy.ts'
import { isRunByNode } from '../support/session/environment.ts'
import { makeCloudWorld, startCloudSandbox, type CloudSandbox, type CloudWorld } from './cloud-world.ts'

const authority = 'login.microsoftonline.com:443'

let sandbox: CloudSandbox
let proxy: ConnectProxy | undefined
let world: CloudWorld

beforeAll(async () => {
  sandbox = await startCloudSandbox()
})
afterAll(() => sandbox?.close())
afterEach(async () => {
  world?.remove()
  await proxy?.close()
  proxy = undefined
})

async function startProxy(more?: Parameters<CloudSandbox['startProxy']>[0]): Promise<string> {
  proxy = await sandbox.startProxy(more)
  return proxy.url
}

/** An app's profile on a machine with this environment. */
async function enter(env: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  world = makeCloudWorld(env)
  await world.createProfile(
    'daemonWithSecret',
    [...flags, '--client-secret', '-'],
    seedSecrets.daemonWithSecret,
  )
}

const getToken = (...more: string[]) => world.run(['get-token', '--silent', ...more])
const trust = () => ({ NODE_EXTRA_CA_CERTS: sandbox.caFile })
const tunnels = () => proxy?.connections.map(({ host }) => host)
const direct = () => world.connections().filter((peer) => !/^(?:127\.0\.0\.1|localhost):/.test(peer))

describe('a proxy that wants credentials', () => {
  const password = 'p@ss word'
  const requireAuthorization = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`

  it('gets those in the address of HTTPS_PROXY', async () => {
    const url = await startProxy({ requireAuthorization })
    const address = url.replace('http://', `http://ada:${encodeURIComponent(password)}@`)
    await enter({ HTTPS_PROXY: address, ...trust() })
    expect(await getToken()).toMatchObject({ stderr: '', code: 0 })
    expect(new Set(tunnels())).toEqual(new Set([authority]))
  })

  it.each([
    ['a plain run', []],
    ['a verbose run', ['--verbose']],
  ])('is named when it refuses wrong ones, and %s does not show them', async (_run, flags) => {
    const url = await startProxy({ requireAuthorization })
    await enter({ HTTPS_PROXY: url.replace('http://', 'http://ada:not-the-one@'), ...trust() })
    const { stdout, stderr, code } = await getToken(...flags)
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(stderr).toMatch(/^error: the proxy 127\.0\.0\.1:\d+ .*\(407\)$/m)
    expect(stderr).toMatch(/^hint: .*HTTPS_PROXY/m)
    expect(stderr).not.toMatch(/not-the-one|bm90LXRoZS1vbmU/)
  })

  it('asks for them where none are given', async () => {
    const url = await startProxy({ requireAuthorization })
    await enter({ HTTPS_PROXY: url, ...trust() })
    const { stdout, stderr, code } = await getToken()
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(stderr).toMatch(/wants a user name and a password \(407\)\nhint: .*USER:PASSWORD/)
  })
})

describe('NO_PROXY', () => {
  it.runIf(isRunByNode)('leads past the proxy for the names in it', async () => {
    const url = await startProxy()
    await enter({ HTTPS_PROXY: url, NO_PROXY: '.microsoftonline.com', ...trust() })
    // No way leads there without the proxy: that it was tried is the proof.
    expect(await getToken()).toMatchObject({ stdout: '', code: 5 })
    expect(new Set(direct())).toEqual(new Set([authority]))
    expect(tunnels()).toEqual([])
  })

  it('changes nothing for other names', async () => {
    const url = await startProxy()
    await enter({ HTTPS_PROXY: url, NO_PROXY: 'graph.microsoft.com,contoso.com', ...trust() })
    expect(await getToken()).toMatchObject({ stderr: '', code: 0 })
    expect(direct()).toEqual([])
    expect(new Set(tunnels())).toEqual(new Set([authority]))
  })
})

describe('a certificate authority that nobody named', () => {
  it('is what the error is about, with the two places to name it', async () => {
    const url = await startProxy()
    await enter({ HTTPS_PROXY: url })
    const { stdout, stderr, code } = await getToken()
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(stderr).toMatch(
      /^error: the certificate of login\.microsoftonline\.com is signed by an unknown authority/m,
    )
    expect(stderr).toMatch(/^hint: .*NODE_EXTRA_CA_CERTS.*--ca-file/m)
  })

  it('is trusted behind the proxy once the profile names it', async () => {
    const url = await startProxy()
    await enter({ HTTPS_PROXY: url }, ['--ca-file', sandbox.caFile])
    expect(await getToken()).toMatchObject({ stderr: '', code: 0 })
  })
})

describe('a proxy that cannot help', () => {
  it('is named where it does not answer', async () => {
    const url = await startProxy()
    await proxy?.close()
    proxy = undefined
    await enter({ HTTPS_PROXY: url, ...trust() })
    const { stdout, stderr, code } = await getToken()
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(stderr).toMatch(/^error: the proxy 127\.0\.0\.1:\d+ refused the connection/m)
    expect(stderr).toMatch(/^hint: look at HTTPS_PROXY and NO_PROXY/m)
  })

  it('is named where it does not let the host through', async () => {
    const url = await startProxy()
    await enter({ HTTPS_PROXY: url, ...trust() }, ['--authority', 'https://login.contoso.example'])
    const { stdout, stderr, code } = await getToken()
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 })
    expect(stderr).toMatch(/^error: the proxy .* does not let login\.contoso\.example through \(403\)/m)
    expect(new Set(proxy?.refused)).toEqual(new Set(['login.contoso.example:443']))
    expect(direct()).toEqual([])
  })
})
