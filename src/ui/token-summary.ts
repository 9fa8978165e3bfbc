import type { TokenDescription } from '../jwt/describe.ts'
import { safeText } from './safe-text.ts'
import { isoSeconds, utcText } from './time.ts'
import { durationText } from './token-times.ts'

/** The block that `discover` shows a person. What the token does not say is left out. */
export function summaryText(token: TokenDescription): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    [
      'Audience',
      listText(typeof token.audience === 'string' ? [token.audience] : (token.audience ?? []), ', '),
    ],
    ['Issued', token.issuedAt && utcText(token.issuedAt)],
    ['Not valid before', token.status === 'not-yet-valid' ? dateText(token.notBefore, token.nbf) : undefined],
    ['Expires', expiryText(token)],
    ['Time remaining', remainingText(token)],
    ['Scopes', listText(token.scopes, ' ')],
    ['Roles', listText(token.roles, ' ')],
    ['Application ID', token.applicationId],
    ['Tenant ID', token.tenantId],
  ]
  const told = lines.filter(([, value]) => value !== undefined && value !== '')
  return ['Token Information:', ...told.map(([label, value]) => `  ${label}: ${safeText(value ?? '')}`)].join(
    '\n',
  )
}

/** When a token ends, also when it never does or does not say so in a way that can be read. */
export function expiryText(token: TokenDescription): string {
  if (token.exp !== undefined) return dateText(token.expiresAt, token.exp)
  return token.status === 'unclear' ? 'unknown (exp or nbf is not a time)' : 'never (no exp claim)'
}

function remainingText({ status, expiresInSeconds }: TokenDescription): string | undefined {
  if (expiresInSeconds === undefined) return undefined
  if (status === 'expired') return `none, expired ${durationText(expiresInSeconds)} ago`
  return durationText(expiresInSeconds)
}

/** A time claim as a date, also when it lies outside of what a date can hold. */
export function dateText(date: Date | undefined, epochSeconds: number | undefined): string {
  if (date) return utcText(date)
  return (epochSeconds ?? 0) > 0 ? 'in the far future' : 'in the far past'
}

function listText(items: readonly string[], separator: string): string | undefined {
  return items.length > 0 ? items.join(separator) : undefined
}

/**
 * The object that `discover -o json` prints. Every name is always there; null stands for what the token does not say.
 * `exp`, `iat`, `nbf` are epoch seconds, `…_at` ISO 8601, `expires_in` whole seconds, negative once expired.
 */
export interface TokenSummary {
  readonly valid: boolean
  readonly expired: boolean
  readonly format: 'JWT'
  readonly type: 'Bearer'
  readonly exp: number | null
  readonly iat: number | null
  readonly nbf: number | null
  readonly expires_at: string | null
  readonly issued_at: string | null
  readonly expires_in: number | null
  readonly audience: string | readonly string[] | null
  readonly issuer: string | null
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly application_id: string | null
  readonly tenant_id: string | null
  readonly profile: string | null
}

export function summaryOf(token: TokenDescription, profile: string | undefined): TokenSummary {
  return {
    valid: token.status === 'valid',
    expired: token.status === 'expired',
    format: 'JWT',
    type: 'Bearer',
    exp: token.exp ?? null,
    iat: token.iat ?? null,
    nbf: token.nbf ?? null,
    expires_at: token.expiresAt ? isoSeconds(token.expiresAt) : null,
    issued_at: token.issuedAt ? isoSeconds(token.issuedAt) : null,
    expires_in: token.expiresInSeconds ?? null,
    audience: token.audience ?? null,
    issuer: token.issuer ?? null,
    scopes: token.scopes,
    roles: token.roles,
    application_id: token.applicationId ?? null,
    tenant_id: token.tenantId ?? null,
    profile: profile ?? null,
  }
}
