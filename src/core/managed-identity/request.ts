import { EntraAuthError } from '../../errors.ts'
import type { HttpRequest } from '../ports.ts'
import type { ManagedIdentity } from '../profiles/profile.ts'
import { endpointNames, type IdentityEndpoint } from './endpoint.ts'

/** Nothing beyond this machine's own wire is asked, so whoever is there takes a connection at once. */
const connectMilliseconds = 2000

/** App Service on Linux may have its endpoint at one such as http://172.16.5.3:8081, beside the app's own machine. */
const mayBePrivate = true

/**
 * The request for a token, as a service wants it.
 * @param resource whose token is wanted, as its application id URI or GUID, without a permission
 * @throws EntraAuthError `invalid_arguments` where the service lets nobody choose an identity that way
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 * @see https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
 * @see https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export function tokenRequestTo(
  endpoint: IdentityEndpoint,
  identity: ManagedIdentity,
  resource: string,
): HttpRequest {
  switch (endpoint.kind) {
    case 'imds':
      return get(endpoint, { Metadata: 'true' }, '2018-02-01', resource, chosen(identity, 'msi_res_id'))
    case 'azure-arc':
      return get(endpoint, { Metadata: 'true' }, '2020-06-01', resource, chosen(identity, 'msi_res_id'))
    case 'app-service': {
      const headers = { 'X-IDENTITY-HEADER': endpoint.secret }
      const request = get(endpoint, headers, '2019-08-01', resource, chosen(identity, 'mi_res_id'))
      return { ...request, mayBePrivate }
    }
    case 'machine-learning': {
      const headers = { Metadata: 'true', secret: endpoint.secret }
      const request = get(endpoint, headers, '2017-09-01', resource, clientIdOf(identity, endpoint))
      return { ...request, mayBePrivate }
    }
    case 'service-fabric': {
      if (identity.by !== 'system') throw cannotChoose(endpoint, 'its cluster decides which one there is')
      const request = get(endpoint, { Secret: endpoint.secret }, '2019-07-01-preview', resource, {})
      return { ...request, serverThumbprint: endpoint.thumbprint }
    }
    case 'cloud-shell':
      if (identity.by !== 'system') throw cannotChoose(endpoint, 'its tokens are for who opened it')
      return {
        method: 'POST',
        url: endpoint.url,
        headers: { Metadata: 'true', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ resource }).toString(),
        connectMilliseconds,
      }
  }
}

function get(
  { url }: IdentityEndpoint,
  headers: Readonly<Record<string, string>>,
  version: string,
  resource: string,
  identity: Readonly<Record<string, string>>,
): HttpRequest {
  const whole = new URL(url)
  for (const [name, value] of Object.entries({ 'api-version': version, resource, ...identity })) {
    whole.searchParams.set(name, value)
  }
  return { method: 'GET', url: whole.href, headers, connectMilliseconds }
}

/** @param resourceId the service's word for a resource id: the one thing on which they do not agree */
function chosen(identity: ManagedIdentity, resourceId: 'msi_res_id' | 'mi_res_id'): Record<string, string> {
  switch (identity.by) {
    case 'system':
      return {}
    case 'client-id':
      return { client_id: identity.id }
    case 'object-id':
      return { object_id: identity.id }
    case 'resource-id':
      return { [resourceId]: identity.id }
  }
}

function clientIdOf(
  identity: ManagedIdentity,
  endpoint: Extract<IdentityEndpoint, { kind: 'machine-learning' }>,
): Record<string, string> {
  if (identity.by === 'client-id') return { clientid: identity.id }
  if (identity.by !== 'system') throw cannotChoose(endpoint, 'it takes a client id alone')
  return endpoint.ownClientId === undefined ? {} : { clientid: endpoint.ownClientId }
}

function cannotChoose({ kind }: IdentityEndpoint, why: string): EntraAuthError {
  const name = endpointNames[kind]
  return new EntraAuthError(
    'invalid_arguments',
    `${name} does not let this managed identity be chosen: ${why}`,
    {
      hint:
        kind === 'machine-learning'
          ? 'make the profile anew with --managed-identity-client-id'
          : 'make the profile anew with --managed-identity alone',
    },
  )
}
