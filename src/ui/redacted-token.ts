import { createHash } from 'node:crypto'
import type { AccessToken } from '../core/access-token.ts'
import type { DecodedToken } from '../jwt/decode.ts'
import { formatJson, type JsonStage } from './json.ts'
import { safeText } from './safe-text.ts'
import { isoSeconds, utcText } from './time.ts'
import type { TokenFormat } from './token-result.ts'

/** What tells for whom, to whom and by whom a token was given, and what it allows. */
const telling = [
  'aud',
  'iss',
  'tid',
  'appid',
  'azp',
  'idtyp',
  'oid',
  'sub',
  'upn',
  'preferred_username',
  'scp',
  'roles',
  'iat',
  'nbf',
  'exp',
] as const

/** What is shown in the place of a token: lines for a person, or one object in the wanted form. */
export async function formatRedacted(
  token: AccessToken,
  decoded: DecodedToken | undefined,
  format: TokenFormat,
  now: Date,
  stage: JsonStage,
): Promise<string> {
  if (format === 'token') return redactedText(token, decoded)
  const json = JSON.stringify(redactedFields(token, decoded, now))
  return format === 'yaml' ? (await import('./yaml.ts')).formatYaml(json) : formatJson(json, stage)
}

/**
 * What is shown in the place of a token: enough to tell it from others and to see what it is for, and nothing that could
 * be used.
 * @param decoded undefined for a token that only its API can read
 */
function redactedFields(
  token: AccessToken,
  decoded: DecodedToken | undefined,
  now: Date,
): Readonly<Record<string, unknown>> {
  return {
    redacted: true,
    fingerprint: fingerprint(token.token),
    token_type: token.tokenType,
    scope: token.scopes.join(' '),
    expires_in: Math.max(0, Math.floor((token.expiresOn.getTime() - now.getTime()) / 1000)),
    expires_at: isoSeconds(token.expiresOn),
    tenant_id: token.tenantId ?? null,
    from_cache: token.fromCache,
    claims: tellingClaims(decoded),
  }
}

function tellingClaims(decoded: DecodedToken | undefined): Readonly<Record<string, unknown>> | null {
  if (decoded === undefined) return null
  const { payload } = decoded
  return Object.fromEntries(
    telling.filter((name) => Object.hasOwn(payload, name)).map((name) => [name, payload[name]]),
  )
}

/** The same as lines for a person. It cannot be taken for a token: it begins with a word and holds spaces. */
function redactedText(token: AccessToken, decoded: DecodedToken | undefined): string {
  const claims = tellingClaims(decoded)
  const lines = Object.entries(claims ?? {}).map(([name, value]) => {
    const isTime = typeof value === 'number' && ['iat', 'nbf', 'exp'].includes(name)
    const date = isTime ? new Date(value * 1000) : undefined
    const text = date && !Number.isNaN(date.getTime()) ? utcText(date) : shown(value)
    return `  ${name}: ${safeText(text)}`
  })
  const end = claims === null ? [`  expires: ${utcText(token.expiresOn)}`] : []
  return [`redacted token ${fingerprint(token.token)}`, ...lines, ...end].join('\n')
}

/** The first half of its SHA-256: nobody gets a token out of it, and no two have the same. */
function fingerprint(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex').slice(0, 32)}`
}

function shown(value: unknown): string {
  return typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.map(String).join(' ')
      : JSON.stringify(value)
}
