import { EntraAuthError } from '../errors.ts'
import type { AccessToken } from './access-token.ts'
import { isBearerToken } from './authority-answer.ts'
import { isOneOfHosts, normalHost } from './host-pattern.ts'
import type { Host } from './ports.ts'
import type { Profile } from './profiles/profile.ts'

/** What a registry takes for the user name of whoever comes with a refresh token of its own. */
export const registryUser = '00000000-0000-0000-0000-000000000000'

const registries = ['*.azurecr.io', '*.azurecr.us', '*.azurecr.cn']

/**
 * The registry that a server of docker's configuration is: its host, with a port that is not 443.
 * @param server as docker writes it: a host, or an address that may have a path
 * @param trusted further hosts that are registries of Azure
 * @returns undefined for any other server, and for one that is not spoken to by https
 */
export function registryOf(server: string, trusted: readonly string[]): string | undefined {
  const [, scheme = 'https', host = ''] = /^(?:([a-z]+):\/\/)?([^/\s]+)(?:\/\S*)?$/i.exec(server.trim()) ?? []
  const isRegistry = scheme.toLowerCase() === 'https' && isOneOfHosts(host, [...registries, ...trusted])
  return isRegistry ? normalHost(host) : undefined
}

/** Which API the token must be for that a registry exchanges. National clouds have none for registries alone. */
export function registryScope(registry: string): string {
  if (registry.endsWith('.azurecr.us')) return 'https://management.usgovcloudapi.net/.default'
  if (registry.endsWith('.azurecr.cn')) return 'https://management.chinacloudapi.cn/.default'
  return 'https://containerregistry.azure.net/.default'
}

/**
 * Exchanges a token for the registry's own refresh token, with which docker gets tokens to pull and push by itself.
 * @throws EntraAuthError `authentication_failed` where the registry refuses, `network` where it is none
 * @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 */
export async function exchangeForRegistry(
  registry: string,
  { token, tenantId }: AccessToken,
  { caFile }: Pick<Profile, 'caFile'>,
  { http }: Pick<Host, 'http'>,
  signal: AbortSignal,
): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'access_token', service: registry, access_token: token })
  if (tenantId !== undefined) form.set('tenant', tenantId)
  const { status, body } = await http.send({
    method: 'POST',
    url: `https://${registry}/oauth2/exchange`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    caFile,
    signal,
  })
  if (status === 401 || status === 403) throw refused(registry)
  const refreshToken = status === 200 ? refreshTokenIn(body) : undefined
  if (refreshToken !== undefined) return refreshToken
  throw new EntraAuthError('network', `"${registry}" exchanged no token (HTTP ${status})`, {
    hint: 'look whether it is a registry of Azure, and in the cloud of the profile',
  })
}

function refused(registry: string): EntraAuthError {
  return new EntraAuthError('authentication_failed', `the registry "${registry}" does not take the token`, {
    hint: 'its identity needs the role AcrPull or AcrPush there, and to be of the tenant of the registry; where the registry takes tokens for Azure Resource Manager alone, add --scope https://management.azure.com/.default',
  })
}

function refreshTokenIn(body: string): string | undefined {
  try {
    const { refresh_token: token } = JSON.parse(body) as { readonly refresh_token?: unknown }
    return typeof token === 'string' && isBearerToken(token) ? token : undefined
  } catch {
    return undefined
  }
}
