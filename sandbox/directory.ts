/**
 * The directory the sandbox starts with: tenants, people, the APIs they may call and one app registration of each kind.
 * Ids are fixed, so that profiles made for one sandbox fit the next. The secrets here protect nothing.
 */

export interface Directory {
  readonly tenants: readonly Tenant[]
  readonly users: readonly User[]
  readonly apis: readonly Api[]
  readonly apps: readonly App[]
}

export interface Tenant {
  readonly id: string
  readonly displayName: string
  /** Verified domain names, the first one the default. */
  readonly domains: readonly string[]
}

export interface User {
  readonly objectId: string
  readonly tenantId: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly password: string
  readonly isAdministrator: boolean
  /** A sign-in asks for a second factor: silent and device flows get AADSTS50076 until it was given in a browser. */
  readonly requiresMfa: boolean
  /** Transitive group ids, for the `groups` claim. */
  readonly groups: readonly string[]
}

/** A resource: something a token can be for. */
export interface Api {
  readonly appId: string
  readonly displayName: string
  /** Every spelling a scope may use before the last slash, such as `https://graph.microsoft.com`; the first is canonical. */
  readonly identifierUris: readonly string[]
  /** The `ver` of the tokens made for it, as `requestedAccessTokenVersion` in its manifest decides. */
  readonly tokenVersion: 1 | 2
  readonly delegatedPermissions: readonly DelegatedPermission[]
  /** App roles that applications can hold. */
  readonly applicationPermissions: readonly string[]
}

export interface DelegatedPermission {
  readonly value: string
  readonly adminConsentRequired: boolean
}

export interface App {
  readonly appId: string
  readonly objectId: string
  readonly displayName: string
  readonly tenantId: string
  readonly signInAudience: 'AzureADMyOrg' | 'AzureADMultipleOrgs' | 'AzureADandPersonalMicrosoftAccount'
  /** `allowPublicClient`: device code and public clients are refused (AADSTS7000218) without it. */
  readonly isFallbackPublicClient: boolean
  readonly publicClientRedirectUris: readonly string[]
  readonly webRedirectUris: readonly string[]
  /** Of single-page apps. Default: none. */
  readonly spaRedirectUris?: readonly string[]
  /** ISO 8601. Default: the same for all. */
  readonly createdDateTime?: string
  readonly secrets: readonly ClientSecret[]
  readonly certificates: readonly ClientCertificate[]
  readonly federatedCredentials: readonly FederatedCredential[]
  /** What the registration asks for; `/.default` of a delegated flow means these. */
  readonly requiredPermissions: readonly RequiredPermissions[]
  /** Permissions an administrator has consented to for everybody: `.default` of client credentials gets the roles. */
  readonly adminConsented: readonly RequiredPermissions[]
}

export interface ClientSecret {
  readonly keyId: string
  readonly value: string
  readonly expires: Date
  /** What its owner calls it. */
  readonly name?: string
}

export interface ClientCertificate {
  readonly keyId: string
  /** PEM of the public certificate. */
  readonly pem: string
}

export interface FederatedCredential {
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly audience: string
}

export interface RequiredPermissions {
  /** An `Api.appId`. */
  readonly resource: string
  readonly delegated: readonly string[]
  readonly application: readonly string[]
}
