import { InteractionRequiredAuthError, ServerError, type AuthenticationResult } from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import { askFor, audienceOf, checkUserAssertion } from '../assertions/user-assertion.ts'
import { shellWord } from '../shell-word.ts'
import type { FlowContext } from './context.ts'
import { confidentialApplication } from './msal-application.ts'

/**
 * A token for the next API, traded for the one that a person called this app with. Nothing is looked up in a cache:
 * whose token it is depends on the assertion alone.
 * @throws EntraAuthError `invalid_arguments` without an assertion, `invalid_token` for one that cannot work,
 *   `interaction_required` where the person must sign in again at the app that called
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export async function acquireOnBehalfOf(context: FlowContext): Promise<AuthenticationResult | null> {
  const { request, host } = context
  const { userAssertion, profile, scopes, claims } = request
  if (userAssertion === undefined) throw withoutAssertion(profile.name)
  checkUserAssertion(userAssertion, profile.clientId, host.now())
  const application = await confidentialApplication(context)
  try {
    return await application.acquireTokenOnBehalfOf({
      oboAssertion: userAssertion,
      scopes: [...scopes],
      claims,
      skipCache: true,
    })
  } catch (error) {
    throw await refusalOf(error, userAssertion, context)
  }
}

function withoutAssertion(name: string): EntraAuthError {
  return new EntraAuthError(
    'invalid_arguments',
    'the flow on-behalf-of needs the token of the person to act for',
    { hint: `send it to the stdin of "entra-auth-cli get-token -p ${shellWord(name)} --assertion -"` },
  )
}

/** The numbers that mean: this assertion is not for this app. */
const wrongAudience: ReadonlySet<number | undefined> = new Set([50013, 500131])
const consentNeeded = 65001

async function refusalOf(
  error: unknown,
  assertion: string,
  { request, network }: FlowContext,
): Promise<unknown> {
  const { translateMsalError } = await import('../msal-errors.ts')
  const refusal = translateMsalError(error, network)
  if (!(refusal instanceof EntraAuthError)) return error
  const { authority, tenantId, clientId } = request.profile
  const { entraCode } = refusal
  if (entraCode === consentNeeded) {
    return new EntraAuthError('authentication_failed', refusal.message, {
      hint: `nobody can be asked here: an administrator consents at ${authority}/${tenantId}/adminconsent?client_id=${clientId}, or the person where they sign in to the app that called; more: entra-auth-cli explain ${entraCode}`,
      entraCode,
      cause: error,
    })
  }
  if (error instanceof InteractionRequiredAuthError) {
    // What the server demands is foreign text, and a person pastes the command into a shell.
    const how = error.claims ? ` with "entra-auth-cli get-token --claims ${shellWord(error.claims)}"` : ''
    return new EntraAuthError(
      'interaction_required',
      `the person must sign in again at the app that called: ${refusal.message}`,
      { hint: `get a new token there${how}, and send that one as the assertion`, entraCode, cause: error },
    )
  }
  // What holds for a refresh token, and is said of `invalid_grant` elsewhere, does not hold for an assertion.
  if (entraCode === undefined && error instanceof ServerError && error.errorCode === 'invalid_grant') {
    const hint = 'have the caller send a new token, issued for this app'
    return new EntraAuthError(refusal.code, refusal.message, { hint, cause: error })
  }
  const audience = audienceOf(assertion)
  if (!wrongAudience.has(entraCode) || audience === undefined) return refusal
  return new EntraAuthError(
    'authentication_failed',
    `${refusal.message}; the assertion is a token for "${audience}"`,
    { hint: `${askFor(clientId)}; more: entra-auth-cli explain ${entraCode}`, entraCode, cause: error },
  )
}
