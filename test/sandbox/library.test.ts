/** The library as a program uses it: this machine's files, the sandbox as Entra, and Azure's own clients. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TokenCredential } from '@azure/core-auth'
import { ServiceClient } from '@azure/core-client'
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { contosoId, fabrikamId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { getToken, listProfiles, ProfileCredential } from '../../src/credential.ts'
import { rejectionOf } from '../support/failure.ts'

const arm = 'https://management.azure.com/.default'
const graph = 'https://graph.microsoft.com/.default'

let folder: string
let sandbox: Sandbox
let env: Record<string, string>
let ca: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'library-'))
  sandbox = await startSandbox({ folder: join(folder, 'sandbox'), port: 0 })
  ca = readFileSync(sandbox.caFile, 'utf8')
  const place = { authority: sandbox.origin, caFile: sandbox.caFile }
  const app = {
    tenantId: contosoId,
    clientId: seedApps.daemonWithSecret,
    scopes: [arm],
    clientSecretEnv: 'SECRET',
  }
  writeFileSync(
    join(folder, 'profiles.json'),
    JSON.stringify({
      profiles: [
        { name: 'arm', ...app, ...place },
        { name: 'by-domain', ...app, tenantId: 'contoso.com', ...place },
        { name: 'person', tenantId: contosoId, clientId: seedApps.desktop, scopes: [graph], ...place },
        { name: 'broken', tenantId: contosoId },
      ],
    }),
  )
})
afterAll(async () => {
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})
let run = 0
beforeEach(() => {
  env = {
    ENTRA_AUTH_CLI_CONFIG_DIR: folder,
    // Nobody's tokens are there before.
    ENTRA_AUTH_CLI_CACHE_DIR: join(folder, `cache-${run++}`),
    ENTRA_AUTH_CLI_KEY: '5a'.repeat(32),
    SECRET: seedSecrets.daemonWithSecret,
  }
})

const tokenRequests = () => sandbox.requests.filter(({ path }) => path.endsWith('/token')).length

describe('getToken', () => {
  it('gives a token of a profile, which the next call finds in the cache', async () => {
    const before = tokenRequests()
    const first = await getToken({ profile: 'arm', env })
    expect(first).toMatchObject({ tokenType: 'Bearer', tenantId: contosoId, fromCache: false })
    expect(first.expiresOn.getTime()).toBeGreaterThan(Date.now() + 300_000)
    expect(await getToken({ profile: 'ARM', env })).toMatchObject({ token: first.token, fromCache: true })
    expect(await getToken({ profile: 'arm', fresh: true, env })).not.toMatchObject({ token: first.token })
    expect(tokenRequests() - before).toBe(2)
  })

  it('asks once, however many ask at the same time', async () => {
    const before = tokenRequests()
    const tokens = await Promise.all(
      [1, 2, 3, 4].map(() => getToken({ profile: 'arm', scopes: [graph], env })),
    )
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(1)
    expect(tokenRequests() - before).toBe(1)
  })

  it('asks nobody to sign in unless it may', async () => {
    expect(await rejectionOf(getToken({ profile: 'person', env }))).toMatchObject({
      code: 'interaction_required',
    })
  })

  it('lets the program show a device code where it may', async () => {
    const codes: string[] = []
    const signIn = {
      showDeviceCode: ({ userCode, verificationUri }: { userCode: string; verificationUri: string }) => {
        codes.push(verificationUri)
        sandbox.control.approveDeviceCode(userCode, 'bob@contoso.com')
      },
    }
    const noBrowser = { ...env, BROWSER: 'none' }
    const token = await getToken({ profile: 'person', signIn, env: noBrowser })
    expect(token).toMatchObject({ username: 'bob@contoso.com', tenantId: contosoId })
    expect(codes).toHaveLength(1)
  })

  it('ends with its signal', async () => {
    const signal = AbortSignal.abort()
    expect(await rejectionOf(getToken({ profile: 'arm', signal, env }))).toMatchObject({
      code: 'interrupted',
    })
  })

  it.each([
    [{ profile: 'none' }, 'profile_not_found'],
    [{ profile: 'broken' }, 'profile_incomplete'],
    [{}, 'invalid_arguments'],
    [{ profile: 'arm', tenantId: 'a/b' }, 'invalid_arguments'],
    [{ profile: 'arm', claims: 'nonsense' }, 'invalid_arguments'],
  ])('refuses %j: %s', async (options, code) => {
    expect(await rejectionOf(getToken({ ...options, env }))).toMatchObject({ code })
  })

  it('prints nothing', async () => {
    const write = vi.spyOn(process.stdout, 'write')
    const complain = vi.spyOn(process.stderr, 'write')
    await getToken({ profile: 'arm', env })
    await rejectionOf(getToken({ profile: 'none', env }))
    expect([write.mock.calls, complain.mock.calls]).toEqual([[], []])
    vi.restoreAllMocks()
  })
})

describe('listProfiles', () => {
  it('says which can be used', async () => {
    expect(await listProfiles({ env })).toMatchObject([
      { name: 'arm', usable: true, tenantId: contosoId, scopes: [arm], flow: 'client-credentials' },
      { name: 'by-domain', usable: true },
      { name: 'person', usable: true, flow: 'interactive-browser' },
      { name: 'broken', usable: false, problem: expect.stringContaining('client') },
    ])
  })
})

/** A challenge as Azure Resource Manager sends it when it has stopped to trust a token. */
const challenge = (claims: object) =>
  `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ` +
  `error="insufficient_claims", claims="${Buffer.from(JSON.stringify(claims)).toString('base64')}"`

