import { EntraAuthError } from '../../errors.ts'
import type { AccessToken } from '../access-token.ts'
import { cacheHostOf } from '../clouds.ts'
import { withDeadline } from '../deadline.ts'
import type { Interaction } from '../interaction.ts'
import { withMsalAccessToken } from '../msal-cache.ts'
import type { Host, HttpRequest, HttpResponse } from '../ports.ts'
import { managedIdentityName, managedIdentityTenant, type ManagedIdentity } from '../profiles/profile.ts'
import { isDefaultScope, resourceOf } from '../scopes.ts'
import type { TokenCache } from '../token-cache.ts'
import type { TokenRequest } from '../token-request.ts'
import { readIdentityAnswer, type IdentityToken } from './answer.ts'
import { answerToArcChallenge } from './arc-challenge.ts'
import { endpointNames, findEndpoint, type IdentityEndpoint } from './endpoint.ts'
import { tokenRequestTo } from './request.ts'

/**
 * A token of the identity that Azure gave to what this runs on, from the endpoint that Azure put beside it. There is no
 * sign-in and no secret: being there is the proof.
 *
 * MSAL is not asked. It keeps the endpoint it found and the HTTP client it was given first for the life of the process,
 * that client's cancellation included; it reads `process.env`; and it lets anybody be Service Fabric's server.
 */
