import { posix, win32 } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Environment, Host } from '../ports.ts'

/**
 * Where a managed identity's tokens are handed out here. Each service has its own place, its own proof of being local
 * and its own words.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
 */
export type IdentityEndpoint =
  /** The instance metadata service of virtual machines, scale sets, container instances and Kubernetes nodes. */
  | { readonly kind: 'imds'; readonly url: string }
  /** App Service, Functions, Container Apps, Automation. */
  | { readonly kind: 'app-service'; readonly url: string; readonly secret: string }
  /** The older protocol of App Service: Azure Machine Learning and Functions on Linux Consumption speak it. */
  | {
      readonly kind: 'machine-learning'
      readonly url: string
      readonly secret: string
      /** What stands for the system-assigned identity there. */
      readonly ownClientId: string | undefined
    }
  | {
      readonly kind: 'service-fabric'
      readonly url: string
      readonly secret: string
      /** SHA-1 of the certificate of its server, which nobody signed. */
      readonly thumbprint: string
    }
  | { readonly kind: 'cloud-shell'; readonly url: string }
  /** The agent of Azure Arc on a server that is not Azure's. */
  | { readonly kind: 'azure-arc'; readonly url: string }

/** How a service is called in what a person reads. */
export const endpointNames: Readonly<Record<IdentityEndpoint['kind'], string>> = {
  imds: 'the instance metadata service',
  'app-service': 'App Service',
  'machine-learning': 'the MSI endpoint',
  'service-fabric': 'Service Fabric',
  'cloud-shell': 'Cloud Shell',
  'azure-arc': 'the Azure Arc agent',
}

const imdsHost = 'http://169.254.169.254'
const tokenPath = '/metadata/identity/oauth2/token'
const arcUrl = `http://127.0.0.1:40342${tokenPath}`

/**
 * The endpoint that this machine's variables speak of, in the order of Azure's own libraries; without any the Azure Arc
 * agent where it is installed, else the metadata service, of which nothing but asking shows whether it is there.
 * @throws EntraAuthError `invalid_arguments` for a variable that holds no http address
 */
export async function findEndpoint(
  host: Pick<Host, 'env' | 'files' | 'platform'>,
): Promise<IdentityEndpoint> {
  const { env } = host
  const secret = env['IDENTITY_HEADER'] || undefined
  const thumbprint = env['IDENTITY_SERVER_THUMBPRINT'] || undefined
  const url = address('IDENTITY_ENDPOINT', env)
  if (url !== undefined && secret !== undefined) {
    return thumbprint === undefined
      ? { kind: 'app-service', url, secret }
      : { kind: 'service-fabric', url, secret, thumbprint }
  }
  const msiUrl = address('MSI_ENDPOINT', env)
  const msiSecret = env['MSI_SECRET'] || undefined
  if (msiUrl !== undefined) {
    if (msiSecret === undefined) return { kind: 'cloud-shell', url: msiUrl }
    const ownClientId = env['DEFAULT_IDENTITY_CLIENT_ID'] || undefined
    return { kind: 'machine-learning', url: msiUrl, secret: msiSecret, ownClientId }
  }
  // The agent takes no connections on [::1], where `localhost` may lead.
  if (url !== undefined && env['IMDS_ENDPOINT'])
    return { kind: 'azure-arc', url: url.replace('//localhost', '//127.0.0.1') }
  const agent = arcAgentPath(host)
  if (agent !== undefined && (await host.files.look(agent)) !== undefined) {
    return { kind: 'azure-arc', url: arcUrl }
  }
  const imds = address('AZURE_POD_IDENTITY_AUTHORITY_HOST', env) ?? imdsHost
  return { kind: 'imds', url: `${imds.replace(/\/+$/, '')}${tokenPath}` }
}

function address(variable: string, env: Environment): string | undefined {
  const text = env[variable] || undefined
  if (text === undefined || /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text
  throw new EntraAuthError('invalid_arguments', `${variable} holds no http address`, {
    hint: `Azure sets ${variable} where it gives an identity; unset it elsewhere`,
  })
}

/** On Linux the agent sets no variables, so its program shows that it is there. */
function arcAgentPath({ platform, env }: Pick<Host, 'env' | 'platform'>): string | undefined {
  if (platform === 'linux') return '/opt/azcmagent/bin/himds'
  const folder = env['ProgramFiles']
  return platform === 'win32' && folder
    ? win32.join(folder, 'AzureConnectedMachineAgent', 'himds.exe')
    : undefined
}

/** The one folder in which the Azure Arc agent puts the keys it challenges with; undefined where it has none. */
export function arcKeyFolder({ platform, env }: Pick<Host, 'env' | 'platform'>): string | undefined {
  if (platform === 'linux') return posix.join('/var/opt/azcmagent/tokens', posix.sep)
  const folder = env['ProgramData']
  return platform === 'win32' && folder
    ? win32.join(folder, 'AzureConnectedMachineAgent', 'Tokens', win32.sep)
    : undefined
}
