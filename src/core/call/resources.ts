/** An API of Microsoft's, as its addresses tell. */
export interface KnownResource {
  /** As its documentation calls it. */
  readonly name: string
  /** What a scope has before `/.default`. */
  readonly resource: string
  /** Other resources whose tokens it takes. */
  readonly alsoTakes: readonly string[]
  /** Headers that it demands of every request; those of the user come before them. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether a program of whoever has the name may answer in the place of the API, and see the token. */
  readonly isRelay?: boolean
}

interface Rule {
  readonly name: string
  /** Host names; `*.` stands for one label or several, `ORGANIZATION.` for one. */
  readonly hosts: readonly string[]
  /** Undefined: the origin of the address itself. */
  readonly resource: string | undefined
  readonly alsoTakes?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly isRelay?: boolean
}

/** Without it Storage takes requests for such of its first version, which knew no tokens. */
const storageVersion = '2023-11-03'
const storage = { name: 'Azure Storage', resource: 'https://storage.azure.com' }
const storageHosts = (service: string): readonly string[] => [
  `*.${service}.core.windows.net`,
  `*.${service}.core.usgovcloudapi.net`,
  `*.${service}.core.chinacloudapi.cn`,
  `*.${service}.storage.azure.net`,
]
/**
 * Addresses of organizations from before dev.azure.com. Other names with more labels than one lead to programs of anybody
 * (dev tunnels).
 * @see https://learn.microsoft.com/azure/devops/organizations/security/allow-list-ip-url#allowed-domain-urls
 */
const organizationServices = ['vsrm', 'vstmr', 'pkgs', 'feeds', 'vssps', 'vsaex', 'extmgmt', 'almsearch']
const databricks = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d'

/**
 * Which API answers at which names, in all clouds. Names that anybody may have for something else, and APIs that take no
 * bearer token of Entra's (Cosmos DB, Container Registry), are not in it.
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud and each API's page on
 *   authentication
 */
