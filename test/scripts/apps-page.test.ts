/** docs/apps.md, run from top to bottom as printed: the public cloud's names lead to the sandbox, and a person signs in. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { runSession } from '../support/session.ts'

const page = resolve(import.meta.dirname, '../../docs/apps.md')
const hosts = ['login.microsoftonline.com', 'graph.microsoft.com']

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

describe('docs/apps.md', () => {
  it('tells the truth', async () => {
    const commands = await runSession(page, {
      env: {
        CLIENT_SECRET: seedSecrets.daemonWithSecret,
        ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
        ENTRA_AUTH_CLI_INTERACTIVE: '1',
        BROWSER: `entra-auth-cli sandbox sign-in --user bob@contoso.com --ca-file ${sandbox.caFile}`,
        HTTPS_PROXY: proxy.url,
        NODE_EXTRA_CA_CERTS: sandbox.caFile,
      },
    })
    expect(commands).toBeGreaterThan(10)
    expect(proxy.refused).toEqual([])
  })
})
