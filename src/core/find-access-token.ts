import type { AccessToken } from './access-token.ts'
import { chooseAccount } from './accounts.ts'
import { cacheHostOf } from './clouds.ts'
import { isAppOnly } from './flows/flow.ts'
import type { MsalAccessToken } from './msal-cache.ts'
import { isSharedTenant, managedIdentityTenant } from './profiles/profile.ts'
import { grantsAll } from './scopes.ts'
import type { CachedTokens } from './token-cache.ts'
import { wantsToAsk, type TokenRequest } from './token-request.ts'

/**
 * Finds an access token in what MSAL cached, without loading MSAL. Conservative: same client, authority, tenant and
 * account, every wanted scope granted, not due for renewal, and `minimumLifetimeSeconds` left. Does not verify it.
 * @param now the moment to judge by
 * @returns the token, or undefined; a miss is always safe, MSAL looks again with its full rules
 */
export function findAccessToken(
  cached: CachedTokens,
  request: TokenRequest,
  now: Date,
): AccessToken | undefined {
  if (request.fresh || request.claims !== undefined || wantsToAsk(request)) return undefined
  const found = entriesFor(cached, request).find((entry) => isFreshEnough(entry, request, now))
  return found && toAccessToken(found, cached)
}

/** The cached token with the latest end, also one that is over: to look at, not to use. */
export function latestAccessToken(cached: CachedTokens, request: TokenRequest): AccessToken | undefined {
  const [latest] = entriesFor(cached, request).toSorted(
    (one, other) => Number(other.expires_on) - Number(one.expires_on),
  )
  return latest && toAccessToken(latest, cached)
}

function entriesFor(cached: CachedTokens, request: TokenRequest): readonly MsalAccessToken[] {
  const account = accountFor(cached, request)
  if (account === undefined) return []
  return Object.values(cached.msal.AccessToken ?? {}).filter((entry) =>
    belongsTo(entry, request, cached, account),
  )
}

function toAccessToken(entry: MsalAccessToken, cached: CachedTokens): AccessToken {
  return {
    token: entry.secret,
    tokenType: entry.token_type ?? 'Bearer',
    expiresOn: new Date(Number(entry.expires_on) * 1000),
    scopes: entry.target.split(' ').filter((scope) => scope !== ''),
    tenantId: entry.realm === managedIdentityTenant ? undefined : entry.realm,
    username: usernameOf(cached, entry.home_account_id ?? ''),
    fromCache: true,
  }
}

/** The account whose token is wanted: '' for the app itself; undefined when the cache cannot say. */
function accountFor(cached: CachedTokens, request: TokenRequest): string | undefined {
  if (isAppOnly(request.flow)) return ''
  // Whose token it is depends on the assertion, which no entry names.
  if (request.flow === 'on-behalf-of') return undefined
  const choice = chooseAccount(cached, request.signIn)
  return choice.kind === 'account' ? choice.id : undefined
}

function belongsTo(
  entry: MsalAccessToken,
  request: TokenRequest,
  cached: CachedTokens,
  account: string,
): boolean {
  const { profile } = request
  return (
    (entry.home_account_id ?? '') === account &&
    entry.client_id.toLowerCase() === profile.clientId.toLowerCase() &&
    entry.environment === cacheHostOf(profile.authority) &&
    entry.realm.toLowerCase() === tenantOf(request, cached, account) &&
    entry.requestedClaimsHash === undefined &&
    entry.keyId === undefined &&
    (entry.token_type ?? 'Bearer').toLowerCase() === 'bearer' &&
    grantsAll(entry.target.split(' '), request.scopes)
  )
}

/** The tenant as the cache names it: by id, where an earlier sign-in showed which id a domain or shared endpoint means. */
function tenantOf(request: TokenRequest, cached: CachedTokens, account: string): string {
  const asked = request.profile.tenantId.toLowerCase()
  if (isAppOnly(request.flow)) return asked
  // MSAL's account id ends in the person's home tenant, where a shared endpoint signs them in.
  if (isSharedTenant(asked)) return (account.split('.')[1] ?? asked).toLowerCase()
  return (cached.tenantIds[asked] ?? asked).toLowerCase()
}

function isFreshEnough(entry: MsalAccessToken, request: TokenRequest, now: Date): boolean {
  const nowSeconds = now.getTime() / 1000
  // A clock that was set back since says nothing about a token's end, which is reckoned from when it came.
  if (Number(entry.cached_at ?? 0) - nowSeconds > 60) return false
  const refreshOn = Number(entry.refresh_on ?? Number.POSITIVE_INFINITY)
  return Number(entry.expires_on) - nowSeconds >= request.minimumLifetimeSeconds && nowSeconds < refreshOn
}

function usernameOf(cached: CachedTokens, account: string): string | undefined {
  return Object.values(cached.msal.Account ?? {}).find((one) => one.home_account_id === account)?.username
}
