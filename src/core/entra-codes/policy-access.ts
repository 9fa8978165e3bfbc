import type { EntraCodeTable } from './entra-code.ts'
import { article, page, policiesPage, signInByBrowser, tellAdministrator } from './next-steps.ts'

const grants = page('identity/conditional-access/concept-conditional-access-grant')
const troubleshooting = page('identity/conditional-access/troubleshoot-conditional-access')
const managedMachine =
  'run the command on a machine that your organization manages, and in its usual browser profile'
const whichPolicy = `see which policy blocked the attempt: ${policiesPage}, and the sign-in log by correlation id`

/** What conditional access and security defaults ask for, beyond the numbers of five digits. */
export const accessPolicyCodes: EntraCodeTable = {
  530002: {
    fact: 'conditional access demands a compliant device, and this one is not',
    causes: [
      'the device breaks a rule of the organization: update, encryption, virus scanner',
      'the browser does not show which device it runs on: another profile, or a private window',
      'the sign-in was made with a device code, which proves no device',
    ],
    who: 'you',
    remedy: [
      signInByBrowser,
      'see what is wrong with the device in the app Company Portal, then try again',
      tellAdministrator,
    ],
    link: grants,
  },
  530003: {
    fact: 'conditional access demands a managed device',
    causes: [
      'the device is not joined to or registered in the organization',
      'the browser does not show which device it runs on: another profile, or a private window',
      'the sign-in was made with a device code, which proves no device',
    ],
    who: 'you',
    remedy: ['sign in from one, or ask an administrator', signInByBrowser, managedMachine],
    link: grants,
  },
  530004: {
    fact: 'the organization does not accept the compliant device of a guest',
    causes: [
      'its settings for access across tenants do not trust compliant devices of the home organization',
    ],
    who: 'administrator',
    remedy: [
      'trust compliant devices: Microsoft Entra admin center > External Identities > Cross-tenant access settings',
      tellAdministrator,
    ],
    link: article('error-code-aadsts530004-acceptcompliantdevice-setting-not-configured'),
  },
  530021: {
    fact: 'conditional access lets only approved apps in, and this one is not among them',
    causes: ['a policy demands an approved client app, which a command-line tool never is'],
    who: 'administrator',
    remedy: [whichPolicy, 'exempt the user or the API from the demand for approved apps'],
    link: grants,
  },
  530022: {
    fact: 'conditional access lets only approved apps in, and this one is not among them',
    causes: ['a policy demands an approved client app, which a command-line tool never is'],
    who: 'administrator',
    remedy: [whichPolicy, 'exempt the user or the API from the demand for approved apps'],
    link: grants,
  },
  530031: {
    fact: 'an access policy does not let Entra issue the token',
    causes: ['a policy of the tenant forbids this way to sign in; Microsoft publishes no more about it'],
    who: 'administrator',
    remedy: [tellAdministrator, signInByBrowser],
    link: troubleshooting,
  },
  530032: {
    name: 'BlockedByConditionalAccessOnSecurityPolicy',
    fact: 'a security policy of the tenant blocked the sign-in',
    causes: ['a policy that holds for the whole tenant forbids this kind of request'],
    who: 'administrator',
    remedy: [tellAdministrator, policiesPage],
    link: troubleshooting,
  },
  530034: {
    name: 'DelegatedAdminBlockedDueToSuspiciousActivity',
    fact: 'a delegated administrator was blocked: the account is at risk in its home organization',
    causes: ['the home organization has noted something suspicious about the account'],
    who: 'administrator',
    remedy: [
      'at home, look into it: Microsoft Entra admin center > ID Protection > Risky users',
      tellAdministrator,
    ],
  },
  530035: {
    name: 'BlockedBySecurityDefaults',
    fact: 'the security defaults of the tenant blocked the sign-in',
    causes: [
      'the device code flow was used, which security defaults can block',
      'the request used an old way to sign in, or looked unsafe',
    ],
    who: 'you',
    remedy: [signInByBrowser, tellAdministrator],
    link: page('fundamentals/security-defaults'),
  },
  530084: {
    fact: 'conditional access demands a token bound to the device (token protection), which this tool cannot get',
    causes: [
      'a policy on token protection covers this user and this API',
      'only apps that sign in through the broker of a registered device meet it',
    ],
    who: 'administrator',
    remedy: [
      'exempt the app or the user from the policy: Microsoft Entra admin center > Conditional Access > Policies',
      'for unattended work use an app of its own: "entra-auth-cli get-token -p NAME --flow client-credentials"',
    ],
    link: page('identity/conditional-access/concept-token-protection'),
  },
  500531: {
    fact: 'the sign-in was blocked because of the country that it came from',
    causes: [
      'the address belongs to a country that the law closes Microsoft services to',
      'a VPN ends there',
    ],
    who: 'you',
    remedy: ['sign in without the VPN, or from another place', tellAdministrator],
  },
}
