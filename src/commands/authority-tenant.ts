import { isGuid } from '../core/profiles/profile.ts'
import { EntraAuthError } from '../errors.ts'

/**
 * The tenant where a flag names one and an authority ends in one, as the portal shows it, so that both are pasted. The
 * same one twice is fine. A domain and an id may be the same tenant, which cannot be told without asking Entra: the
 * flag is taken, and that is warned of.
 * @param flag the flag that names the tenant
 * @throws EntraAuthError `invalid_arguments` for two tenants, which names both
 */
export function oneTenant(
  authority: { readonly authority: string; readonly tenant?: string } | undefined,
  tenant: string | undefined,
  flag: '--tenant-id' | '--tenant',
  warn: (text: string) => void,
): string | undefined {
  const inAuthority = authority?.tenant
  if (authority === undefined || inAuthority === undefined || tenant === undefined) {
    return tenant ?? inAuthority
  }
  if (inAuthority.toLowerCase() === tenant.toLowerCase()) return tenant
  if (isIdBesideDomain(inAuthority, tenant)) {
    warn(`--authority names the tenant ${inAuthority} and ${flag} ${tenant}: ${tenant} is taken`)
    return tenant
  }
  throw new EntraAuthError(
    'invalid_arguments',
    `--authority names the tenant ${inAuthority}, and ${flag} another, ${tenant}`,
    {
      hint: `for ${tenant} give --authority ${authority.authority} without a tenant; for ${inAuthority} leave ${flag} out`,
    },
  )
}

function isIdBesideDomain(one: string, other: string): boolean {
  return (isGuid(one) && other.includes('.')) || (isGuid(other) && one.includes('.'))
}
