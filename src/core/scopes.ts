/** OpenID Connect scopes: they belong to the sign-in, not to a resource. */
const openIdScopes: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access'])

/**
 * Reads scopes as people write them: separated by spaces or commas, given once or several times. A bare scope after a
 * qualified one belongs to the same resource, so `https://graph.microsoft.com/User.Read Mail.Send` asks for two Graph
 * scopes. Doubles are dropped, order and spelling are kept.
 */
export function parseScopes(texts: readonly string[]): readonly string[] {
  const scopes: string[] = []
  let resource: string | undefined
  for (const word of texts.flatMap((text) => text.split(/[\s,]+/)).filter((word) => word !== '')) {
    resource = resourceOf(word) ?? resource
    const scope = resource !== undefined && isBare(word) ? `${resource}/${word}` : word
    if (!scopes.some((known) => sameScope(known, scope))) scopes.push(scope)
  }
  return scopes
}

/**
 * The resource a scope belongs to, as it is spelled in the scope: `api://x` of `api://x/read`. Undefined for bare and
 * OpenID Connect scopes. A trailing slash of the resource is part of it: `https://management.core.windows.net/` of
 * `https://management.core.windows.net//.default`.
 */
export function resourceOf(scope: string): string | undefined {
  const scheme = scope.indexOf('://')
  const start = scheme < 0 ? 0 : scheme + '://'.length
  const slash = scope.lastIndexOf('/')
  return slash <= start ? undefined : scope.slice(0, slash)
}

/** Whether a scope names a permission alone. `api://x` without one is no permission of another API. */
function isBare(scope: string): boolean {
  return resourceOf(scope) === undefined && !scope.includes('://') && !isOpenIdScope(scope)
}

export function isOpenIdScope(scope: string): boolean {
  return openIdScopes.has(scope.toLowerCase())
}

/** Whether a scope asks for everything the app registration declares or was granted. */
export function isDefaultScope(scope: string): boolean {
  return scope.toLowerCase().endsWith('/.default')
}

/**
 * Whether every wanted scope is among the granted ones. OpenID Connect scopes shape the sign-in, not the access token,
 * unless nothing else is wanted: then not every token will do, but one that was got for them.
 */
export function grantsAll(granted: readonly string[], wanted: readonly string[]): boolean {
  const has = new Set(granted.map((scope) => scope.toLowerCase()))
  const ofResource = wanted.filter((scope) => !isOpenIdScope(scope))
  const decisive = ofResource.length > 0 ? ofResource : wanted
  return decisive.every((scope) => has.has(scope.toLowerCase()))
}

function sameScope(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
