/** Azure's own clients, unmodified, that take our program named `az` for the Azure CLI. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { cli, succeeded } from '../support/cli.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { required } from './program.ts'

const arm = 'https://management.azure.com/.default'
const graph = 'https://graph.microsoft.com/.default'

let world: SandboxWorld
let shim: string

beforeAll(async () => {
  world = await startSandboxWorld()
  shim = join(world.root, 'shim')
  const words = ['config', 'create', 'arm', '--client-id', seedApps.daemonWithSecret, ...world.flags]
  const secret = ['--scope', arm, '--client-secret', '-']
  succeeded(await cli([...words, ...secret], { world, input: seedSecrets.daemonWithSecret }))
  await world.createProfile('person', 'desktop', '--scope', 'https://graph.microsoft.com/User.Read')
  succeeded(await cli(['az-shim', '-p', 'arm', '--install', shim], { world }))
  succeeded(await cli(['az-shim', '-p', 'person', '--install', join(world.root, 'nobody')], { world }))
})
afterAll(() => world?.end())

interface Answer {
  readonly token: string
  readonly minutesLeft: number
}

async function run(program: string, words: readonly string[], folder = shim): Promise<Answer> {
  const env = { ...world.env, PATH: `${folder}:${world.env['PATH']}`, TZ: 'America/St_Johns' }
  const { stdout } = await promisify(execFile)(program, words, {
    env,
    cwd: world.workFolder,
    timeout: 60_000,
  })
  return JSON.parse(stdout) as Answer
}

const client = join(import.meta.dirname, 'az_shim_client.fixture.mjs')

describe('AzureCliCredential of @azure/identity', () => {
  it.each([
    [arm, 'https://management.azure.com'],
    [graph, 'https://graph.microsoft.com'],
  ])('gets a token for %s', async (scope, aud) => {
    const { token, minutesLeft } = await run(process.execPath, [client, scope, contosoId])
    expect(decodeJwt(token)).toMatchObject({ aud, appid: seedApps.daemonWithSecret, tid: contosoId })
    expect(minutesLeft).toBeGreaterThan(10)
  })

  it('is told what to do where somebody must sign in', async () => {
    expect(await run(process.execPath, [client, graph], join(world.root, 'nobody'))).toEqual({
      error: 'CredentialUnavailableError',
      message: expect.stringContaining('somebody must sign in for "person"'),
    })
  })
})

describe("AzureCliCredential of Azure's SDK for Python, as Debian has it", () => {
  const python = join(import.meta.dirname, 'az_shim_client.py')

  it('gets a token, whose end it reads in local time', async () => {
    required('/usr/lib/python3/dist-packages/azure/identity/__init__.py', 'python3-azure')
    const { token, minutesLeft } = await run('/usr/bin/python3', ['-I', python, arm])
    expect(decodeJwt(token)).toMatchObject({ appid: seedApps.daemonWithSecret })
    expect(minutesLeft).toBeGreaterThan(10)
    expect(minutesLeft).toBeLessThan(24 * 60)
  })
})