const rules: readonly Rule[] = [
  ...[
    'graph.microsoft.com',
    'graph.microsoft.us',
    'dod-graph.microsoft.us',
    'microsoftgraph.chinacloudapi.cn',
  ].map((host) => ({ name: 'Microsoft Graph', hosts: [host], resource: `https://${host}` })),
  ...[
    ['management.azure.com', 'https://management.azure.com'],
    ['management.usgovcloudapi.net', 'https://management.usgovcloudapi.net'],
    ['management.chinacloudapi.cn', 'https://management.chinacloudapi.cn'],
  ].map(([host = '', resource]) => ({
    name: 'Azure Resource Manager',
    hosts: [host, `*.${host}`],
    resource,
    alsoTakes: ['https://management.core.windows.net'],
  })),
  // The scheme of classic deployments has a slash at the end of its name, and so two in its scope.
  {
    name: 'Azure classic',
    hosts: ['management.core.windows.net'],
    resource: 'https://management.core.windows.net/',
  },
  ...['vault.azure.net', 'vault.usgovcloudapi.net', 'vault.azure.cn'].map((host) => ({
    name: 'Azure Key Vault',
    hosts: [`*.${host}`],
    resource: `https://${host}`,
  })),
  ...['managedhsm.azure.net', 'managedhsm.usgovcloudapi.net', 'managedhsm.azure.cn'].map((host) => ({
    name: 'Azure Managed HSM',
    hosts: [`*.${host}`],
    resource: `https://${host}`,
  })),
  ...['blob', 'queue', 'table', 'dfs'].map((service) => ({
    ...storage,
    hosts: storageHosts(service),
    headers: { 'x-ms-version': storageVersion },
  })),
  {
    ...storage,
    hosts: storageHosts('file'),
    headers: { 'x-ms-version': storageVersion, 'x-ms-file-request-intent': 'backup' },
  },
  {
    name: 'Azure DevOps',
    hosts: [
      'dev.azure.com',
      '*.dev.azure.com',
      'ORGANIZATION.visualstudio.com',
      ...organizationServices.map((service) => `ORGANIZATION.${service}.visualstudio.com`),
    ],
    resource: '499b84ac-1321-427f-aa17-267ca6975798',
  },
  ...[
    ['api.powerbi.com', 'https://analysis.windows.net/powerbi/api'],
    ['api.powerbigov.us', 'https://analysis.usgovcloudapi.net/powerbi/api'],
    ['api.high.powerbigov.us', 'https://high.analysis.usgovcloudapi.net/powerbi/api'],
    ['api.mil.powerbigov.us', 'https://mil.analysis.usgovcloudapi.net/powerbi/api'],
    ['api.powerbi.cn', 'https://analysis.chinacloudapi.cn/powerbi/api'],
  ].map(([host = '', resource]) => ({ name: 'Power BI', hosts: [host], resource })),
  {
    name: 'Microsoft Fabric',
    hosts: ['api.fabric.microsoft.com'],
    resource: 'https://api.fabric.microsoft.com',
  },
  {
    name: 'Dataverse',
    hosts: ['*.dynamics.com', '*.crm.microsoftdynamics.us', '*.crm.appsplatform.us', '*.crm.dynamics.cn'],
    resource: undefined,
  },
  { name: 'Azure SQL', hosts: ['*.database.windows.net'], resource: 'https://database.windows.net' },
  ...['azconfig.io', 'azconfig.azure.us', 'azconfig.azure.cn'].map((host) => ({
    name: 'Azure App Configuration',
    hosts: [`*.${host}`],
    resource: `https://${host}`,
  })),
  // Event Hubs has the same names: who means it says so by --scope. So has Azure Relay, which hands requests on to a
  // program of whoever has the namespace, with the Authorization header where that one lets anybody send.
  // https://learn.microsoft.com/azure/azure-relay/relay-hybrid-connections-protocol#request-operation
  {
    name: 'Azure Service Bus',
    isRelay: true,
    alsoTakes: ['https://eventhubs.azure.net'],
    hosts: ['*.servicebus.windows.net', '*.servicebus.usgovcloudapi.net', '*.servicebus.chinacloudapi.cn'],
    resource: 'https://servicebus.azure.net',
  },
  ...[
    'api.loganalytics.io',
    'api.loganalytics.azure.com',
    'api.loganalytics.us',
    'api.loganalytics.azure.cn',
  ].map((host) => ({ name: 'Log Analytics', hosts: [host], resource: `https://${host}` })),
  {
    name: 'Application Insights',
    hosts: ['api.applicationinsights.io'],
    resource: 'https://api.applicationinsights.io',
  },
  { name: 'Azure Monitor', hosts: ['*.ingest.monitor.azure.com'], resource: 'https://monitor.azure.com' },
  { name: 'Azure Monitor', hosts: ['*.monitoring.azure.com'], resource: 'https://monitoring.azure.com' },
  {
    name: 'Azure Monitor for Prometheus',
    hosts: ['*.prometheus.monitor.azure.com'],
    resource: 'https://prometheus.monitor.azure.com',
  },
  ...['com', 'us', 'cn'].map((domain) => ({
    name: 'Azure AI services',
    hosts: [`*.cognitiveservices.azure.${domain}`, `*.openai.azure.${domain}`],
    resource: `https://cognitiveservices.azure.${domain}`,
  })),
  {
    name: 'Azure AI Foundry',
    hosts: ['*.services.ai.azure.com'],
    resource: 'https://ai.azure.com',
    alsoTakes: ['https://cognitiveservices.azure.com'],
  },
  ...[
    ['*.search.windows.net', 'https://search.azure.com'],
    ['*.search.azure.us', 'https://search.azure.us'],
    ['*.search.azure.cn', 'https://search.azure.cn'],
  ].map(([host = '', resource]) => ({ name: 'Azure AI Search', hosts: [host], resource })),
  ...[
    ['*.batch.azure.com', 'https://batch.core.windows.net/'],
    ['*.batch.usgovcloudapi.net', 'https://batch.core.usgovcloudapi.net/'],
    ['*.batch.chinacloudapi.cn', 'https://batch.chinacloudapi.cn/'],
  ].map(([host = '', resource]) => ({ name: 'Azure Batch', hosts: [host], resource })),
  {
    name: 'Azure Databricks',
    hosts: ['*.azuredatabricks.net', '*.databricks.azure.us', '*.databricks.azure.cn'],
    resource: databricks,
  },
  {
    name: 'Azure Data Explorer',
    hosts: ['*.kusto.windows.net', '*.kusto.usgovcloudapi.net', '*.kusto.chinacloudapi.cn'],
    resource: undefined,
  },
  { name: 'Azure Synapse', hosts: ['*.dev.azuresynapse.net'], resource: 'https://dev.azuresynapse.net' },
  {
    name: 'Azure Digital Twins',
    hosts: ['*.digitaltwins.azure.net'],
    resource: 'https://digitaltwins.azure.net',
  },
  { name: 'Azure Event Grid', hosts: ['*.eventgrid.azure.net'], resource: 'https://eventgrid.azure.net' },
  { name: 'Azure Web PubSub', hosts: ['*.webpubsub.azure.com'], resource: 'https://webpubsub.azure.com' },
  { name: 'Azure SignalR', hosts: ['*.service.signalr.net'], resource: 'https://signalr.azure.com' },
  { name: 'Office 365 Management', hosts: ['manage.office.com'], resource: 'https://manage.office.com' },
  {
    name: 'Exchange Online',
    hosts: ['outlook.office365.com', 'outlook.office.com'],
    resource: 'https://outlook.office365.com',
  },
  { name: 'SharePoint', hosts: ['*.sharepoint.com'], resource: undefined },
]

