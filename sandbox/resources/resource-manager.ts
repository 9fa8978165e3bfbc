import { randomUUID } from 'node:crypto'
import type { Directory, Tenant } from '../directory.ts'
import { json, type SandboxRequest, type SandboxResponse } from '../http.ts'
import { guidFrom } from '../stable-ids.ts'
import { azureManagementAppId } from '../well-known-apis.ts'
import { checkAccess, type Caller, type Refusal } from './access.ts'
import { bearerChallenge } from './challenge.ts'
import type { Resource, ResourceContext } from './resource.ts'

const host = 'management.azure.com'
const paths = /^\/(subscriptions|tenants)(?:\/([^/]+))?\/?$/i

/**
 * Azure Resource Manager: the subscriptions and tenants a caller can see, two subscriptions in each tenant. Reads only.
 * @see https://learn.microsoft.com/rest/api/resources/subscriptions/list
 */
export function createResourceManager(context: ResourceContext): Resource {
  const { directory } = context
  const api = directory.apis.find((candidate) => candidate.appId === azureManagementAppId)
  return {
    owns: (url) => url.hostname === host || paths.test(url.pathname),
    async answer(request) {
      // The version is judged before the token, so the first thing a caller learns is the parameter it forgot.
      const complaint = versionComplaint(request.url.searchParams.get('api-version'))
      if (complaint) return complaint
      if (api === undefined)
        return failure(404, 'ResourceNotFound', 'The sandbox has no Azure Resource Manager.')
      const access = await checkAccess(request, context, [api])
      if ('refusal' in access)
        return unauthorized(access.refusal, api.identifierUris, context.now(), directory)
      return read(request, access.caller, directory)
    },
  }
}

function read(request: SandboxRequest, caller: Caller, directory: Directory): SandboxResponse {
  if (caller.isDelegated && !caller.permissions.includes('user_impersonation'))
    return failure(
      403,
      'AuthorizationFailed',
      `The client with object id '${caller.objectId}' lacks user_impersonation.`,
    )
  const [, collection, id] = paths.exec(request.url.pathname) ?? []
  if (collection === undefined)
    return failure(404, 'ResourceNotFound', `The Resource '${request.url.pathname}' was not found.`)
  if (request.method !== 'GET')
    return failure(405, 'MethodNotAllowed', `The HTTP method '${request.method}' is not supported here.`)
  const tenant = directory.tenants.find((candidate) => candidate.id === caller.tenantId)
  const subscriptions = tenant ? subscriptionsOf(tenant) : []
  if (collection.toLowerCase() === 'tenants') return json(200, { value: tenant ? [tenantEntry(tenant)] : [] })
  if (id === undefined)
    return json(200, { value: subscriptions, count: { type: 'Total', value: subscriptions.length } })
  const subscription = subscriptions.find(({ subscriptionId }) => subscriptionId === id.toLowerCase())
  return subscription
    ? json(200, subscription)
    : failure(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`)
}

function subscriptionsOf(tenant: Tenant) {
  return ['Production', 'Development'].map((name) => {
    const subscriptionId = guidFrom('subscription', tenant.id, name)
    return {
      id: `/subscriptions/${subscriptionId}`,
      authorizationSource: 'RoleBased',
      managedByTenants: [],
      subscriptionId,
      tenantId: tenant.id,
      homeTenantId: tenant.id,
      displayName: `${tenant.displayName} ${name}`,
      state: 'Enabled',
      subscriptionPolicies: {
        locationPlacementId: 'Public_2014-09-01',
        quotaId: 'PayAsYouGo_2014-09-01',
        spendingLimit: 'Off',
      },
    }
  })
}

function tenantEntry({ id, displayName, domains }: Tenant) {
  return {
    id: `/tenants/${id}`,
    tenantId: id,
    displayName,
    defaultDomain: domains[0],
    domains,
    tenantCategory: 'Home',
    tenantType: 'AAD',
  }
}

function versionComplaint(version: string | null): SandboxResponse | undefined {
  if (version === null || version === '')
    return failure(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    )
  if (!/^\d{4}-\d\d-\d\d(-preview)?$/.test(version))
    return failure(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`)
  return undefined
}

function unauthorized(
  refusal: Refusal,
  audiences: readonly string[],
  now: Date,
  directory: Directory,
): SandboxResponse {
  const [code, message] = wording(refusal, audiences, now)
  const authorizationUri = `https://login.microsoftonline.com/${directory.tenants[0]?.id ?? 'common'}`
  const challenge = bearerChallenge(refusal, message, { authorization_uri: authorizationUri })
  return failure(401, code, message, { 'www-authenticate': challenge })
}

function wording(refusal: Refusal, audiences: readonly string[], now: Date): [code: string, message: string] {
  switch (refusal.kind) {
    case 'missing':
      return ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."]
    case 'expired':
      return [
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${refusal.expired?.toISOString()}' is earlier than current UTC time '${now.toISOString()}'.`,
      ]
    case 'audience':
      return [
        'InvalidAuthenticationTokenAudience',
        `The access token has been obtained for wrong audience or resource '${refusal.audience}'. It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`,
      ]
    case 'not-yet-valid':
      return ['InvalidAuthenticationToken', 'The access token is not valid yet.']
    case 'invalid':
      return refusal.reason === 'issuer'
        ? ['InvalidAuthenticationTokenTenant', 'The access token is from the wrong issuer.']
        : ['InvalidAuthenticationToken', 'The access token is invalid.']
    case 'malformed':
      return ['InvalidAuthenticationToken', 'The access token is invalid.']
  }
}

function failure(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): SandboxResponse {
  return json(status, { error: { code, message } }, { 'x-ms-request-id': randomUUID(), ...headers })
}
