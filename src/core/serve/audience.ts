import { isOpenIdScope, resourceOf } from '../scopes.ts'
import { shellWord } from '../shell-word.ts'
import { profileKey, type Profile } from '../profiles/profile.ts'
import type { TokenAsk } from './protocol.ts'
import { Refusal } from './refusal.ts'

/** For which APIs tokens are handed out, beside those that the profiles' own scopes name. */
export interface Permission {
  /** Resources, all of whose scopes are permitted. */
  readonly audiences: readonly string[]
  /** Scopes that are permitted one by one. */
  readonly scopes: readonly string[]
  readonly any: boolean
}

/** Whose token for what. */
export interface TokenWish {
  readonly profile: Profile
  readonly scopes: readonly string[]
}

/** What RFC 6749, section 3.3 lets a scope consist of; an API whose name begins with a slash there is none. */
const scopeText = /^(?!\/)[!#-[\]-~]{1,1000}$/

/**
 * Finds the profile that answers, and the scopes to ask for: among the profiles that the request may mean, the first
 * whose own scopes are for that API, else the first at all, where the API is permitted.
 * @param profiles those that are served, in the order in which they were named
 * @throws Refusal where none is meant or the API is not permitted
 */
export function chooseToken(ask: TokenAsk, profiles: readonly Profile[], permission: Permission): TokenWish {
  const meant = profiles.filter((profile) => isMeant(profile, ask))
  const [first] = meant
  if (first === undefined) throw new Refusal(400, 'no profile that is served goes by that name or client id')
  if (ask.resource === undefined && ask.scopes.length === 0) return { profile: first, scopes: first.scopes }
  const wanted = ask.resource === undefined ? ask.scopes : [`${ask.resource}/.default`]
  if (!wanted.every((scope) => scopeText.test(scope))) throw new Refusal(400, 'this is no scope')
  const owner = meant.find((profile) => isOwn(profile, wanted))
  if (owner !== undefined) return { profile: owner, scopes: scopesFor(owner, ask, wanted) }
  requireOneResource(wanted, first)
  if (isPermitted(wanted, first, permission)) return { profile: first, scopes: wanted }
  const [decisive = ''] = decisiveOf(wanted)
  const resource = audienceOf(decisive, first)
  throw new Refusal(
    403,
    `tokens for ${resource} are not served; start serve with --allow-audience ${shellWord(resource)}`,
  )
}

function isMeant({ name, clientId }: Profile, ask: TokenAsk): boolean {
  if (ask.profile !== undefined && profileKey(name) !== profileKey(ask.profile)) return false
  return ask.clientId === undefined || clientId.toLowerCase() === ask.clientId.toLowerCase()
}

/** Whether the profile itself names the API. */
function isOwn(profile: Profile, wanted: readonly string[]): boolean {
  const own = new Set(ofResources(profile.scopes).map((scope) => audienceOf(scope, profile)))
  return (
    audiencesOf(wanted, profile).every((audience) => own.has(audience)) && hasOneResource(wanted, profile)
  )
}

/** Who asks for an API as a whole gets what the profile asks of it; who names scopes gets these. */
function scopesFor(profile: Profile, ask: TokenAsk, wanted: readonly string[]): readonly string[] {
  if (ask.resource === undefined) return wanted
  const audience = audienceOf(wanted[0] ?? '', profile)
  return ofResources(profile.scopes).filter((scope) => audienceOf(scope, profile) === audience)
}

function isPermitted(wanted: readonly string[], profile: Profile, permission: Permission): boolean {
  const audiences = new Set(permission.audiences.map(canonical))
  const scopes = new Set(permission.scopes.map(canonical))
  return (
    permission.any ||
    decisiveOf(wanted).every(
      (scope) => audiences.has(audienceOf(scope, profile)) || scopes.has(canonical(scope)),
    )
  )
}

/** A token has one audience: Entra refuses a request for two, and a list could hide the second behind the first. */
function requireOneResource(wanted: readonly string[], profile: Profile): void {
  if (!hasOneResource(wanted, profile)) throw new Refusal(400, 'the scopes belong to different APIs')
}

function hasOneResource(wanted: readonly string[], profile: Profile): boolean {
  return new Set(audiencesOf(wanted, profile)).size === 1
}

function audiencesOf(scopes: readonly string[], profile: Profile): readonly string[] {
  return decisiveOf(scopes).map((scope) => audienceOf(scope, profile))
}

/** Scopes of OpenID Connect say nothing of an API, but alone: then Entra gives a token for Graph. */
function decisiveOf(scopes: readonly string[]): readonly string[] {
  const decisive = ofResources(scopes)
  return decisive.length > 0 ? decisive : scopes
}

function ofResources(scopes: readonly string[]): readonly string[] {
  return scopes.filter((scope) => !isOpenIdScope(scope))
}

/** The API a scope belongs to, in one spelling. A scope that names none is Microsoft Graph's. */
function audienceOf(scope: string, profile: Profile): string {
  return canonical(resourceOf(scope) ?? (scope.includes('://') ? scope : profile.graphUrl))
}

/** Case and a slash at the end make no other API. */
function canonical(text: string): string {
  return text.toLowerCase().replace(/\/+$/, '')
}
