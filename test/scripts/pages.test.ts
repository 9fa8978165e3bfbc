/**
 * The pages on signing in, credentials and the network, run from top to bottom as printed: profiles of the public cloud,
 * with a proxy that leads Microsoft's names to the sandbox, a person who signs in when a browser opens, and stand-ins for
 * the places where jobs and machines get their proof.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { contosoId, gitHubJob, pipelinesConnection, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import {
  startAzurePipelines,
  startGitHubActions,
  type CiTokenEndpoint,
} from '../support/ci-token-endpoints.ts'
import { pty, succeeded, cli } from '../support/cli.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { serveStandIn, type ServedStandIn } from '../support/managed-identity/serve.ts'
import { imds } from '../support/managed-identity/stand-ins.ts'
import { runBlock, runSession } from '../support/session.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { difference, matches } from '../support/session/match.ts'
import { fencedBlocks } from '../support/session/parse.ts'

const page = (name: string) => resolve(import.meta.dirname, '../../docs', name)
const blocksOf = (name: string, language: string) =>
  fencedBlocks(readFileSync(page(name), 'utf8')).filter((block) => block.language === language)

const hosts = ['login.microsoftonline.com', 'graph.microsoft.com']
/** The service connection that docs/credentials.md names. */
const serviceConnectionId = '5e27ace0-0000-4000-a000-000000000001'

