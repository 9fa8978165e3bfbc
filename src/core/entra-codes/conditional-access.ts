import type { EntraCodeTable } from './entra-code.ts'
import { openTicket, signInInBrowser, signInLogs } from './sign-in-remedies.ts'

const troubleshooting =
  'https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access'
const managedDevice =
  'sign in on a machine that your organization manages, in the browser there, with "entra-auth-cli get-token -p NAME --force --flow interactive-browser"'
const registerDevice = 'register the machine: Windows Settings > Accounts > Access work or school > Connect'

/** What conditional access and the state of the device have against a sign-in. */
export const conditionalAccessCodes: EntraCodeTable = {
  50005: {
    name: 'DevicePolicyError',
    fact: 'conditional access does not take the platform of this device',
    causes: [
      'a policy names the operating systems that may sign in, and this one is not among them',
      'the browser does not say which system it runs on',
    ],
    who: 'you',
    remedy: [managedDevice, signInLogs],
    link: troubleshooting,
  },
  50097: {
    name: 'DeviceAuthenticationRequired',
    fact: 'the device must prove itself, which only a registered one can',
    causes: [
      'a policy demands a registered or managed device',
      'the browser cannot present the registration of the machine, as a device code or a private window never can',
    ],
    who: 'you',
    remedy: [managedDevice, registerDevice, signInLogs],
    link: troubleshooting,
  },
  50099: {
    name: 'PKeyAuthInvalidJwtUnauthorized',
    fact: 'the signature with which the device proved itself is not valid',
    causes: ['the registration of the device was renewed or deleted', 'the clock of the device is wrong'],
    who: 'you',
    remedy: [
      'see what "dsregcmd /status" says of the registration, then leave and join again',
      registerDevice,
    ],
  },
  50127: {
    name: 'BrokerAppNotInstalled',
    fact: 'a broker app must be installed on this device first',
    causes: [
      'a policy demands an approved app, which on phones needs Microsoft Authenticator or the Company Portal',
    ],
    who: 'you',
    remedy: ['install Microsoft Authenticator or the Company Portal on the device', managedDevice],
  },
  50129: {
    name: 'DeviceIsNotWorkplaceJoined',
    fact: 'the device is not registered with your organization',
    causes: ['a policy demands a registered device'],
    who: 'you',
    remedy: [registerDevice, managedDevice],
  },
  50131: {
    name: 'ConditionalAccessFailed',
    fact: 'conditional access refused the sign-in',
    causes: [
      'the state of the device does not fit the policy',
      'the sign-in looks suspicious, by its place or its address',
      'a policy of the organization blocks this app or this person',
    ],
    who: 'administrator',
    remedy: [`ask an administrator which policy it was; ${signInLogs}`, managedDevice],
    link: troubleshooting,
  },
  50155: {
    name: 'DeviceAuthenticationFailed',
    fact: 'the device could not prove itself',
    causes: [
      'the device was disabled or deleted in the tenant',
      'the certificate of the device has expired or is missing',
    ],
    who: 'you',
    remedy: [
      'see what "dsregcmd /status" says of the registration, then leave and join again',
      'have an administrator enable it: Microsoft Entra admin center > Devices > All devices',
    ],
  },
  50187: {
    name: 'DeviceInformationNotProvided',
    fact: 'the device did not send what proves it',
    causes: ['the browser or app cannot present the registration of the machine', 'a passing fault'],
    who: 'you',
    remedy: [signInInBrowser, registerDevice],
  },
  53000: {
    name: 'DeviceNotCompliant',
    fact: 'conditional access demands a compliant device, and this one is not',
    causes: [
      'the device is not enrolled in Intune or another device management',
      'it is enrolled, but breaks a rule, such as an old version or a disk that is not encrypted',
    ],
    who: 'you',
    remedy: [
      'see what is missing in the Company Portal on the device, mend it, and choose "Check access"',
      managedDevice,
    ],
    link: troubleshooting,
  },
  53001: {
    name: 'DeviceNotDomainJoined',
    fact: "conditional access demands a machine of your organization's domain",
    causes: [
      'the machine is not hybrid joined',
      'the browser cannot present that it is, as a device code never can',
    ],
    who: 'you',
    remedy: [managedDevice, 'see what "dsregcmd /status" says of the registration', signInLogs],
    link: troubleshooting,
  },
  53002: {
    name: 'ApplicationUsedIsNotAnApprovedApp',
    fact: 'conditional access takes only approved apps, and this one is not',
    causes: ['a policy demands an approved client app for the API that is asked for'],
    who: 'administrator',
    remedy: [
      'ask an administrator to leave this app out of the policy: Microsoft Entra admin center > Conditional Access > Policies',
      signInLogs,
    ],
  },
  53003: {
    name: 'BlockedByConditionalAccess',
    fact: 'conditional access blocked the sign-in',
    causes: [
      'a policy blocks the flow, often the device code',
      'a policy blocks the place or the network you come from',
      'a policy wants a managed device or an approved app',
      'a policy for workload identities blocks the app itself',
    ],
    who: 'administrator',
    remedy: [
      'if it was a device code, try "entra-auth-cli get-token -p NAME --force --flow interactive-browser"; else ask an administrator which policy it was',
      signInLogs,
      managedDevice,
    ],
    link: troubleshooting,
  },
  53005: {
    fact: 'conditional access demands an app that Intune protects',
    causes: ['a policy asks for an app protection policy, which a command line cannot have'],
    who: 'administrator',
    remedy: [
      'ask an administrator to leave this app out of the policy: Microsoft Entra admin center > Conditional Access > Policies',
    ],
  },
  53009: {
    fact: 'conditional access demands that the app enforces the protection policies of Intune',
    causes: ['a policy asks for an app protection policy, which a command line cannot have'],
    who: 'administrator',
    remedy: [
      'ask an administrator to leave this app out of the policy: Microsoft Entra admin center > Conditional Access > Policies',
    ],
  },
  50192: {
    name: 'RawCredentialExpectedNotFound',
    fact: 'the sign-in came without the credential it was to carry',
    causes: [
      'no certificate was chosen in the browser at a sign-in with a certificate',
      'a proxy that breaks TLS open took the certificate away',
    ],
    who: 'you',
    remedy: [
      'choose the certificate when the browser asks for it, with the smart card inserted',
      'have certauth.login.microsoftonline.com left out of TLS inspection in the proxy',
      openTicket,
    ],
  },
}
