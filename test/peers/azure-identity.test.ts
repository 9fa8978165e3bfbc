/** Azure's own clients, unmodified, with `serve` in the place of the machine in Azure that they think they are on. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { cli, succeeded } from '../support/cli.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { required } from './program.ts'
import { tokenRequests } from './sandbox.ts'

const graph = 'https://graph.microsoft.com/.default'
const arm = 'https://management.azure.com/.default'
const vault = 'https://vault.azure.net/.default'

let world: SandboxWorld

beforeAll(async () => {
  world = await startSandboxWorld()
  const secret = join(world.root, 'secret')
  writeFileSync(secret, seedSecrets.daemonWithSecret, { mode: 0o600 })
  const proof = ['--client-secret-file', secret]
  await world.createProfile('graph', 'daemonWithSecret', '--scope', graph, ...proof)
  await world.createProfile('arm', 'daemonWithSecret', '--scope', arm, ...proof)
  await world.createProfile('bob', 'desktop', '--scope', 'https://graph.microsoft.com/User.Read')
})
afterAll(() => world?.end())

/** Runs a program under `serve`. @returns what it printed, as JSON */
async function served(
  flags: readonly string[],
  program: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const trusting = { NODE_EXTRA_CA_CERTS: world.sandbox.caFile, REQUESTS_CA_BUNDLE: world.sandbox.caFile }
  const options = { world, env: { ...trusting, ...env }, timeoutSeconds: 60 }
  const { stdout } = succeeded(await cli(['serve', ...flags, '--', ...program], options))
  return JSON.parse(stdout)
}

const client = join(import.meta.dirname, 'azure_identity_client.fixture.mjs')

interface Called {
  readonly token: string
  readonly minutesLeft: number
  readonly status: number
  readonly body: { readonly value?: readonly object[] }
}

/** A token by @azure/identity, and what the API said to it. */
async function called(
  flags: readonly string[],
  words: readonly [kind: string, scope: string, path: string],
  env?: Readonly<Record<string, string>>,
  launcher: readonly string[] = [],
): Promise<Called> {
  const [kind, scope, path] = words
  const program = [...launcher, process.execPath, client, kind, scope, `${world.sandbox.origin}${path}`]
  return (await served(flags, program, env)) as Called
}

const subscriptions = '/subscriptions?api-version=2020-01-01'

describe('@azure/identity', () => {
  it.each(['default', 'system', seedApps.daemonWithSecret])(
    'gets a token by its %s credential, and the API takes it',
    async (kind) => {
      const before = tokenRequests(world.sandbox)
      const { token, status, body, minutesLeft } = await called(['-p', 'arm'], [kind, arm, subscriptions])
      expect(status).toBe(200)
      expect(body.value).toMatchObject([{ displayName: 'Contoso Production' }, {}])
      expect(decodeJwt(token)).toMatchObject({ appid: seedApps.daemonWithSecret })
      expect(minutesLeft).toBeGreaterThan(10)
      // The first run's token is in the cache from then on.
      expect(tokenRequests(world.sandbox) - before).toBeLessThanOrEqual(1)
    },
  )

  it('gets tokens for two APIs by two profiles', async () => {
    const flags = ['-p', 'graph', '-p', 'arm']
    expect(await called(flags, ['default', arm, subscriptions])).toMatchObject({ status: 200 })
    expect(await called(flags, ['default', graph, '/v1.0/users'])).toMatchObject({ status: 200 })
  })

  it('asks what it takes for the metadata service of a virtual machine', async () => {
    const withoutAppService = ['env', '-u', 'IDENTITY_ENDPOINT', '-u', 'IDENTITY_HEADER']
    const words = ['system', arm, subscriptions] as const
    expect(await called(['-p', 'arm', '--imds'], words, {}, withoutAppService)).toMatchObject({ status: 200 })
  })

  it('acts for a person who signs in when serve starts', async () => {
    const env = {
      ENTRA_AUTH_CLI_INTERACTIVE: '1',
      BROWSER: `entra-auth-cli sandbox sign-in --user bob@contoso.com --ca-file ${world.sandbox.caFile}`,
    }
    const { status, body } = await called(['-p', 'bob'], ['default', graph, '/v1.0/me'], env)
    expect({ status, body }).toMatchObject({ status: 200, body: { userPrincipalName: 'bob@contoso.com' } })
  })

  it('is not led astray by another identity in its environment', async () => {
    const env = {
      AZURE_TENANT_ID: '99999999-9999-4999-8999-999999999999',
      AZURE_CLIENT_ID: seedApps.daemonWithSecret,
      AZURE_USERNAME: 'somebody@else.example',
      AZURE_PASSWORD: 'not a password of ours',
    }
    expect(await called(['-p', 'arm'], ['default', arm, subscriptions], env)).toMatchObject({ status: 200 })
  })

  it.each([
    ['an API that is not served', 'system', vault, 'tokens for https://vault.azure.net are not served'],
    [
      'an identity that is not served',
      '00000000-0000-4000-8000-000000000000',
      arm,
      'no profile that is served',
    ],
  ])('is told of %s', async (_what, kind, scope, reason) => {
    const failed = await called(['-p', 'arm', '-q'], [kind, scope, subscriptions])
    expect(failed).toMatchObject({ error: expect.any(String), message: expect.stringContaining(reason) })
  })
})

describe("Azure's SDK for Python, as Debian has it", () => {
  const programs = '/usr/lib/python3/dist-packages/azure'
  const python = join(import.meta.dirname, 'python_azure_client.py')

  it.each(['default', 'system'])('lists subscriptions with its %s credential', async (kind) => {
    required(`${programs}/identity/__init__.py`, 'python3-azure')
    required(`${programs}/mgmt/resource/subscriptions/__init__.py`, 'python3-azure')
    const program = ['/usr/bin/python3', '-I', python, kind, arm, world.sandbox.origin]
    expect(await served(['-p', 'arm'], program)).toEqual(['Contoso Production', expect.any(String)])
  })
})
