import { failed, notApplicable, passed, type CheckName, type TokenCheck } from './check.ts'
import type { DecodedToken } from './decode.ts'
import type { TokenDescription } from './describe.ts'
import { listOf, type Expectations } from './expectations.ts'
import { quoted, quotedList } from './reason-words.ts'

/** A token, with what it says of itself. */
export interface Described {
  readonly token: DecodedToken
  readonly description: TokenDescription
}

/**
 * An access token is for an API and an ID token for the app that signed somebody in; each is refused in the other's
 * place (RFC 8725, section 3.12). So is what a header's `typ` says to be something else.
 */
export function checkTokenType({ token, description }: Described, wanted: 'access' | 'id'): TokenCheck {
  const { typ } = token.header
  if (typ !== undefined && !(typeof typ === 'string' && /^(?:application\/)?(?:at\+)?jwt$/i.test(typ)))
    return failed(
      'token_type',
      `the header says it is ${typeof typ === 'string' ? quoted(typ) : 'of no type'}`,
    )
  const isIdToken = description.kind === 'ID token' || isCustomersIdToken({ token, description })
  if (isIdToken) {
    const fact = 'an ID token, which tells an app who signed in'
    return wanted === 'id' ? passed('token_type', fact) : failed('token_type', `${fact}; no API may take it`)
  }
  const isAccessToken = description.kind !== 'unknown'
  if (wanted === 'access')
    return isAccessToken
      ? passed('token_type', `${article(description.kind)} ${description.kind}`)
      : notApplicable('token_type', 'it does not tell an access token from an ID token')
  return isAccessToken
    ? failed('token_type', `${article(description.kind)} ${description.kind}, no ID token`)
    : notApplicable('token_type', 'it does not tell an access token from an ID token')
}

/** Azure AD B2C leaves `tid` out of its ID tokens. */
function isCustomersIdToken({ token, description }: Described): boolean {
  const has = (name: string) => Object.hasOwn(token.payload, name)
  return description.kind === 'unknown' && ['nonce', 'at_hash', 'c_hash'].some(has)
}

function article(kind: string): string {
  return /^[aeiou]/i.test(kind) ? 'an' : 'a'
}

/** Whether it is meant for this API. @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3 */
export function checkAudience({ description }: Described, wanted: Expectations['audience']): TokenCheck {
  const named = listOf(description.audience) ?? []
  const accepted = listOf(wanted)
  if (accepted === undefined) {
    const fact = named.length === 0 ? 'it names none' : `it is ${quotedList(named)}`
    return notApplicable(
      'audience',
      `not asked for; ${fact}`,
      'an API must check it, or it takes what was made for any other',
    )
  }
  if (named.length === 0) return failed('audience', 'it names none (aud)')
  const meant = named.find((audience) => accepted.some((one) => isSameAudience(audience, one)))
  if (meant !== undefined) return passed('audience', quoted(meant))
  const fact = `${quotedList(named)} is not ${quotedList(accepted)}`
  const isNear = named.some((audience) => accepted.some((one) => loosely(audience) === loosely(one)))
  return failed('audience', isNear ? `${fact}: a slash or the case of a letter makes another one` : fact)
}

function isSameAudience(one: string, other: string): boolean {
  return one === other || (isGuid(bare(one)) && bare(one) === bare(other))
}

/** v2.0 tokens name an API by its id, v1.0 tokens as the client did, which by default is `api://` and its id. */
function bare(audience: string): string {
  return audience.toLowerCase().replace(/^api:\/\//, '')
}

function loosely(audience: string): string {
  return bare(audience).replace(/\/+$/, '')
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

/** Whether the user permitted it all: every wanted scope. */
export function checkScopes({ description }: Described, wanted: Expectations['scope']): TokenCheck {
  const none = description.roles.length > 0 ? 'it has none, but roles' : 'it has none'
  return checkAll('scope', description.scopes, listOf(wanted), none)
}

/** Whether every wanted role was assigned. */
export function checkRoles({ description }: Described, wanted: Expectations['role']): TokenCheck {
  const none = description.scopes.length > 0 ? 'it has none, but scopes' : 'it has none'
  return checkAll('role', description.roles, listOf(wanted), none)
}

/** Names of permissions are told apart by case, as Entra tells them. */
function checkAll(
  name: CheckName,
  held: readonly string[],
  wanted: readonly string[] | undefined,
  none: string,
): TokenCheck {
  const holds = held.length === 0 ? none : `it has ${quotedList(held)}`
  // To need none of them is to ask for nothing: it must not read as something that was found.
  if (wanted === undefined || wanted.length === 0) return notApplicable(name, `not asked for; ${holds}`)
  const missing = wanted.filter((one) => !held.includes(one))
  return missing.length === 0
    ? passed(name, `has ${quotedList(wanted)}`)
    : failed(name, `${quotedList(missing)} is missing; ${holds}`)
}

/** Whether a client asked for it that is let in. */
export function checkApp({ description }: Described, wanted: Expectations['app']): TokenCheck {
  const app = description.applicationId
  const accepted = listOf(wanted)
  if (accepted === undefined)
    return notApplicable(
      'app',
      app === undefined
        ? 'not asked for; it names no client application'
        : `not asked for; it is ${quoted(app)}`,
    )
  if (app === undefined) return failed('app', 'it names no client application (azp, appid)')
  return accepted.some((one) => one.toLowerCase() === app.toLowerCase())
    ? passed('app', quoted(app))
    : failed('app', `${quoted(app)} is not ${quotedList(accepted)}`)
}

/** Whether it stands for an app alone or for a user. @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference */
export function checkIdentityType(
  { description }: Described,
  wanted: Expectations['identityType'],
): TokenCheck {
  const stands = identityTypes.get(description.kind)
  const fact = stands === undefined ? 'it does not tell whom it stands for' : identityWords[stands]
  if (wanted === undefined) return notApplicable('identity_type', `not asked for; ${fact}`)
  return stands === wanted ? passed('identity_type', fact) : failed('identity_type', fact)
}

const identityTypes = new Map<string, 'app' | 'user'>([
  ['app-only access token', 'app'],
  ['delegated access token', 'user'],
  ['ID token', 'user'],
])
const identityWords = { app: 'it stands for an app alone', user: 'it stands for a user' } as const

export function checkVersion({ description }: Described, wanted: Expectations['version']): TokenCheck {
  const { version } = description
  const fact = version === undefined ? 'it names no version (ver)' : `it is ${quoted(version)}`
  if (wanted === undefined) return notApplicable('version', `not asked for; ${fact}`)
  return version === wanted
    ? passed('version', quoted(version))
    : failed('version', `${fact}, not ${quoted(wanted)}`)
}

/** How the client proved itself to Entra. @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
export function checkClientAuthentication(
  { token }: Described,
  wanted: Expectations['clientAuthentication'],
): TokenCheck {
  const name = 'client_authentication'
  const number = token.payload['azpacr'] ?? token.payload['appidacr']
  const way = clientWays.get(String(number))
  const fact = way === undefined ? 'it does not tell how (azpacr, appidacr)' : clientWords[way]
  if (wanted === undefined) return notApplicable(name, `not asked for; ${fact}`)
  return way === wanted ? passed(name, fact) : failed(name, fact)
}

const clientWays = new Map<string, 'none' | 'secret' | 'certificate'>([
  ['0', 'none'],
  ['1', 'secret'],
  ['2', 'certificate'],
])
const clientWords = {
  none: 'the client is public and proved nothing',
  secret: 'the client proved itself with a secret',
  certificate: 'the client proved itself with a certificate or an assertion',
} as const
