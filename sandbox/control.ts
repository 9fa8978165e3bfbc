import { SignJWT } from 'jose/jwt/sign'
import type { SandboxClock } from './clock.ts'
import type { IdentityContext } from './identity/context.ts'
import type { App, User } from './directory.ts'
import type { Fault, Faults } from './faults.ts'

/** What a test or a script may do to a running sandbox. `POST /sandbox/…` offers the same over HTTPS. */
export interface SandboxControl {
  addFault(fault: Fault): void
  clearFaults(): void
  /** How far the sandbox's clock is ahead of the machine's; negative: behind. Shows in `Date` headers and tokens. */
  setClockOffset(seconds: number): void
  /** Moves the sandbox's clock on. */
  advanceClock(seconds: number): void
  /** Life of the access tokens made from now on; undefined: as Entra does it. */
  setAccessTokenLifetime(seconds: number | undefined): void
  /** Refuses refresh tokens on their second use, which Entra itself does not. */
  setSingleUseRefreshTokens(isOn: boolean): void
  /** Refuses every refresh token of the person, or those of one app. */
  revokeRefreshTokens(userPrincipalName: string, appId?: string): void
  /** Ends the person's browser sessions. */
  endSessions(userPrincipalName: string): void
  /** Forgets what the person consented to on the page. */
  withdrawConsents(userPrincipalName: string): void
  rotateKeys(): Promise<void>
  /** Signs in at the device page in somebody's name, without a second factor unless `withMfa`. */
  approveDeviceCode(
    userCode: string,
    userPrincipalName: string,
    options?: { readonly withMfa?: boolean },
  ): void
  declineDeviceCode(userCode: string): void
  /**
   * An assertion of an issuer that apps trust; without claims of the cluster's, as Kubernetes would mount it. The
   * sandbox signs for every issuer: it fetches no keys from elsewhere.
   */
  mintAssertion(claims?: AssertionClaims): Promise<string>
}

export interface AssertionClaims {
  readonly subject?: string
  readonly audience?: string
  readonly issuer?: string
  /** Default 3600. */
  readonly lifetimeSeconds?: number
}

/** Something was named that the directory does not hold. */
export class UnknownName extends Error {
  override readonly name = 'UnknownName'
}

export function createControl(
  context: IdentityContext,
  faults: Faults,
  clock: SandboxClock,
  defaults: { readonly issuer: string; readonly subject: string },
): SandboxControl {
  const { settings } = context
  return {
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    setClockOffset: (seconds) => clock.setOffset(seconds),
    advanceClock: (seconds) => clock.advance(seconds),
    setAccessTokenLifetime: (seconds) => {
      settings.accessTokenLifetimeSeconds = seconds
    },
    setSingleUseRefreshTokens: (isOn) => {
      settings.refreshTokensAreSingleUse = isOn
    },
    revokeRefreshTokens: (name, appId) => {
      const app = appId === undefined ? undefined : appNamed(context, appId)
      context.refreshTokens.revoke(userNamed(context, name), context.now(), app)
    },
    endSessions: (name) => context.sessions.endAllOf(userNamed(context, name)),
    withdrawConsents: (name) => context.consents.withdraw(userNamed(context, name)),
    rotateKeys: () => context.keys.rotate(),
    approveDeviceCode: (userCode, name, { withMfa = false } = {}) => {
      const signIn = pendingDevice(context, userCode)
      const amr = withMfa ? ['pwd', 'mfa'] : ['pwd']
      const user = userNamed(context, name)
      context.devices.settle(signIn.deviceCode, { kind: 'approved', user, amr, at: context.now() })
    },
    declineDeviceCode: (userCode) => {
      context.devices.settle(pendingDevice(context, userCode).deviceCode, { kind: 'declined' })
    },
    mintAssertion: (claims = {}) => mintAssertion(context, defaults, claims),
  }
}

async function mintAssertion(
  context: IdentityContext,
  defaults: { readonly issuer: string; readonly subject: string },
  claims: AssertionClaims,
): Promise<string> {
  const { kid, privateKey } = context.keys.current
  const seconds = Math.floor(context.now().getTime() / 1000)
  return new SignJWT({
    iss: claims.issuer ?? defaults.issuer,
    sub: claims.subject ?? defaults.subject,
    aud: claims.audience ?? 'api://AzureADTokenExchange',
    iat: seconds,
    nbf: seconds,
    exp: seconds + (claims.lifetimeSeconds ?? 3600),
  })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(privateKey)
}

function userNamed(context: IdentityContext, name: string): User {
  const wanted = name.toLowerCase()
  const user = context.directory.users.find(
    ({ objectId, userPrincipalName }) => userPrincipalName.toLowerCase() === wanted || objectId === wanted,
  )
  if (!user) throw new UnknownName(`no user named "${name}"`)
  return user
}

function appNamed(context: IdentityContext, appId: string): App {
  const app = context.directory.apps.find((one) => one.appId === appId.toLowerCase())
  if (!app) throw new UnknownName(`no app with the id "${appId}"`)
  return app
}

function pendingDevice(context: IdentityContext, userCode: string): { readonly deviceCode: string } {
  const signIn = context.devices.findPending(userCode, context.now())
  if (!signIn) throw new UnknownName(`no pending device sign-in with the code "${userCode}"`)
  return signIn
}
