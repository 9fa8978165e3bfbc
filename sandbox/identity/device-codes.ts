import { randomInt } from 'node:crypto'
import type { App, User } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { opaque } from '../stable-ids.ts'
import type { Audience } from './tenancy.ts'

/** A device sign-in, from the code shown to the tokens fetched (RFC 8628). */
export interface DeviceSignIn {
  readonly deviceCode: string
  /** What a person types: nine capital letters and digits. */
  readonly userCode: string
  readonly app: App
  readonly audience: Audience
  readonly scope: string
  readonly resource: string | undefined
  readonly expires: Date
  readonly outcome: DeviceOutcome
}

export type DeviceOutcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'approved'; readonly user: User; readonly amr: readonly string[]; readonly at: Date }
  | { readonly kind: 'declined' }
  | { readonly kind: 'redeemed' }

export const deviceLifetimeSeconds = 900
export const pollIntervalSeconds = 5

// Without the characters people mistake for one another.
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

export class DeviceCodes {
  private readonly byDeviceCode = new Map<string, DeviceSignIn>()

  start(asked: Pick<DeviceSignIn, 'app' | 'audience' | 'scope' | 'resource'>, now: Date): DeviceSignIn {
    const signIn: DeviceSignIn = {
      ...asked,
      deviceCode: opaque('', 48),
      userCode: Array.from({ length: 9 }, () => alphabet[randomInt(alphabet.length)]).join(''),
      expires: new Date(now.getTime() + deviceLifetimeSeconds * 1000),
      outcome: { kind: 'pending' },
    }
    this.byDeviceCode.set(signIn.deviceCode, signIn)
    return signIn
  }

  /** The pending sign-in a person typed the code of; undefined for a wrong, expired or settled code. */
  findPending(userCode: string, now: Date): DeviceSignIn | undefined {
    const typed = userCode.replace(/[\s-]/g, '').toUpperCase()
    return [...this.byDeviceCode.values()].find(
      (one) => one.userCode === typed && one.outcome.kind === 'pending' && one.expires > now,
    )
  }

  settle(deviceCode: string, outcome: DeviceOutcome): void {
    const found = this.byDeviceCode.get(deviceCode)
    if (found) this.byDeviceCode.set(deviceCode, { ...found, outcome })
  }

  /**
   * What a poll finds: the sign-in, once somebody approved it.
   * @throws EntraError `authorization_pending`, `authorization_declined`, `expired_token` or `bad_verification_code`
   * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code#expected-errors
   */
  poll(
    deviceCode: string,
    app: App,
    now: Date,
  ): DeviceSignIn & { readonly outcome: Extract<DeviceOutcome, { kind: 'approved' }> } {
    const found = this.byDeviceCode.get(deviceCode)
    if (!found || found.app.appId !== app.appId || found.outcome.kind === 'redeemed') {
      throw new EntraError(
        'bad_verification_code',
        70018,
        "The provided value for the input parameter 'device_code' is not valid: invalid verification code.",
      )
    }
    if (found.outcome.kind === 'declined') {
      throw new EntraError('authorization_declined', 65004, 'User declined to consent to access the app.')
    }
    if (found.expires <= now) {
      throw new EntraError(
        'expired_token',
        70020,
        "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
      )
    }
    const { outcome } = found
    if (outcome.kind === 'pending') {
      throw new EntraError(
        'authorization_pending',
        70016,
        'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
      )
    }
    return { ...found, outcome }
  }
}
