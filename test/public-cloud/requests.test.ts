/** What is asked of Microsoft's clouds, of whom, and what is told of it: tenants, authorities, claims, clocks, traces. */
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedSecrets } from '../../sandbox/seed.ts'
import type { ConnectProxy } from '../support/connect-proxy.ts'
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
  const authorization = `Basic ${Buffer.from('ann:s3cret').toString('base64')}`
  proxy = await sandbox.startProxy({ requireAuthorization: authorization })
  world = makeCloudWorld({
    HTTPS_PROXY: proxy.url.replace('//', '//ann:s3cret@'),
    NODE_EXTRA_CA_CERTS: sandbox.caFile,
    BROWSER: `entra-auth-cli sandbox sign-in --ca-file ${sandbox.caFile}`,
  })
})
afterEach(async () => {
  sandbox.control.setClockOffset(0)
  world?.remove()
  await proxy?.close()
})

const graphScope = ['--scope', 'https://graph.microsoft.com/User.Read']
const asApp = (...flags: readonly string[]) =>
  world.createProfile('daemonWithSecret', [...flags, '--client-secret', '-'], seedSecrets.daemonWithSecret)

/** Runs get-token, which must succeed in silence. */
async function token(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await world.run(['get-token', '--silent', ...args])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return stdout.trimEnd()
}

describe('an authority', () => {
  it.each(clouds)('of the $name cloud may be given by URL, with the tenant at its end', async (cloud) => {
    await asApp('--authority', `https://${cloud.loginHost}/${contosoId}`, '--tenant-id', contosoId)
    expect(decodeJwt(await token())).toMatchObject({ aud: `https://${cloud.graphHost}`, tid: contosoId })
    expect(new Set(proxy.connections.map(({ host }) => host))).toEqual(new Set([`${cloud.loginHost}:443`]))
  })
})

describe('a tenant', () => {
  it('that stands for all organizations is narrowed by --tenant for one call', async () => {
    await asApp('--tenant-id', 'organizations')
    expect(decodeJwt(await token('--tenant', contosoId))).toMatchObject({ tid: contosoId })
    expect(sandbox.requests.at(-1)?.path).toBe(`/${contosoId}/oauth2/v2.0/token`)
    const without = await world.run(['get-token', '--silent'])
    expect(without).toMatchObject({ stdout: '', code: 4 })
    expect(without.stderr).toContain('--tenant')
  })

  it.each(['common', 'organizations'])('called %s is that of whoever signs in', async (tenant) => {
    await world.createProfile('desktop', ['--tenant-id', tenant, ...graphScope])
    const first = await token()
    expect(decodeJwt(first)).toMatchObject({ tid: contosoId })
    expect(await token()).toBe(first)
    expect(sandbox.requests.at(-1)?.path).toBe(`/${tenant}/oauth2/v2.0/token`)
  })

  it('called consumers is asked for by that name, and the time for a person is over when it is', async () => {
    await world.createProfile('desktop', ['--tenant-id', 'consumers', '--flow', 'device-code', ...graphScope])
    const { stdout, stderr, code } = await world.run(['get-token', '--silent', '--timeout', '2s'])
    expect({ stdout, code }).toEqual({ stdout: '', code: 6 })
    expect(stderr).toMatch(/\nerror: nobody signed in in time\nhint: .*--timeout/)
    const asked = sandbox.requests.map(({ path }) => path)
    expect(asked).toContain('/consumers/oauth2/v2.0/devicecode')
  })
})

describe('a claims challenge', () => {
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString('base64')
  const header = `WWW-Authenticate: Bearer realm="", error="insufficient_claims", claims="${claims}"`

  it('is answered for a person without asking her again, and the old token is forgotten', async () => {
    await world.createProfile('desktop', ['--client-capability', 'cp1', ...graphScope])
    const first = await token()
    const day = 24 * 3600
    expect(decodeJwt(first)).toMatchObject({ xms_cc: ['cp1'] })
    expect((decodeJwt(first).exp ?? 0) - Date.now() / 1000).toBeGreaterThan(day * 0.8)
    const second = await token('--claims', header)
    expect(second).not.toBe(first)
    expect(await token()).toBe(second)
  })

  it('is answered for an app', async () => {
    await asApp('--client-capability', 'cp1')
    const first = await token()
    expect(decodeJwt(first)).toMatchObject({ xms_cc: ['cp1'] })
    const second = await token('--claims', claims)
    expect(second).not.toBe(first)
    expect(await token()).toBe(second)
  })

  it('is not declared to be handled by who does not say so', async () => {
    await asApp()
    expect(decodeJwt(await token())).not.toHaveProperty('xms_cc')
  })
})

describe("a machine's clock", () => {
  it('that is an hour off is named once, and does not make the next call ask again', async () => {
    sandbox.control.setClockOffset(-3660)
    await asApp()
    const first = await world.run(['get-token'])
    expect(first.code).toBe(0)
    expect(first.stderr).toMatch(
      /^warning: this machine's clock is (?:60|61) min ahead of that of login\.microsoftonline\.com: [^\n]*\n$/,
    )
    const before = world.connections()
    expect(await world.run(['get-token'])).toEqual({ stdout: first.stdout, stderr: '', code: 0 })
    expect(world.connections()).toEqual(before)
  })

  it('that is an hour off is why an assertion is refused', async () => {
    sandbox.control.setClockOffset(3600)
    const { certFile, keyFile } = sandbox.clientCertificate
    await world.createProfile('daemonWithCertificate', ['--certificate', certFile, '--private-key', keyFile])
    const { stderr, code } = await world.run(['get-token'])
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^error: .*\(AADSTS700024\)\nhint: this machine's clock is (?:59|60) min behind that of /,
    )
  })
})

describe('--verbose', () => {
  it('tells of each request what a support ticket needs, and no secret', async () => {
    await asApp()
    const { stderr, code } = await world.run(['get-token', '--verbose'])
    expect(code).toBe(0)
    const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.source
    const request = new RegExp(
      `^POST https://login\\.microsoftonline\\.com/${contosoId}/oauth2/v2\\.0/token\\S* → 200 ` +
        `\\(\\d+ ms, through 127\\.0\\.0\\.1:\\d+, correlation id ${id}, request id ${id}\\)$`,
    )
    const lines = stderr.trimEnd().split('\n')
    expect(lines.filter((line) => request.test(line))).toHaveLength(1)
    expect(stderr).not.toMatch(/s3cret|sandbox~daemon/)
  })
})
