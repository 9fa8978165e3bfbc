import type { Directory } from '../directory.ts'

/**
 * Hosts whose v1 tokens name another host as issuer. Under its own name the sandbox issues v1 tokens as itself: nobody
 * who checks one should be led to Microsoft's servers for the keys.
 */
const v1IssuerOrigins: Readonly<Record<string, string>> = {
  'login.microsoftonline.com': 'https://sts.windows.net',
  'login.windows.net': 'https://sts.windows.net',
  'login.microsoftonline.us': 'https://sts.windows.net',
  'login.chinacloudapi.cn': 'https://sts.chinacloudapi.cn',
  'login.partner.microsoftonline.cn': 'https://sts.chinacloudapi.cn',
}

/** The `iss` of v1.0 or v2.0 tokens that were asked for at `origin`. */
export function issuerOf(origin: string, tenantId: string, version: 1 | 2): string {
  if (version === 2) return `${origin}/${tenantId}/v2.0`
  return `${v1IssuerOrigins[new URL(origin).hostname] ?? origin}/${tenantId}/`
}

/** Every issuer the sandbox can name, under all its host names. */
export function allIssuers(directory: Directory, origins: readonly string[]): readonly string[] {
  const issuers = directory.tenants.flatMap(({ id }) =>
    origins.flatMap((origin) => [issuerOf(origin, id, 1), issuerOf(origin, id, 2)]),
  )
  return [...new Set(issuers)]
}
