import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SignJWT } from 'jose/jwt/sign'
import { decodeJwt } from 'jose/jwt/decode'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { thumbprints } from '../../../sandbox/certificates.ts'
import { contosoId, seedApps, seedSecrets, workloadSubject } from '../../../sandbox/seed.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { Visitor, authorizePath, codeFor } from './browsing.ts'
import { type Answer, ask, askJson, post, startTestSandbox, testNow } from './support.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startTestSandbox()
})
afterEach(() => sandbox.close())

function token(fields: Readonly<Record<string, string>>): Promise<Answer> {
  return post(sandbox, `/${contosoId}/oauth2/v2.0/token`, { client_id: seedApps.desktop, ...fields })
}

async function tokensOf(username: string, scope?: string): Promise<Record<string, unknown>> {
  const path = authorizePath(contosoId, scope === undefined ? {} : { scope })
  return askJson(
    await token({
      grant_type: 'authorization_code',
      code: await codeFor(sandbox, path, username),
      redirect_uri: 'http://localhost:4711',
    }),
  )
}

function renew(refreshToken: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return token({ grant_type: 'refresh_token', refresh_token: String(refreshToken), ...more })
}

describe('a refresh token', () => {
  it('is replaced at each of twenty uses, while the old one stays good', async () => {
    const first = (await tokensOf('bob@contoso.com')).refresh_token
    const seen = new Set([first])
    let latest: unknown = first
    for (let count = 0; count < 20; count += 1) {
      latest = askJson(await renew(latest)).refresh_token
      seen.add(latest)
    }
    expect(seen.size).toBe(21)
    expect((await renew(first)).status).toBe(200)
  })

  it('is refused on its second use where single use is on', async () => {
    sandbox.control.setSingleUseRefreshTokens(true)
    const first = (await tokensOf('bob@contoso.com')).refresh_token
    const second = askJson(await renew(first)).refresh_token
    expect(askJson(await renew(first))).toMatchObject({ error: 'invalid_grant', error_codes: [70000] })
    expect((await renew(second)).status).toBe(200)
  })

  it('ends after 90 days without use', async () => {
    const { refresh_token: refreshToken } = await tokensOf('bob@contoso.com')
    sandbox.control.advanceClock(90 * 86_400 + 1)
    expect(askJson(await renew(refreshToken))).toMatchObject({ error_codes: [700082], suberror: 'bad_token' })
  })

  it('ends when it is revoked, together with what came of it, but not for who signs in afterwards', async () => {
    const { refresh_token: refreshToken } = await tokensOf('bob@contoso.com')
    const renewed = askJson(await renew(refreshToken)).refresh_token
    sandbox.control.revokeRefreshTokens('bob@contoso.com')
    expect(askJson(await renew(refreshToken))).toMatchObject({ error_codes: [50173] })
    expect(askJson(await renew(renewed))).toMatchObject({ error_codes: [50173] })
    sandbox.control.advanceClock(1)
    const later = (await tokensOf('bob@contoso.com')).refresh_token
    expect((await renew(later)).status).toBe(200)
  })

  it('gets tokens for any API the app may use, and asks for what it was first asked for', async () => {
    const { refresh_token: refreshToken } = await tokensOf('bob@contoso.com')
    const other = askJson(await renew(refreshToken, { scope: 'api://contoso-api/Files.Read' }))
    expect(decodeJwt(String(other.access_token)).aud).toBe(seedApps.contosoApi)
    const same = askJson(await renew(refreshToken))
    expect(decodeJwt(String(same.access_token)).aud).toBe('https://graph.microsoft.com')
    const unconsented = askJson(await renew(refreshToken, { scope: 'Mail.Send' }))
    expect(unconsented).toMatchObject({ error_codes: [65001], suberror: 'consent_required' })
  })

  it('belongs to one app', async () => {
    const { refresh_token: refreshToken } = await tokensOf('bob@contoso.com')
    const answer = await renew(refreshToken, { client_id: seedApps.withoutConsent })
    expect(askJson(answer)).toMatchObject({ error: 'invalid_grant', error_codes: [70000] })
  })
})

