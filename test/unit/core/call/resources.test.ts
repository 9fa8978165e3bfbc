import { describe, expect, it } from 'vitest'
import { knownResource, nameOfResource } from '../../../../src/core/call/resources.ts'

describe('the API at an address', () => {
  it.each([
    ['https://graph.microsoft.com/v1.0/me', 'https://graph.microsoft.com'],
    ['https://GRAPH.Microsoft.com:443/beta', 'https://graph.microsoft.com'],
    ['https://graph.microsoft.us/', 'https://graph.microsoft.us'],
    ['https://dod-graph.microsoft.us/', 'https://dod-graph.microsoft.us'],
    ['https://microsoftgraph.chinacloudapi.cn/', 'https://microsoftgraph.chinacloudapi.cn'],
    ['https://management.azure.com/subscriptions', 'https://management.azure.com'],
    ['https://westeurope.management.azure.com/', 'https://management.azure.com'],
    ['https://management.usgovcloudapi.net/', 'https://management.usgovcloudapi.net'],
    ['https://management.chinacloudapi.cn/', 'https://management.chinacloudapi.cn'],
    ['https://management.core.windows.net/', 'https://management.core.windows.net/'],
    ['https://contoso.vault.azure.net/secrets', 'https://vault.azure.net'],
    ['https://contoso.vault.usgovcloudapi.net/', 'https://vault.usgovcloudapi.net'],
    ['https://contoso.vault.azure.cn/', 'https://vault.azure.cn'],
    ['https://contoso.managedhsm.azure.net/', 'https://managedhsm.azure.net'],
    ['https://contoso.blob.core.windows.net/logs', 'https://storage.azure.com'],
    ['https://contoso.z12.blob.storage.azure.net/logs', 'https://storage.azure.com'],
    ['https://contoso.queue.core.usgovcloudapi.net/', 'https://storage.azure.com'],
    ['https://contoso.table.core.chinacloudapi.cn/', 'https://storage.azure.com'],
    ['https://contoso.dfs.core.windows.net/', 'https://storage.azure.com'],
    ['https://contoso.file.core.windows.net/', 'https://storage.azure.com'],
    ['https://dev.azure.com/contoso/_apis/projects', '499b84ac-1321-427f-aa17-267ca6975798'],
    ['https://vssps.dev.azure.com/contoso', '499b84ac-1321-427f-aa17-267ca6975798'],
    ['https://contoso.visualstudio.com/', '499b84ac-1321-427f-aa17-267ca6975798'],
    ['https://contoso.pkgs.visualstudio.com/', '499b84ac-1321-427f-aa17-267ca6975798'],
    ['https://api.powerbi.com/v1.0/myorg/groups', 'https://analysis.windows.net/powerbi/api'],
    ['https://api.fabric.microsoft.com/v1/workspaces', 'https://api.fabric.microsoft.com'],
    ['https://contoso.crm4.dynamics.com/api/data/v9.2/', 'https://contoso.crm4.dynamics.com'],
    ['https://contoso.api.crm.dynamics.com/', 'https://contoso.api.crm.dynamics.com'],
    ['https://contoso.azconfig.io/kv', 'https://azconfig.io'],
    ['https://contoso.servicebus.windows.net/queue', 'https://servicebus.azure.net'],
    ['https://api.loganalytics.io/v1/workspaces', 'https://api.loganalytics.io'],
    ['https://api.applicationinsights.io/v1/apps', 'https://api.applicationinsights.io'],
    ['https://contoso.openai.azure.com/openai', 'https://cognitiveservices.azure.com'],
    ['https://contoso.cognitiveservices.azure.us/', 'https://cognitiveservices.azure.us'],
    ['https://contoso.services.ai.azure.com/', 'https://ai.azure.com'],
    ['https://contoso.search.windows.net/indexes', 'https://search.azure.com'],
    ['https://contoso.westeurope.batch.azure.com/', 'https://batch.core.windows.net/'],
    ['https://adb-1.2.azuredatabricks.net/api', '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d'],
    ['https://help.kusto.windows.net/v2', 'https://help.kusto.windows.net'],
    ['https://contoso.dev.azuresynapse.net/', 'https://dev.azuresynapse.net'],
    ['https://contoso.sharepoint.com/_api', 'https://contoso.sharepoint.com'],
  ])('%s is %s', (address, resource) => {
    expect(knownResource(new URL(address))?.resource).toBe(resource)
  })

  it.each([
    'https://graph.microsoft.com.evil.example/v1.0/me',
    'https://graph.microsoft.com./v1.0/me',
    'https://graph.microsoft.comx/',
    'https://xgraph.microsoft.com/',
    'https://graph-microsoft.com/',
    'https://evil.example/graph.microsoft.com',
    'https://evil.example/?host=graph.microsoft.com#graph.microsoft.com',
    'https://graph.microsoft.com:8443/',
    'http://graph.microsoft.com/',
    'https://gråph.microsoft.com/',
    // A Cyrillic letter in the place of the first `a`.
    'https://gr\u0430ph.microsoft.com/',
    'https://vault.azure.net/',
    'https://contoso.vault.azure.net.evil.example/',
    'https://contosovault.azure.net/',
    'https://.vault.azure.net/',
    'https://-x.vault.azure.net/',
    'https://blob.core.windows.net/',
    'https://contoso.documents.azure.com/',
    'https://contoso.azurecr.io/',
    'https://contoso.azurewebsites.net/',
    'https://evilmanagement.azure.com/',
    // Dev tunnels lead to programs of anybody.
    'https://x-3000.euw.rel.tunnels.api.visualstudio.com/',
    'https://x.y.visualstudio.com/',
    'https://visualstudio.com/',
    'https://localhost/',
    'https://127.0.0.1/',
  ])('%s is nobody known', (address) => {
    expect(URL.canParse(address) && knownResource(new URL(address))).toBeFalsy()
  })

  it('demands its headers', () => {
    expect(knownResource(new URL('https://a.blob.core.windows.net/'))?.headers).toEqual({
      'x-ms-version': '2023-11-03',
    })
    expect(knownResource(new URL('https://a.file.core.windows.net/'))?.headers).toMatchObject({
      'x-ms-file-request-intent': 'backup',
    })
  })
})

describe('the name of a resource', () => {
  it.each([
    ['https://graph.microsoft.com', 'Microsoft Graph'],
    ['HTTPS://graph.microsoft.com/', 'Microsoft Graph'],
    ['00000003-0000-0000-c000-000000000000', 'Microsoft Graph'],
    ['https://vault.azure.net', 'Azure Key Vault'],
    ['https://contoso.crm4.dynamics.com', 'Dataverse'],
    ['https://eventhubs.azure.net/', 'Azure Service Bus'],
    ['api://contoso', undefined],
    ['https://api.contoso.example', undefined],
  ])('%s: %s', (resource, name) => expect(nameOfResource(resource)).toBe(name))
})
