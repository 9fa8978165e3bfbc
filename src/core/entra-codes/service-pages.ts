import type { EntraCodeTable } from './entra-code.ts'
import { page, tellAdministrator, tellDeveloper } from './next-steps.ts'

const codeFlow = page('identity-platform/v2-oauth2-auth-code-flow')
const startAnew = 'start the sign-in anew, without the Back button: "entra-auth-cli get-token -p NAME"'

/** Pages and endpoints that were opened, reloaded or called in another way than they must be. */
export const pageCodes: EntraCodeTable = {
  70007: {
    name: 'UnsupportedResponseMode',
    fact: 'the app asks for its answer in a way that is not supported (response mode)',
    causes: ['response_mode must be query, fragment or form_post'],
    who: 'developer',
    remedy: [tellDeveloper],
    link: codeFlow,
  },
  90007: {
    name: 'InvalidSessionId',
    fact: 'the session id in the request cannot be read',
    causes: ['the address of the sign-in page was cut or changed'],
    who: 'you',
    remedy: [startAnew, tellDeveloper],
  },
  90056: {
    name: 'BadResourceRequest',
    fact: 'the token endpoint was called with the wrong method or without a code',
    causes: [
      'the app does not send the authorization code by POST',
      'the page was opened or reloaded by hand',
    ],
    who: 'developer',
    remedy: [startAnew, tellDeveloper],
    link: codeFlow,
  },
  900561: {
    name: 'BadResourceRequestInvalidRequest',
    fact: 'the endpoint was called with the wrong method, GET instead of POST as a rule',
    causes: ['somebody went back or reloaded the page in the browser', 'the app calls the wrong endpoint'],
    who: 'you',
    remedy: [startAnew, tellDeveloper],
  },
  90121: {
    name: 'InvalidEmptyRequest',
    fact: 'the request is empty',
    causes: ['the page was opened or reloaded by hand', 'a proxy dropped the body of the request'],
    who: 'you',
    remedy: [startAnew, tellDeveloper],
  },
  165000: {
    name: 'InvalidRequestCanary',
    fact: 'the sign-in page was sent without the mark that proves where it came from',
    causes: ['cookies are blocked, or the page was open too long'],
    who: 'you',
    remedy: ['allow cookies for login.microsoftonline.com', startAnew],
  },
  165004: {
    name: 'InvalidApiCanary',
    fact: 'the sign-in page was sent without the mark that proves where it came from',
    causes: ['cookies are blocked, or the page was open too long'],
    who: 'you',
    remedy: ['allow cookies for login.microsoftonline.com', startAnew],
  },
  165900: {
    name: 'InvalidApiRequest',
    fact: 'a step of the sign-in page is not valid',
    causes: ['the page was open too long or in two windows', 'Microsoft publishes no more about it'],
    who: 'you',
    remedy: [startAnew, tellAdministrator],
  },
}
