import { isTenant } from '../profiles/profile.ts'
import { parseScopes } from '../scopes.ts'
import { anyToken, bearerIn, requireVersion, type Protocol, type TokenAsk } from './protocol.ts'
import { Refusal } from './refusal.ts'

export const azdPath = '/azd/token'

/**
 * The endpoint to which the Azure Developer CLI leaves its sign-in.
 * @see https://github.com/Azure/azure-dev/blob/main/cli/azd/docs/external-authentication.md
 */
export const azd: Protocol = {
  name: 'azd',
  method: 'POST',
  secretIn: bearerIn,
  read: (request, body) => {
    requireVersion(request, '2023-07-12-preview')
    if (!/^application\/json *(;|$)/i.test(request.header('content-type') ?? '')) {
      throw new Refusal(415, 'the body must be application/json')
    }
    return readAsk(body)
  },
  token: ({ token }) => ({
    status: 'success',
    token: token.token,
    // RFC 3339, to the second.
    expiresOn: token.expiresOn.toISOString().replace(/\.\d+Z$/, 'Z'),
  }),
  // Anything but 200 is to azd a broken server, whose words it does not show.
  error: ({ message, needsPerson }) => ({
    status: 200,
    body: { status: 'error', code: needsPerson ? 'NotSignedInError' : 'GetTokenError', message },
  }),
}

function readAsk(body: string): TokenAsk {
  const { scopes, tenantId } = parse(body)
  const isList =
    Array.isArray(scopes) && scopes.length > 0 && scopes.every((scope) => typeof scope === 'string')
  if (!isList) throw new Refusal(400, 'scopes must be a list of texts')
  const isTenantId = typeof tenantId === 'string' && isTenant(tenantId)
  if (tenantId !== undefined && !isTenantId) throw new Refusal(400, 'tenantId must be a tenant')
  return { ...anyToken, scopes: parseScopes(scopes), tenantId }
}

function parse(body: string): { readonly scopes?: unknown; readonly tenantId?: unknown } {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below, without repeating what came.
  }
  throw new Refusal(400, 'the body is no JSON object')
}
