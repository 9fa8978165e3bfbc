import { createHash, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose/jwt/sign'
import type { App, Tenant, User } from '../directory.ts'
import { issuerOf } from './issuers.ts'
import type { ResourceRequest } from './scopes.ts'
import type { SigningKey } from '../signing-keys.ts'
import { guidFrom, opaque, pairwiseSubject, servicePrincipalId } from '../stable-ids.ts'
import { azureManagementAppId, graphAppId } from '../well-known-apis.ts'

/** How the client proved who it is, as `appidacr` and `azpacr` number it: not at all, with a secret, with a key. */
export type ClientProof = 'none' | 'secret' | 'key'

/** Whom a token speaks for. */
export type Subject =
  | { readonly kind: 'app' }
  | {
      readonly kind: 'user'
      readonly user: User
      readonly amr: readonly string[]
      readonly scopes: readonly string[]
    }

export interface AccessTokenPlan {
  readonly origin: string
  readonly tenant: Tenant
  readonly app: App
  readonly proof: ClientProof
  readonly subject: Subject
  readonly resource: ResourceRequest
  /** App roles the app holds on the resource. */
  readonly roles: readonly string[]
  readonly now: Date
  readonly lifetimeSeconds: number
  /** The client says it handles claims challenges (`cp1`). */
  readonly handlesClaimsChallenges: boolean
  readonly key: SigningKey
}

export interface IdTokenPlan {
  readonly origin: string
  readonly tenant: Tenant
  readonly app: App
  readonly user: User
  readonly amr: readonly string[]
  readonly version: 1 | 2
  readonly nonce: string | undefined
  readonly withEmail: boolean
  /** Whether it names the user; else the pairwise subject alone says who it is. */
  readonly withProfile: boolean
  readonly now: Date
  readonly key: SigningKey
}

/** Entra dates its tokens five minutes back, for servers whose clocks are behind. */
const backdatedSeconds = 300

/**
 * An access token with the claims Entra gives. The API decides the version: 1.0 for Microsoft's own, whose `aud` is the
 * resource as the client spelled it, or 2.0, whose `aud` is the API's application id.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export async function signAccessToken(plan: AccessTokenPlan): Promise<string> {
  const { api } = plan.resource
  const issuer = issuerOf(plan.origin, plan.tenant.id, api.tokenVersion)
  const audience = api.tokenVersion === 2 ? api.appId : plan.resource.spelling
  const claims = {
    aud: audience,
    iss: issuer,
    ...times(plan.now, plan.lifetimeSeconds),
    ...(api.tokenVersion === 2 ? claimsOfVersion2(plan) : claimsOfVersion1(plan, issuer)),
    ...(plan.roles.length > 0 ? { roles: plan.roles } : {}),
    ...(plan.handlesClaimsChallenges ? { xms_cc: ['cp1'] } : {}),
    ...commonClaims(plan.tenant.id, plan.app.appId, plan.subject.kind === 'user' ? plan.subject.amr : []),
    ver: api.tokenVersion === 2 ? '2.0' : '1.0',
  }
  const header = { typ: 'JWT', alg: 'RS256', kid: plan.key.kid }
  const versionHeader = api.tokenVersion === 1 ? { ...header, x5t: plan.key.kid } : header
  if (api.appId === graphAppId) return signForGraph(claims, versionHeader, plan.key)
  return new SignJWT(claims).setProtectedHeader(versionHeader).sign(plan.key.privateKey)
}

/** An ID token for the client itself. @see https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
export async function signIdToken(plan: IdTokenPlan): Promise<string> {
  const { user, app, tenant } = plan
  const names =
    plan.version === 2
      ? { preferred_username: user.userPrincipalName }
      : { amr: plan.amr, unique_name: user.userPrincipalName, upn: user.userPrincipalName }
  const claims = {
    aud: app.appId,
    iss: issuerOf(plan.origin, tenant.id, plan.version),
    ...times(plan.now, 3600),
    ...(plan.withProfile ? { name: user.displayName, oid: user.objectId, ...names } : {}),
    ...(plan.nonce === undefined ? {} : { nonce: plan.nonce }),
    ...(plan.withEmail ? { email: user.userPrincipalName } : {}),
    sub: pairwiseSubject(user.objectId, app.appId),
    ...commonClaims(tenant.id, app.appId, plan.amr),
    ver: plan.version === 2 ? '2.0' : '1.0',
  }
  const header = { typ: 'JWT', alg: 'RS256', kid: plan.key.kid }
  const versionHeader = plan.version === 1 ? { ...header, x5t: plan.key.kid } : header
  return new SignJWT(claims).setProtectedHeader(versionHeader).sign(plan.key.privateKey)
}

/**
 * Graph's tokens carry a `nonce` header and are signed with its hash in place, so that nobody but Graph can verify them.
 */
async function signForGraph(
  claims: Record<string, unknown>,
  header: { readonly typ: string; readonly alg: string; readonly kid: string },
  key: SigningKey,
): Promise<string> {
  const nonce = randomBytes(32).toString('base64url')
  const signed = await new SignJWT(claims)
    .setProtectedHeader({ ...header, nonce: hashedNonce(nonce) })
    .sign(key.privateKey)
  const [, payload, signature] = signed.split('.')
  return [encoded({ ...header, nonce }), payload, signature].join('.')
}

/** The token as it was signed: what Graph's front door makes of a token before its signature is checked. */
export function asSigned(token: string): string {
  const [header, payload, signature] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined) return token
  const parsed = parsedObject(fromBase64url(header))
  if (typeof parsed?.nonce !== 'string') return token
  return [encoded({ ...parsed, nonce: hashedNonce(parsed.nonce) }), payload, signature].join('.')
}

