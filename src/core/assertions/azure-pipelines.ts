import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import { cannotBeHad } from './federated-assertion.ts'
import { endpointUrl, tokenInAnswer } from './token-endpoint.ts'

const urlVariable = 'SYSTEM_OIDCREQUESTURI'
const tokenVariable = 'SYSTEM_ACCESSTOKEN'
const apiVersion = '7.1'

/**
 * A token of the Azure Pipelines job this runs in, for a service connection that uses workload identity federation.
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables#system-variables
 */
export async function azurePipelinesToken(
  serviceConnectionId: string,
  profileName: string,
  { env, http }: Pick<Host, 'env' | 'http'>,
  signal: AbortSignal,
): Promise<string> {
  const [address, token] = [env[urlVariable], env[tokenVariable]]
  if (!address) {
    return cannotBeHad(
      profileName,
      `this is no job of Azure Pipelines (${urlVariable} is not set)`,
      'use this profile in a pipeline, and another one here',
    )
  }
  if (!token) {
    return cannotBeHad(
      profileName,
      `${tokenVariable} is not set`,
      'map it in the step: "env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)"',
    )
  }
  const url = endpointUrl(address, urlVariable)
  url.pathname = url.pathname.replace(/\/+$/, '')
  url.searchParams.set('api-version', apiVersion)
  url.searchParams.set('serviceConnectionId', serviceConnectionId)
  const answer = await http.send({
    method: 'POST',
    url: url.href,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
      // Otherwise a token that is not taken is answered with the way to a sign-in page.
      'x-tfs-fedauthredirect': 'Suppress',
    },
    body: '',
    signal,
  })
  const found = tokenInAnswer(answer, 'oidcToken')
  if (found !== undefined) return found
  throw new EntraAuthError(
    'authentication_failed',
    `Azure Pipelines gives no token for the service connection "${serviceConnectionId}" (HTTP ${answer.status})`,
    {
      hint: 'check its id (resourceId in the address of its page), that it uses workload identity federation, and that the pipeline may use it',
    },
  )
}
