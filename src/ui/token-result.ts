import type { AccessToken } from '../core/access-token.ts'
import type { Environment } from '../core/ports.ts'
import { formatJson, type JsonStage } from './json.ts'
import { execCredential } from './exec-credential.ts'
import { isoSeconds } from './time.ts'

/** The forms a token can be printed in. */
export const tokenFormats = ['token', 'json', 'yaml', 'header', 'env', 'exec-credential', 'az'] as const

export type TokenFormat = (typeof tokenFormats)[number] | 'camel-json'

/** When and for whom a token is printed. */
export interface Occasion {
  readonly now: Date
  /** Says what the program that asks expects: kubectl its version, scripts of az their subscription and time zone. */
  readonly env: Environment
}

/**
 * A token in one of its documented forms, ready for stdout or a file.
 * @throws EntraAuthError `invalid_arguments` where kubectl asks for a version of its protocol that nobody here knows
 * @param stage where it will be seen: JSON is coloured for a person
 */
export async function formatToken(
  token: AccessToken,
  format: TokenFormat,
  { now, env }: Occasion,
  stage: JsonStage,
): Promise<string> {
  switch (format) {
    case 'token':
      return token.token
    case 'json':
      return formatJson(JSON.stringify(responseFields(token, now)), stage)
    case 'yaml': {
      const { formatYaml } = await import('./yaml.ts')
      return formatYaml(JSON.stringify(responseFields(token, now)))
    }
    case 'camel-json':
      return formatJson(JSON.stringify(camelFields(token)), stage)
    case 'header':
      return `Authorization: ${token.tokenType} ${token.token}`
    case 'env':
      return `AZURE_ACCESS_TOKEN=${token.token}`
    case 'exec-credential':
      return JSON.stringify(execCredential(token, env))
    case 'az': {
      const { azFields } = await import('./az-token.ts')
      return formatJson(JSON.stringify(azFields(token, env)), stage)
    }
  }
}

/** The token response of RFC 6749, section 5.1, without what must not be shown, and with times a script can use. */
function responseFields(token: AccessToken, now: Date): Record<string, unknown> {
  return {
    token_type: token.tokenType,
    scope: token.scopes.join(' '),
    expires_in: Math.max(0, Math.floor((token.expiresOn.getTime() - now.getTime()) / 1000)),
    access_token: token.token,
    expires_at: isoSeconds(token.expiresOn),
    expires_on: Math.floor(token.expiresOn.getTime() / 1000),
    tenant_id: token.tenantId,
    from_cache: token.fromCache,
  }
}

function camelFields(token: AccessToken): Record<string, unknown> {
  return {
    accessToken: token.token,
    expiresOn: isoSeconds(token.expiresOn),
    tokenType: token.tokenType,
    scopes: token.scopes,
  }
}
