import type { DecodedToken } from '../jwt/decode.ts'
import {
  isOfEveryTenant,
  issuersOfAuthority,
  isTenantId,
  issuerOfTenant,
  knownIssuer,
  metadataOf,
  tenantOf,
} from '../jwt/issuers.ts'
import { quoted } from '../jwt/reason-words.ts'

/** Whom the user trusts to vouch for a token. With neither, Microsoft's own issuers are trusted. */
export interface Trust {
  /** One issuer by its address, which may hold `{tenantid}`. */
  readonly issuer?: string | undefined
  /** An authority such as `https://login.microsoftonline.us`, with or without a tenant (or B2C's tenant and user flow). */
  readonly authority?: string | undefined
  /** The client id of an app that signs its tokens with a key of its own, as claims mapping may ask for. */
  readonly keysOfApp?: string | undefined
}

/** The OpenID configuration that leads to a token's keys, or why there is none to be trusted. */
export type Place = { readonly metadataUrl: string } | { readonly refusal: string }

/**
 * Where the keys for a token are published. Only hosts of Microsoft's and those that the user named are ever led to:
 * whoever makes a token must not choose whom we call.
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signature
 */
export function placeOf(token: DecodedToken, { keysOfApp, ...trust }: Trust): Place {
  const place = placeOfTenant(token, trust)
  if (keysOfApp === undefined || 'refusal' in place) return place
  return { metadataUrl: `${place.metadataUrl}?appid=${encodeURIComponent(keysOfApp)}` }
}

function placeOfTenant(token: DecodedToken, { issuer, authority }: Trust): Place {
  if (issuer !== undefined) return placeOfIssuer(issuer, token)
  if (authority !== undefined) return placeInAuthority(new URL(authority), token)
  return placeOfMicrosoft(token)
}

/**
 * The issuers that the user's trust stands for, where keys are brought and nothing is discovered; undefined where it
 * cannot be told without asking, as for a user flow of Azure AD B2C.
 */
export function trustedIssuers({ issuer, authority }: Trust): readonly string[] | undefined {
  if (issuer !== undefined || authority === undefined) return issuer === undefined ? undefined : [issuer]
  const { origin, pathname } = new URL(authority)
  const [tenant, ...others] = segmentsOf(pathname)
  if (others.length > 0) return undefined
  const forms = issuersOfAuthority(origin)
  return isTenantId(tenant) ? forms.map((form) => issuerOfTenant(form, tenant)) : forms
}

function segmentsOf(pathname: string): string[] {
  return pathname.split('/').filter((segment) => segment !== '' && segment !== 'v2.0')
}

function placeOfMicrosoft({ payload }: DecodedToken): Place {
  const { iss } = payload
  if (typeof iss !== 'string') return { refusal: 'it names no issuer (iss)' }
  const known = knownIssuer(payload)
  if (known === undefined) {
    return { refusal: `${quoted(iss)} is none of Microsoft's issuers, and nobody vouched for it` }
  }
  if (known.metadataUrl !== undefined) return { metadataUrl: known.metadataUrl }
  return { refusal: `${quoted(iss)} signs by user flow, and the token names none (tfp, acr)` }
}

function placeOfIssuer(issuer: string, { payload }: DecodedToken): Place {
  const needsTenant = isOfEveryTenant(issuer)
  const tenant = tenantOf(payload)
  if (needsTenant && tenant === undefined) return { refusal: 'it names no tenant (tid)' }
  const address = needsTenant ? issuerOfTenant(issuer, tenant ?? '') : issuer
  const known = knownIssuer({ ...payload, iss: address })
  if (known === undefined) return { metadataUrl: metadataOf(address) }
  if (known.metadataUrl !== undefined) return { metadataUrl: known.metadataUrl }
  return { refusal: `${quoted(address)} signs by user flow, and the token names none (tfp, acr)` }
}

/** v1.0 and v2.0 tokens have issuers of different names, each in a document of its own. */
function placeInAuthority({ origin, pathname }: URL, { payload }: DecodedToken): Place {
  const segments = segmentsOf(pathname)
  const { tid, ver, iss } = payload
  if (segments.length === 0) {
    const tenant = tenantOf(payload) ?? tenantIn(iss)
    if (tenant === undefined)
      return { refusal: `it names no tenant of ${origin} (${tid === undefined ? 'no tid' : 'tid is no id'})` }
    segments.push(tenant)
  }
  const isV1 = ver === '1.0' || (ver === undefined && typeof iss === 'string' && !iss.includes('/v2.0'))
  return { metadataUrl: metadataOf(`${origin}/${segments.join('/')}${isV1 ? '' : '/v2.0'}`) }
}

/** The tenant's id in an address, wherever it stands; undefined where there is none. */
export function tenantIn(iss: unknown): string | undefined {
  const segments = typeof iss === 'string' && URL.canParse(iss) ? new URL(iss).pathname.split('/') : []
  return segments.find(isTenantId)
}
