import { cloudNamed } from '../clouds.ts'
import { isSharedTenant } from '../profiles/profile.ts'

/** Where an app's settings are changed, and where an administrator consents. */
export interface AppLinks {
  /** A page of the app registration; undefined where the cloud's portal is not known. */
  page(section: 'Overview' | 'Authentication' | 'Credentials' | 'CallAnAPI'): string | undefined
  /** Where an administrator consents to all permissions the app declares, for everybody in the tenant. */
  readonly adminConsentUrl: string
}

/** @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud#app-registration-endpoints */
const portals: Readonly<Record<string, string>> = {
  [cloudNamed('public').authority]: 'https://entra.microsoft.com',
  [cloudNamed('usgov').authority]: 'https://entra.microsoft.us',
  [cloudNamed('china').authority]: 'https://entra.microsoftonline.cn',
}

/** @see https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent#construct-the-url-for-granting-tenant-wide-admin-consent */
export function appLinks(authority: string, tenantId: string, clientId: string): AppLinks {
  const portal = Object.hasOwn(portals, authority) ? portals[authority] : undefined
  const tenant = isSharedTenant(tenantId) ? 'organizations' : encodeURIComponent(tenantId)
  const app = encodeURIComponent(clientId)
  return {
    page: (section) =>
      portal && `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/${section}/appId/${app}`,
    adminConsentUrl: `${authority}/${tenant}/adminconsent?client_id=${app}`,
  }
}
