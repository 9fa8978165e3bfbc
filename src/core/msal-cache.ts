/**
 * MSAL's unified cache, as far as it is read here: the documented JSON that every MSAL writes.
 * @see https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/wiki/Unified-Schema
 */
export interface MsalCache {
  readonly AccessToken?: Readonly<Record<string, MsalAccessToken>>
  readonly RefreshToken?: Readonly<Record<string, unknown>>
  readonly Account?: Readonly<Record<string, MsalAccount>>
}

export interface MsalAccessToken {
  /** Empty for an app's own token. */
  readonly home_account_id?: string
  readonly environment: string
  readonly client_id: string
  readonly realm: string
  /** Scopes, separated by spaces. */
  readonly target: string
  readonly secret: string
  /** Epoch seconds, as text: when this machine got it, by its own clock. */
  readonly cached_at?: string
  /** Epoch seconds, as text. */
  readonly expires_on: string
  /** Epoch seconds, as text; only where the token should be renewed ahead of its end. */
  readonly refresh_on?: string
  readonly token_type?: string
  /** Present when the token answers a claims challenge. */
  readonly requestedClaimsHash?: string
  readonly keyId?: string
}

export interface MsalAccount {
  readonly home_account_id: string
  readonly realm: string
  readonly username: string
}

/** Undefined where the text is no such cache. */
export function parseMsalCache(text: string): MsalCache | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * The cache with one more access token in it, under the key MSAL would give it; the one it replaces is gone.
 * @param text the cache as it is; what is none counts as empty
 */
export function withMsalAccessToken(text: string, entry: MsalAccessToken): string {
  const cache = parseMsalCache(text) ?? {}
  const { home_account_id: account = '', environment, client_id: clientId, realm, target } = entry
  const key = [account, environment, 'accesstoken', clientId, realm, target].join('-').toLowerCase()
  const tokens = { ...cache.AccessToken, [key]: { credential_type: 'AccessToken', ...entry } }
  return JSON.stringify({ ...cache, AccessToken: tokens })
}
