import { AuthError, ClientAuthError } from '@azure/msal-node'
import { EntraAuthError } from '../errors.ts'
import { withPresentedClaims } from './assertions/presented-claims.ts'
import { meaningOfName } from './entra-codes/named-errors.ts'
import { entraRefusal, withMore } from './entra-errors.ts'
import type { MsalNetwork } from './msal-network.ts'
import { shellWord } from './shell-word.ts'

/**
 * MSAL's error as one of ours: what happened on the network where something did, what Entra answered where it did, else
 * what MSAL's own name for it means. Errors that are ours already, or nobody's, pass through untouched.
 */
export function translateMsalError(error: unknown, network: Seen): unknown {
  return error instanceof AuthError
    ? withPresentedClaims(translated(error, network), network.lastAssertion)
    : error
}

type Seen = Partial<Pick<MsalNetwork, 'lastFailure' | 'lastRefusal' | 'lastAssertion'>>

function translated(error: AuthError, network: Seen): unknown {
  // MSAL has one message for every failure to reach the authority; what really happened was kept.
  if (error instanceof ClientAuthError && network.lastFailure) return network.lastFailure
  // While it polls for a device code, MSAL drops all of an answer but its `error`.
  if (error.errorCode === 'post_request_failed')
    return network.lastRefusal ?? entraRefusal(error.errorMessage, '', error)
  const { errorCode, errorMessage, subError } = error
  const meaning = meaningOfName(errorCode, 'msal')
  if (meaning) {
    return new EntraAuthError(meaning.code ?? 'authentication_failed', `${meaning.fact} (${errorCode})`, {
      hint: withMore(meaning, errorCode),
      cause: error,
    })
  }
  return entraRefusal(errorCode, descriptionIn(errorMessage), error, subError)
}

/** The same error, the commands in its hint about this profile: they can be typed as they are. */
export function withProfileName(error: unknown, profileName: string): unknown {
  if (!(error instanceof EntraAuthError) || error.hint === undefined) return error
  const hint = error.hint.replace(/"entra-auth-cli [^"]*"/g, (command) =>
    command.replace(/ NAME(?=[ "])/, () => ` ${shellWord(profileName)}`),
  )
  if (hint === error.hint) return error
  const { code, message, entraCode, cause } = error
  return new EntraAuthError(code, message, { hint, entraCode, cause })
}

/** What the authority wrote, out of the frame of numbers and ids that MSAL puts around it. */
function descriptionIn(message: string): string {
  // Where it has nothing to say, MSAL links to a page for programmers.
  if (message.startsWith('See https://aka.ms/msal')) return ''
  return / - Description: (.*) - Correlation ID: /s.exec(message)?.[1] ?? message
}
