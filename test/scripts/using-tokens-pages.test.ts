/**
 * docs/exec.md and docs/calling-apis.md, run as printed: an app of the public cloud, with a proxy that leads Microsoft's
 * names to the sandbox.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { runSession } from '../support/session.ts'

const hosts = ['login.microsoftonline.com', 'graph.microsoft.com', 'management.azure.com']

let folder: string
let sandbox: Sandbox
let proxy: ConnectProxy

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startSandbox({ folder, port: 0, hostNames: hosts })
  const here = { host: '127.0.0.1', port: sandbox.port }
  proxy = await startConnectProxy({ route: Object.fromEntries(hosts.map((host) => [`${host}:443`, here])) })
})
afterAll(async () => {
  await proxy?.close()
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each<[string, readonly string[]]>([
  ['exec.md', []],
  ['calling-apis.md', ['api.contoso.example:443']],
])('docs/%s tells the truth, and asks nobody else', async (page, refused) => {
  const profile = {
    name: 'ci',
    tenantId: contosoId,
    clientId: seedApps.daemonWithSecret,
    authMethod: 'ClientSecret',
    scopes: ['https://graph.microsoft.com/.default'],
  }
  const before = proxy.refused.length
  const ran = await runSession(resolve(import.meta.dirname, '../../docs', page), {
    env: {
      AZURE_CLIENT_SECRET: seedSecrets.daemonWithSecret,
      ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: sandbox.caFile,
      CURL_CA_BUNDLE: sandbox.caFile,
    },
    prepare: ({ home }) => {
      const config = join(home, '.config/entra-auth-cli')
      mkdirSync(config, { recursive: true, mode: 0o700 })
      writeFileSync(join(config, 'profiles.json'), JSON.stringify([profile]), { mode: 0o600 })
    },
  })
  expect(ran).toBeGreaterThan(5)
  expect([...new Set(proxy.refused.slice(before))]).toEqual(refused)
})
