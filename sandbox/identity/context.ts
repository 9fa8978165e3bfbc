import type { AuthorizationCodes } from './authorization-codes.ts'
import type { Consents } from './consents.ts'
import type { DeviceCodes } from './device-codes.ts'
import type { Directory } from '../directory.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { Sessions } from './sessions.ts'
import type { SigningKeys } from '../signing-keys.ts'

/** All the identity endpoints share: the directory, the clock, and what the sandbox remembers while it runs. */
export interface IdentityContext {
  readonly directory: Directory
  now(): Date
  readonly keys: SigningKeys
  readonly settings: Settings
  readonly codes: AuthorizationCodes
  readonly devices: DeviceCodes
  readonly refreshTokens: RefreshTokens
  readonly consents: Consents
  readonly sessions: Sessions
}

/** What the control interface may change while the sandbox runs. */
export interface Settings {
  /** Life of the access tokens made from now on; undefined: as Entra does it, 60 to 90 minutes. */
  accessTokenLifetimeSeconds: number | undefined
  /** A refresh token is refused on its second use. Entra itself keeps accepting the old one. */
  refreshTokensAreSingleUse: boolean
}
