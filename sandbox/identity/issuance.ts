import { randomInt } from 'node:crypto'
import type { App, Tenant, User } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { type ResourceRequest, spelled } from './scopes.ts'
import type { TokenAnswer, TokenExchange } from './token-exchange.ts'
import { signAccessToken, signIdToken } from './tokens.ts'
import { graphAppId } from '../well-known-apis.ts'

/** What a delegated grant asks to have issued. */
export interface UserIssue {
  readonly tenant: Tenant
  readonly user: User
  readonly amr: readonly string[]
  readonly signedInAt: Date
  readonly resource: ResourceRequest
  /** The request behind it, kept with the refresh token. */
  readonly asked: { readonly scope: string; readonly resource: string | undefined }
  /** `openid`, `profile`, `email`, `offline_access`. */
  readonly openid: readonly string[]
  readonly nonce: string | undefined
  /** The `claims` parameter, for the client's capabilities. */
  readonly claims: string | undefined
  /** Whether the client must prove itself again when it uses the refresh token. */
  readonly isConfidential: boolean
}

/** An app-only token: the roles an administrator gave the app, no person, no refresh token. */
export async function issueForApp(
  exchange: TokenExchange,
  tenant: Tenant,
  resource: ResourceRequest,
): Promise<TokenAnswer> {
  const { app, context } = exchange
  const handlesClaimsChallenges = hasCapability(exchange.form.get('claims') ?? undefined, 'cp1')
  const lifetimeSeconds =
    context.settings.accessTokenLifetimeSeconds ?? appLifetime(resource, handlesClaimsChallenges)
  const roles = app.adminConsented.find((one) => one.resource === resource.api.appId)?.application ?? []
  const accessToken = await signAccessToken({
    origin: exchange.origin,
    tenant,
    app,
    proof: exchange.proof,
    subject: { kind: 'app' },
    resource,
    roles,
    now: context.now(),
    lifetimeSeconds,
    handlesClaimsChallenges,
    key: context.keys.current,
  })
  return {
    accessToken,
    expiresIn: expiresIn(lifetimeSeconds),
    scope: undefined,
    resource: resource.spelling,
    idToken: undefined,
    refreshToken: undefined,
    clientInfo: undefined,
  }
}

/**
 * Tokens on a person's behalf: an access token, with `openid` an ID token, with `offline_access` a refresh token.
 * @throws EntraError AADSTS50076 when a second factor is still owed, 65001 when a permission was not consented to
 */
export async function issueForUser(exchange: TokenExchange, issue: UserIssue): Promise<TokenAnswer> {
  const { app, context, form } = exchange
  const { user, resource } = issue
  demandMembership(user, issue.tenant, app)
  demandSecondFactor(user, issue.amr, resource)
  const granted = demandConsent(exchange, issue)
  const now = context.now()
  const handlesClaimsChallenges = hasCapability(issue.claims, 'cp1')
  const lifetimeSeconds =
    context.settings.accessTokenLifetimeSeconds ?? entraLifetime(resource, handlesClaimsChallenges)
  const isForGraph = resource.api.appId === graphAppId
  // OpenID Connect scopes are Graph's permissions; tokens for other APIs do not carry them.
  const openid = isForGraph ? issue.openid.filter((scope) => scope !== 'offline_access') : []
  const common = {
    origin: exchange.origin,
    tenant: issue.tenant,
    app,
    now,
    key: context.keys.current,
  }
  const accessToken = await signAccessToken({
    ...common,
    proof: exchange.proof,
    subject: { kind: 'user', user, amr: issue.amr, scopes: inOrder([...openid, ...granted]) },
    resource,
    roles: [],
    lifetimeSeconds,
    handlesClaimsChallenges,
  })
  const wantsIdToken = exchange.version === 1 || issue.openid.includes('openid')
  const idToken = wantsIdToken
    ? await signIdToken({
        ...common,
        user,
        amr: issue.amr,
        version: exchange.version,
        nonce: issue.nonce,
        withEmail: issue.openid.includes('email'),
        withProfile: exchange.version === 1 || issue.openid.includes('profile'),
      })
    : undefined
  const wantsRefreshToken = exchange.version === 1 || issue.openid.includes('offline_access')
  const refreshToken = wantsRefreshToken
    ? context.refreshTokens.issue(
        {
          app,
          user,
          amr: issue.amr,
          tenantId: issue.tenant.id,
          asked: issue.asked,
          isConfidential: issue.isConfidential,
          signedInAt: issue.signedInAt,
        },
        now,
      )
    : undefined
  return {
    accessToken,
    expiresIn: expiresIn(lifetimeSeconds),
    scope: answeredScope(exchange.version, resource, openid, granted),
    resource: resource.spelling,
    idToken,
    refreshToken,
    clientInfo: form.get('client_info') === '1' ? clientInfo(user) : undefined,
  }
}

