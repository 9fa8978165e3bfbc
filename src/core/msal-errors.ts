import { AuthError, ClientAuthError } from '@azure/msal-node'
import { EntraAuthError } from '../errors.ts'
import { withPresentedClaims } from './assertions/federated-assertion.ts'
import { entraRefusal } from './entra-errors.ts'
import type { MsalNetwork } from './msal-network.ts'

/** MSAL's error as one of ours. Errors that are ours already, or nobody's, pass through untouched. */
export function translateMsalError(error: unknown, network: Seen): unknown {
  return error instanceof AuthError
    ? withPresentedClaims(translated(error, network), network.lastAssertion)
    : error
}

type Seen = Partial<Pick<MsalNetwork, 'lastFailure' | 'lastRefusal' | 'lastAssertion'>>

function translated(error: AuthError, network: Seen): unknown {
  // MSAL has one message for every failure to reach the authority; what really happened was kept.
  if (error instanceof ClientAuthError && network.lastFailure) return network.lastFailure
  switch (error.errorCode) {
    case 'device_code_expired':
      return new EntraAuthError('timeout', 'the device code has expired', {
        hint: 'run it again for a new code',
        cause: error,
      })
    case 'post_request_failed':
      return network.lastRefusal ?? entraRefusal(error.errorMessage, '', error)
    case 'endpoints_resolution_error':
    case 'openid_config_error':
      return new EntraAuthError('network', 'the authority does not answer as an OpenID Connect authority', {
        hint: 'check authority and tenant of the profile with "entra-auth-cli config show"',
        cause: error,
      })
    default:
      return entraRefusal(error.errorCode, descriptionIn(error.errorMessage), error)
  }
}

/** What the authority wrote, out of the frame of numbers and ids that MSAL puts around it. */
function descriptionIn(message: string): string {
  return / - Description: (.*) - Correlation ID: /s.exec(message)?.[1] ?? message
}