let folder: string
let sandbox: Sandbox
let proxy: ConnectProxy
let metadataService: ServedStandIn
let gitHub: CiTokenEndpoint
let pipelines: CiTokenEndpoint

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startSandbox({ folder, port: 0, hostNames: hosts })
  const here = { host: '127.0.0.1', port: sandbox.port }
  proxy = await startConnectProxy({ route: Object.fromEntries(hosts.map((host) => [`${host}:443`, here])) })
  const tomorrow = Math.floor(Date.now() / 1000) + 24 * 3600
  metadataService = await serveStandIn((origin) => imds(origin, 'system', tomorrow))
  const { control } = sandbox
  gitHub = await startGitHubActions((audience) => control.mintAssertion({ ...gitHubJob, audience }))
  pipelines = await startAzurePipelines(
    (audience) => control.mintAssertion({ ...pipelinesConnection, audience }),
    serviceConnectionId,
  )
  writeFileSync(join(folder, 'azure-identity-token'), await control.mintAssertion({}))
})
afterAll(async () => {
  await pipelines?.close()
  await gitHub?.close()
  await metadataService?.close()
  await proxy?.close()
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

function environment(): Record<string, string> {
  const { certFile, keyFile } = sandbox.clientCertificate
  return {
    ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: sandbox.caFile,
    ENTRA_AUTH_CLI_INTERACTIVE: '1',
    BROWSER: 'browser',
    CLIENT_SECRET: seedSecrets.daemonWithSecret,
    PORTAL_SECRET: seedSecrets.web,
    API_SECRET: seedSecrets.contosoApi,
    CERTIFICATE: Buffer.concat([readFileSync(certFile), readFileSync(keyFile)]).toString('base64'),
    AZURE_POD_IDENTITY_AUTHORITY_HOST: metadataService.origin,
    AZURE_TENANT_ID: contosoId,
    AZURE_CLIENT_ID: seedApps.federated,
    AZURE_FEDERATED_TOKEN_FILE: join(folder, 'azure-identity-token'),
  }
}

/** What the pages take for granted: a browser with somebody at it, a password manager, and a certificate. */
function furnish({ root, workFolder }: World): void {
  const program = (name: string, text: string) =>
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  // Signs in whoever is hinted at; Alice, who is at the browser already, where it is she or Zoe.
  const signIn = `exec entra-auth-cli sandbox sign-in --ca-file '${sandbox.caFile}'`
  program(
    'browser',
    `case "$1" in *login_hint=bob*) ${signIn} --user bob@contoso.com "$1";; *) ${signIn} "$1";; esac`,
  )
  program('op', `[ "$*" = 'read op://ci/entra/secret' ] && echo '${seedSecrets.daemonWithSecret}'`)
  const { certFile, keyFile } = sandbox.clientCertificate
  copyFileSync(certFile, join(workFolder, 'ci.pem'))
  copyFileSync(keyFile, join(workFolder, 'ci.key'))
  writeFileSync(join(workFolder, 'password.txt'), 'correct horse\n')
  const words = ['-in', certFile, '-inkey', keyFile, '-out', join(workFolder, 'ci.pfx')]
  execFileSync('openssl', ['pkcs12', '-export', ...words, '-passout', 'pass:correct horse'])
}

describe('the page tells the truth', () => {
  it.each([
    ['signing-in.md', 12],
    ['credentials.md', 20],
    ['network.md', 10],
  ])('docs/%s', { timeout: 90_000 }, async (name, commands) => {
    const ran = await runSession(page(name), { env: environment(), prepare: furnish })
    expect(ran).toBeGreaterThanOrEqual(commands)
    expect(proxy.refused).toEqual([])
  })
})

describe('what no session can show', () => {
  it('docs/signing-in.md: the screen of an SSH session', async () => {
    const [block, ...others] = blocksOf('signing-in.md', 'text')
    expect(others).toEqual([])
    const [command, ...screen] = block?.lines ?? []
    const words = command?.replace('$ entra-auth-cli ', '').split(' ') ?? []
    await inWorld(async (world) => {
      const flags = ['--tenant-id', 'contoso.onmicrosoft.com', '--client-id', seedApps.desktop]
      succeeded(await cli(['config', 'create', '-n', 'work', '--scope', 'User.Read', ...flags], { world }))
      const { terminal, code } = await pty(words, {
        world,
        env: { SSH_CONNECTION: '198.51.100.7 50022 192.0.2.10 22', USER: 'bob', BROWSER: '', NO_COLOR: '1' },
        answers: [{ when: /device code\): $/, send: '\u0003' }],
      })
      expect(code).toBe(130)
      const [, shown = ''] = /\.\.\.\r\n([\s\S]*?device code\):) /.exec(terminal) ?? []
      const lines = shown.replaceAll(/\r\n/g, '\n').replace('\r\u001b[K', '')
      expect(matches(screen, `${lines}\n`), difference(screen, `${lines}\n`).join('\n')).toBe(true)
    })
  })

  it('docs/credentials.md: the job of GitHub Actions', async () => {
    const job = parse(yamlBlock(0)) as { permissions: object; steps: { run: string }[] }
    expect(job.permissions).toEqual({ 'id-token': 'write' })
    await runJob(
      job.steps.map(({ run }) => run),
      gitHub.env,
    )
  })

  it('docs/credentials.md: the job of Azure Pipelines', async () => {
    const job = parse(yamlBlock(1)) as { steps: { script: string; env: object }[] }
    expect(job.steps.map(({ env }) => env)).toEqual([{ SYSTEM_ACCESSTOKEN: '$(System.AccessToken)' }])
    await runJob(
      job.steps.map(({ script }) => script),
      pipelines.env,
    )
  })
})

const yamlBlock = (index: number) => blocksOf('credentials.md', 'yaml')[index]?.lines.join('\n') ?? ''

/** Runs the scripts of a job's steps and expects a token in the file that they name. */
async function runJob(scripts: readonly string[], job: Readonly<Record<string, string>>): Promise<void> {
  await inWorld(async ({ env, workFolder }) => {
    for (const script of scripts) {
      const result = await runBlock(
        { script, line: 0 },
        { cwd: workFolder, env: { ...env, CI: '1', ...job } },
      )
      expect(result, script).toMatchObject({ exitCode: 0, stdout: '' })
    }
    expect(readFileSync(join(workFolder, 'token.jwt'), 'utf8')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n?$/)
  })
}

async function inWorld(use: (world: World) => Promise<void>): Promise<void> {
  const world = makeWorld(environment())
  try {
    furnish(world)
    await use(world)
  } finally {
    world.remove()
  }
}
