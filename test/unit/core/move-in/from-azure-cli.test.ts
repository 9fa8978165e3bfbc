import { describe, expect, it } from 'vitest'
import { readProfile } from '../../../../src/core/profiles/profile-record.ts'
import { azureCliProfile, azureCliSignIn } from '../../../../src/core/move-in/from-azure-cli.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { clientId, tenantId } from '../../../support/profiles.ts'

const person = { name: 'alice@contoso.com', type: 'user' }

/** As the Azure CLI writes it: with a byte order mark, and more fields than these. */
function azureProfile(subscription: object, others: readonly object[] = []) {
  const current = {
    id: 'x',
    isDefault: true,
    tenantId,
    user: person,
    environmentName: 'AzureCloud',
    ...subscription,
  }
  const subscriptions = [{ isDefault: false, tenantId: 'other', user: person }, ...others, current]
  return `\ufeff${JSON.stringify({ installationId: 'y', subscriptions })}`
}

const signIn = (subscription: object, clouds?: string) =>
  azureCliSignIn({ profile: azureProfile(subscription), clouds }, '/azureProfile.json')

const profileOf = async (subscription: object, client?: string, clouds?: string) =>
  azureCliProfile(await signIn(subscription, clouds), 'az', client).record

describe("a profile of the Azure CLI's sign-in", () => {
  it('of a person needs an app of its own', async () => {
    expect((await signIn({})).clientId).toBeUndefined()
    expect(await profileOf({}, clientId)).toEqual({ name: 'az', tenantId, clientId, authMethod: 'None' })
  })

  it('of a service principal knows its app', async () => {
    expect(await profileOf({ user: { name: clientId, type: 'servicePrincipal' } })).toEqual({
      name: 'az',
      tenantId,
      clientId,
      authMethod: 'ClientSecret',
    })
  })

  it.each([
    [undefined, {}],
    ['MSI', {}],
    [`MSIClient-${clientId}`, { managedIdentityClientId: clientId }],
    [`MSIObject-${clientId}`, { managedIdentityObjectId: clientId }],
    [
      'MSIResource-/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i',
      {
        managedIdentityResourceId:
          '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i',
      },
    ],
  ])('of a managed identity: %s', async (assignedIdentityInfo, fields) => {
    const name = fields === undefined ? 'systemAssignedIdentity' : 'userAssignedIdentity'
    const user = { name, type: 'servicePrincipal', assignedIdentityInfo }
    const record = await profileOf({ user })
    expect(record).toEqual({ name: 'az', authMethod: 'ManagedIdentity', ...fields })
    readProfile(record)
  })

  it.each([
    ['AzureUSGovernment', { cloud: 'usgov' }],
    ['AzureChinaCloud', { cloud: 'china' }],
  ])('in another cloud: %s', async (environmentName, fields) => {
    expect(await profileOf({ environmentName }, clientId)).toMatchObject(fields)
  })

  it('in a cloud somebody registered', async () => {
    const clouds = `[AzureCloud]
subscription = z

[Stack]
endpoint_active_directory = https://login.stack.example/adfs/
endpoint_microsoft_graph_resource_id = https://graph.stack.example/

[Other]
endpoint_active_directory = https://wrong.example
`
    const record = await profileOf({ environmentName: 'Stack' }, clientId, clouds)
    expect(record).toMatchObject({
      authority: 'https://login.stack.example',
      graphUrl: 'https://graph.stack.example',
    })
  })

  it('in a cloud that nothing is known of, is refused', async () => {
    const failure = await rejectionOf(signIn({ environmentName: 'Stack' }))
    expect(failure).toMatchObject({ code: 'file_unusable' })
    expect(failure.hint).toContain('--authority')
  })

  it.each([
    '{}',
    '[]',
    '{"subscriptions":[]}',
    '{"subscriptions":[null,{"isDefault":true}]}',
    '{"subscriptions":7}',
  ])('is refused where nobody is signed in: %s', async (profile) => {
    const failure = await rejectionOf(azureCliSignIn({ profile, clouds: undefined }, '/p.json'))
    expect(failure.hint).toContain('az login')
  })

  it('is refused with line and column where the file is broken', async () => {
    const failure = await rejectionOf(
      azureCliSignIn({ profile: '{"subscriptions": [}', clouds: undefined }, '/p.json'),
    )
    expect(failure.message).toContain('line 1, column 20')
  })
})
