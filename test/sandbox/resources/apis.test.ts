import { describe, expect, it } from 'vitest'
import { alice, call, nowSeconds, tenantId, token } from './fixture.ts'

const version = 'api-version=2020-01-01'
const managementAudience = 'https://management.azure.com/'
const armToken = await token({ aud: managementAudience, scp: 'user_impersonation' })

describe('Azure Resource Manager', () => {
  const aud = managementAudience

  it("lists the subscriptions of the caller's tenant, the same ones every time", async () => {
    const path = `https://management.azure.com/subscriptions?${version}`
    const [first, second] = [await call(path, { token: armToken }), await call(path, { token: armToken })]
    expect(first.body.value).toHaveLength(2)
    expect(first.body.value[0]).toMatchObject({
      state: 'Enabled',
      tenantId,
      displayName: 'Contoso Production',
    })
    expect(second.body).toEqual(first.body)
    const { id } = first.body.value[0]
    expect((await call(`${id}?${version}`, { token: armToken })).body).toEqual(first.body.value[0])
  })
  it('lists the tenant', async () => {
    const { body } = await call(`/tenants?${version}`, { token: armToken })
    expect(body.value).toMatchObject([{ tenantId, displayName: 'Contoso', defaultDomain: 'contoso.com' }])
  })
  it('lets an app in without a role of the token: rights are given on subscriptions', async () => {
    expect((await call(`/subscriptions?${version}`, { token: await token({ aud, oid: 'sp' }) })).status).toBe(
      200,
    )
  })
  it.each([
    ['/subscriptions', { aud, scp: 'user_impersonation' }, 400, 'MissingApiVersionParameter'],
    ['/subscriptions?api-version=', { aud, scp: 'user_impersonation' }, 400, 'MissingApiVersionParameter'],
    ['/subscriptions?api-version=new', { aud, scp: 'user_impersonation' }, 400, 'InvalidApiVersionParameter'],
    [`/subscriptions?${version}`, { scp: 'User.Read' }, 401, 'InvalidAuthenticationTokenAudience'],
    [`/subscriptions?${version}`, { aud, exp: nowSeconds - 3600 }, 401, 'ExpiredAuthenticationToken'],
    [
      `/subscriptions?${version}`,
      { aud, iss: 'https://evil.example/' },
      401,
      'InvalidAuthenticationTokenTenant',
    ],
    [`/subscriptions?${version}`, { aud, scp: 'other' }, 403, 'AuthorizationFailed'],
    [`/subscriptions/none?${version}`, { aud, scp: 'user_impersonation' }, 404, 'SubscriptionNotFound'],
    [
      `https://management.azure.com/x?${version}`,
      { aud, scp: 'user_impersonation' },
      404,
      'ResourceNotFound',
    ],
  ])('%s with %o answers %i %s', async (path, claims, status, code) => {
    const { body, ...answered } = await call(path, { token: await token(claims) })
    expect([answered.status, body.error.code]).toEqual([status, code])
    expect(body.error.message).not.toBe('')
  })
  it('asks for a token', async () => {
    const { status, body, headers } = await call(`/subscriptions?${version}`)
    expect([status, body.error.code]).toEqual([401, 'AuthenticationFailed'])
    expect(headers['www-authenticate']).toContain(
      `Bearer authorization_uri="https://login.microsoftonline.com/`,
    )
  })
})

describe('the custom API', () => {
  const aud = 'api://contoso-api'
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"key": "value"}' }
  const path = 'https://api.contoso.com/v1/resources'

  it('keeps what is posted and gives it back', async () => {
    const userToken = await token({ aud, scp: 'access_as_user' })
    const created = await call(path, { ...post, token: userToken })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      key: 'value',
      createdBy: alice.objectId,
      createdDateTime: '2026-01-31T10:00:00.000Z',
    })
    expect((await call(path, { token: userToken })).body.value).toEqual([created.body])
    expect((await call(String(created.headers['location']), { token: userToken })).body).toEqual(created.body)
  })

  it.each([
    ['POST', { aud, scp: 'access_as_user' }, 201],
    ['POST', { aud: 'https://api.contoso.com/', roles: ['Tasks.Run'] }, 201],
    ['POST', { aud: 'c0000000-0000-4000-a000-000000000001', scp: 'access_as_user' }, 201],
    ['POST', { aud, scp: 'read' }, 403],
    ['POST', { aud, scp: 'Files.Read' }, 403],
    ['GET', { aud, scp: 'read' }, 200],
    ['GET', { aud, scp: 'unheard_of' }, 403],
    ['GET', { aud }, 403],
    ['GET', { aud, roles: ['Other.Run'] }, 403],
    ['GET', { scp: 'read' }, 401],
    ['GET', { aud: 'api://AzureADTokenExchange', scp: 'read' }, 401],
    ['DELETE', { aud, scp: 'access_as_user' }, 405],
  ])('%s with %o answers %i', async (method, claims, status) => {
    const response = await call('/v1/resources', { ...post, method, token: await token(claims) })
    expect(response.status).toBe(status)
    const challenge = { 401: 'invalid_token', 403: 'insufficient_scope' }[status]
    const told = /error="([^"]*)"/.exec(String(response.headers['www-authenticate']))?.[1]
    expect(told).toBe(challenge)
  })

  it.each(['', '{', '[]', 'null', '"text"'])('takes a JSON object and not %j', async (body) => {
    const response = await call(path, { ...post, body, token: await token({ aud, scp: 'access_as_user' }) })
    expect([response.status, response.body.error.code]).toEqual([400, 'invalid_json'])
  })

  it.each([
    ['https://api.contoso.com/', { aud, scp: 'read' }, 200],
    ['https://correct-api.com/', { aud: 'https://api.contoso.com', scp: 'read' }, 200],
    ['https://correct-api.com/', { scp: 'read' }, 401],
    ['https://api.example.com/', { scp: 'User.Read' }, 200],
    ['https://api.example.com/', { exp: nowSeconds - 3600 }, 401],
    ['https://api.contoso.com/other', { aud, scp: 'read' }, 404],
  ])('%s with %o answers %i', async (url, claims, status) => {
    expect((await call(url, { token: await token(claims) })).status).toBe(status)
  })
})