describe('a device sign-in', () => {
  async function start(app: string = seedApps.desktop): Promise<Record<string, unknown>> {
    const scope = 'openid offline_access User.Read'
    return askJson(await post(sandbox, `/${contosoId}/oauth2/v2.0/devicecode`, { client_id: app, scope }))
  }

  function poll(started: Record<string, unknown>, grantType = 'device_code'): Promise<Answer> {
    return token({ grant_type: grantType, device_code: String(started.device_code) })
  }

  it('waits, is approved on the page, and is redeemed once', async () => {
    const started = await start()
    expect(started).toMatchObject({
      verification_uri: `${sandbox.origin}/common/oauth2/deviceauth`,
      expires_in: 900,
      interval: 5,
    })
    expect(askJson(await poll(started))).toMatchObject({
      error: 'authorization_pending',
      error_codes: [70016],
    })
    const visitor = new Visitor(sandbox)
    const typed = await visitor.submit(await visitor.open('/common/oauth2/deviceauth'), {
      user_code: String(started.user_code).toLowerCase(),
    })
    expect(await visitor.signIn(typed, 'bob@contoso.com')).toMatchObject({ page: { name: 'device-done' } })
    const answer = await poll(started, 'urn:ietf:params:oauth:grant-type:device_code')
    expect(decodeJwt(String(askJson(answer).access_token))).toMatchObject({ upn: 'bob@contoso.com' })
    expect(askJson(await poll(started))).toMatchObject({ error: 'bad_verification_code' })
  })

  it('is not approved by opening a link with the code, even with a session', async () => {
    const visitor = new Visitor(sandbox)
    await visitor.signIn(await visitor.open(authorizePath(contosoId)), 'bob@contoso.com')
    const started = await start()
    const stop = await visitor.open(`/common/oauth2/deviceauth?user_code=${String(started.user_code)}`)
    expect(stop).toMatchObject({
      page: { name: 'device', form: { fields: { user_code: started.user_code } } },
    })
    expect(askJson(await poll(started))).toMatchObject({ error: 'authorization_pending' })
  })

  it('asks for consent, and tells the app when it was refused', async () => {
    const started = await start(seedApps.withoutConsent)
    const visitor = new Visitor(sandbox)
    const typed = await visitor.submit(await visitor.open('/common/oauth2/deviceauth'), {
      user_code: String(started.user_code),
    })
    const asked = await visitor.signIn(typed, 'bob@contoso.com')
    expect(asked).toMatchObject({ page: { name: 'consent' } })
    await visitor.submit(asked, { consent: 'cancel' })
    const answer = await token({
      grant_type: 'device_code',
      device_code: String(started.device_code),
      client_id: seedApps.withoutConsent,
    })
    expect(askJson(answer)).toMatchObject({ error: 'authorization_declined' })
  })

  it('says on the page that a code is wrong', async () => {
    const visitor = new Visitor(sandbox)
    const stop = await visitor.submit(await visitor.open('/common/oauth2/deviceauth'), { user_code: 'NONE' })
    expect(stop).toMatchObject({ page: { name: 'device', error: expect.stringContaining('did not work') } })
  })

  it('ends after a quarter of an hour', async () => {
    const started = await start()
    sandbox.control.advanceClock(901)
    expect(askJson(await poll(started))).toMatchObject({ error: 'expired_token', error_codes: [70020] })
  })

  it('demands the second factor that was not given', async () => {
    const started = await start()
    sandbox.control.approveDeviceCode(String(started.user_code), 'mia@contoso.com')
    expect(askJson(await poll(started))).toMatchObject({
      error: 'interaction_required',
      error_codes: [50076],
      suberror: 'basic_action',
    })
  })
})

describe('on behalf of', () => {
  function trade(assertion: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return token({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      client_id: seedApps.contosoApi,
      client_secret: seedSecrets.contosoApi,
      requested_token_use: 'on_behalf_of',
      scope: 'https://graph.microsoft.com/User.Read',
      assertion: String(assertion),
      ...more,
    })
  }

  it.each([
    ['a token for another API', 'https://graph.microsoft.com/User.Read', 0, 500131],
    ['a token that ended', 'api://contoso-api/Files.Read', 7200, 500133],
  ])('refuses %s', async (_name, scope, seconds, number) => {
    const { access_token: assertion } = await tokensOf('bob@contoso.com', scope)
    sandbox.control.advanceClock(seconds)
    expect(askJson(await trade(assertion))).toMatchObject({ error: 'invalid_grant', error_codes: [number] })
  })

  it('refuses a forged token and a token of an app', async () => {
    const { access_token: assertion } = await tokensOf('bob@contoso.com', 'api://contoso-api/Files.Read')
    expect(askJson(await trade(`${String(assertion).slice(0, -8)}AAAAAAAA`))).toMatchObject({
      error_codes: [50013],
    })
    const appOnly = await token({
      grant_type: 'client_credentials',
      client_id: seedApps.daemonWithSecret,
      client_secret: seedSecrets.daemonWithSecret,
      scope: 'api://contoso-api/.default',
    })
    expect(askJson(await trade(askJson(appOnly).access_token))).toMatchObject({ error_codes: [7000114] })
  })

  it('knows whether the person gave a second factor, though the token does not say so', async () => {
    const started = askJson(
      await post(sandbox, `/${contosoId}/oauth2/v2.0/devicecode`, {
        client_id: seedApps.desktop,
        scope: 'api://contoso-api/Files.Read',
      }),
    )
    sandbox.control.approveDeviceCode(String(started.user_code), 'mia@contoso.com', { withMfa: true })
    const answer = await token({ grant_type: 'device_code', device_code: String(started.device_code) })
    const assertion = askJson(answer).access_token
    expect(decodeJwt(String(assertion))).not.toHaveProperty('amr')
    expect((await trade(assertion)).status).toBe(200)
  })
})

