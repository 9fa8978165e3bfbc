/** docs/serve.md, run as printed: an app of the public cloud, with a proxy that leads Microsoft's names to the sandbox. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { runSession } from '../support/session.ts'

const repository = resolve(import.meta.dirname, '../..')
const page = join(repository, 'docs/serve.md')
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

describe('docs/serve.md', () => {
  it('tells the truth', async () => {
    const profile = {
      name: 'ci',
      tenantId: contosoId,
      clientId: seedApps.daemonWithSecret,
      authMethod: 'ClientSecret',
      scopes: ['https://graph.microsoft.com/.default'],
    }
    const ran = await runSession(page, {
      env: {
        AZURE_CLIENT_SECRET: seedSecrets.daemonWithSecret,
        ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
        HTTPS_PROXY: proxy.url,
        NODE_EXTRA_CA_CERTS: sandbox.caFile,
      },
      prepare: ({ home, workFolder }) => {
        const config = join(home, '.config/entra-auth-cli')
        mkdirSync(config, { recursive: true, mode: 0o700 })
        writeFileSync(join(config, 'profiles.json'), JSON.stringify([profile]), { mode: 0o600 })
        symlinkSync(join(repository, 'node_modules'), join(workFolder, 'node_modules'))
      },
    })
    expect(ran).toBeGreaterThan(10)
    // Microsoft's sign-in is all that goes through the proxy.
    expect(proxy.refused).toEqual([])
  })

  it('shows no other command but those that need Docker', () => {
    const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    const lines = blocks.flatMap(([, block = '']) => block.trimEnd().split('\n'))
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'entra-auth-cli serve',
      'docker run',
    ])
  })
})
