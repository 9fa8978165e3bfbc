import { valueMeaning } from './claim-values.ts'

/**
 * What the claims in Entra's tokens mean, in a clause each.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference
 */

// Maps, not objects: a claim called "constructor" must find nothing.
const headerMeanings = new Map([
  ['typ', 'kind of token'],
  ['alg', 'signature algorithm'],
  ['kid', 'which key signed it'],
  ['x5t', 'which key signed it, the v1.0 way'],
  ['nonce', 'Microsoft Graph marks its tokens so; only Graph can verify them'],
  ['jku', 'where the sender says its keys are; never to be trusted unseen'],
  ['x5c', 'certificate chain of the signing key'],
  ['cty', 'content type'],
])

const claimMeanings = new Map([
  // RFC 7519, section 4.1
  ['aud', 'audience, the API (or the app, for an ID token) it is meant for'],
  ['iss', 'issuer, the authority and tenant that made it'],
  ['iat', 'issued at'],
  ['nbf', 'not valid before'],
  ['exp', 'expires at'],
  ['sub', 'subject: the user or app, under an id that differs per application'],
  ['jti', 'id of this token'],
  // Who asked, and how it proved itself
  ['appid', 'client application that asked for it'],
  ['azp', 'client application that asked for it'],
  ['appidacr', 'how the client proved itself'],
  ['azpacr', 'how the client proved itself'],
  ['app_displayname', 'name of the client application'],
  ['idtyp', 'whom it stands for'],
  // What it permits
  ['scp', 'delegated permissions (scopes)'],
  ['roles', 'application permissions, or app roles of the user'],
  ['wids', 'directory roles of the user in the tenant, as template ids'],
  ['groups', 'groups of the user, as object ids'],
  ['hasgroups', 'the user is in groups, too many to list; ask Graph'],
  ['_claim_names', 'claims too large for the token'],
  ['_claim_sources', 'where to fetch the claims too large for the token'],
  ['acrs', 'authentication contexts the bearer has met'],
  ['xms_cc', 'what the client can handle'],
  // The tenant and the user
  ['tid', 'tenant'],
  ['oid', 'object id of the user or service principal, the same for all apps in the tenant'],
  ['name', 'display name; may change'],
  ['given_name', 'first name'],
  ['family_name', 'last name'],
  ['nickname', 'other name'],
  ['preferred_username', 'user name to show; may change'],
  ['unique_name', 'user name to show; may change'],
  ['upn', 'user principal name; may change'],
  ['email', 'reported e-mail address; never to be used for authorization'],
  ['verified_primary_email', 'verified e-mail address'],
  ['verified_secondary_email', 'further verified e-mail addresses'],
  ['xms_edov', "whether the e-mail domain's owner has been verified"],
  ['acct', 'member or guest'],
  ['ctry', 'country of the user'],
  ['onprem_sid', 'security identifier of the user on premises'],
  ['puid', 'internal id of the user'],
  ['login_hint', 'hint that signs this user in again without asking who it is'],
  ['xms_pl', 'language of the user'],
  ['xms_tpl', 'language of the tenant'],
  ['xms_pdl', "where the user's data is to be kept"],
  ['tenant_ctry', 'country of the tenant'],
  ['tenant_region_scope', 'region of the tenant'],
  // How and where the user signed in
  ['idp', 'identity provider that signed the user in, if another than the issuer'],
  ['amr', 'how the user signed in (v1.0)'],
  ['acr', 'strength of the sign-in (v1.0), or the user flow (Azure AD B2C)'],
  ['auth_time', 'when the user last signed in'],
  ['sid', 'session'],
  ['ipaddr', 'IP address of the sign-in'],
  ['fwd', 'IP address of the client, as seen inside a virtual network'],
  ['vnet', 'virtual network the sign-in came from'],
  ['in_corp', 'signed in from the corporate network'],
  ['deviceid', 'device the user signed in on'],
  ['ztdid', 'device, as Windows Autopilot knows it'],
  ['pwd_exp', 'when the password expires'],
  ['pwd_url', 'where to change the password'],
  // ID tokens (OpenID Connect Core, section 2)
  ['nonce', 'ties it to the sign-in request'],
  ['at_hash', 'ties it to an access token'],
  ['c_hash', 'ties it to an authorization code'],
  ['cnf', 'key the bearer must prove to hold'],
  // Azure AD B2C
  ['tfp', 'user flow or custom policy that made it'],
  ['emails', 'e-mail addresses of the user'],
  // Azure
  ['xms_mirid', 'Azure resource of the managed identity'],
  ['xms_tcdt', 'when the tenant was created'],
  // Entra's own
  ['ver', 'token version'],
  ['uti', "id of this token, for Microsoft's support and the sign-in log"],
  ['aio', 'internal to Entra'],
  ['rh', 'internal to Entra'],
])

/** Claims that are called otherwise in the other version of Entra's tokens. */
const otherNames = new Map([
  ['appid', 'azp in v2.0'],
  ['azp', 'appid in v1.0'],
  ['appidacr', 'azpacr in v2.0'],
  ['azpacr', 'appidacr in v1.0'],
  ['unique_name', 'preferred_username in v2.0'],
  ['preferred_username', 'unique_name in v1.0'],
])

/**
 * What a claim means, in a clause, with the name it has in the other version of tokens and what its value stands for
 * where that is a code; undefined for a claim of no known meaning, such as one of your own.
 */
export function claimMeaning(name: string, value?: unknown): string | undefined {
  const meaning = claimMeanings.get(name) ?? familyMeaning(name)
  if (meaning === undefined) return undefined
  const otherName = otherNames.get(name)
  const named = otherName === undefined ? meaning : `${meaning} (${otherName})`
  const stands = valueMeaning(name, value)
  return stands === undefined ? named : `${named}: ${stands}`
}

/** Claims of which only the way they are named is known. */
function familyMeaning(name: string): string | undefined {
  if (/^(?:extn\.|extension_)/.test(name)) return 'directory extension, an attribute that the tenant added'
  return name.startsWith('xms_') ? "Entra's own; not documented" : undefined
}

/** What a header parameter means, in a clause; undefined for an unknown one. @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1 */
export function headerMeaning(name: string): string | undefined {
  return headerMeanings.get(name)
}
