import type { EntraCodeTable } from './entra-code.ts'
import { page, signInByBrowser } from './next-steps.ts'

const link = page('identity-platform/v2-oauth2-device-code')

/** The device code flow of RFC 8628, while a person is to enter the code. */
export const deviceCodeCodes: EntraCodeTable = {
  70016: {
    name: 'AuthorizationPending',
    fact: 'nobody has entered the device code yet',
    causes: ['the person has not finished the sign-in; this answer is normal while it lasts'],
    who: 'you',
    remedy: [
      'enter it and try again',
      'start anew with "entra-auth-cli get-token -p NAME --flow device-code"',
    ],
    link,
  },
  70018: {
    name: 'BadVerificationCode',
    fact: 'the device code is not known',
    causes: ['the code was mistyped', 'the code was used already or has expired'],
    who: 'you',
    remedy: ['run "entra-auth-cli get-token -p NAME --flow device-code" again and enter the new code'],
    link,
  },
  70019: {
    name: 'CodeExpired',
    fact: 'the device code has expired',
    causes: ['it was not entered within its time, 15 minutes as a rule'],
    who: 'you',
    remedy: ['run it again for a new code', 'enter the code as soon as it is shown'],
    code: 'timeout',
    link,
  },
  70020: {
    fact: 'the device code has expired',
    causes: ['it was not entered within its time, 15 minutes as a rule'],
    who: 'you',
    remedy: ['run it again for a new code', 'enter the code as soon as it is shown'],
    code: 'timeout',
    link,
  },
  90119: {
    name: 'InvalidUserCode',
    fact: 'no device code was entered',
    causes: ['the page was sent with an empty code'],
    who: 'you',
    remedy: ['enter the code that the command shows'],
    link,
  },
  90120: {
    name: 'InvalidDeviceFlowRequest',
    fact: 'this device code was already allowed or declined',
    causes: ['the code was entered twice, or in two windows'],
    who: 'you',
    remedy: ['run "entra-auth-cli get-token -p NAME --flow device-code" for a new code'],
    link,
  },
  530036: {
    fact: 'conditional access no longer takes refresh tokens that came from a device code',
    causes: [
      'a policy on authentication flows blocks the device code flow, and the refresh token stems from it',
    ],
    who: 'you',
    remedy: [signInByBrowser, 'or ask an administrator to exempt you: Conditional Access > Policies'],
    code: 'interaction_required',
    link: page('identity/conditional-access/concept-authentication-flows'),
  },
  530033: {
    fact: 'conditional access asks for a managed device, which a device code cannot prove',
    causes: ['the policy looks at the machine that waits for the token, and that one proves no device'],
    who: 'you',
    remedy: [signInByBrowser, 'run the command on the managed machine itself'],
    link: page('identity/conditional-access/concept-conditional-access-grant'),
  },
}
