import { describe, expect, it } from 'vitest'
import { alice, call, tenantId, token } from './fixture.ts'

const delegated = await token({ scp: 'User.Read User.Read.All Application.Read.All' })
const appOnly = await token({ roles: ['User.Read.All', 'Application.Read.All'], oid: 'sp1' })
const eventual = { consistencylevel: 'eventual' }

async function names(path: string, headers: Record<string, string> = {}): Promise<string[]> {
  const { status, body } = await call(path, { token: appOnly, headers })
  expect([status, body.error]).toEqual([200, undefined])
  return body.value.map(({ displayName }: { displayName: string }) => displayName)
}

async function failureOf(path: string, headers: Record<string, string> = {}) {
  const { status, body } = await call(path, { token: appOnly, headers })
  return [status, body.error?.code, body.error?.message]
}

const filtered = (filter: string) => `/v1.0/users?$filter=${encodeURIComponent(filter)}`

describe('/me', () => {
  it('is the user the token speaks for', async () => {
    const { body } = await call('https://graph.microsoft.com/v1.0/me', { token: delegated })
    expect(body).toMatchObject({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users/$entity',
      id: alice.objectId,
      displayName: 'Alice Admin',
      givenName: 'Alice',
      surname: 'Admin',
      mail: 'alice@contoso.com',
      userPrincipalName: 'alice@contoso.com',
    })
  })
  it('needs a user', async () => {
    expect(await failureOf('/v1.0/me')).toEqual([
      400,
      'BadRequest',
      '/me request is only valid with delegated authentication flow.',
    ])
  })
  it('needs User.Read', async () => {
    const { status, body } = await call('/v1.0/me', { token: await token({ scp: 'Mail.Read' }) })
    expect([status, body.error.code, body.error.message]).toEqual([
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    ])
  })
  it('takes $select, also without its dollar sign', async () => {
    const { body } = await call('/v1.0/me?select=displayName,userType', { token: delegated })
    expect(Object.keys(body)).toEqual(['@odata.context', 'displayName', 'userType'])
    expect(body['@odata.context']).toMatch(/#users\(displayName,userType\)\/\$entity$/)
  })
})

describe('permissions', () => {
  it.each([
    ['/v1.0/users', { scp: 'User.Read' }, 403],
    ['/v1.0/users', { scp: 'User.Read.All' }, 200],
    ['/v1.0/users', { roles: ['Directory.Read.All'] }, 200],
    ['/v1.0/users', { roles: ['Application.Read.All'] }, 403],
    ['/v1.0/users', {}, 403],
    // The roles of a user are not permissions of an app.
    ['/v1.0/users', { scp: 'User.Read', roles: ['User.Read.All'] }, 403],
    ['/v1.0/users/a1', { scp: 'User.Read' }, 200],
    ['/v1.0/users/b1', { scp: 'User.Read' }, 403],
    ['/v1.0/applications', { scp: 'User.Read.All' }, 403],
    ['/v1.0/applications', { scp: 'Application.Read.All' }, 200],
    ['/v1.0/servicePrincipals', { roles: ['Application.Read.All'] }, 200],
    ['/v1.0/organization', { scp: 'User.Read' }, 200],
    ['/v1.0/organization', { roles: ['User.Read.All'] }, 403],
  ])('%s with %o answers %i', async (path, claims, status) => {
    expect((await call(path, { token: await token(claims) })).status).toBe(status)
  })
})

describe('objects', () => {
  it.each([
    ['/v1.0/users/a1', 'Alice Admin'],
    ['/v1.0/users/ALICE@contoso.com', 'Alice Admin'],
    ['/v1.0/users/pat.o%27neil@contoso.com', "Pat O'Neil"],
    ["/v1.0/applications(appId='d0000000-0000-4000-a000-000000000001')", 'Contoso Daemon'],
    ['/v1.0/applications/90000000-0000-4000-a000-000000000001', 'Contoso Daemon'],
    [`/v1.0/organization/${tenantId}`, 'Contoso'],
  ])('%s is %s', async (path, displayName) => {
    const response = await call(path, {
      token: await token({ roles: ['Directory.Read.All'] }),
    })
    expect(response.body).toMatchObject({ displayName })
  })
  it.each([
    '/v1.0/users/nobody@contoso.com',
    '/v1.0/users/frank@fabrikam.com',
    '/v1.0/applications/d0000000',
  ])('%s is not there', async (path) => {
    expect((await failureOf(path)).slice(0, 2)).toEqual([404, 'Request_ResourceNotFound'])
  })
  it('never shows a secret, only how it begins', async () => {
    const { body } = await call('/v1.0/applications', { token: appOnly })
    expect(body.value[0].passwordCredentials).toMatchObject([{ hint: 'abc', secretText: null }])
    expect(JSON.stringify(body)).not.toContain('very-secret')
  })
  it('has one service principal for an API that is an app registration as well', async () => {
    const found = await names(
      "/v1.0/servicePrincipals?$filter=servicePrincipalNames/any(n:n eq 'api://contoso-api')",
    )
    expect(found).toEqual(['api://contoso-api'])
    expect(await names('/v1.0/servicePrincipals')).not.toContain('Custom-API')
  })
})

describe('$filter', () => {
  it.each([
    ["displayName eq 'bob baker'", ['Bob Baker']],
    ["displayName eq 'Pat O''Neil'", ["Pat O'Neil"]],
    ["startswith(displayName,'a') or startsWith( displayName , 'B' )", ['Alice Admin', 'Bob Baker']],
    ["startswith(displayName,'a') and surname eq 'Baker'", []],
    [
      "startswith(displayName,'a') or startswith(displayName,'b') and surname eq 'Baker'",
      ['Alice Admin', 'Bob Baker'],
    ],
    ["(startswith(displayName,'a') or startswith(displayName,'b')) and surname eq 'Baker'", ['Bob Baker']],
    ["startswith(displayName,'a') eq true", ['Alice Admin']],
    ["id in ('a1', 'z1')", ['Alice Admin', 'Zoë']],
    ['surname eq null', ['Zoë']],
    ["accountEnabled eq true and displayName ge 'P'", ["Pat O'Neil", 'Zoë']],
    ["displayName eq 'and or not ('", []],
  ])('%s', async (filter, expected) => {
    expect(await names(filtered(filter))).toEqual(expected)
  })

  it.each([
    ["displayName ne 'Zoë'", ['Alice Admin', 'Bob Baker', "Pat O'Neil"], 'ne'],
    ["not startswith(displayName,'a')", ['Bob Baker', "Pat O'Neil", 'Zoë'], 'not'],
    ["endsWith(mail,'OB@contoso.com')", ['Bob Baker'], 'endsWith'],
  ])('%s only as an advanced query', async (filter, expected, operator) => {
    const path = filtered(filter)
    expect(await names(`${path}&$count=true`, eventual)).toEqual(expected)
    expect(await failureOf(`${path}&$count=true`)).toEqual([
      400,
      'Request_UnsupportedQuery',
      expect.stringContaining(
        `Operator '${operator}' is not supported because the 'ConsistencyLevel:eventual'`,
      ),
    ])
    expect(await failureOf(path, eventual)).toEqual([
      400,
      'Request_UnsupportedQuery',
      expect.stringContaining('Try adding $count=true'),
    ])
  })

  it.each([
    ["contains(displayName,'a')", 'Request_UnsupportedQuery', /property 'displayName' of resource 'User'/],
    ["endswith(displayName,'a')", 'Request_UnsupportedQuery', /property 'displayName' of resource 'User'/],
    ["displayName gt 'a'", 'Request_UnsupportedQuery', /property 'displayName'/],
    ["shoeSize eq '42'", 'BadRequest', /named 'shoeSize' on type 'microsoft.graph.user'/],
    ["displayName eq 'O'Neil'", 'BadRequest', /Invalid filter clause/],
    ["displayName eq 'open", 'BadRequest', /unterminated string literal at position 14/],
    ['displayName eq', 'BadRequest', /Syntax error at position 14/],
    ["displayName = 'a'", 'BadRequest', /Syntax error/],
    ["(displayName eq 'a'", 'BadRequest', /Syntax error/],
    ["tolower(displayName,'a')", 'BadRequest', /unknown function with name 'tolower'/],
    ['', 'BadRequest', /Syntax error at position 0/],
  ])('refuses %s', async (filter, code, message) => {
    expect(await failureOf(`${filtered(filter)}&$count=true`, eventual)).toEqual([
      400,
      code,
      expect.stringMatching(message),
    ])
  })
})

describe('$search', () => {
  const search = (text: string, set = 'users') => `/v1.0/${set}?$search=${encodeURIComponent(text)}`
  it.each([
    ['"displayName:ali"', 'users', ['Alice Admin']],
    ['"displayName:admin alice"', 'users', ['Alice Admin']],
    ['"displayName:lice"', 'users', []],
    ['"displayName:zoë"', 'users', ['Zoë']],
    ['"displayName:ali" OR "displayName:bob"', 'users', ['Alice Admin', 'Bob Baker']],
    ['"displayName:ali" AND "mail:bob"', 'users', []],
    ['"mail:bob@"', 'users', ['Bob Baker']],
    ['"displayName:app"', 'applications', ['Contoso DesktopApp']],
    ['"displayName:customapi"', 'applications', ['Custom-API']],
  ])('%s in %s', async (text, set, expected) => {
    expect(await names(search(text, set), eventual)).toEqual(expected)
  })
  it('needs the header, but not $count', async () => {
    expect(await failureOf(search('"displayName:a"'))).toEqual([
      400,
      'Request_UnsupportedQuery',
      expect.stringContaining("'ConsistencyLevel: eventual'"),
    ])
  })
  it('needs quotes and a property', async () => {
    expect((await failureOf(search('displayName:a'), eventual))[0]).toBe(400)
    expect((await failureOf(search('"alice"'), eventual))[0]).toBe(400)
  })
})

interface Page {
  readonly '@odata.count': number
  readonly '@odata.nextLink'?: string
  readonly value: readonly { readonly displayName: string }[]
}

describe('pages', () => {
  it('leads through everything, once, keeping the query', async () => {
    const seen: string[] = []
    let path: string | undefined =
      'https://graph.microsoft.com/v1.0/users?$top=3&$select=displayName&$count=true'
    const sizes: number[] = []
    while (path !== undefined) {
      const answered: { body: Page } = await call(path, { token: appOnly, headers: eventual })
      const { body } = answered
      expect(body['@odata.count']).toBe(4)
      expect(Object.keys(body.value[0] ?? {})).toEqual(['displayName'])
      sizes.push(body.value.length)
      seen.push(...body.value.map(({ displayName }) => displayName))
      path = body['@odata.nextLink']
      expect(path ?? 'https://graph.microsoft.com/').toMatch(/^https:\/\/graph\.microsoft\.com\//)
    }
    expect(sizes).toEqual([3, 1])
    expect(seen).toEqual(['Alice Admin', 'Bob Baker', "Pat O'Neil", 'Zoë'])
  })
  it('has no next page when the last one is exactly full', async () => {
    const { body } = await call('/v1.0/users?$top=4', { token: appOnly })
    expect(body['@odata.nextLink']).toBeUndefined()
  })
  it.each([
    ['$top=0', 'Request_UnsupportedQuery'],
    ['$top=1000', 'Request_UnsupportedQuery'],
    ['$top=many', 'BadRequest'],
    ['$skiptoken=madeup', 'Directory_ExpiredPageToken'],
    ['$select=shoeSize', 'BadRequest'],
    ['$expand=manager', 'BadRequest'],
  ])('refuses %s', async (query, code) => {
    expect((await failureOf(`/v1.0/users?${query}`)).slice(0, 2)).toEqual([400, code])
  })
  it('counts in silence only with the header', async () => {
    const { body } = await call('/v1.0/users?$count=true', { token: appOnly })
    expect(body['@odata.count']).toBeUndefined()
    expect((await call('/v1.0/users/$count', { token: appOnly, headers: eventual })).body).toBe('4')
    expect((await failureOf('/v1.0/users/$count'))[2]).toBe('$count is not currently supported.')
  })
})

describe('$orderby', () => {
  it('sorts users by default and applications in advanced queries', async () => {
    expect((await names('/v1.0/users?$orderby=displayName desc'))[0]).toBe('Zoë')
    expect((await failureOf('/v1.0/applications?$orderby=displayName'))[1]).toBe('Request_UnsupportedQuery')
    expect(await names('/v1.0/applications?$orderby=displayName desc&$count=true', eventual)).toEqual([
      'Custom-API',
      'Contoso DesktopApp',
      'Contoso Daemon',
    ])
  })
  it('does not go with $filter but in advanced queries', async () => {
    const path = `${filtered("startswith(displayName,'a')")}&$orderby=displayName`
    expect((await failureOf(path))[2]).toBe('Sorting not supported for current query.')
    expect(await names(`${path}&$count=true`, eventual)).toEqual(['Alice Admin'])
  })
})

describe('what is not there', () => {
  it.each([
    ['/v1.0/groups', 400, 'BadRequest'],
    ['/v1.0/me/messages', 400, 'BadRequest'],
    ['https://graph.microsoft.com/v9/me', 400, 'BadRequest'],
  ])('%s', async (path, status, code) => {
    expect((await failureOf(path)).slice(0, 2)).toEqual([status, code])
  })
  it('takes no changes', async () => {
    const { status, headers } = await call('/v1.0/users', { token: appOnly, method: 'POST', body: '{}' })
    expect([status, headers['allow']]).toEqual([405, 'GET'])
  })
  it('names the request in every answer, as the client did', async () => {
    const headers = { 'client-request-id': 'mine' }
    const refused = await call('/v1.0/me', { headers })
    expect(refused.body.error.innerError).toMatchObject({
      'client-request-id': 'mine',
      date: '2026-01-31T10:00:00',
    })
    expect((await call('/v1.0/me', { token: delegated, headers })).headers).toMatchObject(headers)
  })
})
