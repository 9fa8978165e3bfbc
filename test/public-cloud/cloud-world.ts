/** A machine behind a proxy, on which Microsoft's names lead to the sandbox and nobody else can be reached. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Directory } from '../../sandbox/directory.ts'
import { contosoId, seedApps, seedDirectory, type SeedContext } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { cli, type CliResult } from '../support/cli.ts'
import { startConnectProxy, type ConnectProxy, type ConnectProxyOptions } from '../support/connect-proxy.ts'
import { makeWorld, type World } from '../support/session/environment.ts'

/** A cloud of Microsoft's, as a profile names it. */
export interface CloudUnderTest {
  readonly name: string
  /** The flags of `config create`; none for the public cloud. */
  readonly flags: readonly string[]
  readonly loginHost: string
  readonly graphHost: string
}

/** @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
export const clouds: readonly CloudUnderTest[] = [
  {
    name: 'public',
    flags: [],
    loginHost: 'login.microsoftonline.com',
    graphHost: 'graph.microsoft.com',
  },
  {
    name: 'usgov',
    flags: ['--cloud', 'usgov'],
    loginHost: 'login.microsoftonline.us',
    graphHost: 'graph.microsoft.us',
  },
  {
    name: 'china',
    flags: ['--cloud', 'china'],
    loginHost: 'login.partner.microsoftonline.cn',
    graphHost: 'microsoftgraph.chinacloudapi.cn',
  },
]

const hostNames = clouds.flatMap(({ loginHost, graphHost }) => [loginHost, graphHost])

export interface CloudSandbox extends Sandbox {
  /** Opens the way to it under Microsoft's names; other names are refused and noted. */
  startProxy(more?: Pick<ConnectProxyOptions, 'requireAuthorization'>): Promise<ConnectProxy>
}

/** Starts a sandbox that answers for all three clouds; closing it removes its folder too. */
export async function startCloudSandbox(): Promise<CloudSandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const sandbox = await startSandbox({ folder, port: 0, hostNames, seed: directoryOfAllClouds })
  const target = { host: '127.0.0.1', port: sandbox.port }
  return {
    ...sandbox,
    startProxy: (more) =>
      startConnectProxy({
        ...more,
        route: Object.fromEntries(hostNames.map((name) => [`${name}:443`, target])),
      }),
    close: async () => {
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The seed, with the names Microsoft Graph has in the other clouds. */
function directoryOfAllClouds(context: SeedContext): Directory {
  const directory = seedDirectory(context)
  const identifierUris = clouds.flatMap(({ graphHost }) => [`https://${graphHost}`, `https://${graphHost}/`])
  const apis = directory.apis.map((api) =>
    api.displayName === 'Microsoft Graph' ? { ...api, identifierUris } : api,
  )
  return { ...directory, apis }
}

export interface CloudWorld extends World {
  /** Makes a profile of a seeded app, with nothing about where Entra is but the cloud's name. */
  createProfile(app: keyof typeof seedApps, flags: readonly string[], input?: string): Promise<void>
  /** Runs the program; its profile is the one made here. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>
  /** Every connection its programs opened so far, as `host:port`: those to the proxy too, and those that were refused. */
  connections(): readonly string[]
}

/** Makes one. `env` says where the proxy and the certificate authority are. */
export function makeCloudWorld(env: Readonly<Record<string, string>>): CloudWorld {
  const bare = makeWorld()
  const file = join(bare.root, 'connections')
  writeFileSync(file, '')
  const world = {
    ...bare,
    env: {
      ...bare.env,
      ENTRA_AUTH_CLI_KEY: '5a'.repeat(32),
      ENTRA_AUTH_CLI_INTERACTIVE: '1',
      ENTRA_AUTH_CLI_PROFILE: 'cloud',
      NODE_OPTIONS: `--import=${import.meta.resolve('./direct-connections.fixture.mjs')}`,
      CONNECTIONS_FILE: file,
      ...env,
    },
  }
  return {
    ...world,
    createProfile: async (app, flags, input) => {
      const ids = ['--tenant-id', contosoId, '--client-id', seedApps[app]]
      const { code, stderr } = await cli(['config', 'create', '-n', 'cloud', ...ids, ...flags], {
        world,
        input,
      })
      if (code !== 0) throw new Error(`no profile: ${stderr}`)
    },
    run: (args, more) => cli(args, { world, env: more }),
    connections: () => readFileSync(file, 'utf8').split('\n').filter(Boolean),
  }
}
