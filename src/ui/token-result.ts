import type { AccessToken } from '../core/access-token.ts'
import { formatJson, type JsonStage } from './json.ts'
import { jsonTreeOf } from './json-tree.ts'
import { isoSeconds } from './time.ts'

/** The forms a token can be printed in. */
export const tokenFormats = ['token', 'json', 'yaml', 'header', 'env', 'exec-credential'] as const

export type TokenFormat = (typeof tokenFormats)[number] | 'camel-json'

/**
 * A token in one of its documented forms, ready for stdout or a file.
 * @param stage where it will be seen: JSON is coloured for a person
 */
export async function formatToken(
  token: AccessToken,
  format: TokenFormat,
  now: Date,
  stage: JsonStage,
): Promise<string> {
  switch (format) {
    case 'token':
      return token.token
    case 'json':
      return formatJson(jsonTreeOf(responseFields(token, now)), stage)
    case 'yaml': {
      const { formatYaml } = await import('./yaml.ts')
      return formatYaml(jsonTreeOf(responseFields(token, now)))
    }
    case 'camel-json':
      return formatJson(jsonTreeOf(camelFields(token)), stage)
    case 'header':
      return `Authorization: ${token.tokenType} ${token.token}`
    case 'env':
      return `AZURE_ACCESS_TOKEN=${token.token}`
    case 'exec-credential':
      return JSON.stringify(execCredential(token))
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

/** @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
function execCredential(token: AccessToken): Record<string, unknown> {
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: token.token, expirationTimestamp: isoSeconds(token.expiresOn) },
  }
}
