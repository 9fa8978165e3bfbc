import type { App, User } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { opaque } from '../stable-ids.ts'

/** What a person allowed an app at the authorization endpoint, waiting to be redeemed. */
export interface AuthorizationGrant {
  readonly app: App
  readonly user: User
  readonly amr: readonly string[]
  readonly signedInAt: Date
  readonly tenantId: string
  readonly scope: string
  /** v1 requests name one resource instead of scopes. */
  readonly resource: string | undefined
  readonly redirectUri: string
  readonly codeChallenge: { readonly method: 'S256' | 'plain'; readonly value: string } | undefined
  readonly nonce: string | undefined
  readonly claims: string | undefined
}

const lifetimeMilliseconds = 10 * 60 * 1000

/** Authorization codes: good once, for ten minutes. */
export class AuthorizationCodes {
  private readonly issued = new Map<
    string,
    { readonly grant: AuthorizationGrant; readonly at: Date; used: boolean }
  >()

  issue(grant: AuthorizationGrant, now: Date): string {
    const code = opaque('1.', 96)
    this.issued.set(code, { grant, at: now, used: false })
    return code
  }

  /**
   * The grant behind a code. The code counts as used only when `spend` is called: a wrong verifier does not burn it.
   * @throws EntraError AADSTS70000 for an unknown code, 70008 for an expired one, 54005 for one already redeemed
   */
  find(code: string, now: Date): AuthorizationGrant {
    const found = this.issued.get(code)
    if (!found) {
      throw new EntraError(
        'invalid_grant',
        70000,
        "The provided value for the 'code' parameter is not valid.",
      )
    }
    if (found.used) {
      throw new EntraError(
        'invalid_grant',
        54005,
        'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing ' +
          'refresh token.',
      )
    }
    if (now.getTime() - found.at.getTime() > lifetimeMilliseconds) {
      throw new EntraError(
        'invalid_grant',
        70008,
        'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive ' +
          'authorization request for this user and resource.',
      )
    }
    return found.grant
  }

  spend(code: string): void {
    const found = this.issued.get(code)
    if (found) found.used = true
  }
}
