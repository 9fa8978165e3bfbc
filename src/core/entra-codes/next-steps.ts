/** Next steps and pages that mend many numbers of apps, grants and policies. NAME stands for a profile. */

export const signInAgain = 'sign in again with "entra-auth-cli get-token -p NAME"'

export const signInByBrowser =
  'sign in with "entra-auth-cli get-token -p NAME --flow interactive-browser", which can meet what a policy asks for'

export const tryLater = 'try again in a few minutes'

export const showProfile =
  'check client id, tenant and flow of the profile with "entra-auth-cli config show NAME"'

export const tellAdministrator =
  'give an administrator the correlation id: Microsoft Entra admin center > Monitoring & health > Sign-in logs'

export const openTicket =
  'open a ticket with correlation id and time: Microsoft Entra admin center > Learn & support > New support request'

export const tellDeveloper = 'give the developer of the app the message and its correlation id'

export const consentPage =
  'grant consent: Microsoft Entra admin center > Enterprise applications > (app) > Permissions > Grant admin consent'

export const permissionsPage =
  'add the permission: Microsoft Entra admin center > App registrations > (app) > API permissions'

export const credentialsPage =
  'Microsoft Entra admin center > App registrations > (app) > Certificates & secrets'

export const authenticationPage = 'Microsoft Entra admin center > App registrations > (app) > Authentication'

export const policiesPage = 'Microsoft Entra admin center > Conditional Access > Policies'

/** A page of Microsoft's own documentation about Entra. */
export const page = (path: string): string => `https://learn.microsoft.com/entra/${path}`

/** A page of Microsoft's troubleshooting articles about apps. */
export const article = (name: string): string =>
  `https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/${name}`
