import type { EntraCodeTable } from './entra-code.ts'
import { openTicket, page, tryLater } from './next-steps.ts'

const health = 'look for an outage at https://status.cloud.microsoft'
const support = page('fundamentals/how-to-get-support')
const passing = 'a fault at Microsoft, which passes as a rule'
const slower =
  'ask less often: "entra-auth-cli get-token -p NAME" without --force serves tokens from its cache'

/** Entra or what stands behind it fails, is away or has had enough. */
export const availabilityCodes: EntraCodeTable = {
  70012: {
    name: 'MsaServerError',
    fact: 'the service for personal Microsoft accounts failed',
    causes: [passing],
    who: 'microsoft',
    remedy: [tryLater, openTicket],
    code: 'network',
    link: support,
  },
  90006: {
    name: 'ExternalServerRetryableError',
    fact: 'Entra is not available for the moment',
    causes: [passing],
    who: 'microsoft',
    remedy: [tryLater, health],
    code: 'network',
  },
  90012: {
    name: 'RequestTimeout',
    fact: 'Entra could not answer in time',
    causes: [passing],
    who: 'microsoft',
    remedy: [tryLater, health],
    code: 'timeout',
  },
  90024: {
    name: 'RequestBudgetExceededError',
    fact: 'Entra gave up on the request: it took too much',
    causes: [passing],
    who: 'microsoft',
    remedy: [tryLater, health],
    code: 'network',
  },
  90033: {
    name: 'MsodsServiceUnavailable',
    fact: 'the directory behind Entra is not available',
    causes: [passing],
    who: 'microsoft',
    remedy: [tryLater, health],
    code: 'network',
  },
  90036: {
    name: 'MsodsServiceUnretryableFailure',
    fact: 'the directory behind Entra failed, and trying again does not help',
    causes: ['Microsoft publishes no cause'],
    who: 'microsoft',
    remedy: [openTicket, health],
    link: support,
  },
  90055: {
    name: 'TenantThrottlingError',
    fact: 'the tenant sends too many requests and is held back',
    causes: ['an app of the tenant asks in a loop, or many machines ask at once'],
    who: 'administrator',
    remedy: [tryLater, slower],
    code: 'network',
  },
  90090: {
    name: 'GraphRetryableError',
    fact: 'the directory behind Entra is not available for the moment',
    causes: [passing],
    who: 'microsoft',
    remedy: [tryLater, health],
    code: 'network',
  },
  90091: {
    name: 'GraphServiceUnreachable',
    fact: 'the directory behind Entra cannot be reached',
    causes: [passing],
    who: 'microsoft',
    remedy: [tryLater, health],
    code: 'network',
  },
  90092: {
    name: 'GraphNonRetryableError',
    fact: 'the directory behind Entra refused, and trying again does not help',
    causes: ['the change that the sign-in needs is not possible: a consent, say'],
    who: 'administrator',
    remedy: [openTicket],
    link: support,
  },
  90010: {
    name: 'NotSupported',
    fact: 'Entra cannot use the algorithm that was asked for',
    causes: ['a token or assertion names an algorithm that is not supported'],
    who: 'developer',
    remedy: ['sign assertions with PS256 or RS256', openTicket],
    link: page('identity-platform/certificate-credentials'),
  },
  230109: {
    name: 'CachedCredentialNonGWAuthNRequestsNotSupported',
    fact: 'the reserve system of Entra was asked directly, which it does not allow',
    causes: ['the request did not come by the ordinary address of Entra'],
    who: 'developer',
    remedy: ['check the authority of the profile: "entra-auth-cli config show NAME"', openTicket],
  },
}
