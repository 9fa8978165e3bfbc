import { EntraAuthError } from '../../errors.ts'
import type { Profile } from '../profiles/profile.ts'

const versionOfGraph = /^\/(?:v1\.0|beta)(?:\/|$)/i
const hint = 'give an https address, or a path of Microsoft Graph such as /me'

/**
 * Where a call goes: an https address, or a path of the profile's Microsoft Graph, of v1.0 where it names no version.
 * @throws EntraAuthError `invalid_arguments` for anything else, also for addresses that are made to look like others
 */
export function readAddress(text: string, { graphUrl }: Pick<Profile, 'graphUrl'>): URL {
  const given = text.trim()
  // A URL parser drops line breaks and reads a backslash as a slash: whoever reads the address sees another one.
  if (given === '' || /[\s\p{Cc}\\]/u.test(given))
    throw unusable('the address is empty or holds spaces or backslashes')
  if (given.startsWith('//')) throw unusable('an address that begins with // names a server, but no scheme')
  if (given.startsWith('/')) {
    return new URL(`${graphUrl}${versionOfGraph.test(given) ? '' : '/v1.0'}${given}`)
  }
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url?.username || url?.password) {
    throw unusable('the address holds a user name or a password, which may be made to look like its host')
  }
  if (url?.protocol === 'https:' && url.hostname !== '') return url
  throw unusable(
    url === undefined ? 'this is no address' : `a token is not sent by ${url.protocol.slice(0, -1)}`,
  )
}

function unusable(fact: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', fact, { hint })
}

/**
 * An address that a server named (a next page, a redirect, an operation to follow), where the token may go: of the same
 * origin as the one it was asked at.
 * @returns undefined where it is another's, or none
 */
export function ownAddress(named: string, asked: URL): URL | undefined {
  const url = URL.canParse(named, asked.href) ? new URL(named, asked.href) : undefined
  const isOwn = url?.origin === asked.origin && url.username === '' && url.password === ''
  return isOwn ? url : undefined
}

/** An address for people: its query may hold what signs it. */
export function withoutQuery(named: string, asked: URL): string {
  const url = URL.canParse(named, asked.href) ? new URL(named, asked.href) : undefined
  return url === undefined ? 'an address that is none' : `${url.origin}${url.pathname}`
}
