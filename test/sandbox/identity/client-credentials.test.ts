import { ConfidentialClientApplication } from '@azure/msal-node'
import { createLocalJWKSet } from 'jose/jwks/local'
import { decodeJwt } from 'jose'
import { jwtVerify } from 'jose/jwt/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../../sandbox/seed.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { ask, networkOf, startTestSandbox, testNow } from './support.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.close())

function daemon(proof: object, clientId: string = seedApps.daemonWithSecret): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: `${sandbox.origin}/${contosoId}`,
      knownAuthorities: [new URL(sandbox.origin).host],
      ...proof,
    },
    system: { networkClient: networkOf(sandbox) },
  })
}

async function keySet(): Promise<ReturnType<typeof createLocalJWKSet>> {
  const answer = await ask(sandbox, `/${contosoId}/discovery/v2.0/keys`)
  return createLocalJWKSet(JSON.parse(answer.body))
}

describe('client credentials, by MSAL', () => {
  it('gets a v2 token with the roles of the app for a secret', async () => {
    const client = daemon({ clientSecret: seedSecrets.daemonWithSecret })
    const result = await client.acquireTokenByClientCredential({ scopes: ['api://contoso-api/.default'] })
    const { payload, protectedHeader } = await jwtVerify(result?.accessToken ?? '', await keySet(), {
      issuer: `${sandbox.origin}/${contosoId}/v2.0`,
      audience: seedApps.contosoApi,
      currentDate: testNow,
    })
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'RS256', kid: expect.any(String) })
    expect(payload).toMatchObject({
      azp: seedApps.daemonWithSecret,
      azpacr: '1',
      roles: ['Files.Read.All', 'Tasks.Run'],
      tid: contosoId,
      ver: '2.0',
      iat: testNow.getTime() / 1000 - 300,
      exp: testNow.getTime() / 1000 + 3600,
    })
    expect(payload.sub).toBe(payload.oid)
    expect(payload).not.toHaveProperty('scp')
  })

  it.each([
    ['a day for Graph, where claims challenges are handled', 'https://graph.microsoft.com', ['cp1'], 86_400],
    ['an hour for another API', 'api://contoso-api', ['cp1'], 3600],
    ['an hour where they are not', 'https://graph.microsoft.com', [], 3600],
  ])('lives %s', async (_life, api, clientCapabilities, seconds) => {
    const client = daemon({ clientSecret: seedSecrets.daemonWithSecret, clientCapabilities })
    const result = await client.acquireTokenByClientCredential({ scopes: [`${api}/.default`] })
    const claims = decodeJwt(result?.accessToken ?? '')
    expect((claims.exp ?? 0) - testNow.getTime() / 1000).toBe(seconds)
    expect(claims['xms_cc']).toEqual(clientCapabilities.length > 0 ? ['cp1'] : undefined)
  })
})
