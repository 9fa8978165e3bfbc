import { EntraAuthError } from '../errors.ts'
import { readKeySet, type KeySet } from '../jwt/key-set.ts'
import { isMicrosoftHost } from '../jwt/issuers.ts'
import { withDeadline } from './deadline.ts'
import type { Host, HttpResponse } from './ports.ts'

/** Keys, and the issuer whose they are: undefined where they were asked for by themselves. */
export interface FetchedKeys extends KeySet {
  readonly issuer: string | undefined
}

export interface FetchOptions {
  readonly caFile?: string | undefined
  readonly signal: AbortSignal
}

type FetchHost = Pick<Host, 'http'>

const patienceMilliseconds = 20_000
/** Entra's take about 20 kB. */
const largestAnswer = 1024 * 1024
const longestAddress = 2048

/**
 * The keys that an OpenID configuration leads to.
 * @returns undefined where an authority of Entra's says that it has no such tenant
 * @throws EntraAuthError `network` or `timeout` for everything else that is not the keys, `interrupted`
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse
 */
export async function fetchIssuerKeys(
  metadataUrl: string,
  host: FetchHost,
  options: FetchOptions,
): Promise<FetchedKeys | undefined> {
  const response = await get(metadataUrl, host, options)
  if (isUnknownTenant(response)) return undefined
  const metadata = jsonOf(response, metadataUrl, 'OpenID configuration')
  const { issuer, jwks_uri: address } = metadata
  if (typeof issuer !== 'string' || issuer.length > longestAddress)
    throw unusable(metadataUrl, 'names no issuer in its OpenID configuration')
  if (typeof address !== 'string' || !mayHoldKeysOf(address, metadataUrl))
    throw unusable(metadataUrl, 'names no address of keys that can be trusted in its OpenID configuration')
  return { issuer, ...(await fetchKeySet(address, host, options)) }
}

/** A JWK Set by its address. @throws EntraAuthError `network`, `timeout` or `interrupted` */
export async function fetchKeySet(url: string, host: FetchHost, options: FetchOptions): Promise<KeySet> {
  const keys = readKeySet(jsonOf(await get(url, host, options), url, 'signing keys'))
  if (keys === undefined) throw unusable(url, 'answered with something that is no set of keys')
  return keys
}

/** Keys come over https; those of Microsoft's issuers from Microsoft's hosts, those of others from where they say. */
function mayHoldKeysOf(address: string, metadataUrl: string): boolean {
  if (address.length > longestAddress || !URL.canParse(address)) return false
  const { protocol, hostname, host } = new URL(address)
  const metadata = new URL(metadataUrl)
  if (protocol !== 'https:') return false
  return host === metadata.host || isMicrosoftHost(hostname) || !isMicrosoftHost(metadata.hostname)
}

function get(url: string, { http }: FetchHost, { caFile, signal }: FetchOptions): Promise<HttpResponse> {
  const headers = { accept: 'application/json' }
  return withDeadline(
    signal,
    patienceMilliseconds,
    `${new URL(url).host} did not answer within ${patienceMilliseconds / 1000} s`,
    (either) => http.send({ method: 'GET', url, headers, caFile, signal: either }),
    'look at your connection, a VPN or HTTPS_PROXY, or bring the keys with --jwks',
  )
}

/** AADSTS90002. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
function isUnknownTenant({ status, body }: HttpResponse): boolean {
  return status === 400 && body.length < largestAnswer && /"error_codes"\s*:\s*\[\s*90002\s*\]/.test(body)
}

function jsonOf(
  { status, body }: HttpResponse,
  url: string,
  what: string,
): Readonly<Record<string, unknown>> {
  if (status !== 200) throw unusable(url, `answered with status ${status} when asked for its ${what}`)
  if (body.length > largestAnswer) throw unusable(url, `answered with more than 1 MB of ${what}`)
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (cause) {
    throw unusable(url, `answered with something that is not JSON when asked for its ${what}`, cause)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw unusable(url, `answered with JSON that is no object when asked for its ${what}`)
}

function unusable(url: string, what: string, cause?: unknown): EntraAuthError {
  const { origin, host, pathname } = new URL(url)
  return new EntraAuthError('network', `${host} ${what}`, {
    hint: `look at ${origin}${pathname} with a browser: is the issuer right, and does a proxy answer in its place?`,
    cause,
  })
}
