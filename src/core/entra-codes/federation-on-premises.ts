import type { EntraCodeTable } from './entra-code.ts'
import { openTicket, page, signInByBrowser, tellAdministrator, tryLater } from './next-steps.ts'

const passThrough = page('identity/hybrid/connect/tshoot-connect-pass-through-authentication')
const seamless = page('identity/hybrid/connect/tshoot-connect-sso')
const agents =
  'look at the agents: Microsoft Entra admin center > Entra Connect > Connect Sync > Pass-through authentication'
const passwordInstead = 'sign in with the password: "entra-auth-cli get-token -p NAME --prompt login"'
const tickets = 'on the machine of the user: "klist purge", lock and unlock, and sign in again'

/** Passwords checked by Active Directory at home (pass-through) and seamless single sign-on with Kerberos. */
export const onPremisesSignInCodes: EntraCodeTable = {
  80001: {
    name: 'OnPremiseStoreIsNotAvailable',
    fact: 'the authentication agent cannot reach Active Directory',
    causes: [
      'the domain controllers are away, or a firewall stands between',
      'the agent is not in the same forest as the users',
    ],
    who: 'administrator',
    remedy: [agents, tellAdministrator],
    code: 'network',
    link: passThrough,
  },
  80002: {
    name: 'OnPremisePasswordValidatorRequestTimedout',
    fact: 'Active Directory did not check the password in time',
    causes: ['the domain controllers or the agents are overloaded or away'],
    who: 'administrator',
    remedy: [tryLater, agents],
    code: 'timeout',
    link: passThrough,
  },
  80005: {
    name: 'OnPremisePasswordValidatorUnpredictableWebException',
    fact: 'the answer of the authentication agent could not be read',
    causes: ['Microsoft publishes no cause; the fault passes as a rule'],
    who: 'administrator',
    remedy: [tryLater, agents, openTicket],
    code: 'network',
    link: passThrough,
  },
  80007: {
    name: 'OnPremisePasswordValidatorErrorOccurredOnPrem',
    fact: 'the authentication agent could not check the password',
    causes: ['Active Directory does not work as it should; the log of the agent says more'],
    who: 'administrator',
    remedy: [
      agents,
      'read the log of the agent: Event Viewer > Microsoft > AzureAdConnect > AuthenticationAgent',
    ],
    link: passThrough,
  },
  80010: {
    name: 'OnPremisePasswordValidationEncryptionException',
    fact: 'the authentication agent cannot decrypt the password',
    causes: ['the keys of the agent are out of date: it was away for long or moved to another machine'],
    who: 'administrator',
    remedy: ['install the agent anew', agents],
    link: passThrough,
  },
  80012: {
    name: 'OnPremisePasswordValidationAccountLogonInvalidHours',
    fact: 'the user may not sign in at this hour',
    causes: ['Active Directory limits the hours of this account'],
    who: 'administrator',
    remedy: [
      'try again within the hours',
      'change them: Active Directory Users and Computers > (user) > Logon Hours',
    ],
    link: passThrough,
  },
  80013: {
    name: 'OnPremisePasswordValidationTimeSkew',
    fact: 'the clocks of the authentication agent and Active Directory differ too much',
    causes: ['one of the machines has lost its time source'],
    who: 'administrator',
    remedy: ['on both machines: "w32tm /resync"', agents],
    link: passThrough,
  },
  80014: {
    name: 'OnPremisePasswordValidationAuthenticationAgentTimeout',
    fact: 'the authentication agent answered too late',
    causes: ['the agents or the network to them are overloaded'],
    who: 'administrator',
    remedy: [tryLater, agents, openTicket],
    code: 'timeout',
    link: passThrough,
  },
  81004: {
    name: 'DesktopSsoIdentityInTicketIsNotAuthenticated',
    fact: 'seamless single sign-on failed: the Kerberos sign-in was refused',
    causes: ['the Kerberos ticket of the user does not serve'],
    who: 'you',
    remedy: [passwordInstead, tickets],
    link: seamless,
  },
  81005: {
    name: 'DesktopSsoAuthenticationPackageNotSupported',
    fact: 'seamless single sign-on failed: the browser sent something else than Kerberos',
    causes: ['the browser fell back to NTLM because the machine cannot reach a domain controller'],
    who: 'administrator',
    remedy: [passwordInstead, tellAdministrator],
    link: seamless,
  },
  81006: {
    name: 'DesktopSsoNoAuthorizationHeader',
    fact: 'seamless single sign-on failed: the browser sent no Kerberos ticket',
    causes: ['https://autologon.microsoftazuread-sso.com is not in the intranet zone of the browser'],
    who: 'administrator',
    remedy: [passwordInstead, 'add that address to the intranet zone by group policy'],
    link: seamless,
  },
  81007: {
    name: 'DesktopSsoTenantIsNotOptIn',
    fact: 'seamless single sign-on is not enabled in the tenant',
    causes: ['nobody has turned it on'],
    who: 'administrator',
    remedy: [passwordInstead, 'turn it on in Microsoft Entra Connect > Change user sign-in'],
    link: seamless,
  },
  81009: {
    name: 'DesktopSsoAuthorizationHeaderValueWithBadFormat',
    fact: 'seamless single sign-on failed: the Kerberos ticket cannot be read',
    causes: ['the ticket is damaged, or encrypted in a way that is not supported'],
    who: 'you',
    remedy: [passwordInstead, tickets, tellAdministrator],
    link: seamless,
  },
  81010: {
    name: 'DesktopSsoAuthTokenInvalid',
    fact: 'seamless single sign-on failed: the Kerberos ticket has expired or is invalid',
    causes: [
      'the ticket is old',
      'the key of the account AZUREADSSOACC was changed, and the ticket is older',
    ],
    who: 'you',
    remedy: [passwordInstead, tickets],
    link: seamless,
  },
  81011: {
    name: 'DesktopSsoLookupUserBySidFailed',
    fact: 'seamless single sign-on failed: the user of the Kerberos ticket is not in the tenant',
    causes: ['the user is not synchronized to Entra'],
    who: 'administrator',
    remedy: [
      passwordInstead,
      'check the synchronization: Microsoft Entra admin center > Entra Connect > Connect Sync',
    ],
    link: seamless,
  },
  81012: {
    name: 'DesktopSsoMismatchBetweenTokenUpnAndChosenUpn',
    fact: 'the user who signs in is another than the one signed in to the machine',
    causes: ['another account was chosen on the page than the one of the Windows session'],
    who: 'you',
    remedy: [
      'choose the account of the machine: "entra-auth-cli get-token -p NAME --prompt select_account"',
      signInByBrowser,
    ],
    link: seamless,
  },
}