const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
const patterns = rules.flatMap((rule) => rule.hosts.map((host) => [patternOf(host), rule] as const))

/**
 * The API that answers at an address; undefined where that is not known for sure. A name that only looks like one, a
 * port that is not 443 and any scheme but https are unknown.
 */
export function knownResource(url: URL): KnownResource | undefined {
  if (url.protocol !== 'https:' || url.port !== '') return undefined
  const [, rule] = patterns.find(([pattern]) => pattern.test(url.hostname)) ?? []
  if (rule === undefined) return undefined
  const { name, resource = url.origin, alsoTakes = [], headers = {}, isRelay = false } = rule
  return { name, resource, alsoTakes, headers, isRelay }
}

/** The client ids of some of them, which are names in scopes too. */
const clientIds: Readonly<Record<string, string>> = {
  '00000003-0000-0000-c000-000000000000': 'Microsoft Graph',
  '797f4846-ba00-4fd7-ba43-dac1f8f63013': 'Azure Resource Manager',
  'cfa8b339-82a2-471a-a3c9-0fc0be7a4093': 'Azure Key Vault',
  'e406a681-f3d4-42a8-90b6-c2b029497af1': 'Azure Storage',
}

/** The name of the API that a resource of a scope is, where it is one of those above. */
export function nameOfResource(resource: string): string | undefined {
  const rule = rules.find((one) =>
    [one.resource, ...(one.alsoTakes ?? [])].some(
      (name) => name !== undefined && sameResource(name, resource),
    ),
  )
  if (rule !== undefined) return rule.name
  const byId = clientIds[resource.toLowerCase()]
  // Those that have no name in common but the address itself.
  return byId ?? (URL.canParse(resource) ? knownResource(new URL(resource))?.name : undefined)
}

/** Whether an API takes tokens for a resource. */
export function takesTokensFor(known: KnownResource, resource: string): boolean {
  return (
    [known.resource, ...known.alsoTakes].some((name) => sameResource(name, resource)) ||
    clientIds[resource.toLowerCase()] === known.name
  )
}

/** Case and slashes at the end make no other API. */
export function sameResource(one: string, other: string): boolean {
  return canonical(one) === canonical(other)
}

function canonical(resource: string): string {
  return resource.toLowerCase().replace(/\/+$/, '')
}

function patternOf(host: string): RegExp {
  const [, kind, name = ''] = /^(\*\.|ORGANIZATION\.)?(.+)$/.exec(host) ?? []
  const before = kind === undefined ? '' : `(?:${label}\\.)${kind === '*.' ? '+' : ''}`
  return new RegExp(`^${before}${name.replaceAll('.', String.raw`\.`)}$`)
}
