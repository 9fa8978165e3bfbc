import type { App, User } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { opaque } from '../stable-ids.ts'

export interface RefreshGrant {
  readonly app: App
  readonly user: User
  readonly amr: readonly string[]
  /** The tenant it was issued in. */
  readonly tenantId: string
  /** What was asked for first: asked for again where a renewal names nothing. */
  readonly asked: { readonly scope: string; readonly resource: string | undefined }
  /** Whether the client had to prove itself when it got the token, and so must again. */
  readonly isConfidential: boolean
  /** When the person signed in: what a revocation is measured against. */
  readonly signedInAt: Date
}

interface IssuedToken {
  readonly grant: RefreshGrant
  readonly at: Date
  useCount: number
}

const inactivityDays = 90
const dayMilliseconds = 24 * 3600 * 1000

/**
 * Refresh tokens: bound to a person and a client, not to a resource. Every use yields a new one; the old one stays good
 * until its own end, as at Entra, unless single use was switched on.
 * @see https://learn.microsoft.com/entra/identity-platform/refresh-tokens#token-lifetime
 */
export class RefreshTokens {
  private readonly issued = new Map<string, IssuedToken>()
  private readonly validFrom = new Map<string, Date>()

  issue(grant: RefreshGrant, now: Date): string {
    const token = opaque('1.', 160)
    this.issued.set(token, { grant, at: now, useCount: 0 })
    return token
  }

  /**
   * The grant behind a refresh token.
   * @throws EntraError AADSTS70000 for an unknown or (where single use is on) reused token, 700082 for one that was
   *   unused for 90 days, 50173 for one revoked
   */
  find(token: string, now: Date, options: { readonly isSingleUse: boolean }): RefreshGrant {
    const found = this.issued.get(token)
    if (!found) {
      throw new EntraError(
        'invalid_grant',
        70000,
        "The provided value for the 'refresh_token' parameter is not valid: the grant is invalid or malformed.",
      )
    }
    const { grant, at } = found
    const from = this.validFrom.get(keyOf(grant.user, grant.app)) ?? this.validFrom.get(keyOf(grant.user))
    if (from !== undefined && grant.signedInAt <= from) throw revoked(grant, from)
    const idleDays = (now.getTime() - at.getTime()) / dayMilliseconds
    if (idleDays > inactivityDays) {
      throw new EntraError(
        'invalid_grant',
        700082,
        `The refresh token has expired due to inactivity. The token was issued on ${at.toISOString()} and was ` +
          `inactive for ${inactivityDays}.00:00:00.`,
        { suberror: 'bad_token' },
      )
    }
    if (options.isSingleUse && found.useCount > 0) {
      throw new EntraError(
        'invalid_grant',
        70000,
        'Provided grant is invalid or malformed: the refresh token was used before.',
        { suberror: 'bad_token' },
      )
    }
    return grant
  }

  spend(token: string): void {
    const found = this.issued.get(token)
    if (found) found.useCount += 1
  }

  /** Refuses everything the person signed in for until `now`, for one app or for all. */
  revoke(user: User, now: Date, app?: App): void {
    this.validFrom.set(keyOf(user, app), now)
  }
}

function keyOf(user: User, app?: App): string {
  return app ? `${user.objectId}\n${app.appId}` : user.objectId
}

function revoked(grant: RefreshGrant, from: Date): EntraError {
  return new EntraError(
    'invalid_grant',
    50173,
    'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed ' +
      `or reset their password. The grant was issued on '${grant.signedInAt.toISOString()}' and the TokensValidFrom ` +
      `date (before which tokens are not valid) for this user is '${from.toISOString()}'.`,
    { suberror: 'bad_token' },
  )
}
