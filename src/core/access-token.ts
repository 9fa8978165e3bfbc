/** A token as handed to the caller. */
export interface AccessToken {
  /** The compact token itself; opaque to everybody but its API. */
  readonly token: string
  readonly tokenType: string
  readonly expiresOn: Date
  /** What it grants, as Entra spelled it. */
  readonly scopes: readonly string[]
  /** The tenant that issued it, where it is known. */
  readonly tenantId: string | undefined
  /** The person it speaks for; undefined when it is the app's own. */
  readonly username: string | undefined
  /** Whether it was there already, or was requested just now. */
  readonly fromCache: boolean
}

export function secondsLeft(token: Pick<AccessToken, 'expiresOn'>, now: Date): number {
  return Math.floor((token.expiresOn.getTime() - now.getTime()) / 1000)
}