describe('ProfileCredential', () => {
  // Every client of Azure's SDKs for JavaScript is made of this one.
  function clientWith(credential: TokenCredential, httpClient: HttpClient = createDefaultHttpClient()) {
    return new ServiceClient({ credential, credentialScopes: [arm], httpClient, endpoint: sandbox.origin })
  }
  function subscriptions() {
    const request = createPipelineRequest({ url: `${sandbox.origin}/subscriptions?api-version=2020-01-01` })
    request.tlsSettings = { ca }
    return request
  }

  it('is a credential for clients of Azure', async () => {
    const client = clientWith(new ProfileCredential({ profile: 'arm', env }))
    const { status, bodyAsText } = await client.sendRequest(subscriptions())
    expect(status).toBe(200)
    expect(JSON.parse(bodyAsText ?? '')).toMatchObject({ value: [{ displayName: 'Contoso Production' }, {}] })
  })

  it('answers a claims challenge with a new token', async () => {
    const real = createDefaultHttpClient()
    const sent: (string | undefined)[] = []
    const challenging: HttpClient = {
      sendRequest: async (request) => {
        sent.push(request.headers.get('authorization'))
        if (sent.length > 1) return real.sendRequest(request)
        const claims = { access_token: { nbf: { essential: true, value: '1700000000' } } }
        return {
          request,
          status: 401,
          headers: createHttpHeaders({ 'www-authenticate': challenge(claims) }),
          bodyAsText: '',
        }
      },
    }
    const client = clientWith(new ProfileCredential({ profile: 'arm', env }), challenging)
    const { status } = await client.sendRequest(subscriptions())
    expect(status).toBe(200)
    expect(new Set(sent).size).toBe(2)
  })

  it('says until when its token is good, and from when there is a better one', async () => {
    const credential = new ProfileCredential({ profile: 'arm', minimumLifetimeSeconds: 600, env })
    const token = await credential.getToken([arm])
    expect(token).toMatchObject({ tokenType: 'Bearer', token: expect.stringMatching(/^eyJ/) })
    expect(token.expiresOnTimestamp - token.refreshAfterTimestamp).toBe(600_000)
    expect(token.refreshAfterTimestamp).toBeGreaterThan(Date.now())
  })

  it.each([
    ['the same one', 'arm', contosoId.toUpperCase(), {}],
    ['the same one by its domain', 'by-domain', contosoId, {}],
  ])('gives a token for %s that an API names', async (_what, profile, tenantId, options) => {
    const credential = new ProfileCredential({ profile, env, ...options })
    expect(await credential.getToken(arm, { tenantId })).toMatchObject({ tokenType: 'Bearer' })
  })

  it.each(['arm', 'by-domain'])('gives none of %s for a tenant that is not allowed', async (profile) => {
    const credential = new ProfileCredential({ profile, env })
    expect(await rejectionOf(credential.getToken(arm, { tenantId: fabrikamId }))).toMatchObject({
      code: 'invalid_arguments',
      hint: expect.stringContaining('additionallyAllowedTenants'),
    })
  })

  it.each([['*'], [fabrikamId]])('asks the other tenant where %s is allowed', async (allowed) => {
    const credential = new ProfileCredential({ profile: 'arm', additionallyAllowedTenants: [allowed], env })
    const before = sandbox.requests.length
    // The app is not registered there, which only that tenant can say.
    expect(await rejectionOf(credential.getToken(arm, { tenantId: fabrikamId }))).toMatchObject({
      code: 'authentication_failed',
    })
    expect(sandbox.requests.slice(before).some(({ path }) => path.includes(fabrikamId))).toBe(true)
  })

  it('reads nothing before it is asked', async () => {
    const credential = new ProfileCredential({ profile: 'none', env })
    expect(await rejectionOf(credential.getToken(arm))).toMatchObject({ code: 'profile_not_found' })
  })

  it('ends with the signal of the client', async () => {
    const credential = new ProfileCredential({ profile: 'arm', env })
    const abortSignal = AbortSignal.abort()
    expect(await rejectionOf(credential.getToken(arm, { abortSignal }))).toMatchObject({
      code: 'interrupted',
    })
  })
})
