/** What an API wants of a token. What is left out is not asked for, and its check is not applicable. */
export interface Expectations {
  /**
   * Issuers to accept, as their OpenID configuration names them; `{tenantid}` stands for the token's tenant. Without it
   * the issuer that came with the keys is accepted.
   */
  readonly issuer?: string | readonly string[]
  /** Tenant ids (GUIDs) to accept. `organizations` stands for all but that of personal accounts, `consumers` for that one. */
  readonly tenant?: string | readonly string[]
  /** Audiences to accept; a GUID and the same GUID as App ID URI (`api://GUID`) stand for each other. */
  readonly audience?: string | readonly string[]
  /** Delegated permissions, all of which the token must have. */
  readonly scope?: string | readonly string[]
  /** App roles, all of which the token must have. */
  readonly role?: string | readonly string[]
  /** Client applications to accept (`azp`, in v1.0 `appid`). */
  readonly app?: string | readonly string[]
  /** Whom it must stand for: an app alone, or an app with a user. */
  readonly identityType?: 'app' | 'user'
  readonly version?: '1.0' | '2.0'
  /** How the client must have proved itself (`azpacr`, in v1.0 `appidacr`). */
  readonly clientAuthentication?: 'none' | 'secret' | 'certificate'
  /** What kind of token it must be. Default `access`, which is what an API takes. */
  readonly tokenType?: 'access' | 'id'
  /** How far the clocks may differ. Default 300, as Microsoft's middleware has it. */
  readonly clockSkewSeconds?: number
}

/** One text or several, as several. */
export function listOf(texts: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof texts === 'string' ? [texts] : texts
}
