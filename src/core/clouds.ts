import { EntraAuthError } from '../errors.ts'

/** A national cloud: where it signs people in and where its Microsoft Graph is. */
export interface Cloud {
  readonly name: CloudName
  /** Origin of the authority, without a tenant. */
  readonly authority: string
  /** Origin of Microsoft Graph, which is also the resource of its tokens. */
  readonly graphUrl: string
  /** Origin of Azure Resource Manager, which is also the resource of its tokens. */
  readonly resourceManager: string
  /** The host MSAL files this cloud's tokens under: `preferred_cache` of instance discovery. */
  readonly cacheHost: string
}

export type CloudName = 'public' | 'usgov' | 'china'

/** @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const clouds: Readonly<Record<CloudName, Cloud>> = {
  public: {
    name: 'public',
    authority: 'https://login.microsoftonline.com',
    graphUrl: 'https://graph.microsoft.com',
    resourceManager: 'https://management.azure.com',
    cacheHost: 'login.windows.net',
  },
  usgov: {
    name: 'usgov',
    authority: 'https://login.microsoftonline.us',
    graphUrl: 'https://graph.microsoft.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    cacheHost: 'login.microsoftonline.us',
  },
  china: {
    name: 'china',
    authority: 'https://login.partner.microsoftonline.cn',
    graphUrl: 'https://microsoftgraph.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
    cacheHost: 'login.partner.microsoftonline.cn',
  },
}

export const cloudNames: readonly string[] = Object.keys(clouds)

/** @throws EntraAuthError `invalid_arguments` for a name that is no cloud's */
export function cloudNamed(name: string): Cloud {
  const cloud = Object.hasOwn(clouds, name.toLowerCase())
    ? clouds[name.toLowerCase() as CloudName]
    : undefined
  if (cloud) return cloud
  throw new EntraAuthError('invalid_arguments', `there is no cloud "${name}"`, {
    hint: `use one of ${cloudNames.join(', ')}, or --authority with its URL`,
  })
}

/** Whether an authority is one of Microsoft's own, which MSAL trusts and knows without asking. */
export function isMicrosoftAuthority(authority: string): boolean {
  return cloudOf(authority) !== undefined
}

/** The Graph that belongs to an authority; the public one where the authority is nobody's. */
export function graphUrlOf(authority: string): string {
  return (cloudOf(authority) ?? clouds.public).graphUrl
}

/** The Azure Resource Manager that belongs to an authority; the public one where the authority is nobody's. */
export function resourceManagerOf(authority: string): string {
  return (cloudOf(authority) ?? clouds.public).resourceManager
}

/** The host (with a port that is not 443) under which MSAL caches what an authority issued. */
export function cacheHostOf(authority: string): string {
  return cloudOf(authority)?.cacheHost ?? new URL(authority).host
}

function cloudOf(authority: string): Cloud | undefined {
  return Object.values(clouds).find((cloud) => cloud.authority === authority)
}

/**
 * Reads an authority URL as people write it: with or without a trailing slash, also one that ends in a tenant, as the
 * portal shows it.
 * @throws EntraAuthError `invalid_arguments` when it is no https URL
 */
export function parseAuthority(text: string): { readonly authority: string; readonly tenant?: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.username || url?.password) {
    // The URL is not repeated here, for it holds a password.
    throw new EntraAuthError('invalid_arguments', 'an authority URL holds no user name and no password', {
      hint: 'give its origin alone, such as https://login.microsoftonline.us',
    })
  }
  if (!url || url.protocol !== 'https:' || url.search || url.hash) {
    throw new EntraAuthError('invalid_arguments', `"${text}" is not an authority URL`, {
      hint: 'give an https URL such as https://login.microsoftonline.us',
    })
  }
  const tenant = url.pathname.split('/').find((segment) => segment !== '')
  return tenant === undefined ? { authority: url.origin } : { authority: url.origin, tenant }
}
