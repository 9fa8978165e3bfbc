/** Managed identities: the built program, its own environment, and stand-ins for Azure's endpoints on real sockets. */
import { X509Certificate } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { issueServerCertificate, makeAuthority } from '../support/certificates.ts'
import { cli, succeeded } from '../support/cli.ts'
import { serveStandIn, type ServedStandIn } from '../support/managed-identity/serve.ts'
import { imds, serviceFabric, vaultApi } from '../support/managed-identity/stand-ins.ts'
import { makeWorld, type World } from '../support/session/environment.ts'

const tokenPath = '/metadata/identity/oauth2/token'

let world: World
let served: ServedStandIn | undefined

beforeEach(async () => {
  // A proxy that nobody answers at: these requests must not go to it.
  world = makeWorld({
    ENTRA_AUTH_CLI_KEY: '5a'.repeat(32),
    HTTPS_PROXY: 'http://127.0.0.1:9',
    HTTP_PROXY: 'http://127.0.0.1:9',
  })
  const flags = ['--managed-identity', '--scope', `${vaultApi}/.default`]
  succeeded(await cli(['config', 'create', '-n', 'vm', ...flags], { world }))
})
afterEach(async () => {
  await served?.close()
  served = undefined
  world.remove()
})

const getToken = (env: Record<string, string>, ...flags: string[]) =>
  cli(['get-token', '-p', 'vm', '--silent', ...flags], { world, env })

it('the metadata service gives a token, which is kept', async () => {
  const inAnHour = Math.floor(Date.now() / 1000) + 3600
  served = await serveStandIn((origin) => imds(origin, 'system', inAnHour))
  const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: served.origin }
  expect(await getToken(env)).toEqual({ stdout: 'imds.system\n', stderr: '', code: 0 })
  expect(await getToken(env)).toEqual({ stdout: 'imds.system\n', stderr: '', code: 0 })
  expect(served.requests).toEqual([`GET ${tokenPath}`])
})

it('Service Fabric gives one to whom it shows the right certificate', async () => {
  const certificate = issueServerCertificate(makeAuthority(), ['a.node'])
  served = await serveStandIn((origin) => serviceFabric(`${origin}${tokenPath}`), certificate)
  const env = {
    IDENTITY_ENDPOINT: `${served.origin}${tokenPath}`,
    IDENTITY_HEADER: 'c0de',
    IDENTITY_SERVER_THUMBPRINT: new X509Certificate(certificate.certificatePem).fingerprint.replaceAll(
      ':',
      '',
    ),
  }
  expect(await getToken(env)).toEqual({ stdout: 'service-fabric.system\n', stderr: '', code: 0 })

  const other = { ...env, IDENTITY_SERVER_THUMBPRINT: 'a'.repeat(40) }
  const { code, stderr } = await getToken(other, '--force')
  expect(code).toBe(5)
  expect(stderr).toContain('has another certificate than the one it is known by')
  expect(served.requests).toHaveLength(1)
})

it('where nobody answers, that is said at once and with the next step', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => {
    closed.listen(0, '127.0.0.1', resolve)
  })
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  const origin = `http://127.0.0.1:${port}`
  expect(await getToken({ AZURE_POD_IDENTITY_AUTHORITY_HOST: origin })).toEqual({
    stdout: '',
    stderr: `error: no managed identity answers at ${origin}: 127.0.0.1:${port} refused the connection
hint: it works only on an Azure machine or service that has one; elsewhere use another credential
`,
    code: 5,
  })
})
