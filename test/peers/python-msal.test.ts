import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedPassword, seedSecrets } from '../../sandbox/seed.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { walk } from '../support/form-browser.ts'
import { required } from './program.ts'
import { startPeerSandbox, tokenRequests } from './sandbox.ts'

const graphDefault = ['https://graph.microsoft.com/.default']
const userRead = ['https://graph.microsoft.com/User.Read']

let sandbox: Sandbox
let running: ChildProcess | undefined

beforeAll(async () => {
  required('/usr/lib/python3/dist-packages/msal/__init__.py', 'python3-msal')
  sandbox = await startPeerSandbox()
})
afterAll(() => sandbox?.close())
afterEach(() => {
  running?.kill()
  running = undefined
})

type Reply = Record<string, unknown>
type Ask = (request: object) => Promise<Reply>

/** A fresh Python with one MSAL application in it, without a cache file. */
async function python(app: { client_id: string; client_credential?: unknown }): Promise<Ask> {
  const program = join(import.meta.dirname, 'python_msal_client.py')
  const child = spawn('/usr/bin/python3', ['-I', program], { env: {}, stdio: ['pipe', 'pipe', 'inherit'] })
  running = child
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask: Ask = async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await replies.next()
    if (done) throw new Error('python ended')
    return JSON.parse(value) as Reply
  }
  const authority = `${sandbox.origin}/${contosoId}`
  await ask({ app: { ...app, authority, verify: sandbox.caFile } })
  return ask
}

/** What the person does in the browser; ends at the client's redirect URI without going there. */
function signIn(url: string, userCode = '') {
  return walk(url, {
    ca: readFileSync(sandbox.caFile, 'utf8'),
    answers: { user_code: userCode, username: 'bob@contoso.com', password: seedPassword, consent: 'accept' },
  })
}

const desktop = { client_id: seedApps.desktop }
const daemon = { client_id: seedApps.daemonWithSecret, client_credential: seedSecrets.daemonWithSecret }

async function signedIn(scopes: readonly string[]): Promise<{ ask: Ask; result: Reply }> {
  const ask = await python(desktop)
  const flow = await ask({
    call: 'initiate_auth_code_flow',
    with: { scopes, redirect_uri: 'http://localhost' },
  })
  const { parameters } = await signIn(String(flow.auth_uri))
  const auth_response = Object.fromEntries(parameters)
  const result = await ask({ call: 'acquire_token_by_auth_code_flow', with: { auth_response } })
  expect(result).toHaveProperty('access_token')
  return { ask, result }
}

function claims(result: Reply) {
  expect(result).not.toHaveProperty('error_description')
  return decodeJwt(String(result.access_token))
}

const bobAtGraph = { aud: 'https://graph.microsoft.com', upn: 'bob@contoso.com', tid: contosoId }

describe('MSAL Python against the sandbox', () => {
  it('gets an app token with a secret, and the second time from its cache', async () => {
    const ask = await python(daemon)
    const first = await ask({ call: 'acquire_token_for_client', with: { scopes: graphDefault } })
    expect(claims(first)).toMatchObject({
      aud: 'https://graph.microsoft.com',
      appid: seedApps.daemonWithSecret,
    })
    const before = sandbox.requests.length
    const second = await ask({
      call: 'acquire_token_silent_with_error',
      with: { scopes: graphDefault, account: null },
    })
    expect(second.access_token).toBe(first.access_token)
    expect(sandbox.requests).toHaveLength(before)
  })

  it('is refused with a wrong secret, in Entra’s words', async () => {
    const ask = await python({ ...daemon, client_credential: 'not the secret' })
    const result = await ask({ call: 'acquire_token_for_client', with: { scopes: graphDefault } })
    expect(result).toMatchObject({ error: 'invalid_client', error_codes: [7000215] })
    expect(result.error_description).toMatch(/^AADSTS7000215: /)
  })

  // MSAL Python pads the thumbprint in `x5t` with "=", where RFC 7515 says it must not.
  it.each([
    ['alone', false],
    ['and sends it along', true],
  ])('gets an app token with a certificate %s', async (_name, withPublicCertificate) => {
    const certificate = readFileSync(sandbox.clientCertificate.certFile, 'utf8')
    const thumbprint = createHash('sha1').update(new X509Certificate(certificate).raw).digest('hex')
    const ask = await python({
      client_id: seedApps.daemonWithCertificate,
      client_credential: {
        private_key: readFileSync(sandbox.clientCertificate.keyFile, 'utf8'),
        thumbprint,
        ...(withPublicCertificate ? { public_certificate: certificate } : {}),
      },
    })
    const result = await ask({ call: 'acquire_token_for_client', with: { scopes: graphDefault } })
    expect(claims(result)).toMatchObject({ appid: seedApps.daemonWithCertificate })
    expect(decodeProtectedHeader(String(result.access_token))).toMatchObject({ alg: 'RS256', typ: 'JWT' })
  })

  it('signs a person in with a device code', async () => {
    const ask = await python(desktop)
    const flow = await ask({ call: 'initiate_device_flow', with: { scopes: userRead } })
    expect(flow).toMatchObject({ user_code: expect.any(String), message: expect.stringContaining('code') })
    await signIn(String(flow.verification_uri), String(flow.user_code))
    const result = await ask({ call: 'acquire_token_by_device_flow', with: {} })
    expect(claims(result)).toMatchObject(bobAtGraph)
  })

  it('signs a person in with an authorization code', async () => {
    const { result } = await signedIn(userRead)
    expect(claims(result)).toMatchObject({ ...bobAtGraph, scp: expect.stringContaining('User.Read') })
    expect(result.id_token_claims).toMatchObject({ preferred_username: 'bob@contoso.com' })
  })

  it('answers silently from its cache without a request', async () => {
    const { ask, result } = await signedIn(userRead)
    const before = sandbox.requests.length
    const silent = await ask({ call: 'acquire_token_silent', with: { scopes: userRead } })
    expect(silent.access_token).toBe(result.access_token)
    expect(sandbox.requests).toHaveLength(before)
  })

  it('gets a token for another resource with its refresh token, and then has it cached', async () => {
    const { ask } = await signedIn(userRead)
    // The trailing slash is the resource's own spelling; az asks so, and looks for the answer so.
    const scopes = ['https://management.core.windows.net//.default']
    const before = tokenRequests(sandbox, 'refresh_token')
    const first = await ask({ call: 'acquire_token_silent', with: { scopes } })
    const second = await ask({ call: 'acquire_token_silent', with: { scopes } })
    expect(claims(first)).toMatchObject({ aud: 'https://management.core.windows.net/' })
    expect(second.access_token).toBe(first.access_token)
    expect(tokenRequests(sandbox, 'refresh_token')).toBe(before + 1)
  })

  it('renews with a refresh token from elsewhere', async () => {
    const { result } = await signedIn(userRead)
    const ask = await python(desktop)
    const renewed = await ask({
      call: 'acquire_token_by_refresh_token',
      with: { refresh_token: result.refresh_token, scopes: userRead },
    })
    expect(claims(renewed)).toMatchObject(bobAtGraph)
  })

  it('exchanges a person’s token on behalf of them', async () => {
    const { result } = await signedIn(['api://contoso-api/access_as_user'])
    const ask = await python({ client_id: seedApps.contosoApi, client_credential: seedSecrets.contosoApi })
    const exchanged = await ask({
      call: 'acquire_token_on_behalf_of',
      with: { user_assertion: String(result.access_token), scopes: userRead },
    })
    expect(claims(exchanged)).toMatchObject({ ...bobAtGraph, appid: seedApps.contosoApi })
  })
})
