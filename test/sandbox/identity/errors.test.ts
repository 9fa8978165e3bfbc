import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, fabrikamId, seedApps, seedSecrets } from '../../../sandbox/seed.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { ask, askJson, post, startTestSandbox } from './support.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.close())

const daemon = {
  grant_type: 'client_credentials',
  client_id: seedApps.daemonWithSecret,
  client_secret: seedSecrets.daemonWithSecret,
  scope: 'https://graph.microsoft.com/.default',
}
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const missing = '(left out)'

/** What is changed of a good request, its segment, and the refusal: status, error, AADSTS number. */
const refusals: readonly [string, Record<string, string>, string, number, string, number][] = [
  ['a wrong secret', { client_secret: 'no' }, contosoId, 401, 'invalid_client', 7000215],
  ['no secret', { client_secret: missing }, contosoId, 401, 'invalid_client', 7000216],
  [
    'an expired secret',
    { client_id: seedApps.expiredSecret, client_secret: seedSecrets.expiredSecret },
    contosoId,
    401,
    'invalid_client',
    7000222,
  ],
  ['a secret of a public client', { client_id: seedApps.desktop }, contosoId, 401, 'invalid_client', 700025],
  ['an unknown app', { client_id: contosoId }, contosoId, 400, 'unauthorized_client', 700016],
  ['an app of another tenant', {}, fabrikamId, 400, 'unauthorized_client', 700016],
  ['an unknown tenant', {}, 'nowhere.example', 400, 'invalid_request', 90002],
  ['a single-tenant app at common', {}, 'common', 400, 'invalid_request', 50194],
  ['no client id', { client_id: missing }, contosoId, 400, 'invalid_request', 900144],
  ['no grant type', { grant_type: missing }, contosoId, 400, 'invalid_request', 900144],
  ['an unknown grant type', { grant_type: 'magic' }, contosoId, 400, 'unsupported_grant_type', 70003],
  ['no scope', { scope: missing }, contosoId, 400, 'invalid_request', 900144],
  ['a named scope', { scope: 'User.Read' }, contosoId, 400, 'invalid_scope', 1002012],
  ['a malformed scope', { scope: 'nonsense/.default' }, contosoId, 400, 'invalid_scope', 70011],
  ['an unknown resource', { scope: 'api://nobody/.default' }, contosoId, 400, 'invalid_resource', 500011],
  [
    'two resources',
    { scope: 'https://graph.microsoft.com/.default api://contoso-api/.default' },
    contosoId,
    400,
    'invalid_request',
    28000,
  ],
  ['a resource at the v2 endpoint', { resource: 'x' }, contosoId, 400, 'invalid_request', 901002],
  [
    'an assertion of an issuer nobody trusts',
    { client_assertion: 'x.y.z', client_assertion_type: jwtBearer },
    contosoId,
    400,
    'invalid_request',
    50027,
  ],
  [
    'an unknown code',
    { grant_type: 'authorization_code', code: 'no', redirect_uri: 'http://localhost' },
    contosoId,
    400,
    'invalid_grant',
    70000,
  ],
  [
    'an unknown refresh token',
    { grant_type: 'refresh_token', refresh_token: 'no' },
    contosoId,
    400,
    'invalid_grant',
    70000,
  ],
  [
    'an unknown device code',
    { grant_type: 'device_code', device_code: 'no' },
    contosoId,
    400,
    'bad_verification_code',
    70018,
  ],
  [
    'a device code of an app that is no public client',
    { grant_type: 'device_code', device_code: 'no', client_secret: missing },
    contosoId,
    401,
    'invalid_client',
    7000218,
  ],
]

describe('refusals of the token endpoint', () => {
  it.each(refusals)('%s', async (_name, changes, segment, status, error, code) => {
    const fields = Object.fromEntries(
      Object.entries<string>({ ...daemon, ...changes }).filter(([, value]) => value !== missing),
    )
    const answer = await post(sandbox, `/${segment}/oauth2/v2.0/token`, fields)
    expect({ status: answer.status, ...askJson(answer) }).toMatchObject({
      status,
      error,
      error_codes: [code],
    })
  })

  it('carries text, trace id, correlation id and timestamp as Entra writes them', async () => {
    const correlationId = '6a1b0a3e-7a55-4f0e-9b0b-0d7c1a2b3c4d'
    const answer = await post(
      sandbox,
      `/${contosoId}/oauth2/v2.0/token`,
      { ...daemon, client_secret: 'no' },
      { 'client-request-id': correlationId },
    )
    const body = askJson(answer)
    expect(Object.keys(body)).toEqual([
      'error',
      'error_description',
      'error_codes',
      'timestamp',
      'trace_id',
      'correlation_id',
      'error_uri',
    ])
    expect(body).toMatchObject({ timestamp: '2026-01-31 10:00:00Z', correlation_id: correlationId })
    expect(body.error_description).toBe(
      'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client ' +
        `secret value, not the client secret ID, for a secret added to app '${seedApps.daemonWithSecret}'. ` +
        `Trace ID: ${String(body.trace_id)} Correlation ID: ${correlationId} Timestamp: 2026-01-31 10:00:00Z`,
    )
  })

  it('answers discovery of an unknown tenant as Entra does', async () => {
    const answer = await ask(sandbox, '/nowhere.example/v2.0/.well-known/openid-configuration')
    expect(answer.status).toBe(400)
    expect(askJson(answer)).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] })
  })

  it('takes POST alone', async () => {
    const answer = await ask(sandbox, `/${contosoId}/oauth2/v2.0/token`)
    expect(askJson(answer)).toMatchObject({ error: 'invalid_request', error_codes: [900561] })
  })
})
