/**
 * What a client of Entra says, in the words oidc-provider understands, and the answer back in Entra's.
 * Glue and no more: nothing here checks a credential, a code or a scope.
 */

/** The scopes of OpenID Connect, which belong to no resource. */
const openIdScopes = new Set(['openid', 'profile', 'email', 'offline_access'])

/** What a bare scope is for, as at Entra. */
export const defaultResource = 'https://graph.microsoft.com'

/** One word of an Entra `scope`, taken apart. `resource` is undefined for those of OpenID Connect. */
export interface RequestedScope {
  /** As the client spelled it; the answer repeats it. */
  readonly spelling: string
  readonly resource: string | undefined
  /** The permission alone, such as `User.Read` or `.default`. */
  readonly permission: string
}

/** Takes `https://graph.microsoft.com/.default openid` apart at each word's last slash. */
export function parseScope(scope: string): RequestedScope[] {
  return scope
    .split(' ')
    .filter(Boolean)
    .map((spelling) => {
      if (openIdScopes.has(spelling)) return { spelling, resource: undefined, permission: spelling }
      const slash = spelling.lastIndexOf('/')
      if (slash < 0) return { spelling, resource: defaultResource, permission: spelling }
      return { spelling, resource: spelling.slice(0, slash), permission: spelling.slice(slash + 1) }
    })
}

/**
 * Entra's `scope` as the `scope` and `resource` parameters of RFC 8707, in place. More than one resource in one
 * request becomes more than one `resource`, which oidc-provider refuses in its own words.
 */
function separateResource(parameters: URLSearchParams): void {
  const requested = parseScope(parameters.get('scope') ?? '')
  if (requested.length === 0) return
  parameters.set('scope', [...new Set(requested.map(({ permission }) => permission))].join(' '))
  const resources = new Set(requested.flatMap(({ resource }) => resource ?? []))
  for (const resource of resources) parameters.append('resource', resource)
}

/** An authorization or device authorization request. */
export function toAuthorizationRequest(asked: URLSearchParams): URLSearchParams {
  const parameters = new URLSearchParams(asked)
  separateResource(parameters)
  // OpenID Connect Core, section 11, wants a consent prompt for offline_access; Entra clients never send one.
  if (parseScope(asked.get('scope') ?? '').some(({ spelling }) => spelling === 'offline_access')) {
    parameters.set('prompt', 'consent')
  } else if (parameters.get('prompt') === 'select_account') {
    parameters.delete('prompt')
  }
  return parameters
}

/** A token request. */
export function toTokenRequest(asked: URLSearchParams): URLSearchParams {
  const parameters = new URLSearchParams(asked)
  separateResource(parameters)
  // MSAL posts the short name where RFC 8628 has an URN.
  if (parameters.get('grant_type') === 'device_code') {
    parameters.set('grant_type', 'urn:ietf:params:oauth:grant-type:device_code')
  }
  return parameters
}

/** The granted scopes in the spelling the client used to ask for them; Entra repeats it, and MSAL stores it. */
export function spellGranted(granted: string, asked: string): string {
  const permissions = new Set(granted.split(' '))
  const spelled = parseScope(asked).filter(
    ({ permission, resource }) => resource && permissions.has(permission),
  )
  return spelled.length > 0 ? spelled.map(({ spelling }) => spelling).join(' ') : granted
}

/** Entra's `client_info`: who signed in, independent of the app. */
export function clientInfo(objectId: string, tenantId: string): string {
  return Buffer.from(JSON.stringify({ uid: objectId, utid: tenantId })).toString('base64url')
}
