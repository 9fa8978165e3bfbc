// Other programs that print a token they hold, each set up so that it does so against the sandbox or from what its
// sign-in leaves behind. None of them leaves this machine.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { bundle } from '../bundle.mjs'
import { clientOf } from './sandbox-client.mjs'
import { fetchM365 } from './m365.mjs'
import { installed, written } from './world.mjs'

const programs = join(import.meta.dirname, 'programs')

/** A year, so that the token of a connection file does not end. */
const farMilliseconds = 365 * 86_400_000

/**
 * By the name that tables use, what makes `{ argv, env, note }` ready to be measured; `undefined` stands for a program
 * that is not here, and the name of its package says what to install.
 */
export const peers = {
  '`gh auth token`': { package: 'gh', setUp: gh },
  '`oidc-token`': { package: 'oidc-agent-cli', setUp: oidcAgent },
  '`secret-tool lookup`': { package: 'libsecret-tools and gnome-keyring', setUp: secretTool },
  '`az account get-access-token`': { package: 'azure-cli', setUp: azureCli },
  '`m365 util accesstoken get`': { package: '@pnp/cli-microsoft365 of npm', setUp: m365 },
  'a script with MSAL for Node': { package: '@azure/msal-node of npm', setUp: msalNode },
  'a script with MSAL Python': { package: 'python3-msal', setUp: msalPython },
}

function gh(world) {
  const program = installed('gh')
  if (!program) return undefined
  const config = join(world.folder, 'gh')
  mkdirSync(config)
  const host =
    '    oauth_token: gho_aTokenThatOpensNothingAtAll000000000000\n    user: bob\n    git_protocol: https\n'
  written(join(config, 'hosts.yml'), `github.com:\n${host}`)
  const env = { PATH: process.env.PATH, HOME: config, GH_CONFIG_DIR: config, GH_NO_UPDATE_NOTIFIER: '1' }
  return { argv: [program, 'auth', 'token'], env }
}

/** The agent is given the refresh token of somebody who signed in, and then holds an access token in memory. */
async function oidcAgent(world) {
  const [program, agent, generator] = ['oidc-token', 'oidc-agent', 'oidc-gen'].map(installed)
  if (!program || !agent || !generator) return undefined
  const machine = await world.machine()
  const { authority, caFile } = clientOf(machine)
  const { secret, client_id: clientId } = await refreshTokenOf(machine, 'alice')
  const env = { ...machine.env, OIDC_REFRESH_TOKEN: secret, OIDC_ENCRYPTION_PW: 'pw' }
  const said = execFileSync(agent, { env, encoding: 'utf8' })
  for (const [, name, value] of said.matchAll(/^(OIDC\w+)=([^;]+)/gm)) env[name] = value
  world.atEnd(() => process.kill(Number(env.OIDCD_PID)))
  const app = ['--manual', '--client-id', clientId, '--client-secret=', '--issuer', `${authority}/v2.0`]
  const how = [
    '--redirect-uri',
    'http://localhost:4242',
    '--scope',
    'openid offline_access User.Read',
    '--cp',
    caFile,
  ]
  const unattended = ['--rt-env', '--pw-env', '--prompt=none', '--confirm-yes', '--no-url-call']
  execFileSync(generator, ['sandbox', ...app, ...how, ...unattended], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 30_000,
  })
  return { argv: [program, 'sandbox'], env, note: 'asks an agent that holds the token in memory' }
}

async function refreshTokenOf({ env }, profile) {
  const { createHost, silentVoice, TokenCache } = await import('../../build/doors.js')
  const host = createHost(Object.assign(Object.create(process), { env }))
  const { msal } = await new TokenCache(profile, host, silentVoice).read()
  return Object.values(msal.RefreshToken ?? {})[0]
}

async function secretTool(world) {
  const program = installed('secret-tool')
  const machine = program && (await world.machine('keychain'))
  if (!machine) return undefined
  const { env } = machine
  const attributes = ['service', 'bench', 'account', 'job']
  execFileSync(program, ['store', '--label=bench', ...attributes], { env, input: await world.token() })
  return {
    argv: [program, 'lookup', ...attributes],
    env,
    note: 'one secret out of the keychain, nothing else',
  }
}

