import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../../src/errors.ts'
import {
  appServiceTarget,
  bearer,
  graphResource,
  now,
  profile,
  secret,
  service,
  token,
  withSecret,
} from './served.ts'

const endSeconds = now.getTime() / 1000 + 3600

describe('App Service', () => {
  it('answers as Azure does, with the resource as it was asked for', async () => {
    const { ask, wishes } = service()
    const { status, json, headers, keepOpen } = await ask(
      '/msi/token?api-version=2019-08-01&resource=https%3A%2F%2FGRAPH.microsoft.com%2F',
      withSecret,
    )
    expect(status).toBe(200)
    expect(json).toEqual({
      access_token: 'the.token.itself',
      token_type: 'Bearer',
      expires_on: String(endSeconds),
      resource: 'https://GRAPH.microsoft.com/',
      client_id: profile().clientId,
    })
    expect(headers).toMatchObject({ 'cache-control': 'no-store' })
    expect(keepOpen).toBe(true)
    expect(wishes).toMatchObject([{ scopes: ['https://graph.microsoft.com/.default'] }])
  })

  it('chooses a profile by its client id', async () => {
    const other = profile({ name: 'other', clientId: '33333333-3333-4333-8333-333333333333' })
    const { ask, wishes } = service({ profiles: [profile(), other] })
    await ask(`${appServiceTarget}&client_id=${other.clientId.toUpperCase()}`, withSecret)
    expect(wishes.map((wish) => wish.profile.name)).toEqual(['other'])
  })

  it.each([
    ['/msi/token?resource=https://graph.microsoft.com', 'api-version must be 2019-08-01'],
    [
      '/msi/token?api-version=2017-09-01&resource=https://graph.microsoft.com',
      'api-version must be 2019-08-01',
    ],
    ['/msi/token?api-version=2019-08-01', 'the parameter resource is missing'],
    [`${appServiceTarget}&resource=https://vault.azure.net`, 'the parameter resource came more than once'],
    [
      `${appServiceTarget}&mi_res_id=/subscriptions/x`,
      'mi_res_id names no identity here; choose a profile by client_id',
    ],
    [`${appServiceTarget}&client_id=nobody`, 'no profile that is served goes by that name or client id'],
  ])('refuses %s in its own words', async (target, message) => {
    const { status, json } = await service().ask(target, withSecret)
    expect({ status, json }).toEqual({ status: 400, json: { statusCode: 400, message } })
  })
})

describe('IMDS', () => {
  const target = `/${secret}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://graph.microsoft.com`
  const metadata = { headers: { metadata: 'true' } }

  it('is not there unless it was asked for', async () => {
    expect((await service().ask(target, metadata)).status).toBe(404)
  })

  it('answers as Azure does to the address that holds the secret', async () => {
    const { status, json } = await service({ imds: true }).ask(target, metadata)
    expect(status).toBe(200)
    expect(json).toMatchObject({
      access_token: 'the.token.itself',
      expires_in: '3600',
      expires_on: String(endSeconds),
    })
  })

  it('answers with the slash that MSAL writes behind it', async () => {
    expect((await service({ imds: true }).ask(target.replace('?', '/?'), metadata)).status).toBe(200)
  })

  it.each([
    ['without the secret', target.replace(secret, ''), metadata, 401],
    ['without a place for the secret', target.replace(`/${secret}`, ''), metadata, 404],
    ['with another secret', target.replace(secret, 'a'.repeat(64)), metadata, 401],
    ['with more before the secret', `/x${target}`, metadata, 404],
    ['without Metadata: true', target, {}, 400],
    ['without a version', target.replace('api-version=2018-02-01&', ''), metadata, 400],
  ])('refuses %s', async (_what, address, options, status) => {
    const { ask, wishes } = service({ imds: true })
    const answer = await ask(address, options)
    expect(answer.status).toBe(status)
    expect(answer.text).not.toContain(secret)
    expect(wishes).toEqual([])
  })
})

