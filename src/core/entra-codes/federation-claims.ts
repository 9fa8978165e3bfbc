import type { EntraCodeTable } from './entra-code.ts'
import { page, tellAdministrator } from './next-steps.ts'

const link = page('identity-platform/custom-extension-troubleshoot')
const events =
  'see the reason: Microsoft Entra admin center > Monitoring & health > Sign-in logs > Authentication events'

/** Services of the organization that Entra asks for claims during a sign-in. */
export const claimsProviderCodes: EntraCodeTable = {
  1100000: {
    fact: 'the claims provider of the organization failed or could not be asked',
    causes: ['the API behind the custom extension was slow or away, or answered in a wrong form'],
    who: 'app-owner',
    remedy: ['try again once', events],
    link,
  },
  1100001: {
    fact: 'the claims provider of the organization failed',
    causes: [
      'the API behind the custom extension refused the call or answered in a wrong form',
      'the sign-in points at a custom extension that was deleted',
    ],
    who: 'app-owner',
    remedy: [events, tellAdministrator],
    link,
  },
}