/** The public cloud as it knows it, through a proxy that leads Microsoft's names to a sandbox. */
async function azureCli(world) {
  const program = installed('az')
  if (!program) return undefined
  const input = {
    'peer-sandbox': 'test/peers/sandbox.ts',
    'peer-proxy': 'test/support/connect-proxy.ts',
    'peer-seed': 'sandbox/seed.ts',
  }
  await bundle({ input, folder: 'build', format: 'es' })
  const { microsoftHosts, startPeerSandbox } = await import('../../build/peer-sandbox.js')
  const { startConnectProxy } = await import('../../build/peer-proxy.js')
  const { contosoId, seedApps, seedSecrets } = await import('../../build/peer-seed.js')
  const sandbox = await startPeerSandbox()
  world.atEnd(() => sandbox.close())
  const target = { host: '127.0.0.1', port: sandbox.port }
  const proxy = await startConnectProxy({
    route: Object.fromEntries(microsoftHosts.map((name) => [`${name}:443`, target])),
  })
  world.atEnd(() => proxy.close())
  const home = join(world.folder, 'az')
  mkdirSync(home)
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    AZURE_CONFIG_DIR: join(home, 'azure'),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    HTTPS_PROXY: proxy.url,
    REQUESTS_CA_BUNDLE: sandbox.caFile,
  }
  const app = ['--username', seedApps.daemonWithSecret, '--password', seedSecrets.daemonWithSecret]
  const login = spawn(program, ['login', '--service-principal', ...app, '--tenant', contosoId], {
    env,
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(login, 'close')
  if (code !== 0) throw new Error(`az login ended with ${code}`)
  return { argv: [program, 'account', 'get-access-token', '--output', 'tsv', '--query', 'accessToken'], env }
}

/** Signed in by the files that its sign-in writes; it then prints the token that lies there. */
async function m365(world) {
  const program = fetchM365()
  if (!program) return undefined
  const home = join(world.folder, 'm365')
  mkdirSync(home)
  const expiresOn = new Date(Date.now() + farMilliseconds).toISOString()
  const accessToken = (await world.token()).trim()
  const connection = {
    active: true,
    name: 'job',
    // By a secret, in the public cloud: the numbers of its AuthType and CloudType.
    authType: 7,
    cloudType: 0,
    certificateType: 0,
    accessTokens: { 'https://graph.microsoft.com': { expiresOn, accessToken } },
  }
  written(join(home, '.cli-m365-connection.json'), JSON.stringify(connection))
  const env = { PATH: process.env.PATH, HOME: home, TMPDIR: home, NO_UPDATE_NOTIFIER: '1' }
  const start = [process.execPath, program]
  execFileSync(start[0], [program, 'cli', 'config', 'set', '--key', 'disableTelemetry', '--value', 'true'], {
    env,
  })
  return { argv: [...start, 'util', 'accesstoken', 'get', '--resource', 'graph', '--output', 'text'], env }
}

async function msalNode(world) {
  if (!existsSync(resolve('node_modules', '@azure', 'msal-node'))) return undefined
  const env = await msalEnvironment(world, 'msal-node.json')
  return {
    argv: [process.execPath, join(programs, 'msal-node.cjs')],
    env: { ...env, NODE_EXTRA_CA_CERTS: env.CA_FILE },
    note: 'with its cache in a file; it asks the authority where it is each time',
  }
}

async function msalPython(world) {
  const python = '/usr/bin/python3'
  if (!existsSync('/usr/lib/python3/dist-packages/msal')) return undefined
  return {
    argv: [python, '-I', join(programs, 'msal_python.py')],
    env: await msalEnvironment(world, 'msal-python.json'),
    note: 'with its cache in a file; it asks the authority where it is each time',
  }
}

async function msalEnvironment(world, cacheFile) {
  const machine = await world.machine()
  const { authority, clientId, clientSecret, caFile } = clientOf(machine)
  return {
    PATH: process.env.PATH,
    HOME: machine.home,
    AUTHORITY: authority,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    CA_FILE: caFile,
    CACHE_FILE: join(world.folder, cacheFile),
  }
}