describe('azd', () => {
  const target = '/azd/token?api-version=2023-07-12-preview'
  const post = (body: unknown) => ({
    method: 'POST',
    headers: { ...bearer.headers, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const scopes = ['https://graph.microsoft.com/.default']

  it('answers with the token and its end in RFC 3339', async () => {
    const { status, json } = await service().ask(target, post({ scopes }))
    expect({ status, json }).toEqual({
      status: 200,
      json: { status: 'success', token: 'the.token.itself', expiresOn: '2026-01-31T11:00:00Z' },
    })
  })

  it('takes the tenant that the token is of, by whatever name the profile knows it', async () => {
    const { ask } = service({ profiles: [profile({ tenantId: 'contoso.com' })] })
    const tenantId = '11111111-1111-4111-8111-111111111111'
    expect((await ask(target, post({ scopes, tenantId }))).json).toMatchObject({ status: 'success' })
  })

  it.each([
    [{ scopes: [] }, 'scopes must be a list of texts'],
    [{ scopes: 'https://graph.microsoft.com/.default' }, 'scopes must be a list of texts'],
    [{ scopes: [1] }, 'scopes must be a list of texts'],
    [{ scopes, tenantId: 7 }, 'tenantId must be a tenant'],
    [{ scopes, tenantId: 'x'.repeat(300) }, 'tenantId must be a tenant'],
    [{ scopes, tenantId: 'fabrikam.com' }, 'profile graph gets no tokens of tenant fabrikam.com'],
    ['null', 'the body is no JSON object'],
    ['{"scopes":', 'the body is no JSON object'],
    [
      { scopes: ['https://vault.azure.net/.default'] },
      'tokens for https://vault.azure.net are not served; start serve with --allow-audience https://vault.azure.net',
    ],
  ])('says %j in a way that azd shows', async (body, message) => {
    const { status, json } = await service().ask(target, post(body))
    expect({ status, json }).toEqual({
      status: 200,
      json: { status: 'error', code: 'GetTokenError', message },
    })
  })

  it('tells azd apart that somebody must sign in', async () => {
    const obtain = () =>
      Promise.reject(new EntraAuthError('interaction_required', 'nobody is signed in', { hint: 'sign in' }))
    const { json } = await service({ obtain }).ask(target, post({ scopes }))
    expect(json).toEqual({
      status: 'error',
      code: 'NotSignedInError',
      message: 'nobody is signed in (sign in)',
    })
  })

  it('wants JSON that is called so, as no form of a web page is', async () => {
    const options = post({ scopes })
    const headers = { ...options.headers, 'content-type': 'text/plain' }
    const { json } = await service().ask(target, { ...options, headers })
    expect(json).toMatchObject({ message: 'the body must be application/json' })
  })

  it('reads no body of 64 KB and more', async () => {
    const { json, keepOpen } = await service().ask(target, post({ scopes, pad: 'x'.repeat(70_000) }))
    expect(json).toMatchObject({ message: 'the body is too large' })
    expect(keepOpen).toBe(false)
  })
})

describe('plain', () => {
  it("answers in OAuth's words, without a scope with the profile's own token", async () => {
    const { ask, wishes } = service()
    const { status, json } = await ask('/token', bearer)
    expect({ status, json }).toEqual({
      status: 200,
      json: {
        access_token: 'the.token.itself',
        token_type: 'Bearer',
        expires_in: 3600,
        expires_on: endSeconds,
        scope: 'https://graph.microsoft.com/.default',
      },
    })
    expect(wishes).toMatchObject([{ profile: { name: 'graph' }, scopes: profile().scopes }])
  })

  it('takes the profile by its name, in any case, and scopes as people write them', async () => {
    const { ask, wishes } = service({ profiles: [profile(), profile({ name: 'work' })] })
    await ask('/token?profile=WORK&scope=https://graph.microsoft.com/User.Read+Mail.Read', bearer)
    expect(wishes).toMatchObject([
      {
        profile: { name: 'work' },
        scopes: ['https://graph.microsoft.com/User.Read', 'https://graph.microsoft.com/Mail.Read'],
      },
    ])
  })

  it.each([
    ['network', 503, 'temporarily_unavailable'],
    ['timeout', 503, 'temporarily_unavailable'],
    ['authentication_failed', 400, 'invalid_request'],
    ['interaction_required', 400, 'interaction_required'],
    ['store_unavailable', 500, 'temporarily_unavailable'],
  ] as const)('says a failure of kind %s with %i', async (code, status, error) => {
    const { ask } = service({ obtain: () => Promise.reject(new EntraAuthError(code, 'it did not work')) })
    const answer = await ask('/token', bearer)
    expect(answer.status).toBe(status)
    expect(answer.json).toEqual({ error, error_description: 'it did not work' })
  })

  it('keeps what it does not understand to the log', async () => {
    const { ask, log } = service({ obtain: () => Promise.reject(new TypeError('inner workings')) })
    const answer = await ask('/token', bearer)
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('inner workings')
    expect(log).toEqual(['broken: TypeError: inner workings'])
  })

  it('never says that a token lives on that is over', async () => {
    const over = token({ expiresOn: new Date(now.getTime() - 1) })
    expect((await service({ obtain: async () => over }).ask('/token', bearer)).json['expires_in']).toBe(0)
  })
})

it('writes who got what for which API, and no token', async () => {
  const { ask, log } = service()
  await ask(`/msi/token?${graphResource}`, withSecret)
  expect(log).toEqual(['test App Service graph https://graph.microsoft.com/.default'])
})
