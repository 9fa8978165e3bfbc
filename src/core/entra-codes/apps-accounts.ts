import type { EntraCodeTable } from './entra-code.ts'
import { page, showProfile } from './next-steps.ts'

const accountTypes =
  'change the supported accounts: Microsoft Entra admin center > App registrations > (app) > Authentication'

/** Apps that are for certain tenants or kinds of accounts only, and requests that name others. */
export const accountTypeCodes: EntraCodeTable = {
  650059: {
    fact: 'the app is for its own tenant only, and was asked for in another',
    causes: [
      'the profile names a tenant that is not the home of the app',
      'the app was open to several tenants once and is no longer',
    ],
    who: 'app-owner',
    remedy: ['check the tenant with "entra-auth-cli config show NAME"', accountTypes],
    link: page('identity-platform/howto-convert-app-to-be-multi-tenant'),
  },
  9001023: {
    fact: 'this flow does not work with the tenant common or consumers',
    causes: ['the profile names common or consumers, and the flow needs to know the tenant'],
    who: 'you',
    remedy: ['name the tenant: "entra-auth-cli get-token -p NAME --tenant TENANT"', showProfile],
  },
  90124: {
    name: 'V1ResourceV2GlobalEndpointNotSupported',
    fact: 'this API does not work with the tenant common or consumers',
    causes: ['the API is an old one for work accounts only'],
    who: 'you',
    remedy: ['name the tenant: "entra-auth-cli get-token -p NAME --tenant TENANT"', showProfile],
  },
  90130: {
    name: 'NonConvergedAppV2GlobalEndpointNotSupported',
    fact: 'this app does not work with the tenant common or consumers',
    causes: ['the app is registered for work accounts only'],
    who: 'you',
    remedy: ['name the tenant: "entra-auth-cli get-token -p NAME --tenant TENANT"', accountTypes],
  },
  9002331: {
    fact: 'the app is for personal Microsoft accounts only',
    causes: ['the app registration takes personal accounts only, and the request names another tenant'],
    who: 'you',
    remedy: ['sign in with "entra-auth-cli get-token -p NAME --tenant consumers"', accountTypes],
  },
  9002346: {
    fact: 'the app is for personal Microsoft accounts only',
    causes: ['the app registration takes personal accounts only, and the request names another tenant'],
    who: 'you',
    remedy: ['sign in with "entra-auth-cli get-token -p NAME --tenant consumers"', accountTypes],
  },
  9002332: {
    fact: 'the app is for work and school accounts only',
    causes: ['the profile names the tenant consumers, which holds personal accounts'],
    who: 'you',
    remedy: ['sign in with "entra-auth-cli get-token -p NAME --tenant organizations"', accountTypes],
  },
}
