/** A page of Microsoft's documentation of Entra. */
export const page = (path: string) => `https://learn.microsoft.com/entra/${path}`

export const signInAgain = 'sign in again with "entra-auth-cli get-token -p NAME --force"'
export const signInByBrowser =
  'sign in with "entra-auth-cli get-token -p NAME --force --flow interactive-browser"'
export const showProfile = 'compare tenant and client id with "entra-auth-cli config show NAME"'
export const consentPage =
  'consent for the tenant: Microsoft Entra admin center > App registrations > (app) > API permissions > Grant admin consent'
export const permissionsPage =
  'add the permission: Microsoft Entra admin center > App registrations > (app) > API permissions > Add a permission'
export const tellAdministrator = 'send an administrator of the tenant the correlation id and the time'
export const tellDeveloper = 'send the developer of the app the correlation id and the time'
