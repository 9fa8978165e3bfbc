import type { PlainRequest } from './gate.ts'
import {
  anyToken,
  epochSeconds,
  parameter,
  requireVersion,
  type Granted,
  type Protocol,
  type TokenAsk,
} from './protocol.ts'
import { Refusal } from './refusal.ts'

export const appServicePath = '/msi/token'

/** The secret, and then the path of the metadata service; MSAL writes a slash behind it. */
const imdsPath = /^\/([^/]*)\/metadata\/identity\/oauth2\/token\/?$/

export function isImdsPath(path: string): boolean {
  return imdsPath.test(path)
}

/**
 * The managed identity endpoint of App Service, Functions and Container Apps: the one that every Azure SDK tries first.
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const appService: Protocol = {
  name: 'App Service',
  method: 'GET',
  secretIn: (request) => request.header('x-identity-header'),
  read: (request) => {
    requireVersion(request, '2019-08-01')
    return identityAsk(request, ['principal_id', 'object_id', 'mi_res_id'])
  },
  token: (granted) => identityAnswer(granted),
  error: ({ status, message }) => ({ status, body: { statusCode: status, message } }),
}

/**
 * The instance metadata service of virtual machines. It knows no secret, so here the secret is part of its address:
 * `AZURE_POD_IDENTITY_AUTHORITY_HOST` holds both.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http
 */
export const imds: Protocol = {
  name: 'IMDS',
  method: 'GET',
  secretIn: ({ path }) => imdsPath.exec(path)?.[1],
  read: (request) => {
    if (request.header('metadata')?.toLowerCase() !== 'true') {
      throw new Refusal(400, 'the header Metadata: true is missing')
    }
    if (parameter(request, 'api-version') === undefined) throw new Refusal(400, 'api-version is missing')
    return identityAsk(request, ['object_id', 'principal_id', 'msi_res_id', 'mi_res_id'])
  },
  token: (granted, now) => ({
    ...identityAnswer(granted),
    expires_in: String(Math.max(0, epochSeconds(granted.token.expiresOn) - epochSeconds(now))),
  }),
  error: ({ status, message }) => ({
    status,
    body: { error: status === 400 ? 'invalid_request' : 'unavailable', error_description: message },
  }),
}

function identityAsk(request: PlainRequest, foreignIds: readonly string[]): TokenAsk {
  const foreign = foreignIds.find((name) => parameter(request, name) !== undefined)
  if (foreign !== undefined) {
    throw new Refusal(400, `${foreign} names no identity here; choose a profile by client_id`)
  }
  const resource = parameter(request, 'resource')
  if (resource === undefined) throw new Refusal(400, 'the parameter resource is missing')
  return { ...anyToken, resource, clientId: parameter(request, 'client_id') }
}

function identityAnswer({ token, clientId, resource }: Granted): object {
  return {
    access_token: token.token,
    token_type: token.tokenType,
    // A number would do for most clients, but Azure sends text.
    expires_on: String(epochSeconds(token.expiresOn)),
    resource,
    client_id: clientId,
  }
}
