import type { EntraCodeTable } from './entra-code.ts'
import { openTicket, page, tellAdministrator, tryLater } from './next-steps.ts'

const writeback = page('identity/authentication/troubleshoot-sspr-writeback')
const chooseAnother = 'choose a longer, less usual password at https://mysignins.microsoft.com'
const checkWriteback =
  'check password writeback: Microsoft Entra admin center > Password reset > On-premises integration'
const resetByAdmin = 'have it reset: Microsoft Entra admin center > Users > (user) > Reset password'

/** A password that had to be changed during the sign-in, and could not be. */
export const passwordChangeCodes: EntraCodeTable = {
  120000: {
    name: 'PasswordChangeIncorrectCurrentPassword',
    fact: 'the password was not changed: the current one was mistyped',
    causes: ['the old password is not the one of this account'],
    who: 'you',
    remedy: ['type the current password again', resetByAdmin],
  },
  120002: {
    name: 'PasswordChangeInvalidNewPasswordWeak',
    fact: 'the new password is too weak',
    causes: ['it is short or widely used'],
    who: 'you',
    remedy: [chooseAnother],
  },
  120003: {
    name: 'PasswordChangeInvalidNewPasswordContainsMemberName',
    fact: 'the new password contains the user name',
    causes: ['a part of it equals the name of the account'],
    who: 'you',
    remedy: [chooseAnother],
  },
  120004: {
    name: 'PasswordChangeOnPremComplexity',
    fact: 'the new password does not meet the rules of Active Directory',
    causes: ['it is too short or simple, or was used before'],
    who: 'you',
    remedy: [chooseAnother, 'ask an administrator for the rules of the domain'],
    link: writeback,
  },
  120005: {
    name: 'PasswordChangeOnPremSuccessCloudFail',
    fact: 'the password was changed in Active Directory but not in Entra',
    causes: ['the second half of the change failed; Active Directory has the new password already'],
    who: 'administrator',
    remedy: ['sign in with the new password in some minutes', checkWriteback],
    link: writeback,
  },
  120008: {
    name: 'PasswordChangeAsyncJobStateTerminated',
    fact: 'changing the password failed for good',
    causes: ['Microsoft publishes no cause'],
    who: 'administrator',
    remedy: [resetByAdmin, openTicket],
  },
  120011: {
    name: 'PasswordChangeAsyncUpnInferenceFailed',
    fact: 'the password was not changed: the user name could not be told',
    causes: ['Microsoft publishes no cause'],
    who: 'administrator',
    remedy: ['give the full user name, such as user@contoso.com', resetByAdmin],
  },
  120012: {
    name: 'PasswordChangeNeedsToHappenOnPrem',
    fact: 'the password can only be changed in Active Directory',
    causes: ['the account comes from Active Directory, and writing back is not enabled'],
    who: 'you',
    remedy: ['change it on a machine of the domain: Ctrl+Alt+Del > Change a password', checkWriteback],
    link: writeback,
  },
  120013: {
    name: 'PasswordChangeOnPremisesConnectivityFailure',
    fact: 'the password was not changed: Active Directory could not be reached',
    causes: ['Microsoft Entra Connect or the way to it is down'],
    who: 'administrator',
    remedy: [tryLater, checkWriteback],
    code: 'network',
    link: writeback,
  },
  120014: {
    name: 'PasswordChangeOnPremUserAccountLockedOutOrDisabled',
    fact: 'the password was not changed: the account is locked or disabled in Active Directory',
    causes: ['too many wrong passwords, or an administrator disabled it'],
    who: 'administrator',
    remedy: ['unlock it: Active Directory Users and Computers > (user) > Account', tellAdministrator],
    link: writeback,
  },
  120015: {
    name: 'PasswordChangeADAdminActionRequired',
    fact: 'the password was not changed: an administrator of Active Directory must act',
    causes: [
      'the account that writes passwords back lacks a permission, or the user may not change the password',
    ],
    who: 'administrator',
    remedy: [checkWriteback, resetByAdmin],
    link: writeback,
  },
  120016: {
    name: 'PasswordChangeUserNotFoundBySspr',
    fact: 'the password was not changed: the user was not found',
    causes: ['the account is new, or was deleted'],
    who: 'administrator',
    remedy: [tryLater, resetByAdmin],
  },
  120018: {
    name: 'PasswordChangePasswordDoesnotComplyFuzzyPolicy',
    fact: 'the new password is too much like one that is banned',
    causes: ['it resembles a common password, or a word that the organization has banned'],
    who: 'you',
    remedy: [chooseAnother],
    link: page('identity/authentication/concept-password-ban-bad'),
  },
  120020: {
    name: 'PasswordChangeFailure',
    fact: 'changing the password failed',
    causes: ['Microsoft publishes no cause'],
    who: 'you',
    remedy: [tryLater, resetByAdmin],
  },
  120021: {
    name: 'PartnerServiceSsprInternalServiceError',
    fact: 'the service that resets passwords failed',
    causes: ['a fault at Microsoft, which passes as a rule'],
    who: 'microsoft',
    remedy: [tryLater, openTicket],
    code: 'network',
  },
}
