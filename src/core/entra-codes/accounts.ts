import type { EntraCodeTable } from './entra-code.ts'
import {
  inviteGuest,
  openTicket,
  showProfile,
  signInAgain,
  signInAsSomebodyElse,
  signInInBrowser,
  signInLogs,
} from './sign-in-remedies.ts'

const resetPassword = 'reset the password at https://aka.ms/sspr, or ask an administrator to reset it'
const guestPage =
  'https://learn.microsoft.com/troubleshoot/azure/active-directory/error-code-aadsts50020-user-account-identity-provider-does-not-exist'

/** Who signs in: accounts that are unknown, locked, disabled or of the wrong kind, and their passwords. */
export const accountCodes: EntraCodeTable = {
  16000: {
    name: 'InteractionRequired',
    fact: 'the account that is signed in does not exist in this tenant',
    causes: [
      'the browser signed in with another account, often a personal one',
      'the account was never invited to the tenant of the profile',
      'the profile names the wrong tenant',
    ],
    who: 'you',
    remedy: [signInAsSomebodyElse, showProfile, inviteGuest],
  },
  16003: {
    name: 'SsoUserAccountNotFoundInResourceTenant',
    fact: 'the account was not added to this tenant',
    causes: [
      'the account belongs to another tenant and was not invited to this one',
      'the invitation was not accepted yet',
    ],
    who: 'administrator',
    remedy: [inviteGuest, signInAsSomebodyElse],
  },
  17003: {
    name: 'CredentialKeyProvisioningFailed',
    fact: 'Entra could not store a key for the user',
    causes: ['the user or the device was made so lately that it is not known everywhere yet'],
    who: 'microsoft',
    remedy: ['wait a few minutes, then register the key again at https://aka.ms/mysecurityinfo', openTicket],
  },
  50014: {
    name: 'GuestUserInPendingState',
    fact: 'the guest account is not ready: its invitation was not accepted',
    causes: [
      'the invitation waits in a mailbox',
      'the profile names the wrong tenant',
      'the invitation was redeemed with another account',
    ],
    who: 'you',
    remedy: [
      'accept the invitation: open the link in its message',
      'have it sent again: Microsoft Entra admin center > Users > the guest > Resend invitation',
      showProfile,
    ],
  },
  50015: {
    name: 'ViralUserLegalAgeConsentRequiredState',
    fact: 'the account needs the consent of a parent or guardian',
    causes: ['the person is below the age at which the law of the country asks for it'],
    who: 'administrator',
    remedy: [
      'set age group and consent: Microsoft Entra admin center > Users > the user > Properties > Age group',
    ],
  },
  50020: {
    name: 'UserUnauthorized',
    fact: 'the account is of another tenant or kind and is no guest in this one',
    causes: [
      'the browser signed in with an account of another organization, or a personal one',
      'the app takes accounts of one tenant only, and the request names another',
      'the account was never invited to this tenant',
    ],
    who: 'you',
    remedy: [signInAsSomebodyElse, showProfile, inviteGuest],
    link: guestPage,
  },
  50034: {
    name: 'UserAccountNotFound',
    fact: 'there is no such user in this tenant',
    causes: [
      'the user name is misspelled',
      'the profile names the wrong tenant',
      'the account was deleted or never invited',
    ],
    who: 'you',
    remedy: [
      'check the user name and the tenant of the profile with "entra-auth-cli config show NAME"',
      inviteGuest,
    ],
  },
  50052: {
    fact: 'the password is longer than Entra takes',
    causes: ['more than the password was pasted', 'the password has more than 256 characters'],
    who: 'you',
    remedy: ['type the password again', resetPassword],
  },
  50053: {
    name: 'IdsLocked',
    fact: 'the account is locked, or the address you come from is blocked',
    causes: [
      'the password was wrong too many times in a row',
      'somebody else guesses at the password of the account',
      'requests from this address, perhaps of a VPN or proxy, were found malicious',
    ],
    who: 'you',
    remedy: [
      'wait until the lock ends, usually a minute after the last attempt, then sign in once with the right password',
      'leave the VPN or proxy and try again',
      signInLogs,
    ],
  },
  50055: {
    name: 'InvalidPasswordExpiredPassword',
    fact: 'the password of the user has expired',
    causes: ['the organization lets passwords expire', 'an administrator set a temporary password'],
    who: 'you',
    remedy: [`${signInInBrowser}, where Entra asks for a new password`, resetPassword],
  },
  50056: {
    fact: 'the user has no password in this directory',
    causes: [
      'the account signs in at a federated identity provider or without a password',
      'the password of the on-premises directory is not synchronized',
    ],
    who: 'you',
    remedy: [signInInBrowser, 'have an administrator reset the password of the user'],
  },
  50057: {
    name: 'UserDisabled',
    fact: 'the user account is disabled',
    causes: [
      'an administrator disabled it',
      'it was disabled in the on-premises Active Directory, from which it is synchronized',
    ],
    who: 'administrator',
    remedy: [
      'ask an administrator of the tenant to enable it: Microsoft Entra admin center > Users > the user > Account status',
      'where it is synchronized, enable it in Active Directory',
    ],
  },
  50064: {
    name: 'CredentialAuthenticationError',
    fact: 'user name and password were not accepted',
    causes: ['the password is wrong', 'the identity provider of the account could not check it'],
    who: 'you',
    remedy: [signInAgain, resetPassword],
  },
  50126: {
    name: 'InvalidUserNameOrPassword',
    fact: 'the user name or password is wrong',
    causes: ['a typing error', 'the password was changed', 'the account belongs to another tenant'],
    who: 'you',
    remedy: ['try again, and check the tenant of the profile', resetPassword],
  },
  50135: {
    name: 'PasswordChangeCompromisedPassword',
    fact: 'the password must be changed, for Entra holds it to be known to others',
    causes: [
      'the password was found in a leak',
      'the sign-ins of the account look like those of an attacker',
    ],
    who: 'you',
    remedy: [`${signInInBrowser} and choose a new password`, resetPassword],
  },
  50142: {
    fact: 'conditional access demands a new password first',
    causes: ['the account is rated a risk, and a policy lets it go on after a change of the password'],
    who: 'you',
    remedy: [`${signInInBrowser} and choose a new password`, resetPassword],
  },
  50144: {
    name: 'InvalidPasswordExpiredOnPremPassword',
    fact: "the user's password in the on-premises Active Directory has expired",
    causes: ['the password policy of the domain'],
    who: 'you',
    remedy: [
      'change it at a machine of the domain, or at https://aka.ms/sspr',
      'ask the helpdesk to reset it',
    ],
  },
  50177: {
    name: 'ExternalChallengeNotSupportedForPassthroughUsers',
    fact: 'an external second factor is asked for, which a user who only passes through this tenant cannot give',
    causes: ['a policy with a custom control applies to people who have no account in the tenant'],
    who: 'administrator',
    remedy: [
      inviteGuest,
      'take these users out of the policy: Microsoft Entra admin center > Conditional Access > Policies',
    ],
  },
  50178: {
    name: 'SessionControlNotSupportedForPassthroughUsers',
    fact: 'a session control is asked for, which does not work for a user who only passes through this tenant',
    causes: ['a policy with session controls applies to people who have no account in the tenant'],
    who: 'administrator',
    remedy: [
      inviteGuest,
      'take these users out of the policy: Microsoft Entra admin center > Conditional Access > Policies',
    ],
  },
  51001: {
    name: 'DomainHintMustbePresent',
    fact: 'the request names an on-premises identity without the domain it belongs to',
    causes: ['the app sends an on-premises security identifier or user name without domain_hint'],
    who: 'developer',
    remedy: ['add domain_hint with a verified domain of the tenant to the request'],
  },
  51004: {
    name: 'UserAccountNotInDirectory',
    fact: 'the user does not exist in this tenant',
    causes: [
      'the browser is signed in with an account of another tenant',
      'the profile names the wrong tenant',
      'the account was deleted',
    ],
    who: 'you',
    remedy: [signInAsSomebodyElse, showProfile, inviteGuest],
  },
  53011: {
    fact: 'the user is blocked because the home tenant rates the account a risk',
    causes: ['the sign-ins of the account look like those of an attacker, or its password leaked'],
    who: 'administrator',
    remedy: [
      'ask an administrator of your home organization to look at it: Microsoft Entra admin center > Protection > Risky users',
    ],
  },
  54000: {
    name: 'MinorUserBlockedLegalAgeGroupRule',
    fact: 'the app is closed to users below the legal age',
    causes: ['the app registration limits the age, and the account is that of a minor without consent'],
    who: 'administrator',
    remedy: [
      'check the age group: Microsoft Entra admin center > Users > the user > Properties > Age group',
      'check the "Parental controls" of the app in its manifest',
    ],
  },
  50086: {
    name: 'SasNonRetryableError',
    fact: 'the second factor could not be checked, and trying again will not help',
    causes: ['the methods registered for the user are blocked or broken'],
    who: 'administrator',
    remedy: [
      'have the methods registered anew: Microsoft Entra admin center > Users > the user > Authentication methods > Require re-register',
      openTicket,
    ],
  },
}
