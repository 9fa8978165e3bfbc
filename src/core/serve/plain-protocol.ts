import { secondsLeft } from '../access-token.ts'
import { parseScopes } from '../scopes.ts'
import { anyToken, bearerIn, epochSeconds, parameter, type Protocol } from './protocol.ts'

export const plainPath = '/token'

/**
 * For scripts: `GET /token?profile=…&scope=…`, answered in the words of OAuth.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export const plain: Protocol = {
  name: 'plain',
  method: 'GET',
  secretIn: bearerIn,
  read: (request) => ({
    ...anyToken,
    profile: parameter(request, 'profile'),
    scopes: parseScopes([parameter(request, 'scope') ?? '']),
  }),
  token: ({ token }, now) => ({
    access_token: token.token,
    token_type: token.tokenType,
    expires_in: Math.max(0, secondsLeft(token, now)),
    expires_on: epochSeconds(token.expiresOn),
    scope: token.scopes.join(' '),
  }),
  error: ({ status, message, needsPerson }) => ({
    status,
    body: { error: errorWord(status, needsPerson), error_description: message },
  }),
}

function errorWord(status: number, needsPerson: boolean): string {
  if (needsPerson) return 'interaction_required'
  if (status === 401 || status === 403) return 'access_denied'
  return status < 500 ? 'invalid_request' : 'temporarily_unavailable'
}
