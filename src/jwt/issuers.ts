import type { JsonObject } from './decode.ts'

/** An issuer of Microsoft's, told by its form alone: that it exists is not known. */
export interface KnownIssuer {
  /** Entra for people who work or learn, Azure AD B2C, or Entra External ID for customers. */
  readonly kind: 'workforce' | 'b2c' | 'external-id'
  /** Of the tokens it signs. */
  readonly version: '1.0' | '2.0'
  readonly tenantId: string
  /** Its OpenID configuration; undefined where a B2C token does not say which user flow made it. */
  readonly metadataUrl: string | undefined
}

/** Where the signing keys of v2.0 issuers and their clouds are found. */
const signInHosts: ReadonlySet<string> = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
])

/**
 * Issuers of v1.0 tokens, with the host that publishes their keys. Tenants of the US Government are named as those of
 * the public cloud, which leads to their keys.
 */
const v1Hosts: ReadonlyMap<string, string> = new Map([
  ['sts.windows.net', 'login.microsoftonline.com'],
  ['sts.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
])

const customerHost = /^[a-z0-9-]+\.(?:b2clogin\.(?:com|cn)|ciamlogin\.com)$/
const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const guidLength = 36
const guidPattern = new RegExp(`^${guid}$`, 'i')
const entraIssuer = new RegExp(`^https://([a-z.]+)/(${guid})/(v2\\.0)?$`)
const v1Issuer = new RegExp(`^https://([a-z0-9.:-]+)/(${guid})/$`)
const b2cIssuer = new RegExp(`^https://([a-z0-9-]+\\.b2clogin\\.(?:com|cn))/(${guid})/v2\\.0/$`)
const b2cIssuerOfFlow = new RegExp(
  `^https://([a-z0-9-]+\\.b2clogin\\.(?:com|cn))/tfp/(${guid})/([A-Za-z0-9_.-]{1,128})/v2\\.0/$`,
)
const externalIssuer = new RegExp(`^https://([a-z0-9-]+\\.ciamlogin\\.com)/(${guid})/v2\\.0$`)

/**
 * Which of Microsoft's issuers a token names, and where that one publishes its keys. By form alone, so a hostile token
 * leads to no other host than Microsoft's.
 * @returns undefined for every other issuer
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 * @see https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview#validation
 */
export function knownIssuer(payload: JsonObject): KnownIssuer | undefined {
  const iss = payload['iss']
  if (typeof iss !== 'string' || iss.length > 512) return undefined
  return workforceIssuer(iss) ?? customerIssuer(iss, payload)
}

function workforceIssuer(iss: string): KnownIssuer | undefined {
  const [, host = '', tenantId = '', v2] = entraIssuer.exec(iss) ?? []
  const keyHost = v2 === undefined ? v1Hosts.get(host) : signInHosts.has(host) ? host : undefined
  if (keyHost === undefined) return undefined
  return {
    kind: 'workforce',
    version: v2 === undefined ? '1.0' : '2.0',
    tenantId,
    metadataUrl: metadataOf(`https://${keyHost}/${tenantId}${v2 === undefined ? '' : '/v2.0'}`),
  }
}

function customerIssuer(iss: string, payload: JsonObject): KnownIssuer | undefined {
  const known = { kind: 'b2c', version: '2.0' } as const
  const [, host, tenantId = ''] = b2cIssuer.exec(iss) ?? []
  if (host !== undefined) {
    // The keys are the tenant's, but they are published for one user flow at a time.
    const flow = [payload['tfp'], payload['acr']].find(isUserFlow)
    const metadataUrl = flow && metadataOf(`https://${host}/${tenantId}/${flow}/v2.0`)
    return { ...known, tenantId, metadataUrl }
  }
  const [, flowHost, flowTenant = ''] = b2cIssuerOfFlow.exec(iss) ?? []
  if (flowHost !== undefined)
    return { ...known, tenantId: flowTenant, metadataUrl: metadataOf(iss.slice(0, -1)) }
  const [, externalHost, externalTenant = ''] = externalIssuer.exec(iss) ?? []
  if (externalHost === undefined) return undefined
  return { kind: 'external-id', version: '2.0', tenantId: externalTenant, metadataUrl: metadataOf(iss) }
}

function isUserFlow(claim: unknown): claim is string {
  return typeof claim === 'string' && /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/.test(claim)
}

/**
 * The v2.0 issuer of the tenant and cloud that a v1.0 issuer belongs to; undefined for any other issuer. Keys name the
 * v2.0 one, and sign for both.
 */
export function v2CounterpartOf(iss: string): string | undefined {
  const [, host = '', tenantId = ''] = v1Issuer.exec(iss) ?? []
  return host === '' ? undefined : `https://${v1Hosts.get(host) ?? host}/${tenantId}/v2.0`
}

/**
 * The issuers of an authority's tokens, v2.0 and v1.0, as forms that leave the tenant open.
 * @param origin of an authority in Entra's manner
 */
export function issuersOfAuthority(origin: string): readonly string[] {
  const { hostname } = new URL(origin)
  const [v1Host = 'sts.windows.net'] = [...v1Hosts].find(([, keyHost]) => keyHost === hostname) ?? []
  const v1Origin = signInHosts.has(hostname) ? `https://${v1Host}` : origin
  return [`${origin}/{tenantid}/v2.0`, `${v1Origin}/{tenantid}/`]
}

/** The OpenID configuration below an issuer or an authority. @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
export function metadataOf(base: string): string {
  return `${base.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/** Whether one of Microsoft's own authorities answers there. @param host without a port */
export function isMicrosoftHost(host: string): boolean {
  return signInHosts.has(host) || v1Hosts.has(host) || host === 'login.windows.net' || customerHost.test(host)
}

/** What stands for the tenant in issuers that are of every tenant. Microsoft's own middleware takes it in any case. */
const tenantPlace = /\{tenantid\}/i

/** Whether an issuer's form leaves the tenant open. */
export function isOfEveryTenant(form: string): boolean {
  return tenantPlace.test(form)
}

/** The issuer of one tenant, from a form that leaves it open. */
export function issuerOfTenant(form: string, tenantId: string): string {
  return form.split(tenantPlace).join(tenantId)
}

/**
 * The tenant in an issuer of a given form, such as `https://login.microsoftonline.com/{tenantid}/v2.0`.
 * @returns the empty text where the form names no tenant and matches, undefined where the issuer is of another form
 */
export function tenantInIssuer(form: string, iss: string): string | undefined {
  const at = form.search(tenantPlace)
  if (at < 0) return form === iss ? '' : undefined
  const tenant = iss.slice(at, at + guidLength)
  return isTenantId(tenant) && issuerOfTenant(form, tenant) === iss ? tenant : undefined
}

/** Whether a claim is a tenant's id, which always is a GUID. */
export function isTenantId(claim: unknown): claim is string {
  return typeof claim === 'string' && guidPattern.test(claim)
}

/** The tenant a token says it is of: its `tid`, or the one in its issuer where Entra's customer products leave `tid` out. */
export function tenantOf(payload: JsonObject): string | undefined {
  const { tid } = payload
  return isTenantId(tid) ? tid : knownIssuer(payload)?.tenantId
}