function hashedNonce(nonce: string): string {
  return createHash('sha256').update(nonce).digest('base64url')
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function fromBase64url(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8')
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function claimsOfVersion1(plan: AccessTokenPlan, issuer: string): Record<string, unknown> {
  const { app, resource, subject, tenant } = plan
  const isForGraph = resource.api.appId === graphAppId
  // For other APIs `idtyp` is an optional claim that their owner would have to ask for.
  const saysWhoseTokenItIs = isForGraph || resource.api.appId === azureManagementAppId
  const client = {
    ...(isForGraph ? { app_displayname: app.displayName } : {}),
    appid: app.appId,
    appidacr: proofNumber(plan.proof),
  }
  if (subject.kind === 'app') {
    const oid = servicePrincipalId(app.appId, tenant.id)
    return {
      ...client,
      idp: issuer,
      ...(saysWhoseTokenItIs ? { idtyp: 'app' } : {}),
      oid,
      sub: oid,
      ...(isForGraph ? { wids: [directoryReadersOfApps] } : {}),
    }
  }
  const { user } = subject
  const { givenName, familyName } = splitName(user.displayName)
  return {
    acr: '1',
    amr: subject.amr,
    ...client,
    family_name: familyName,
    given_name: givenName,
    groups: user.groups,
    ...(saysWhoseTokenItIs ? { idtyp: 'user' } : {}),
    ipaddr: '127.0.0.1',
    name: user.displayName,
    oid: user.objectId,
    scp: subject.scopes.join(' '),
    sub: pairwiseSubject(user.objectId, resource.api.appId),
    unique_name: user.userPrincipalName,
    upn: user.userPrincipalName,
    ...(isForGraph
      ? {
          wids: [user.isAdministrator ? globalAdministrator : plainMember],
          xms_st: { sub: pairwiseSubject(user.objectId, app.appId) },
        }
      : {}),
  }
}

function claimsOfVersion2(plan: AccessTokenPlan): Record<string, unknown> {
  const { app, resource, subject, tenant } = plan
  const client = { azp: app.appId, azpacr: proofNumber(plan.proof) }
  if (subject.kind === 'app') {
    const oid = servicePrincipalId(app.appId, tenant.id)
    return { ...client, oid, sub: oid }
  }
  const { user } = subject
  return {
    ...client,
    groups: user.groups,
    name: user.displayName,
    oid: user.objectId,
    preferred_username: user.userPrincipalName,
    scp: subject.scopes.join(' '),
    sub: pairwiseSubject(user.objectId, resource.api.appId),
  }
}

// Role template ids, the same in every tenant.
const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10'
const plainMember = 'b79fbf4d-3ef9-4689-8143-76b194e85509'
const directoryReadersOfApps = '0997a1d0-0d1d-4acb-b408-d5ca73121e90'

function times(now: Date, lifetimeSeconds: number): Record<'iat' | 'nbf' | 'exp', number> {
  const seconds = Math.floor(now.getTime() / 1000)
  const issued = seconds - backdatedSeconds
  return { iat: issued, nbf: issued, exp: seconds + lifetimeSeconds }
}

/** How the person signed in. v2 tokens tell nobody but their issuer, in `aio`. */
export function methodsIn(claims: { readonly [claim: string]: unknown }): readonly string[] {
  const parsed = typeof claims.aio === 'string' ? parsedObject(fromBase64url(claims.aio)) : undefined
  const { amr } = parsed ?? {}
  return Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : []
}

/** The claims that mean something to Entra alone, and the tenant. */
function commonClaims(tenantId: string, appId: string, amr: readonly string[]): Record<string, unknown> {
  return {
    aio: encoded({ amr, salt: opaque('', 12) }),
    rh: `1.${guidFrom('rh', tenantId, appId).replaceAll('-', '')}.`,
    tid: tenantId,
    uti: opaque('', 16),
  }
}

function proofNumber(proof: ClientProof): '0' | '1' | '2' {
  return { none: '0', secret: '1', key: '2' }[proof] as '0' | '1' | '2'
}

function splitName(displayName: string): { readonly givenName: string; readonly familyName: string } {
  const [givenName = displayName, ...rest] = displayName.split(' ')
  return { givenName, familyName: rest.join(' ') }
}
