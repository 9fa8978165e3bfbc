import type { EntraCodeTable } from './entra-code.ts'
import { article, page, showProfile, tellDeveloper } from './next-steps.ts'

const clouds = page('identity-platform/authentication-national-cloud')
const nameCloud = 'name the cloud of the tenant: "entra-auth-cli config edit NAME --cloud usgov"'

/** Tenants that are not found, and tenants, apps and users of different Microsoft clouds. */
export const cloudCodes: EntraCodeTable = {
  90002: {
    name: 'InvalidTenantName',
    fact: 'there is no such tenant',
    causes: [
      'the tenant id or domain has a typing error',
      'the tenant is in another cloud, such as US Government or China',
      'the domain is not registered in Entra, or the tenant was deleted',
    ],
    who: 'you',
    remedy: [
      'check the tenant id of the profile, and its cloud',
      'see them with "entra-auth-cli config show NAME"',
      'try another for one call: "entra-auth-cli get-token -p NAME --tenant TENANT"',
    ],
    link: clouds,
  },
  900023: {
    fact: 'the tenant is neither an id nor a domain name',
    causes: ['a placeholder or a name was given in place of the tenant id', 'a blank or a quote came along'],
    who: 'you',
    remedy: [
      'give the GUID or a domain such as contoso.onmicrosoft.com: "entra-auth-cli get-token -p NAME --tenant TENANT"',
      showProfile,
    ],
    code: 'invalid_arguments',
  },
  90038: {
    name: 'NationalCloudTenantRedirection',
    fact: 'the tenant is in another Microsoft cloud',
    causes: [
      'the profile asks the public cloud for a tenant of US Government or China, or the other way round',
    ],
    who: 'you',
    remedy: [nameCloud, showProfile],
    link: clouds,
  },
  900439: {
    name: 'USGClientNotSupportedOnPublicEndpoint',
    fact: 'the app belongs to the US Government cloud and was asked for in the public one',
    causes: ['the profile has the cloud public'],
    who: 'you',
    remedy: [nameCloud, showProfile],
    link: article('error-aadsts900439-usgclientnotsupportedonpublicendpoint'),
  },
  900440: {
    name: 'PublicTenantNotSupportedOnUSGovEndpoint',
    fact: 'the tenant belongs to the public cloud and was asked for in that of US Government',
    causes: ['the profile has the cloud usgov'],
    who: 'you',
    remedy: ['name the cloud of the tenant: "entra-auth-cli config edit NAME --cloud public"', showProfile],
    link: clouds,
  },
  90043: {
    name: 'NationalCloudAuthCodeRedirection',
    fact: 'passing the sign-in on to another Microsoft cloud is turned off',
    causes: ['the user or the app belongs to another cloud than the one asked'],
    who: 'you',
    remedy: [nameCloud, showProfile],
    link: clouds,
  },
  90051: {
    name: 'InvalidNationalCloudId',
    fact: 'the request names a Microsoft cloud that does not exist',
    causes: ['the address was changed by hand, or the app sends a wrong name'],
    who: 'developer',
    remedy: [tellDeveloper, showProfile],
    link: clouds,
  },
  900382: {
    fact: 'an app with a secret or certificate cannot ask across clouds',
    causes: ['user and app belong to different Microsoft clouds, and the app is a confidential client'],
    who: 'developer',
    remedy: ['register the app in the cloud of the users, and make a profile for it', showProfile],
    link: clouds,
  },
  900432: {
    fact: 'an app with a secret or certificate cannot ask across clouds',
    causes: ['user and app belong to different Microsoft clouds, and the app is a confidential client'],
    who: 'developer',
    remedy: ['register the app in the cloud of the users, and make a profile for it', showProfile],
    link: clouds,
  },
  90027: {
    fact: 'the old v1.0 endpoint issues no tokens for personal accounts',
    causes: ['the app uses the v1.0 protocol in the tenant of personal accounts'],
    who: 'developer',
    remedy: ['use the v2.0 endpoint, as this tool does', tellDeveloper],
  },
}
