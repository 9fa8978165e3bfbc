/** Remedies that mend more than one number. Commands stand in double quotes and can be typed, `NAME` being the profile. */

export const signInAgain = 'sign in again with "entra-auth-cli get-token -p NAME --force"'
export const signInInBrowser =
  'sign in with "entra-auth-cli get-token -p NAME --force --flow interactive-browser"'
export const signInAsSomebodyElse =
  'choose another account with "entra-auth-cli get-token -p NAME --force --prompt select_account"'
export const showProfile = 'compare tenant and client id with "entra-auth-cli config show NAME"'
export const tryAgainSoon = 'wait a minute, then run the same command again'
export const checkStatus = 'look at https://status.cloud.microsoft for an incident'
export const openTicket =
  'if it stays, open a ticket with the correlation id and the time: Microsoft Entra admin center > Diagnose & solve problems > New support request'
export const signInLogs =
  'find the attempt by its correlation id: Microsoft Entra admin center > Monitoring & health > Sign-in logs'
export const registerRedirect =
  'add http://localhost under "Mobile and desktop applications": Microsoft Entra admin center > App registrations > your app > Authentication'
export const inviteGuest =
  'invite the account as a guest: Microsoft Entra admin center > Users > New user > Invite external user'
export const askIdentityProvider =
  'give the correlation id and the time to whoever runs the identity provider that your organization federates with'
