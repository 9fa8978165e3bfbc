import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedDirectory, withManyApps } from '../../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts'
import { createResources } from '../../../sandbox/resources/index.ts'
import { call, issuer, now, published, token, type answer } from './fixture.ts'

let sandbox: Sandbox
let folder: string
let seeded: typeof answer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startSandbox({
    folder,
    port: 0,
    seed: (context) => withManyApps(seedDirectory(context), 2_500),
  })
  seeded = createResources({
    directory: sandbox.directory,
    issuers: [issuer],
    now: () => now,
    signingKeys: () => ({ keys: [published] }),
  })
})
afterAll(async () => {
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Asks the seeded directory, as an app of Contoso's with these roles. */
async function ask(path: string, roles: readonly string[] = ['Application.Read.All']) {
  const authorization = `Bearer ${await token({ roles: [...roles], tid: contosoId, oid: 'sp1' })}`
  const response = await seeded({
    method: 'GET',
    url: new URL(`/v1.0${path}`, 'https://localhost:8443'),
    headers: { authorization },
    body: '',
  })
  return { status: response?.status, body: JSON.parse(response?.body ?? '{}') }
}

describe('an app registration', () => {
  const certificateApp = `/applications(appId='${seedApps.daemonWithCertificate}')`

  it('shows the content of its certificates alone and selected, and nowhere else', async () => {
    const keyOf = async (path: string) => {
      const { body } = await ask(path)
      return ((body.value?.[0] ?? body).keyCredentials[0] as { key: unknown }).key
    }
    const listed = `/applications?$filter=appId eq '${seedApps.daemonWithCertificate}'&$select=keyCredentials`
    expect(await keyOf(`${certificateApp}?$select=keyCredentials`)).toEqual(expect.any(String))
    expect(await keyOf(certificateApp)).toBeNull()
    expect(await keyOf(listed)).toBeNull()
  })

  it('names the permissions it declares by ids that its APIs give', async () => {
    const { body } = await ask(`/applications(appId='${seedApps.withoutConsent}')`)
    const [{ resourceAppId, resourceAccess }] = body.requiredResourceAccess
    const { body: api } = await ask(`/servicePrincipals(appId='${resourceAppId}')`)
    const names = resourceAccess.map(
      ({ id }: { id: string }) =>
        api.oauth2PermissionScopes.find((scope: { id: string }) => scope.id === id)?.value,
    )
    expect(names).toEqual(['User.Read', 'Mail.Read'])
  })

  it('is one of thousands, in pages', async () => {
    const { body } = await ask('/applications?$top=999&$select=displayName')
    expect(body.value).toHaveLength(999)
    expect(body['@odata.nextLink']).toMatch(/skiptoken=/)
  })
})

describe('what hangs on an app', () => {
  const principal = async (appId: string) =>
    (await ask(`/servicePrincipals(appId='${appId}')`)).body.id as string

  it('is its app roles', async () => {
    const id = await principal(seedApps.daemonWithSecret)
    const { body } = await ask(`/servicePrincipals/${id}/appRoleAssignments`)
    expect(
      body.value.map(({ resourceDisplayName }: { resourceDisplayName: string }) => resourceDisplayName),
    ).toEqual(['Microsoft Graph', 'Microsoft Graph', 'Contoso API', 'Contoso API', 'Contoso Legacy API'])
    expect(body.value[0]).toMatchObject({ principalId: id, principalType: 'ServicePrincipal' })
  })

  it('is who consented, which Application.Read.All does not let anybody read', async () => {
    const path = `/servicePrincipals/${await principal(seedApps.desktop)}/oauth2PermissionGrants`
    expect((await ask(path)).status).toBe(403)
    const { body } = await ask(path, ['Directory.Read.All'])
    expect(body.value[0]).toMatchObject({
      consentType: 'AllPrincipals',
      principalId: null,
      scope:
        'User.Read User.ReadBasic.All User.Read.All Mail.Read Calendars.Read Files.Read Application.Read.All',
    })
  })

  it('is whose assertions it takes', async () => {
    const { body } = await ask(`/applications(appId='${seedApps.federated}')/federatedIdentityCredentials`)
    expect(body.value[0]).toMatchObject({
      name: 'cluster',
      subject: 'system:serviceaccount:default:workload',
      audiences: ['api://AzureADTokenExchange'],
    })
  })

  it('is nothing else', async () => {
    const appOnly = await token({ roles: ['Directory.Read.All'], oid: 'sp1' })
    for (const path of ['/v1.0/applications/x/owners', '/v1.0/users/x/oauth2PermissionGrants']) {
      const { status, body } = await call(path, { token: appOnly })
      expect([status, body.error.message]).toEqual([
        400,
        expect.stringMatching(/^Resource not found for the segment/),
      ])
    }
  })
})
