/**
 * README.md, run from top to bottom as printed: a profile of the public cloud, with a proxy that leads Microsoft's names
 * to the sandbox, and a person who signs in when a browser opens.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { runSession } from '../support/session.ts'

const readme = resolve(import.meta.dirname, '../../README.md')
const hosts = ['login.microsoftonline.com', 'graph.microsoft.com']

/** The blocks that no session can run within itself, and what runs them. */
const runElsewhere: Readonly<Record<string, string>> = {
  'npm ci && npm run demo': '.ci/run',
  'npm ci && npm test': '.ci/run',
  'npm install --global entra-auth-cli': 'test/package, from the packed tarball',
}

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

describe('README.md', () => {
  it('tells the truth', async () => {
    const commands = await runSession(readme, {
      env: {
        CLIENT_SECRET: seedSecrets.daemonWithSecret,
        ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
        ENTRA_AUTH_CLI_INTERACTIVE: '1',
        BROWSER: `entra-auth-cli sandbox sign-in --ca-file ${sandbox.caFile}`,
        HTTPS_PROXY: proxy.url,
        NODE_EXTRA_CA_CERTS: sandbox.caFile,
        CURL_CA_BUNDLE: sandbox.caFile,
      },
    })
    expect(commands).toBeGreaterThan(20)
    expect(proxy.refused).toEqual([])
  })

  it('shows no other command that nothing runs', () => {
    const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    expect(blocks.map(([, command]) => command?.trim()).toSorted()).toEqual(
      Object.keys(runElsewhere).toSorted(),
    )
  })
})
