import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn, type SignInOptions } from '../../../sandbox/robot.ts'
import { contosoId, seedApps, seedPassword } from '../../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts'

let folder: string
let ca: string
let sandbox: Sandbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'robot-'))
  const now = new Date('2026-01-31T10:00:00Z')
  sandbox = await startSandbox({ port: 0, folder, now: () => now })
  ca = await readFile(sandbox.caFile, 'utf8')
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

const person = (name: string, more: Partial<SignInOptions> = {}): SignInOptions => ({
  username: `${name}@contoso.com`,
  password: seedPassword,
  ca,
  ...more,
})

describe('the robot in the sandbox', () => {
  it.each([
    ['query', 'bob', {}],
    ['form_post', 'bob', {}],
    ['query', 'mia', { otp: '123456' }],
  ])('gets a code by %s as %s, and the token opens Graph', async (responseMode, name, more) => {
    const { response, verifier, redirectUri } = await authorize(
      seedApps.desktop,
      responseMode,
      person(name, more),
    )
    expect(response.get('state')).toBe('s1')
    const tokens = await post('/oauth2/v2.0/token', {
      client_id: seedApps.desktop,
      grant_type: 'authorization_code',
      code: response.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: redirectUri,
    })
    expect(tokens).toMatchObject({ token_type: 'Bearer' })
    expect(await graph('/v1.0/me', tokens.access_token)).toMatchObject({
      userPrincipalName: `${name}@contoso.com`,
    })
  })

  it('consents for an app nobody has consented to, or refuses', async () => {
    const refused = await authorize(seedApps.withoutConsent, 'query', person('bob', { consent: 'cancel' }))
    expect(refused.response.get('error')).toBe('access_denied')
    const accepted = await authorize(seedApps.withoutConsent, 'form_post', person('bob'))
    expect(accepted.response.get('code')).toMatch(/./)
  })

  it('says what stopped it', async () => {
    const wrong = person('bob', { password: 'wrong' })
    await expect(authorize(seedApps.desktop, 'query', wrong)).rejects.toThrow(
      /stuck on "Sign in.*AADSTS50126/,
    )
    const url = `${sandbox.origin}/${contosoId}/oauth2/v2.0/authorize?client_id=none`
    await expect(signIn(url, person('bob'))).rejects.toThrow(/AADSTS/)
  })

  it('completes a device sign-in, or declines it', async () => {
    const start = () =>
      post('/oauth2/v2.0/devicecode', {
        client_id: seedApps.withoutConsent,
        scope: 'Mail.Read offline_access',
      })
    const poll = (device_code: string) =>
      post('/oauth2/v2.0/token', {
        client_id: seedApps.withoutConsent,
        grant_type: 'device_code',
        device_code,
      })
    const declined = await start()
    await signIn(
      declined.verification_uri,
      person('zoe', { userCode: declined.user_code, consent: 'cancel' }),
    )
    expect(await poll(declined.device_code)).toMatchObject({ error: 'authorization_declined' })
    const accepted = await start()
    await signIn(accepted.verification_uri, person('zoe', { userCode: accepted.user_code }))
    expect(await poll(accepted.device_code)).toMatchObject({ token_type: 'Bearer' })
  })
})

/** Asks for authorization with PKCE and waits for the response on loopback, as a native app does. */
async function authorize(clientId: string, responseMode: string, options: SignInOptions) {
  const verifier = randomBytes(32).toString('base64url')
  const received: URLSearchParams[] = []
  const app = createServer((incoming, answer) => {
    let body = ''
    incoming.on('data', (chunk) => (body += String(chunk)))
    incoming.on('end', () => {
      const query = new URL(incoming.url ?? '', 'http://localhost').searchParams
      received.push(incoming.method === 'POST' ? new URLSearchParams(body) : query)
      answer.end('done')
    })
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const redirectUri = `http://localhost:${(app.address() as AddressInfo).port}`
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    response_mode: responseMode,
    redirect_uri: redirectUri,
    scope: 'https://graph.microsoft.com/User.Read offline_access openid profile',
    state: 's1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  try {
    await signIn(`${sandbox.origin}/${contosoId}/oauth2/v2.0/authorize?${query.toString()}`, options)
  } finally {
    await new Promise((resolve) => app.close(resolve))
  }
  expect(received).toHaveLength(1)
  return { response: received[0]!, verifier, redirectUri }
}

async function post(path: string, fields: Record<string, string>) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return send(`/${contosoId}${path}`, { method: 'POST', headers }, new URLSearchParams(fields).toString())
}

async function graph(path: string, token: string) {
  return send(path, { headers: { authorization: `Bearer ${token}` } })
}

async function send(path: string, options: object, body = '') {
  const text = await new Promise<string>((resolve, reject) => {
    const outgoing = request(`${sandbox.origin}${path}`, { ...options, ca, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => resolve(text))
    })
    outgoing.on('error', reject).end(body)
  })
  return JSON.parse(text)
}
