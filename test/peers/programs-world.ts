/**
 * A world for programs that call us: a sandbox that knows Azure DevOps and Container Registry, a profile, and servers of
 * Microsoft's names on loopback, which a proxy leads to.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { contosoId, seedApps, seedDirectory, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { issueServerCertificate, makeAuthority } from '../support/certificates.ts'
import { cli, succeeded } from '../support/cli.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { makeWorld, type World } from '../support/session/environment.ts'

export const devOpsAppId = '499b84ac-1321-427f-aa17-267ca6975798'
export const registryApi = 'https://containerregistry.azure.net'

export interface ProgramsWorld extends World {
  readonly sandbox: Sandbox
  /** Trusts the servers below and the sandbox. */
  readonly caFile: string
  readonly proxy: ConnectProxy
  /** Of the server that answers as all the names. */
  readonly port: number
  end(): Promise<void>
}

/**
 * Starts one, with a profile called `ci`.
 * @param names those that the server answers to by https, on port 443 by way of the proxy
 */
export async function startProgramsWorld(
  names: readonly string[],
  answer: RequestListener,
): Promise<ProgramsWorld> {
  const world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
  const folder = join(world.root, 'sandbox')
  mkdirSync(folder)
  const api = { tokenVersion: 1 as const, delegatedPermissions: [], applicationPermissions: [] }
  const sandbox = await startSandbox({
    port: 0,
    folder,
    seed: (context) => {
      const directory = seedDirectory(context)
      const apis = [
        { ...api, appId: devOpsAppId, displayName: 'Azure DevOps', identifierUris: [] },
        {
          ...api,
          appId: '6a0ec4d3-30cb-4a83-91c0-ae56bc0e3d26',
          displayName: 'Azure Container Registry',
          identifierUris: [registryApi],
        },
      ]
      return { ...directory, apis: [...directory.apis, ...apis] }
    },
  })
  const authority = makeAuthority()
  const { certificatePem: cert, privateKeyPem: key } = issueServerCertificate(authority, [
    ...names,
    'localhost',
  ])
  const server = createServer({ cert, key }, answer)
  const port = await listening(server)
  const proxy = await startConnectProxy({
    route: Object.fromEntries(names.map((name) => [`${name}:443`, { host: '127.0.0.1', port }])),
  })
  const caFile = join(world.root, 'servers.pem')
  writeFileSync(caFile, authority.certificatePem)
  const words = ['config', 'create', 'ci', '--tenant-id', contosoId, '--authority', sandbox.origin]
  const app = ['--client-id', seedApps.daemonWithSecret, '--client-secret', '-', '--ca-file', sandbox.caFile]
  const scope = ['--scope', 'https://management.azure.com/.default']
  succeeded(await cli([...words, ...app, ...scope], { world, input: seedSecrets.daemonWithSecret }))
  return {
    ...world,
    sandbox,
    caFile,
    proxy,
    port,
    end: async () => {
      await proxy.close()
      server.closeAllConnections()
      server.close()
      await sandbox.close()
      world.remove()
    },
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
