import type { EntraCodeTable } from './entra-code.ts'
import { article, openTicket, page, showProfile, tellAdministrator } from './next-steps.ts'

const crossTenant = page('external-id/cross-tenant-access-overview')
const restrictions = page('external-id/tenant-restrictions-v2')
const crossTenantPage =
  'allow it: Microsoft Entra admin center > External Identities > Cross-tenant access settings'
const proxyList =
  'if it is your own policy, add the tenant to the Restrict-Access-To-Tenants header of the company proxy'
const ownAccount = 'choose another account: "entra-auth-cli get-token -p NAME --prompt select_account"'
const invite = 'have it invited: Microsoft Entra admin center > Users > New user > Invite external user'
const ownTenant =
  'name the tenant that the account belongs to: "entra-auth-cli get-token -p NAME --tenant TENANT"'

/** Whether this account may go to this tenant, and whether the tenant is open at all. */
export const tenantAccessCodes: EntraCodeTable = {
  500021: {
    fact: 'the network you are in does not let you sign in to this tenant',
    causes: [
      'the company proxy allows certain tenants only (tenant restrictions), and this is not one of them',
    ],
    who: 'administrator',
    remedy: [proxyList, 'check that the tenant is right: "entra-auth-cli config show NAME"'],
    link: page('identity/enterprise-apps/tenant-restrictions'),
  },
  500022: {
    fact: 'the network you are in does not let you sign in to this tenant',
    causes: [
      'the company proxy allows certain tenants only (tenant restrictions), and this is not one of them',
    ],
    who: 'administrator',
    remedy: [proxyList, 'check that the tenant is right: "entra-auth-cli config show NAME"'],
    link: page('identity/enterprise-apps/tenant-restrictions'),
  },
  5000211: {
    name: 'NotAllowedTenantRestrictionsV2Tenant',
    fact: 'the policy of your device or network does not allow this tenant',
    causes: ['tenant restrictions of your organization do not name the tenant, the app or the user'],
    who: 'administrator',
    remedy: [
      'allow it: Microsoft Entra admin center > External Identities > Cross-tenant access settings > Tenant restrictions',
      tellAdministrator,
    ],
    link: restrictions,
  },
  500212: {
    name: 'NotAllowedByOutboundPolicyTenant',
    fact: 'your organization does not let you sign in to that other organization',
    causes: ['its settings for outbound access across tenants forbid it'],
    who: 'administrator',
    remedy: [`${crossTenantPage} > Outbound access`, tellAdministrator],
    link: crossTenant,
  },
  500213: {
    name: 'NotAllowedByInboundPolicyTenant',
    fact: 'that organization does not let users of yours in',
    causes: ['its settings for inbound access across tenants forbid it'],
    who: 'administrator',
    remedy: [`there: ${crossTenantPage} > Inbound access`, ownAccount],
    link: crossTenant,
  },
  1000104: {
    name: 'XCB2BResourceCloudNotAllowedOnIdentityTenant',
    fact: 'your organization does not allow access to the cloud that the API is in',
    causes: ['the API belongs to another Microsoft cloud, and collaboration with it is off'],
    who: 'administrator',
    remedy: [
      'turn it on: External Identities > Cross-tenant access settings > Microsoft cloud settings',
      'check the cloud of the profile: "entra-auth-cli config show NAME"',
    ],
    link: page('external-id/cross-cloud-settings'),
  },
  500200: {
    fact: 'a personal Microsoft account cannot be used for this app',
    causes: ['the app is for work and school accounts, and the account is a personal one'],
    who: 'you',
    remedy: [ownAccount, ownTenant],
  },
  500202: {
    fact: 'a personal Microsoft account cannot be used for this API directly',
    causes: ['the account is a guest somewhere, and the request does not name that tenant'],
    who: 'you',
    remedy: [ownTenant, ownAccount],
  },
  500207: {
    fact: 'this kind of account cannot be used for the API that was asked for',
    causes: [
      'the API is in another kind of tenant than the account: an external one, or one for personal accounts',
      'the scope names the wrong API',
    ],
    who: 'you',
    remedy: ['check tenant, app and scopes: "entra-auth-cli config show NAME"', ownAccount],
  },
  500208: {
    fact: 'the domain of the account is not one that can sign in here',
    causes: [
      'a personal account was used in a tenant for work accounts, or an account of another organization',
    ],
    who: 'you',
    remedy: [ownAccount, showProfile],
  },
  500341: {
    fact: 'the user account has been deleted from the tenant',
    causes: ['the person has left, or the account was removed by mistake'],
    who: 'administrator',
    remedy: ['restore it within 30 days: Microsoft Entra admin center > Users > Deleted users', ownAccount],
  },
  500571: {
    fact: 'the guest account is disabled in this tenant',
    causes: ['an administrator of that organization has blocked it', 'the wrong tenant was asked for'],
    who: 'administrator',
    remedy: ['enable it: Microsoft Entra admin center > Users > (user) > Account status', ownTenant],
    link: article('error-code-aadsts500571-guest-user-account-is-disabled'),
  },
  90072: {
    name: 'PassThroughUserMfaError',
    fact: 'the account is not known in this tenant',
    causes: [
      'the account belongs to another organization and was never invited here',
      'the wrong account was chosen, or the profile names the wrong tenant',
      'the user is synchronized, but with another ImmutableID than in Active Directory',
    ],
    who: 'you',
    remedy: [ownAccount, showProfile, invite],
    link: page('external-id/external-identities-overview'),
  },
  5000224: {
    fact: 'Microsoft has closed this tenant',
    causes: [
      'the tenant was closed for a breach of terms, on suspicion of fraud, or was to live for a time only',
    ],
    who: 'administrator',
    remedy: ['check that the tenant is right: "entra-auth-cli config show NAME"', openTicket],
  },
  5000225: {
    fact: 'the tenant was closed because nobody used it',
    causes: ['no subscription and no activity for a long time; after a while it is deleted for good'],
    who: 'administrator',
    remedy: [
      'ask Microsoft support to open it again, which is possible for some weeks: https://aka.ms/tenantlifecycle',
      'check that the tenant is right: "entra-auth-cli config show NAME"',
    ],
  },
  5000229: {
    fact: 'Microsoft has closed this tenant',
    causes: ['the tenant was one of Microsoft itself, made to live for a time only'],
    who: 'microsoft',
    remedy: ['check that the tenant is right: "entra-auth-cli config show NAME"', openTicket],
  },
}