/** `uid` and `utid`, from which MSAL makes its account id. */
export function clientInfo(user: User): string {
  return Buffer.from(JSON.stringify({ uid: user.objectId, utid: user.tenantId })).toString('base64url')
}

/** @throws EntraError AADSTS65001 */
export function consentMissing(app: App): EntraError {
  return new EntraError(
    'invalid_grant',
    65001,
    `The user or administrator has not consented to use the application with ID '${app.appId}' named ` +
      `'${app.displayName}'. Send an interactive authorization request for this user and resource.`,
    { suberror: 'consent_required' },
  )
}

/** The sandbox has no guests. */
function demandMembership(user: User, tenant: Tenant, app: App): void {
  if (user.tenantId === tenant.id) return
  throw new EntraError(
    'invalid_grant',
    50020,
    `User account '${user.userPrincipalName}' does not exist in tenant '${tenant.displayName}' and cannot access the ` +
      `application '${app.appId}'(${app.displayName}) in that tenant. The account needs to be added as an external ` +
      'user in the tenant first.',
  )
}

function demandSecondFactor(user: User, amr: readonly string[], resource: ResourceRequest): void {
  if (!user.requiresMfa || amr.includes('mfa')) return
  throw new EntraError(
    'interaction_required',
    50076,
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use ' +
      `multi-factor authentication to access '${resource.api.appId}'.`,
    { suberror: 'basic_action' },
  )
}

/** A token carries everything consented to for its resource, not just what this request named; so does Entra's. */
function demandConsent(exchange: TokenExchange, { user, resource }: UserIssue): readonly string[] {
  const granted = exchange.context.consents.granted(exchange.app, user, resource.api)
  const isMissing = resource.isDefault
    ? granted.size === 0
    : resource.permissions.some((permission) => !granted.has(permission))
  if (isMissing) throw consentMissing(exchange.app)
  return inOrder([...granted])
}

function answeredScope(
  version: 1 | 2,
  resource: ResourceRequest,
  openid: readonly string[],
  granted: readonly string[],
): string {
  if (version === 1) return granted.join(' ')
  const permissions = granted.map((permission) => spelled(resource, permission))
  return [...openid, ...permissions, ...(resource.isDefault ? [spelled(resource, '.default')] : [])].join(' ')
}

/**
 * An hour; a day for clients that can be told of a revocation.
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation-workload
 */
function appLifetime(resource: ResourceRequest, handlesClaimsChallenges: boolean): number {
  return (handlesClaimsChallenges && resource.api.appId === graphAppId ? 24 : 1) * 3600
}

/** 60 to 90 minutes at random; a day or so for clients that can be told of a revocation. */
function entraLifetime(resource: ResourceRequest, handlesClaimsChallenges: boolean): number {
  const isLong = handlesClaimsChallenges && resource.api.appId === graphAppId
  return isLong ? randomInt(20 * 3600, 28 * 3600) : randomInt(3600, 5400)
}

/** Entra answers 3599 for a token of an hour. */
function expiresIn(lifetimeSeconds: number): number {
  return Math.max(0, lifetimeSeconds - 1)
}

function hasCapability(claims: string | undefined, capability: string): boolean {
  if (claims === undefined) return false
  try {
    const asked = JSON.parse(claims) as { access_token?: { xms_cc?: { values?: unknown } } } | null
    const values = asked?.access_token?.xms_cc?.values
    return Array.isArray(values) && values.includes(capability)
  } catch {
    throw new EntraError('invalid_request', 9002313, 'Invalid request. Request is malformed or invalid.')
  }
}

function inOrder(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes)].toSorted((one, other) =>
    one.toLowerCase().localeCompare(other.toLowerCase(), 'en'),
  )
}
