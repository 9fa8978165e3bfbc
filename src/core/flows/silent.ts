import { InteractionRequiredAuthError, ServerError, type AuthenticationResult } from '@azure/msal-node'
import type { FlowContext } from './context.ts'
import { delegatedApplication } from './msal-application.ts'

/** What came of trying without a person: a token, or why one is needed. */
export type Silent =
  | { readonly kind: 'token'; readonly result: AuthenticationResult }
  | { readonly kind: 'person-needed'; readonly cause: Error | undefined }

/**
 * A new token by the refresh token of whoever is signed in, asking nobody. A refresh token that Entra no longer takes
 * (revoked, expired, password changed) needs a person; any other failure is thrown.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 * @param accountId MSAL's `homeAccountId` of whose token is wanted; undefined where they are not signed in
 */
export async function acquireSilently(context: FlowContext, accountId: string | undefined): Promise<Silent> {
  const { request } = context
  // Before the app's proof is fetched: its command may ask a person, who shall be asked once.
  if (accountId === undefined) return { kind: 'person-needed', cause: undefined }
  const application = await delegatedApplication(context)
  const accounts = await application.getTokenCache().getAllAccounts()
  const account = accounts.find(({ homeAccountId }) => homeAccountId === accountId)
  if (!account) return { kind: 'person-needed', cause: undefined }
  try {
    const result = await application.acquireTokenSilent({
      account,
      scopes: [...request.scopes],
      claims: request.claims,
      // The cache was looked at just before: what is wanted now is what the refresh token gives.
      forceRefresh: true,
    })
    return { kind: 'token', result }
  } catch (error) {
    if (needsPerson(error)) return { kind: 'person-needed', cause: error }
    throw error
  }
}

/** MSAL calls a refused refresh token a plain server error unless Entra adds a suberror. */
function needsPerson(error: unknown): error is Error {
  if (error instanceof InteractionRequiredAuthError) return true
  return error instanceof ServerError && error.errorCode === 'invalid_grant'
}
