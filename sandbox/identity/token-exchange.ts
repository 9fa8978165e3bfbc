import type { PresentedClient } from './client-authentication.ts'
import type { IdentityContext } from './context.ts'
import type { App, Tenant } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import type { Audience } from './tenancy.ts'
import type { ClientProof } from './tokens.ts'

/** One request at the token endpoint, with its client identified and its proof checked. */
export interface TokenExchange {
  readonly context: IdentityContext
  readonly origin: string
  readonly audience: Audience
  /** Of the endpoint: `/oauth2/token` is 1, `/oauth2/v2.0/token` is 2. */
  readonly version: 1 | 2
  readonly form: URLSearchParams
  readonly app: App
  readonly presented: PresentedClient
  readonly proof: ClientProof
}

/** The fields of a token response before they are written in v1 or v2 form. */
export interface TokenAnswer {
  readonly accessToken: string
  readonly expiresIn: number
  /** Undefined for app-only tokens, whose answer names no scope. */
  readonly scope: string | undefined
  /** The resource as the client spelled it, which v1 answers repeat. */
  readonly resource: string
  readonly idToken: string | undefined
  readonly refreshToken: string | undefined
  readonly clientInfo: string | undefined
}

export type Grant = (exchange: TokenExchange) => Promise<TokenAnswer>

/** The tenant tokens are issued in: the one in the path, or the person's own at `common` and `organizations`. */
export function issuingTenant(exchange: TokenExchange, homeTenantId: string): Tenant {
  const { audience, context } = exchange
  if (audience.kind === 'tenant') return audience.tenant
  const home = context.directory.tenants.find(({ id }) => id === homeTenantId)
  if (!home) {
    throw new EntraError(
      'invalid_request',
      50059,
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    )
  }
  return home
}

/** How error texts name the directory. */
export function tenantName(audience: Audience): string {
  return audience.kind === 'tenant' ? audience.tenant.displayName : audience.segment
}
