import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeJwt } from 'jose'
import { contosoId, seedApps } from '../../../sandbox/seed.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { askJson, post, startTestSandbox } from './support.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startTestSandbox()
})
afterEach(() => sandbox.close())

/** The claims of Bob's ID token after a device sign-in. */
async function idTokenFor(scope: string): Promise<Record<string, unknown>> {
  const endpoint = `/${contosoId}/oauth2/v2.0`
  const started = askJson(
    await post(sandbox, `${endpoint}/devicecode`, { client_id: seedApps.desktop, scope }),
  )
  sandbox.control.approveDeviceCode(String(started.user_code), 'bob@contoso.com')
  const answer = askJson(
    await post(sandbox, `${endpoint}/token`, {
      client_id: seedApps.desktop,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: String(started.device_code),
    }),
  )
  return decodeJwt(String(answer.id_token))
}

// https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
describe('an ID token of version 2.0', () => {
  it('names the user where the profile scope is asked for', async () => {
    expect(await idTokenFor('openid profile User.Read')).toMatchObject({
      name: 'Bob Baker',
      preferred_username: 'bob@contoso.com',
      oid: expect.any(String),
      tid: contosoId,
    })
  })

  it('says who it is by the pairwise subject alone where it is not', async () => {
    const claims = await idTokenFor('openid User.Read')
    expect(claims).toMatchObject({ sub: expect.any(String), tid: contosoId })
    expect(
      Object.keys(claims).filter((name) => ['name', 'oid', 'preferred_username'].includes(name)),
    ).toEqual([])
  })

  it.each([
    ['openid email User.Read', 'bob@contoso.com'],
    ['openid profile User.Read', undefined],
  ])('of %s has the email %s', async (scope, email) => {
    expect((await idTokenFor(scope))['email']).toBe(email)
  })
})
