import { EntraAuthError } from '../errors.ts'
import { decodeToken, type DecodedToken, type JsonObject } from '../jwt/decode.ts'
import { knownIssuer, metadataOf } from '../jwt/issuers.ts'
import { readKeySet, type KeySet } from '../jwt/key-set.ts'
import { quoted } from '../jwt/reason-words.ts'
import type { KeyResolver, TrustedKeys, UntrustedIssuer } from '../jwt/validate.ts'
import { isUnknownKey } from '../jwt/verify-signature.ts'
import { cloudNamed } from './clouds.ts'
import type { Host } from './ports.ts'
import { isGuid, isSharedTenant } from './profiles/profile.ts'
import { readCachedKeys, writeCachedKeys, type CachedKeys, type CacheKey } from './signing-keys-cache.ts'
import { fetchIssuerKeys, fetchKeySet, type FetchedKeys } from './signing-keys-fetch.ts'
import { placeOf, tenantIn, type Trust } from './signing-keys-place.ts'

/** Where the keys to judge a token by are to come from. */
export interface KeyOrigin extends Trust {
  /** A file with keys, or the address of one: then nothing is discovered. */
  readonly jwks?: string | undefined
  /** PEM file of further certificate authorities to trust on the way to the keys. */
  readonly caFile?: string | undefined
  /** Sends nothing anywhere: only a file, and what was fetched within a day, will do. */
  readonly offline?: boolean | undefined
  readonly signal: AbortSignal
}

export type KeyHost = Pick<Host, 'files' | 'http' | 'now' | 'cacheDirectory'>

/** Entra replaces its keys about every six weeks and publishes each long before it signs. */
const keptMilliseconds = 24 * 3600_000
/** Anybody can name a key that is none. Nobody is asked about it more often than that. */
const leastAgeMilliseconds = 60_000
const largestFile = 1024 * 1024

/**
 * Finds the keys for a token: in a file, or published by the issuer the user trusts, else by Microsoft. They are kept
 * for a day and fetched again when a token names another one, at most once a minute. A token that names a foreign issuer
 * leads nowhere.
 *
 * The resolver throws EntraAuthError `network` or `timeout` where keys cannot be had, `file_unusable` for a file that
 * holds none: neither says anything about the token.
 */
export function keysFrom(origin: KeyOrigin, host: KeyHost): KeyResolver {
  const { jwks } = origin
  if (jwks === undefined) return (token) => discoveredKeys(token, origin, host)
  if (isAddress(jwks)) return (token) => keysAt(jwks, token.header, origin, host)
  return () => keysInFile(jwks, host)
}

/** Whether `--jwks` was given an address rather than a file. */
export function isAddress(jwks: string): boolean {
  return /^https?:\/\//i.test(jwks)
}

/**
 * The id of a tenant that is named by one of its domains, as its authority knows it; ids, and names that stand for many
 * tenants, are given back as they are.
 * @param token as it was handed in; says which of Microsoft's clouds is asked, where the user names no authority
 * @throws EntraAuthError `invalid_arguments` for a domain that is nobody's; `network`, `timeout`; `invalid_token`
 */
export async function tenantIdOf(
  tenant: string,
  token: string,
  origin: KeyOrigin,
  host: KeyHost,
): Promise<string> {
  if (isGuid(tenant) || isSharedTenant(tenant)) return tenant
  const authority = authorityFor(decodeToken(token), origin)
  const url = metadataOf(`${authority}/${encodeURIComponent(tenant)}/v2.0`)
  const found = await kept({ url, caFile: origin.caFile }, undefined, origin, host, () =>
    fetchIssuerKeys(url, host, origin),
  )
  const id = tenantIn(found?.issuer)
  if (id !== undefined) return id
  throw new EntraAuthError('invalid_arguments', `${new URL(authority).host} knows no tenant "${tenant}"`, {
    hint: 'name the tenant by its id, a GUID',
  })
}

function authorityFor({ payload }: DecodedToken, { authority }: KeyOrigin): string {
  const address = authority ?? knownIssuer(payload)?.metadataUrl
  return address === undefined ? cloudNamed('public').authority : new URL(address).origin
}

async function discoveredKeys(
  token: DecodedToken,
  origin: KeyOrigin,
  host: KeyHost,
): Promise<TrustedKeys | UntrustedIssuer> {
  const place = placeOf(token, origin)
  if ('refusal' in place) return place
  const url = place.metadataUrl
  const key = { url, caFile: origin.caFile }
  const found = await kept(key, token.header, origin, host, () => fetchIssuerKeys(url, host, origin))
  const server = new URL(url).host
  if (found === undefined)
    return { refusal: `${server} knows no tenant as in ${quoted(new URL(url).pathname)}` }
  return { ...found, source: `published by ${server}` }
}

async function keysAt(
  url: string,
  header: JsonObject,
  origin: KeyOrigin,
  host: KeyHost,
): Promise<TrustedKeys> {
  const key = { url, caFile: origin.caFile }
  const found = await kept(key, header, origin, host, async () => ({
    ...(await fetchKeySet(url, host, origin)),
    issuer: undefined,
  }))
  return { ...found, source: `published by ${new URL(url).host}` }
}

async function keysInFile(path: string, { files }: KeyHost): Promise<TrustedKeys> {
  const content = await files.readInput(path)
  const keySet = content.length > largestFile ? undefined : keySetIn(content.toString('utf8'))
  if (keySet !== undefined && keySet.keys.length > 0) return { ...keySet, source: `in ${quoted(path)}` }
  throw new EntraAuthError('file_unusable', `"${path}" holds no signing keys`, {
    hint: 'it takes a JWK Set: what the jwks_uri of the OpenID configuration answers',
  })
}

function keySetIn(text: string): KeySet | undefined {
  try {
    return readKeySet(JSON.parse(text))
  } catch {
    // No JSON is no key set; the error for both is the caller's.
    return undefined
  }
}

/**
 * What is kept under a key, else what `fetch` brings, which is kept then.
 * @param header of a token: one whose key is unknown is a reason to look again
 */
async function kept<T extends FetchedKeys | undefined>(
  key: CacheKey,
  header: JsonObject | undefined,
  { offline }: KeyOrigin,
  host: KeyHost,
  fetch: () => Promise<T>,
): Promise<T | CachedKeys> {
  const known = await readCachedKeys(key, host)
  const age = known === undefined ? undefined : host.now().getTime() - known.fetchedAt.getTime()
  // A clock that was set back makes them older than any age can tell.
  if (known !== undefined && age !== undefined && age >= 0 && age < keptMilliseconds) {
    const isStranger = header !== undefined && isUnknownKey(header, known.keys)
    if (!isStranger || (age < leastAgeMilliseconds && offline !== true)) return known
    if (offline === true) throw notKept(key, 'the key of this token is not among those kept from')
  }
  if (offline === true) throw notKept(key, 'no signing keys are kept from')
  const fetched = await fetch()
  if (fetched !== undefined) await keep(key, { ...fetched, fetchedAt: host.now() }, host)
  return fetched
}

async function keep(key: CacheKey, keys: CachedKeys, host: KeyHost): Promise<void> {
  try {
    await writeCachedKeys(key, keys, host)
  } catch (error) {
    // Keeping them saves a request; that they cannot be kept is no reason to judge no token.
    if (!(error instanceof EntraAuthError)) throw error
  }
}

function notKept({ url }: CacheKey, what: string): EntraAuthError {
  return new EntraAuthError('network', `${what} ${new URL(url).host}, and --offline sends nothing anywhere`, {
    hint: 'validate once without --offline, which keeps them for a day, or bring them with --jwks FILE',
  })
}
