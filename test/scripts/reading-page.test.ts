/** docs/reading-tokens.md, run as printed: an app of the public cloud, which a proxy leads to the sandbox. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { runSession } from '../support/session.ts'

const host = 'login.microsoftonline.com'

let folder: string
let sandbox: Sandbox
let proxy: ConnectProxy

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startSandbox({ folder, port: 0, hostNames: [host] })
  proxy = await startConnectProxy({ route: { [`${host}:443`]: { host: '127.0.0.1', port: sandbox.port } } })
})
afterAll(async () => {
  await proxy?.close()
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('docs/reading-tokens.md tells the truth', async () => {
  const profile = {
    name: 'ci',
    tenantId: contosoId,
    clientId: seedApps.daemonWithSecret,
    authMethod: 'ClientSecret',
    scopes: ['api://contoso-api/.default'],
  }
  const ran = await runSession(resolve(import.meta.dirname, '../../docs/reading-tokens.md'), {
    env: {
      TZ: 'UTC',
      AZURE_CLIENT_SECRET: seedSecrets.daemonWithSecret,
      ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: sandbox.caFile,
    },
    prepare: ({ home }) => {
      const config = join(home, '.config/entra-auth-cli')
      mkdirSync(config, { recursive: true, mode: 0o700 })
      writeFileSync(join(config, 'profiles.json'), JSON.stringify([profile]), { mode: 0o600 })
    },
  })
  expect(ran).toBeGreaterThan(10)
  expect(proxy.refused).toEqual([])
})
