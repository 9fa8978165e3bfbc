import type { Profile } from './profiles/profile.ts'

/**
 * What an authority said of its endpoints, kept beside the tokens that came from them. MSAL asks for it before every
 * first request to an authority that it does not know by heart, and forgets it when the process ends.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export interface AuthorityMetadata {
  /** Whose it is: the authority with its tenant, as MSAL is given it. */
  readonly authority: string
  /** By whose certificates that was proved, beside the machine's own. */
  readonly caFile?: string
  /** Epoch milliseconds, by this machine's clock. */
  readonly fetchedAt: number
  readonly endpoints: Endpoints
}

/** What MSAL reads of an OpenID configuration. */
type Endpoints = Readonly<Record<(typeof endpointNames)[number], string>>

const endpointNames = ['authorization_endpoint', 'token_endpoint', 'issuer', 'jwks_uri'] as const

type Authority = Pick<Profile, 'authority' | 'tenantId' | 'caFile'>

/** As long as MSAL itself believes it: `AUTHORITY_METADATA_REFRESH_TIME_SECONDS` of msal-common. */
const lifetimeMilliseconds = 24 * 3600 * 1000

/** What is kept of a profile's authority and is fresh, as the text that MSAL takes for `authorityMetadata`. */
export function knownMetadata(
  kept: readonly AuthorityMetadata[],
  profile: Authority,
  now: Date,
): string | undefined {
  const found = kept.find((one) => isOf(one, profile) && isFresh(one, now))
  return found && endpointsIn(found.endpoints, profile) && JSON.stringify(found.endpoints)
}

/**
 * What is kept from now on, with an answer that MSAL has accepted (its issuer is checked where it is fetched, and not
 * where it is handed over). An answer that leads to another origin than the authority's own counts for the one run that
 * fetched it: what is kept can send a secret nowhere but to the place that the profile names.
 * @param answer undefined where nothing was asked
 */
export function withMetadata(
  kept: readonly AuthorityMetadata[],
  answer: object | undefined,
  profile: Authority,
  now: Date,
): readonly AuthorityMetadata[] {
  const fresh = kept.filter((one) => isFresh(one, now))
  if (answer === undefined) return fresh
  const others = fresh.filter((one) => !isOf(one, profile))
  const endpoints = endpointsIn(answer, profile)
  if (endpoints === undefined) return others
  const { caFile } = profile
  return [...others, { authority: nameOf(profile), caFile, fetchedAt: now.getTime(), endpoints }]
}

/** Of a sealed file, whose content may be of another version of this program. */
export function readMetadata(value: unknown): readonly AuthorityMetadata[] {
  return Array.isArray(value) ? value.filter(isMetadata) : []
}

function isMetadata(value: unknown): value is AuthorityMetadata {
  const one = value as Partial<Record<keyof AuthorityMetadata, unknown>> | null
  return (
    typeof one?.authority === 'string' &&
    typeof one.fetchedAt === 'number' &&
    typeof one.endpoints === 'object' &&
    one.endpoints !== null
  )
}

function isOf({ authority, caFile }: AuthorityMetadata, profile: Authority): boolean {
  return authority === nameOf(profile) && caFile === profile.caFile
}

function nameOf({ authority, tenantId }: Authority): string {
  return `${authority}/${tenantId}`.toLowerCase()
}

/** What was fetched after now was so by a clock that has been set since, and says nothing about its age. */
function isFresh({ fetchedAt }: AuthorityMetadata, now: Date): boolean {
  const age = now.getTime() - fetchedAt
  return age >= 0 && age < lifetimeMilliseconds
}

/** Undefined where something is missing, or a secret or a person would be led elsewhere. */
function endpointsIn(answer: object, { authority }: Authority): Endpoints | undefined {
  const fields = new Map<string, unknown>(Object.entries(answer))
  const pairs = endpointNames.map((name) => [name, fields.get(name)] as const)
  if (!pairs.every(([, value]) => typeof value === 'string')) return undefined
  const endpoints = Object.fromEntries(pairs) as Endpoints
  const isAtHome = (url: string) => URL.canParse(url) && new URL(url).origin === new URL(authority).origin
  return isAtHome(endpoints.token_endpoint) && isAtHome(endpoints.authorization_endpoint)
    ? endpoints
    : undefined
}