export async function acquireByManagedIdentity(
  request: TokenRequest,
  cache: TokenCache,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<AccessToken> {
  const identity = identityOf(request)
  const resource = resourceFor(request.scopes)
  if (request.claims !== undefined)
    interaction.warn('a managed identity cannot answer a claims challenge; a new token is asked for instead')
  const token = await withDeadline(
    signal,
    request.timeouts.requestMilliseconds,
    'the managed identity endpoint did not answer in time',
    (limited) => askEndpoint(identity, resource, host, interaction, limited),
  )
  if (request.store) await keep(token, identity, request, cache, host, interaction)
  return {
    token: token.token,
    tokenType: 'Bearer',
    expiresOn: token.expiresOn,
    scopes: request.scopes,
    tenantId: undefined,
    username: undefined,
    fromCache: false,
  }
}

function identityOf({ profile }: TokenRequest): ManagedIdentity {
  if (profile.credential.kind !== 'managed-identity') {
    throw new EntraAuthError('invalid_arguments', `profile "${profile.name}" is no managed identity`, {
      hint: 'make one with "entra-auth-cli config create --managed-identity"',
    })
  }
  if (profile.tenantId === managedIdentityTenant) return profile.credential.identity
  throw new EntraAuthError(
    'invalid_arguments',
    'a managed identity belongs to one tenant, which Azure chose',
    {
      hint: 'leave --tenant away',
    },
  )
}

/** Endpoints take one resource and know of no permissions: the token has all that the identity was granted. */
function resourceFor(scopes: readonly string[]): string {
  const [scope = ''] = scopes
  const resource = scopes.length === 1 && isDefaultScope(scope) ? resourceOf(scope) : undefined
  if (resource !== undefined) return resource
  throw new EntraAuthError(
    'invalid_arguments',
    `a managed identity takes one scope that ends in "/.default", not "${scopes.join(' ')}"`,
    { hint: 'name the API alone, such as --scope https://vault.azure.net/.default' },
  )
}

async function askEndpoint(
  identity: ManagedIdentity,
  resource: string,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<IdentityToken> {
  const endpoint = await findEndpoint(host)
  const wanted = tokenRequestTo(endpoint, identity, resource)
  interaction.trace(`asking ${endpointNames[endpoint.kind]} at ${new URL(endpoint.url).origin} for a token`)
  const ask = (request: HttpRequest) => send({ ...request, signal }, endpoint, host)
  let response = await patiently(() => ask(wanted), endpoint, host, signal)
  if (endpoint.kind === 'azure-arc' && response.status === 401) {
    const authorization = await answerToArcChallenge(response.headers['www-authenticate'], host)
    response = await ask({ ...wanted, headers: { ...wanted.headers, Authorization: authorization } })
  }
  const answer = readIdentityAnswer(response, endpoint, identity, host.now())
  if (answer.kind === 'refused') throw answer.error
  if (endpoint.kind === 'azure-arc') checkIdentity(answer.fields, identity)
  return answer.token
}

/**
 * Sends a request. That nobody is there is told as what it means: elsewhere than in Azure there is no identity to have.
 * @throws EntraAuthError `network`
 */
async function send(request: HttpRequest, endpoint: IdentityEndpoint, host: Host): Promise<HttpResponse> {
  try {
    return await host.http.send(request)
  } catch (error) {
    if (!(error instanceof EntraAuthError) || (error.code !== 'network' && error.code !== 'timeout'))
      throw error
    const { origin } = new URL(endpoint.url)
    throw new EntraAuthError('network', `no managed identity answers at ${origin}: ${error.message}`, {
      hint:
        endpoint.kind === 'imds'
          ? 'it works only on an Azure machine or service that has one; elsewhere use another credential'
          : `${endpointNames[endpoint.kind]} was expected there, as the variables of this machine say`,
      cause: error,
    })
  }
}

const updatingMilliseconds = [1000, 2000, 4000]
/** 70 s in all, which the documentation gives such an update. */
const goneMilliseconds = Array.from({ length: 7 }, () => 10_000)

/** While the metadata service updates itself it answers 404 or 410, and asks to come again. */
async function patiently(
  ask: () => Promise<HttpResponse>,
  { kind }: IdentityEndpoint,
  host: Host,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let response = await ask()
  if (kind !== 'imds') return response
  const isPage = response.body.trimStart().startsWith('<')
  const pauses = response.status === 410 ? goneMilliseconds : updatingMilliseconds
  for (const pause of isPage ? [] : pauses) {
    if (response.status !== 404 && response.status !== 410) break
    await host.sleep(pause, signal)
    response = await ask()
  }
  return response
}

/**
 * An older Azure Arc agent knows one identity and gives its token whichever was asked for; a newer one says whose token
 * it is. Somebody else's token is worse than none.
 */
function checkIdentity(fields: Readonly<Record<string, unknown>>, identity: ManagedIdentity): void {
  if (identity.by === 'system') return
  const names = {
    'client-id': ['client_id'],
    'object-id': ['object_id'],
    'resource-id': ['msi_res_id', 'mi_res_id'],
  }[identity.by]
  const isSame = names.some((name) => String(fields[name]).toLowerCase() === identity.id.toLowerCase())
  if (isSame) return
  throw new EntraAuthError(
    'authentication_failed',
    'the Azure Arc agent does not say that its token is for the managed identity asked for',
    {
      hint: 'update the agent, or use the system-assigned identity of this server: "entra-auth-cli config create --managed-identity"',
    },
  )
}

/** Keeping is a courtesy to the next call: failing at it must not cost this one its token. */
async function keep(
  { token, expiresOn, refreshOn }: IdentityToken,
  identity: ManagedIdentity,
  { profile, scopes }: TokenRequest,
  cache: TokenCache,
  host: Host,
  interaction: Interaction,
): Promise<void> {
  const entry = {
    home_account_id: '',
    environment: cacheHostOf(profile.authority),
    client_id: managedIdentityName(identity),
    realm: managedIdentityTenant,
    target: scopes.join(' '),
    secret: token,
    cached_at: seconds(host.now()),
    expires_on: seconds(expiresOn),
    ...(refreshOn !== undefined && { refresh_on: seconds(refreshOn) }),
    token_type: 'Bearer',
  }
  try {
    await cache.change(({ msalText, signedIn, tenantIds }) => ({
      msalText: withMsalAccessToken(msalText, entry),
      signedIn,
      tenantIds,
    }))
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    interaction.warn(`the token could not be kept: ${error.message}`)
  }
}

function seconds(date: Date): string {
  return String(Math.floor(date.getTime() / 1000))
}
