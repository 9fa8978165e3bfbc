/** Profiles of Microsoft's clouds, untouched: every flow, with Microsoft's names, and nobody else is ever asked. */
import { stripVTControlCharacters } from 'node:util'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { pty } from '../support/cli.ts'
import type { ConnectProxy } from '../support/connect-proxy.ts'
import { isRunByNode } from '../support/session/environment.ts'
import {
  clouds,
  makeCloudWorld,
  startCloudSandbox,
  type CloudSandbox,
  type CloudWorld,
} from './cloud-world.ts'

let sandbox: CloudSandbox
let proxy: ConnectProxy
let world: CloudWorld

beforeAll(async () => {
  sandbox = await startCloudSandbox()
})
afterAll(() => sandbox?.close())

beforeEach(async () => {
  proxy = await sandbox.startProxy()
  world = makeCloudWorld({
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: sandbox.caFile,
    BROWSER: `entra-auth-cli sandbox sign-in --ca-file ${sandbox.caFile}`,
  })
})
afterEach(async () => {
  world?.remove()
  await proxy?.close()
})

describe.each(clouds)('a profile of the $name cloud', ({ flags, loginHost, graphHost }) => {
  const scope = `https://${graphHost}/User.Read`
  const aliceAtGraph = { aud: `https://${graphHost}`, tid: contosoId, upn: 'alice@contoso.com' }

  const asApp = () =>
    world.createProfile('daemonWithSecret', [...flags, '--client-secret', '-'], seedSecrets.daemonWithSecret)
  const asPerson = (...more: string[]) =>
    world.createProfile('desktop', [...flags, '--scope', scope, ...more])

  /** Runs the program, which must succeed in silence. */
  async function token(...args: string[]) {
    const { stdout, stderr, code } = await world.run([...args, '--silent'])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    return stdout.trimEnd()
  }

  afterEach(() => {
    const asked = new Set(proxy.connections.map(({ host }) => host))
    expect(asked).toEqual(new Set([`${loginHost}:443`]))
    expect(proxy.refused).toEqual([])
    const beyond = world.connections().filter((peer) => !/^(?:127\.0\.0\.1|localhost):\d+$/.test(peer))
    expect(beyond).toEqual([])
  })

  it('gets an app token for its own Graph', async () => {
    await asApp()
    expect(decodeJwt(await token('get-token'))).toMatchObject({
      aud: `https://${graphHost}`,
      tid: contosoId,
      appid: seedApps.daemonWithSecret,
    })
  })

  it.runIf(isRunByNode)('answers from its cache without a single connection', async () => {
    await asApp()
    const first = await token('get-token')
    const before = world.connections()
    expect(before).not.toEqual([])
    expect(await token('get-token')).toBe(first)
    expect(world.connections()).toEqual(before)
  })

  it('signs a person in by the browser, renews without asking her, and keeps what it got', async () => {
    await asPerson()
    const first = await token('get-token')
    expect(decodeJwt(first)).toMatchObject(aliceAtGraph)
    const renewed = await token('refresh')
    expect(renewed).not.toBe(first)
    expect(decodeJwt(renewed)).toMatchObject(aliceAtGraph)
    const before = world.connections()
    expect(await token('get-token')).toBe(renewed)
    expect(world.connections()).toEqual(before)
  })

  it('signs a person in by device code, at an address of that cloud', async () => {
    await asPerson('--flow', 'device-code')
    let approval: ReturnType<CloudWorld['run']> | undefined
    const { terminal, code } = await pty(['get-token'], {
      world,
      redirect: '>token.txt',
      onOutput: (shown) => {
        const [, page, userCode] =
          /(https:\/\/\S+)\s+and enter the code:\s+(\S+)\s/.exec(stripVTControlCharacters(shown)) ?? []
        if (!page || !userCode) return
        approval ??= world.run(['sandbox', 'sign-in', page, '--code', userCode, '--ca-file', sandbox.caFile])
      },
    })
    expect(await approval).toEqual({ stdout: '', stderr: '', code: 0 })
    expect(code, terminal).toBe(0)
    expect(terminal).toContain(`https://${loginHost}/`)
    const claims = await world.run(['inspect', '-f', 'token.txt', '--claims'])
    expect(JSON.parse(claims.stdout)).toMatchObject(aliceAtGraph)
  })
})

describe('a profile of the public cloud', () => {
  it.each(['contoso.onmicrosoft.com', 'organizations'])('may name its tenant "%s"', async (tenant) => {
    await world.createProfile('desktop', [
      '--tenant-id',
      tenant,
      '--scope',
      'https://graph.microsoft.com/User.Read',
    ])
    const first = await world.run(['get-token', '--silent'])
    expect(first).toMatchObject({ stderr: '', code: 0 })
    expect(decodeJwt(first.stdout.trimEnd())).toMatchObject({ tid: contosoId })
    const before = world.connections()
    expect(await world.run(['get-token', '--silent'])).toEqual(first)
    expect(world.connections()).toEqual(before)
    expect(proxy.refused).toEqual([])
    expect(sandbox.requests.at(-1)?.path).toBe(`/${tenant}/oauth2/v2.0/token`)
  })
})
