import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import { cannotBeHad } from './federated-assertion.ts'
import { endpointUrl, tokenInAnswer } from './token-endpoint.ts'

const urlVariable = 'ACTIONS_ID_TOKEN_REQUEST_URL'
const tokenVariable = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'

/** What Entra expects of assertions, in every cloud's documentation. */
export const tokenExchangeAudience = 'api://AzureADTokenExchange'

/**
 * A token of the GitHub Actions job this runs in.
 * @param audience undefined for the one Entra expects
 * @see https://docs.github.com/actions/reference/security/oidc
 */
export async function gitHubActionsToken(
  audience: string | undefined,
  profileName: string,
  { env, http }: Pick<Host, 'env' | 'http'>,
  signal: AbortSignal,
): Promise<string> {
  const [address, token] = [env[urlVariable], env[tokenVariable]]
  if (!address || !token) return missing(profileName, env)
  const url = endpointUrl(address, urlVariable)
  url.searchParams.set('audience', audience ?? tokenExchangeAudience)
  const answer = await http.send({
    method: 'GET',
    url: url.href,
    headers: { authorization: `bearer ${token}`, accept: 'application/json; api-version=2.0' },
    signal,
  })
  const found = tokenInAnswer(answer, 'value')
  if (found !== undefined) return found
  throw new EntraAuthError(
    'authentication_failed',
    `GitHub gives this job no token (HTTP ${answer.status})`,
    { hint: 'its permission to ask ends with the job: run it within the job, and run the job anew' },
  )
}

function missing(profileName: string, env: Host['env']): never {
  if (env['GITHUB_ACTIONS'] !== 'true') {
    return cannotBeHad(
      profileName,
      `this is no job of GitHub Actions (${urlVariable} is not set)`,
      'use this profile in a workflow, and another one here',
    )
  }
  return cannotBeHad(
    profileName,
    'the job has no permission to ask GitHub for a token',
    'add "permissions: id-token: write" to the job or the workflow; pull requests from forks never get it',
  )
}
