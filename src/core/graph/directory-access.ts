import { EntraAuthError } from '../../errors.ts'
import { isAppOnly } from '../flows/flow.ts'
import type { Interaction } from '../interaction.ts'
import type { Host } from '../ports.ts'
import { naturalFlow, type Profile } from '../profiles/profile.ts'
import { tokenRequest, type TokenRequest } from '../token-request.ts'
import { obtainToken } from '../tokens.ts'
import { openGraph, type Graph } from './graph.ts'

/** What a person signs in with who names no profile. No profile can be called so, and so none shares its tokens. */
const signInName = '.directory'

/** Who reads the directory where no profile does: a person, by a public client. */
export interface DirectorySignIn {
  readonly tenantId: string
  readonly clientId: string
  readonly authority: string
  readonly graphUrl: string
  readonly caFile: string | undefined
}

/** Either of them, and more, lets a token read app registrations. */
const readers = new Set(
  ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'].map(
    (permission) => permission.toLowerCase(),
  ),
)

/** The wish for a token of a person who signs in to look at app registrations. */
export function signInRequest(signIn: DirectorySignIn, wishes: Partial<TokenRequest> = {}): TokenRequest {
  const profile: Profile = {
    ...signIn,
    name: signInName,
    scopes: [`${signIn.graphUrl}/Application.Read.All`],
    credential: { kind: 'none' },
    defaultFlow: undefined,
    redirectUri: undefined,
    clientCapabilities: [],
  }
  return tokenRequest(profile, wishes)
}

/**
 * The wish for a profile's token for Graph: the app's own with all that was granted to it, or a person's with what reads
 * app registrations.
 */
export function readerRequest(profile: Profile, wishes: Partial<TokenRequest> = {}): TokenRequest {
  const natural = wishes.flow ?? naturalFlow(profile)
  // Nobody is there whose token could be exchanged.
  const flow = natural === 'on-behalf-of' ? 'client-credentials' : natural
  const prefix = `${profile.graphUrl}/`
  const own = profile.scopes.filter((scope) =>
    readers.has((scope.startsWith(prefix) ? scope.slice(prefix.length) : scope).toLowerCase()),
  )
  const scopes = isAppOnly(flow)
    ? [`${prefix}.default`]
    : own.length > 0
      ? own
      : [`${prefix}Application.Read.All`]
  return tokenRequest(profile, { scopes, ...wishes, flow })
}

/** Graph, and whose eyes it is seen with. */
export interface Directory {
  readonly graph: Graph
  /** The tenant that answers; undefined where the token does not say. */
  readonly tenantId: string | undefined
}

/**
 * Gets the token and opens Graph with it.
 * @throws EntraAuthError of any kind that getting a token has; where a person would have to sign in without a profile,
 *   `interaction_required` that says how to go without
 */
export async function openDirectory(
  request: TokenRequest,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<Directory> {
  const { graphUrl, caFile } = request.profile
  try {
    const { token, tenantId, fromCache } = await obtainToken(request, host, interaction, signal)
    const renewToken = fromCache ? () => renewedToken(token, request, host, interaction, signal) : undefined
    const graph = openGraph({ http: host.http, graphUrl, caFile, token, renewToken, signal })
    return { graph, tenantId }
  } catch (error) {
    throw withoutProfile(error, request, interaction)
  }
}

/** A token that was made now, for which nobody is asked; the one there is where that needs a person. */
async function renewedToken(
  token: string,
  request: TokenRequest,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<string> {
  try {
    const anew = { ...request, fresh: true, silentOnly: true }
    return (await obtainToken(anew, host, interaction, signal)).token
  } catch (error) {
    if (error instanceof EntraAuthError && error.code === 'interaction_required') return token
    throw error
  }
}

/** A sign-in without a profile has no command to be had again by. */
function withoutProfile(error: unknown, { profile }: TokenRequest, { obstacle }: Interaction): unknown {
  const isNobodys = profile.name === signInName
  if (!(error instanceof EntraAuthError) || error.code !== 'interaction_required' || !isNobodys) return error
  const why = obstacle === undefined ? '' : `, and ${obstacle}`
  return new EntraAuthError('interaction_required', `somebody must sign in to read app registrations${why}`, {
    hint: 'name a profile whose app may read them (Application.Read.All) with -p, or run it in a terminal',
    cause: error,
  })
}
