import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedPassword, seedSecrets } from '../../sandbox/seed.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { succeeded } from '../support/cli.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { walk } from '../support/form-browser.ts'
import { required } from './program.ts'
import { azureCliAppId, microsoftHosts, startPeerSandbox, tokenRequests } from './sandbox.ts'

let az: string
let sandbox: Sandbox
let proxy: ConnectProxy
let home: string
let running: ChildProcess | undefined

beforeAll(async () => {
  az = required('/usr/bin/az', 'azure-cli')
  sandbox = await startPeerSandbox()
})
afterAll(() => sandbox?.close())
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'az-'))
  const target = { host: '127.0.0.1', port: sandbox.port }
  proxy = await startConnectProxy({
    route: Object.fromEntries(microsoftHosts.map((name) => [`${name}:443`, target])),
  })
})
afterEach(async () => {
  running?.kill()
  await proxy?.close()
  rmSync(home, { recursive: true, force: true })
})

interface Finished {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

/** Runs az as it comes from Debian: the public cloud, through the proxy, trusting the sandbox's authority. */
function runAz(words: readonly string[], onStderr: (text: string) => void = () => {}): Promise<Finished> {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    AZURE_CONFIG_DIR: join(home, 'azure'),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    HTTPS_PROXY: proxy.url,
    REQUESTS_CA_BUNDLE: sandbox.caFile,
  }
  return new Promise((resolve, reject) => {
    const child = spawn(az, words, { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
    running = child
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text
      onStderr(printed.stderr)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...printed, code }))
  })
}

/** The JSON az printed; what it said on stderr is the message where it failed. */
async function azJson(words: readonly string[]): Promise<unknown> {
  const { stdout } = succeeded(await runAz([...words, '--output', 'json']))
  return JSON.parse(stdout)
}

async function accessToken(...words: string[]): Promise<string> {
  const answer = (await azJson(['account', 'get-access-token', ...words])) as { accessToken: string }
  return answer.accessToken
}

/** After signing in az looks whether it is online, to tell of a newer version. It does without the answer. */
const onlineCheck = 'azure.microsoft.com:443'

/** Asks for the same token twice, and tells what it is for and what the second time cost. */
async function askTwice() {
  const first = await accessToken()
  const before = tokenRequests(sandbox)
  const second = await accessToken()
  return {
    claims: decodeJwt(first),
    isSame: second === first,
    requestsForTheSecond: tokenRequests(sandbox) - before,
    refusedHosts: proxy.refused.filter((name) => name !== onlineCheck),
  }
}

/** What that must be: az finds its token in its own cache, and talks to nobody but Microsoft's hosts. */
const cachedToken = (claims: object) => ({
  claims: { aud: 'https://management.core.windows.net/', tid: contosoId, ...claims },
  isSame: true,
  requestsForTheSecond: 0,
  refusedHosts: [],
})

const servicePrincipal = (appId: string, proof: string) =>
  ['login', '--service-principal', '--username', appId, '--password', proof, '--tenant', contosoId] as const

describe('azure-cli against the sandbox', () => {
  it('signs in a service principal with a secret, and finds its token in its cache', async () => {
    const subscriptions = await azJson(
      servicePrincipal(seedApps.daemonWithSecret, seedSecrets.daemonWithSecret),
    )
    expect(subscriptions).toMatchObject([{ tenantId: contosoId }, { tenantId: contosoId }])
    expect(await askTwice()).toMatchObject(cachedToken({ appid: seedApps.daemonWithSecret }))
  })

  it('signs in a service principal with a certificate', async () => {
    const { certFile, keyFile } = sandbox.clientCertificate
    const pem = join(home, 'client.pem')
    writeFileSync(pem, readFileSync(keyFile, 'utf8') + readFileSync(certFile, 'utf8'), { mode: 0o600 })
    await azJson(servicePrincipal(seedApps.daemonWithCertificate, pem))
    expect(await askTwice()).toMatchObject(cachedToken({ appid: seedApps.daemonWithCertificate }))
  })

  it('is refused with a wrong secret, in Entra’s words', async () => {
    const { code, stderr } = await runAz(servicePrincipal(seedApps.daemonWithSecret, 'not the secret'))
    expect(code).toBe(1)
    expect(stderr).toContain('AADSTS7000215')
  })

  it('signs a person in with a device code', async () => {
    let signIn: Promise<unknown> | undefined
    const login = await runAz(['login', '--use-device-code', '--output', 'json'], (text) => {
      const [, url, userCode] = /open the page (\S+) and enter the code (\S+) to/.exec(text) ?? []
      if (!url || !userCode || signIn) return
      signIn = signInAt(url, userCode)
      // az would wait a quarter of an hour for somebody who will not come.
      signIn.catch(() => running?.kill())
    })
    await signIn
    expect(JSON.parse(succeeded(login).stdout)).toMatchObject([
      { tenantId: contosoId, user: { name: 'bob@contoso.com' } },
      { tenantId: contosoId },
    ])
    expect(await askTwice()).toMatchObject(cachedToken({ appid: azureCliAppId, upn: 'bob@contoso.com' }))
  })
})

function signInAt(url: string, userCode: string) {
  const target = { host: '127.0.0.1', port: sandbox.port }
  return walk(url, {
    ca: readFileSync(sandbox.caFile, 'utf8'),
    answers: { user_code: userCode, username: 'bob@contoso.com', password: seedPassword, consent: 'accept' },
    connectTo: Object.fromEntries(microsoftHosts.map((name) => [name, target])),
  })
}
