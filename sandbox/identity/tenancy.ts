import type { App, Directory, Tenant } from '../directory.ts'
import { EntraError } from './entra-errors.ts'

/** The tenant of personal Microsoft accounts, which `consumers` stands for. */
export const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** Whom a request is for: the first part of the path, such as a tenant id, a domain, or `common`. */
export type Audience =
  | { readonly kind: 'tenant'; readonly segment: string; readonly tenant: Tenant }
  | { readonly kind: 'common' | 'organizations' | 'consumers'; readonly segment: string }

/**
 * @param refusal the OAuth error to refuse with; discovery words it differently from the other endpoints
 * @throws EntraError AADSTS90002 for a tenant nobody knows
 */
export function audienceOf(
  directory: Directory,
  segment: string,
  refusal: 'invalid_request' | 'invalid_tenant' = 'invalid_request',
): Audience {
  const name = segment.toLowerCase()
  if (name === 'common' || name === 'organizations' || name === 'consumers') return { kind: name, segment }
  if (name === consumersTenantId) return { kind: 'consumers', segment }
  const tenant = directory.tenants.find(({ id, domains }) => id === name || domains.includes(name))
  if (!tenant) {
    throw new EntraError(
      refusal,
      90002,
      `Tenant '${segment}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
        'correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
        'subscriptions for the tenant.',
    )
  }
  return { kind: 'tenant', segment, tenant }
}

/**
 * The app a client says it is, if it may be used at this audience at all.
 * @throws EntraError AADSTS700016 for an app the tenant does not know, AADSTS50194 for a single-tenant app at `common`
 */
export function clientOf(directory: Directory, audience: Audience, clientId: string): App {
  const wanted = clientId.toLowerCase()
  const app = directory.apps.find(({ appId }) => appId === wanted)
  if (audience.kind === 'tenant') {
    const isHere = app !== undefined && (app.tenantId === audience.tenant.id || isMultiTenant(app))
    if (!isHere) throw unknownApp(clientId, audience.tenant.displayName)
    return app
  }
  if (!app) throw unknownApp(clientId, audience.kind === 'consumers' ? 'Microsoft Accounts' : 'the directory')
  if (!isMultiTenant(app)) {
    throw new EntraError(
      'invalid_request',
      50194,
      `Application '${app.appId}'(${app.displayName}) is not configured as a multi-tenant application. Usage of the ` +
        `/${audience.segment} endpoint is not supported for such apps created after '10/15/2018'. Use a ` +
        'tenant-specific endpoint or configure the application to be multi-tenant.',
    )
  }
  return app
}

export function isMultiTenant(app: App): boolean {
  return app.signInAudience !== 'AzureADMyOrg'
}

function unknownApp(clientId: string, directoryName: string): EntraError {
  return new EntraError(
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${directoryName}'. This can happen if ` +
      'the application has not been installed by the administrator of the tenant or consented to by any user in the ' +
      'tenant. You may have sent your authentication request to the wrong tenant.',
  )
}
