import { EntraAuthError } from '../../errors.ts'
import type { Profile } from '../profiles/profile.ts'
import { isOpenIdScope, resourceOf } from '../scopes.ts'
import { shellWord } from '../shell-word.ts'
import {
  knownResource,
  nameOfResource,
  sameResource,
  takesTokensFor,
  type KnownResource,
} from './resources.ts'

/** What the user says of the API beside its address. */
export interface CallChoice {
  /** Scopes to ask for; none where the address shall tell. */
  readonly scopes: readonly string[]
  /** Hosts that may be sent a token of any API, with a port where it is not 443. */
  readonly allowedHosts: readonly string[]
}

/** The token that goes with a call, and to whom. */
export interface CallWish {
  /** As in `Microsoft Graph`; a host where the API has no name here. */
  readonly api: string
  readonly scopes: readonly string[]
  /** Headers the API demands. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Which token a call takes along. The address tells the API; scopes that the user names count more. A token of one of
 * Microsoft's APIs is sent to this API's own hosts and, unless its host is allowed, to no others.
 * @throws EntraAuthError `invalid_arguments` where no API is known for the host, or it is not the one of the scopes
 */
export function chooseCallToken(url: URL, profile: Profile, choice: CallChoice): CallWish {
  const known = resourceAt(url, profile)
  const isAllowed = choice.allowedHosts.some((host) => host.toLowerCase() === url.host)
  if (choice.scopes.length > 0) {
    if (!isAllowed) requireOwnHost(url, known, choice.scopes, profile)
    const scopes = isAllowed ? choice.scopes : qualified(choice.scopes, url, profile)
    return { api: known?.name ?? url.host, scopes, headers: known?.headers ?? {} }
  }
  if (known?.isRelay && !isAllowed) {
    throw new EntraAuthError('invalid_arguments', `at ${url.host} a program of anybody may see the token`, {
      hint: `if you know whose namespace it is, name the scope: -s ${known.resource}/.default`,
    })
  }
  if (known !== undefined) {
    const scopes = qualified(scopesOf(profile, known), url, profile)
    return { api: known.name, scopes, headers: known.headers }
  }
  if (isAllowed) return { api: url.host, scopes: profile.scopes, headers: {} }
  throw new EntraAuthError('invalid_arguments', `which API answers at ${url.host} is not known`, {
    hint: `name its scope, as in -s api://…/.default, or send it the token of the profile's own scopes with --allow-host ${shellWord(url.host)}`,
  })
}

/** The profile's own Graph may have a name of its own. */
function resourceAt(url: URL, { graphUrl }: Profile): KnownResource | undefined {
  if (url.origin === new URL(graphUrl).origin)
    return { name: 'Microsoft Graph', resource: graphUrl, alsoTakes: [], headers: {} }
  return knownResource(url)
}

/** What the profile itself asks of the API, which somebody consented to; else everything. */
function scopesOf(profile: Profile, known: KnownResource): readonly string[] {
  const own = profile.scopes.filter(
    (scope) => !isOpenIdScope(scope) && takesTokensFor(known, audienceOf(scope, profile)),
  )
  return own.length > 0 ? own : [`${known.resource}/.default`]
}

/**
 * A bare scope asks Entra for Microsoft Graph's token, wherever the profile says that its Graph is. A host that is none
 * of Microsoft's gets a token of its own name: a profile that somebody else wrote must not lead Graph's there.
 */
function qualified(scopes: readonly string[], url: URL, { graphUrl }: Profile): readonly string[] {
  if (knownResource(url) !== undefined || url.origin !== new URL(graphUrl).origin) return scopes
  const isBare = (scope: string) =>
    resourceOf(scope) === undefined && !scope.includes('://') && !isOpenIdScope(scope)
  const own = scopes.map((scope) => (isBare(scope) ? `${graphUrl}/${scope}` : scope))
  return own.every(isOpenIdScope) ? [...own, `${graphUrl}/.default`] : own
}

function requireOwnHost(
  url: URL,
  known: KnownResource | undefined,
  scopes: readonly string[],
  profile: Profile,
): void {
  const decisive = scopes.filter((one) => !isOpenIdScope(one))
  // Alone, scopes of OpenID Connect get a token for Graph.
  for (const scope of decisive.length > 0 ? decisive : scopes) {
    const resource = audienceOf(scope, profile)
    const isOwn = known !== undefined && takesTokensFor(known, resource)
    const isGraph = sameResource(profile.graphUrl, resource)
    const owner = isGraph ? 'Microsoft Graph' : nameOfResource(resource)
    if (isOwn || (known === undefined && owner === undefined)) continue
    const fact =
      known === undefined
        ? `${url.host} is no host of ${owner}, whose token this is`
        : `${url.host} is a host of ${known.name}, and the scope is for ${owner ?? resource}`
    throw new EntraAuthError('invalid_arguments', fact, {
      hint: `check the address; if the token shall go there, add --allow-host ${shellWord(url.host)}`,
    })
  }
}

/** A scope that names no API is Microsoft Graph's. */
function audienceOf(scope: string, { graphUrl }: Profile): string {
  return resourceOf(scope) ?? (scope.includes('://') ? scope : graphUrl)
}
