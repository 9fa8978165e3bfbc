import type { AccessToken } from '../core/access-token.ts'
import type { Environment } from '../core/ports.ts'
import { localZone, wallClock } from './local-time.ts'

/**
 * A token as `az account get-access-token` prints it. `expiresOn` is in local time and does not say so, as there;
 * `expires_on` is seconds since 1970. `subscription` is there where a variable names one, for a profile has none.
 * @see https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
 */
export function azFields(token: AccessToken, env: Environment): Record<string, unknown> {
  const subscription = env['AZURE_SUBSCRIPTION_ID'] || env['ARM_SUBSCRIPTION_ID']
  return {
    accessToken: token.token,
    expiresOn: `${wallClock(token.expiresOn, localZone(env))}.000000`,
    expires_on: Math.floor(token.expiresOn.getTime() / 1000),
    ...(subscription && { subscription }),
    ...(token.tenantId !== undefined && { tenant: token.tenantId }),
    tokenType: token.tokenType,
  }
}
