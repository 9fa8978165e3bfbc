/**
 * docs/other-programs.md, run as printed: an app of the public cloud, a registry, and a proxy that leads Microsoft's
 * names to them.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { contosoId, seedApps, seedDirectory, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { issueServerCertificate, makeAuthority } from '../support/certificates.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { runSession } from '../support/session.ts'
import { fencedBlocks } from '../support/session/parse.ts'

const page = resolve(import.meta.dirname, '../../docs/other-programs.md')
const hosts = ['login.microsoftonline.com', 'graph.microsoft.com', 'management.azure.com']
const registry = 'contoso.azurecr.io'

let folder: string
let sandbox: Sandbox
let registryServer: Server
let proxy: ConnectProxy
let caFile: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const api = { tokenVersion: 1 as const, delegatedPermissions: [], applicationPermissions: [] }
  const devOps = '499b84ac-1321-427f-aa17-267ca6975798'
  const containers = '6a0ec4d3-30cb-4a83-91c0-ae56bc0e3d26'
  sandbox = await startSandbox({
    folder,
    port: 0,
    hostNames: hosts,
    seed: (context) => {
      const directory = seedDirectory(context)
      const apis = [
        { ...api, appId: devOps, displayName: 'Azure DevOps', identifierUris: [] },
        {
          ...api,
          appId: containers,
          displayName: 'Azure Container Registry',
          identifierUris: ['https://containerregistry.azure.net'],
        },
      ]
      return { ...directory, apis: [...directory.apis, ...apis] }
    },
  })
  const authority = makeAuthority()
  const { certificatePem: cert, privateKeyPem: key } = issueServerCertificate(authority, [registry])
  registryServer = createServer({ cert, key }, (_request, response) => {
    response.end(JSON.stringify({ refresh_token: 'a.refresh.token' }))
  })
  await new Promise<void>((done) => {
    registryServer.listen(0, '127.0.0.1', done)
  })
  const here = { host: '127.0.0.1', port: sandbox.port }
  const there = { host: '127.0.0.1', port: (registryServer.address() as AddressInfo).port }
  proxy = await startConnectProxy({
    route: { ...Object.fromEntries(hosts.map((host) => [`${host}:443`, here])), [`${registry}:443`]: there },
  })
  caFile = join(folder, 'both.pem')
  writeFileSync(caFile, `${readFileSync(sandbox.caFile, 'utf8')}\n${authority.certificatePem}`)
})
afterAll(async () => {
  await proxy?.close()
  registryServer?.close()
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('docs/other-programs.md', () => {
  it('tells the truth, and asks nobody else', async () => {
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
        NODE_EXTRA_CA_CERTS: caFile,
        CURL_CA_BUNDLE: caFile,
      },
      prepare: ({ home }) => {
        const config = join(home, '.config/entra-auth-cli')
        mkdirSync(config, { recursive: true, mode: 0o700 })
        writeFileSync(join(config, 'profiles.json'), JSON.stringify([profile]), { mode: 0o600 })
      },
    })
    expect(ran).toBeGreaterThan(15)
    expect(proxy.refused).toEqual([])
  })

  it('shows configuration that can be read as what it is', () => {
    const blocks = fencedBlocks(readFileSync(page, 'utf8'))
    const textOf = (language: string) =>
      blocks.find((block) => block.language === language)?.lines.join('\n') ?? ''
    expect(parse(textOf('yaml'))).toMatchObject({
      users: [
        {
          user: {
            exec: { command: 'entra-auth-cli', args: ['get-token', '-p', 'aks', '-o', 'exec-credential'] },
          },
        },
      ],
    })
    expect(JSON.parse(textOf('json'))).toEqual({ credHelpers: { [registry]: 'entra-auth-cli' } })
  })
})
