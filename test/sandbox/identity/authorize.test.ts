import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, fabrikamId, seedApps, seedSecrets } from '../../../sandbox/seed.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { Visitor, answered, authorizePath } from './browsing.ts'
import { ask, askJson, post, startTestSandbox } from './support.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startTestSandbox()
})
afterEach(() => sandbox.close())

describe('the authorization endpoint', () => {
  it('answers code, state and session in the query, at any port of http://localhost', async () => {
    const visitor = new Visitor(sandbox)
    const stop = await visitor.signIn(
      await visitor.open(authorizePath(contosoId, { redirect_uri: 'http://localhost:50123/callback' })),
      'bob@contoso.com',
    )
    expect(stop).toMatchObject({
      kind: 'left',
      url: { origin: 'http://localhost:50123', pathname: '/callback' },
    })
    expect([...answered(stop).keys()]).toEqual(['code', 'session_state', 'state'])
    expect(answered(stop).get('state')).toBe('state-1')
  })

  it('answers in the fragment where asked to', async () => {
    const visitor = new Visitor(sandbox)
    const page = await visitor.open(authorizePath(contosoId, { response_mode: 'fragment' }))
    const stop = await visitor.signIn(page, 'bob@contoso.com')
    if (stop.kind !== 'left') throw new Error('not sent back')
    expect(stop.url.search).toBe('')
    expect(new URLSearchParams(stop.url.hash.slice(1)).get('code')).toBeTruthy()
  })

  it('answers in a form where asked to, and lets the page post it', async () => {
    const visitor = new Visitor(sandbox)
    const page = await visitor.open(authorizePath(contosoId, { response_mode: 'form_post' }))
    const stop = await visitor.signIn(page, 'bob@contoso.com')
    expect(stop).toMatchObject({
      kind: 'page',
      page: {
        name: 'form-post',
        form: { action: 'http://localhost:4711', fields: { state: 'state-1', code: expect.any(String) } },
      },
    })
  })

  it.each([
    ['a redirect URI nobody registered', { redirect_uri: 'https://evil.example/' }, 'AADSTS50011'],
    ['another path of localhost', { redirect_uri: 'http://localhost:1/other' }, 'AADSTS50011'],
    [
      'a name that only starts like localhost',
      { redirect_uri: 'http://localhost.evil.example' },
      'AADSTS50011',
    ],
    ['an unknown app', { client_id: contosoId }, 'AADSTS700016'],
    ['no app', { client_id: '' }, 'AADSTS900144'],
  ])('tells %s to the person, not to the address', async (_name, changes, code) => {
    const stop = await new Visitor(sandbox).open(authorizePath(contosoId, changes))
    expect(stop).toMatchObject({ kind: 'page', status: 400, page: { name: 'error' } })
    expect(stop.kind === 'page' && stop.page.error).toContain(code)
  })

  it.each([
    ['prompt=none without a session', { prompt: 'none' }, 'login_required', 'AADSTS50058'],
    ['an unknown permission', { scope: 'User.Fly' }, 'invalid_client', 'AADSTS650053'],
    ['an unknown resource', { scope: 'api://nobody/x' }, 'invalid_resource', 'AADSTS500011'],
    ['no scope', { scope: '' }, 'invalid_request', 'AADSTS900144'],
    ['an ID token by itself', { response_type: 'id_token' }, 'unsupported_response_type', 'AADSTS700054'],
    ['a short code challenge', { code_challenge: 'short' }, 'invalid_request', 'AADSTS501491'],
    ['an unknown prompt', { prompt: 'perhaps' }, 'invalid_request', 'AADSTS90023'],
  ])('sends the refusal of %s to the app', async (_name, changes, error, code) => {
    const fields = answered(await new Visitor(sandbox).open(authorizePath(contosoId, changes)))
    expect(fields.get('error')).toBe(error)
    expect(fields.get('error_description')).toContain(code)
    expect(fields.get('state')).toBe('state-1')
  })

  it.each([
    ['a wrong password', 'bob@contoso.com', 'wrong', 'AADSTS50126'],
    ['somebody unknown', 'eve@contoso.com', 'sandbox', 'AADSTS50034'],
    ['somebody of another tenant', 'frank@fabrikam.com', 'sandbox', 'AADSTS50034'],
  ])('asks again after %s', async (_name, username, password, code) => {
    const visitor = new Visitor(sandbox)
    const stop = await visitor.signIn(await visitor.open(authorizePath(contosoId)), username, password)
    expect(stop).toMatchObject({ kind: 'page', page: { name: 'sign-in' } })
    expect(stop.kind === 'page' && stop.page.error).toContain(code)
  })

  it('remembers the browser, until asked to sign in again or as somebody else, or signed out', async () => {
    const visitor = new Visitor(sandbox)
    await visitor.signIn(await visitor.open(authorizePath(contosoId)), 'bob@contoso.com')
    expect(answered(await visitor.open(authorizePath(contosoId, { prompt: 'none' }))).has('code')).toBe(true)
    const again = await visitor.open(authorizePath(contosoId, { prompt: 'login', state: '2' }))
    expect(again).toMatchObject({ kind: 'page', page: { name: 'sign-in' } })
    expect(answered(await visitor.signIn(again, 'bob@contoso.com')).has('code')).toBe(true)
    const other = await visitor.open(authorizePath(contosoId, { login_hint: 'zoe@contoso.com' }))
    expect(other).toMatchObject({
      page: { name: 'sign-in', form: { fields: { username: 'zoe@contoso.com' } } },
    })
    const out = await visitor.open(`/${contosoId}/oauth2/v2.0/logout`)
    expect(out).toMatchObject({ page: { name: 'signed-out' } })
    expect(await visitor.open(authorizePath(contosoId))).toMatchObject({ page: { name: 'sign-in' } })
  })

  it('asks for consent once, and tells the app when it was refused', async () => {
    const visitor = new Visitor(sandbox)
    const path = authorizePath(contosoId, { client_id: seedApps.withoutConsent, scope: 'User.Read' })
    const asked = await visitor.signIn(await visitor.open(path), 'bob@contoso.com')
    expect(asked).toMatchObject({ kind: 'page', page: { name: 'consent' } })
    const silent = authorizePath(contosoId, {
      client_id: seedApps.withoutConsent,
      scope: 'User.Read',
      prompt: 'none',
    })
    expect(answered(await visitor.open(silent)).get('error')).toBe('consent_required')
    const refused = answered(await visitor.submit(asked, { consent: 'cancel' }))
    expect(refused.get('error')).toBe('access_denied')
    expect(refused.get('error_description')).toContain('AADSTS65004')
    expect(answered(await visitor.submit(asked, { consent: 'accept' })).has('code')).toBe(true)
    expect(answered(await visitor.open(silent)).has('code')).toBe(true)
  })

  it('leaves permissions of administrators to administrators', async () => {
    const changes = { client_id: seedApps.withoutConsent, scope: 'User.Read.All' }
    const bob = new Visitor(sandbox)
    const asked = await bob.signIn(await bob.open(authorizePath(contosoId, changes)), 'bob@contoso.com')
    expect(answered(asked).get('error_description')).toContain('AADSTS90094')
    const alice = new Visitor(sandbox)
    const consent = await alice.signIn(
      await alice.open(authorizePath(contosoId, changes)),
      'alice@contoso.com',
    )
    expect(answered(await alice.submit(consent, { consent: 'accept' })).has('code')).toBe(true)
  })

  it('asks for a second factor, and again after a wrong one', async () => {
    const visitor = new Visitor(sandbox)
    const asked = await visitor.signIn(await visitor.open(authorizePath(contosoId)), 'mia@contoso.com')
    expect(asked).toMatchObject({ kind: 'page', page: { name: 'mfa' } })
    const silent = await visitor.open(authorizePath(contosoId, { prompt: 'none' }))
    expect(answered(silent).get('error')).toBe('interaction_required')
    const wrong = await visitor.submit(asked, { otp: '000000' })
    expect(wrong.kind === 'page' && wrong.page.error).toContain('AADSTS500121')
    expect(answered(await visitor.submit(wrong, { otp: '123456' })).has('code')).toBe(true)
  })

  it('lets people of another organization use a multi-tenant app in theirs', async () => {
    const visitor = new Visitor(sandbox)
    const stop = await visitor.signIn(
      await visitor.open(authorizePath('organizations')),
      'frank@fabrikam.com',
    )
    const code = answered(stop).get('code') ?? ''
    const answer = await post(sandbox, `/${fabrikamId}/oauth2/v2.0/token`, {
      grant_type: 'authorization_code',
      client_id: seedApps.desktop,
      code,
      redirect_uri: 'http://localhost:4711',
    })
    expect(answer.status).toBe(200)
  })

  it('takes no post of another site and leads nowhere but back to itself', async () => {
    const fields = {
      returnTo: authorizePath(contosoId),
      app: seedApps.desktop,
      username: 'bob@contoso.com',
      password: 'sandbox',
    }
    const foreign = await post(sandbox, `/${contosoId}/login`, fields, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    const bent = await post(sandbox, `/${contosoId}/login`, {
      ...fields,
      returnTo: '//evil.example/authorize',
    })
    expect(bent.status).toBe(400)
    const good = await post(sandbox, `/${contosoId}/login`, fields)
    expect(good.status).toBe(302)
    expect(String(good.headers['set-cookie'])).toMatch(/^__Host-.*Secure; HttpOnly; SameSite=Lax$/)
  })

  it('writes what a person typed as text into its pages', async () => {
    const visitor = new Visitor(sandbox)
    const typed = '"><script>alert(1)</script>'
    const stop = await visitor.signIn(await visitor.open(authorizePath(contosoId)), typed)
    expect(stop.kind === 'page' && stop.body).not.toContain('<script>alert')
  })
})

describe('redeeming a code', () => {
  const redirectUri = 'http://localhost:4711'
  const verifier = 'v'.repeat(43)

  async function codeOf(changes: Record<string, string> = {}): Promise<string> {
    const visitor = new Visitor(sandbox)
    const stop = await visitor.signIn(
      await visitor.open(authorizePath(contosoId, changes)),
      'bob@contoso.com',
    )
    return answered(stop).get('code') ?? ''
  }

  function redeem(fields: Record<string, string>, tenant: string = contosoId): ReturnType<typeof post> {
    return post(sandbox, `/${tenant}/oauth2/v2.0/token`, {
      grant_type: 'authorization_code',
      client_id: seedApps.desktop,
      redirect_uri: redirectUri,
      ...fields,
    })
  }

  it('works once', async () => {
    const code = await codeOf()
    expect((await redeem({ code })).status).toBe(200)
    expect(askJson(await redeem({ code }))).toMatchObject({ error: 'invalid_grant', error_codes: [54005] })
  })

  it('works for ten minutes', async () => {
    const code = await codeOf()
    sandbox.control.advanceClock(601)
    expect(askJson(await redeem({ code }))).toMatchObject({ error: 'invalid_grant', error_codes: [70008] })
  })

  it.each([
    ['the wrong verifier', { code_verifier: 'w'.repeat(43) }, contosoId, 'invalid_grant', 501481],
    ['no verifier', {}, contosoId, 'invalid_grant', 501481],
    [
      'another redirect URI',
      { code_verifier: verifier, redirect_uri: 'http://localhost:4712' },
      contosoId,
      'invalid_client',
      500112,
    ],
    ['another app', { client_id: seedApps.withoutConsent }, contosoId, 'invalid_grant', 70000],
    ['another tenant', { code_verifier: verifier }, fabrikamId, 'invalid_grant', 700005],
    ['a secret', { code_verifier: verifier, client_secret: 'x' }, contosoId, 'invalid_client', 700025],
    [
      'two resources',
      { code_verifier: verifier, scope: 'User.Read api://contoso-api/Files.Read' },
      contosoId,
      'invalid_request',
      28000,
    ],
    [
      'a permission without consent',
      { code_verifier: verifier, scope: 'Mail.Send' },
      contosoId,
      'invalid_grant',
      65001,
    ],
  ])('refuses %s and leaves the code good', async (_name, changes, tenant, error, number) => {
    const code = await codeOf({ code_challenge: verifier, code_challenge_method: 'plain' })
    const refused = await redeem({ code, ...changes }, tenant)
    expect(askJson(refused)).toMatchObject({ error, error_codes: [number] })
    expect((await redeem({ code, code_verifier: verifier })).status).toBe(200)
  })

  it('wants a web app to prove itself', async () => {
    const web = { client_id: seedApps.web, redirect_uri: 'http://localhost/web/callback' }
    const code = await codeOf(web)
    expect(askJson(await redeem({ code, ...web }))).toMatchObject({ error_codes: [7000218] })
    const basic = Buffer.from(`${seedApps.web}:${encodeURIComponent(seedSecrets.web)}`).toString('base64')
    const answer = await post(
      sandbox,
      `/${contosoId}/oauth2/v2.0/token`,
      { grant_type: 'authorization_code', code, redirect_uri: web.redirect_uri },
      { authorization: `Basic ${basic}` },
    )
    expect(answer.status).toBe(200)
  })

  it('answers what Entra answers, for Graph with its OpenID Connect scopes', async () => {
    const code = await codeOf()
    const body = askJson(await redeem({ code, client_info: '1' }))
    expect(Object.keys(body)).toEqual([
      'token_type',
      'scope',
      'expires_in',
      'ext_expires_in',
      'access_token',
      'refresh_token',
      'id_token',
      'client_info',
    ])
    expect(body.token_type).toBe('Bearer')
    expect(String(body.scope).split(' ')).toEqual(
      expect.arrayContaining(['openid', 'https://graph.microsoft.com/User.Read']),
    )
    const seconds = Number(body.expires_in)
    expect(seconds).toBeGreaterThanOrEqual(3599)
    expect(seconds).toBeLessThan(5400)
    expect(JSON.parse(Buffer.from(String(body.client_info), 'base64url').toString())).toEqual({
      uid: 'b0b00000-0000-4000-a000-0000000000b1',
      utid: contosoId,
    })
  })

  it('repeats the spelling of the resource with its slashes', async () => {
    const scope = 'https://management.core.windows.net//.default offline_access'
    const body = askJson(await redeem({ code: await codeOf({ scope }) }))
    expect(String(body.scope).split(' ')).toEqual([
      'https://management.core.windows.net//user_impersonation',
      'https://management.core.windows.net//.default',
    ])
    const [, payload = ''] = String(body.access_token).split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      aud: 'https://management.core.windows.net/',
      scp: 'user_impersonation',
    })
  })

  it('serves v1 clients, with numbers as text and the resource named', async () => {
    const visitor = new Visitor(sandbox)
    const resource = 'https://management.core.windows.net/'
    const query = new URLSearchParams({
      client_id: seedApps.desktop,
      response_type: 'code',
      redirect_uri: redirectUri,
      resource,
    })
    const page = await visitor.open(`/${contosoId}/oauth2/authorize?${query.toString()}`)
    const code = answered(await visitor.signIn(page, 'bob@contoso.com')).get('code') ?? ''
    const answer = await post(sandbox, `/${contosoId}/oauth2/token`, {
      grant_type: 'authorization_code',
      client_id: seedApps.desktop,
      redirect_uri: redirectUri,
      code,
      resource,
    })
    expect(askJson(answer)).toMatchObject({
      resource,
      scope: 'user_impersonation',
      expires_in: expect.stringMatching(/^\d+$/),
      expires_on: expect.stringMatching(/^\d{10}$/),
      refresh_token: expect.any(String),
      id_token: expect.any(String),
    })
  })

  it('finds its keys and endpoints through the metadata', async () => {
    for (const version of ['', '/v2.0']) {
      const answer = await ask(sandbox, `/contoso.com${version}/.well-known/openid-configuration`)
      const metadata = askJson(answer)
      expect(String(metadata.issuer)).toBe(
        version === '' ? `${sandbox.origin}/${contosoId}/` : `${sandbox.origin}/${contosoId}/v2.0`,
      )
      expect(metadata.token_endpoint).toBe(`${sandbox.origin}/${contosoId}/oauth2${version}/token`)
      // Entra takes PKCE and does not say so, which clients that look for it must live with.
      expect(metadata).not.toHaveProperty('code_challenge_methods_supported')
      const keys = askJson(await ask(sandbox, String(metadata.jwks_uri)))
      expect(keys.keys).toHaveLength(2)
      expect(keys.keys).toMatchObject([{ kty: 'RSA', use: 'sig', x5c: [expect.any(String)] }, {}])
    }
  })
})