describe('a client assertion', () => {
  const endpoint = (): string => `${sandbox.origin}/${contosoId}/oauth2/v2.0/token`
  const seconds = testNow.getTime() / 1000

  interface Changes {
    readonly header?: Record<string, string>
    readonly claims?: Record<string, unknown>
  }

  async function present({ header, claims }: Changes = {}): Promise<Answer> {
    const pem = readFileSync(sandbox.clientCertificate.certFile, 'utf8')
    const key = createPrivateKey(readFileSync(sandbox.clientCertificate.keyFile))
    const jwt = await new SignJWT({
      aud: endpoint(),
      iss: seedApps.daemonWithCertificate,
      sub: seedApps.daemonWithCertificate,
      jti: 'one',
      nbf: seconds,
      exp: seconds + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'PS256', 'x5t#S256': thumbprints(pem).sha256, ...header })
      .sign(key)
    return token({
      grant_type: 'client_credentials',
      client_id: seedApps.daemonWithCertificate,
      client_assertion: jwt,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: 'https://graph.microsoft.com/.default',
    })
  }

  it('may pad its thumbprint, as python-msal does', async () => {
    const pem = readFileSync(sandbox.clientCertificate.certFile, 'utf8')
    const padded = { alg: 'RS256', 'x5t#S256': `${thumbprints(pem).sha256}=` }
    expect((await present({ header: padded })).status).toBe(200)
  })

  it.each<[string, () => Changes, number]>([
    ['of an unknown certificate', () => ({ header: { 'x5t#S256': 'AAAA' } }), 700027],
    ['for somebody else', () => ({ claims: { aud: 'https://elsewhere.example' } }), 700023],
    ['that ended', () => ({ claims: { exp: seconds - 301 } }), 700024],
    ['without an end', () => ({ claims: { exp: undefined } }), 700024],
    ['of tomorrow', () => ({ claims: { nbf: seconds + 86_400 } }), 700024],
    ['about another subject', () => ({ claims: { sub: 'other' } }), 50048],
    ['of another issuer', () => ({ claims: { iss: 'https://elsewhere.example' } }), 70025],
  ])('is refused %s', async (_name, changes, number) => {
    const answer = await present(changes())
    expect({ status: answer.status, ...askJson(answer) }).toMatchObject({
      status: 401,
      error: 'invalid_client',
      error_codes: [number],
    })
  })

  it.each([
    ['subject', { subject: 'system:serviceaccount:default:other' }, 700213],
    ['audience', { audience: 'api://other' }, 700212],
    ['issuer', { issuer: 'https://elsewhere.example' }, 700211],
    ['life', { lifetimeSeconds: -600 }, 700024],
  ])('of a cluster is refused for its %s', async (_name, claims, number) => {
    const answer = await token({
      grant_type: 'client_credentials',
      client_id: seedApps.federated,
      client_assertion: await sandbox.control.mintAssertion({ subject: workloadSubject, ...claims }),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: 'https://graph.microsoft.com/.default',
    })
    expect(askJson(answer)).toMatchObject({ error: 'invalid_client', error_codes: [number] })
  })
})

it('lets the token call Graph, whose front door can read it', async () => {
  const { access_token: accessToken } = await tokensOf('bob@contoso.com')
  const headers = { authorization: `Bearer ${String(accessToken)}` }
  const answer = await ask(sandbox, '/v1.0/me', { headers })
  expect(answer.status).toBe(200)
  expect(askJson(answer)).toMatchObject({ userPrincipalName: 'bob@contoso.com' })
})
