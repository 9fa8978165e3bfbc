/** What was found about one thing that a token depends on. */
export interface AppFinding {
  /** Stable, meant for programs. Several may have one name and differ in their subject. */
  readonly name: FindingName
  /** What it is about, where there are several such things: a scope. */
  readonly subject?: string
  /** `unknown`: the reader may not see it. */
  readonly status: 'ok' | 'warning' | 'failed' | 'unknown'
  /** One fact, lower case, without a full stop. May hold text from the directory; never a secret. */
  readonly fact: string
  /** What mends it. */
  readonly remedy?: string
  /** The portal's page where that is done; undefined where the cloud's portal is not known. */
  readonly page?: string
}

export type FindingName =
  | 'registration'
  | 'service-principal'
  | 'accounts'
  | 'redirect-uri'
  | 'public-client'
  | 'credential'
  | 'permission'
