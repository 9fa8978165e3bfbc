import { EntraAuthError } from '../../errors.ts'
import type { Flow } from '../flows/flow.ts'

/** A named identity: whose token, for what, got how. Complete, or it would not be one; holds no secret. */
export interface Profile {
  readonly name: string
  /** A GUID, a domain, or `common`, `organizations`, `consumers`. For a managed identity {@link managedIdentityTenant}. */
  readonly tenantId: string
  /** Of the app registration. For a managed identity {@link managedIdentityName}. */
  readonly clientId: string
  /** Scopes asked for unless a request names others. Never empty. */
  readonly scopes: readonly string[]
  readonly credential: Credential
  readonly defaultFlow: Flow | undefined
  /** Origin of the authority, without the tenant. */
  readonly authority: string
  readonly graphUrl: string
  /** PEM file of further certificate authorities to trust. */
  readonly caFile: string | undefined
  readonly redirectUri: string | undefined
  /**
   * What the client says it can handle, such as `cp1`: claims challenges, for which Entra gives tokens that live longer.
   * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge#client-capabilities
   */
  readonly clientCapabilities: readonly string[]
}

/** How the app proves that it is itself. A public client has nothing to prove it with. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'client-secret'; readonly source: SecretSource }
  | { readonly kind: 'certificate'; readonly source: CertificateSource }
  | { readonly kind: 'managed-identity'; readonly identity: ManagedIdentity }
  | { readonly kind: 'federated'; readonly source: AssertionSource }

/** Where a client secret is kept. It is fetched only when a token must be requested. */
export type SecretSource =
  | { readonly from: 'vault' }
  | { readonly from: 'environment'; readonly variable: string }
  | { readonly from: 'file'; readonly path: string }
  /** Printed by a command line, which a shell runs each time. */
  | { readonly from: 'command'; readonly command: string }

/** Where a certificate and its private key are kept. */
export type CertificateSource =
  | {
      readonly from: 'file'
      readonly certificatePath: string
      /** Undefined where the key is in the same file. */
      readonly privateKeyPath: string | undefined
    }
  /** Both in one variable: PEM, or base64 of a PFX or of PEM. */
  | { readonly from: 'environment'; readonly variable: string }

/**
 * The identity Azure gave to the machine or service this runs on: its own, or one that somebody assigned to it.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
 */
export type ManagedIdentity =
  | { readonly by: 'system' }
  /** A user-assigned identity: its client id or object id (GUIDs), or its Azure resource id (`/subscriptions/…`). */
  | { readonly by: 'client-id' | 'object-id' | 'resource-id'; readonly id: string }

/**
 * Where an assertion comes from that another identity provider issued and the app trusts as its proof. It lives for
 * minutes, so it is fetched anew for each request.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export type AssertionSource =
  /** `undefined`: the file that `AZURE_FEDERATED_TOKEN_FILE` names, as Kubernetes' workload identity sets it. */
  | { readonly from: 'file'; readonly path: string | undefined }
  | { readonly from: 'environment'; readonly variable: string }
  /** Printed by a command line, which a shell runs each time. */
  | { readonly from: 'command'; readonly command: string }
  /** `undefined`: `api://AzureADTokenExchange`. */
  | { readonly from: 'github-actions'; readonly audience: string | undefined }
  | { readonly from: 'azure-pipelines'; readonly serviceConnectionId: string }

/** What stands for the tenant of a managed identity, which has none of its own to name: MSAL's word for it too. */
export const managedIdentityTenant = 'managed_identity'

/** What stands for the client id of a managed identity, and tells its tokens from another's: MSAL's words too. */
export function managedIdentityName(identity: ManagedIdentity): string {
  return identity.by === 'system' ? 'system_assigned_managed_identity' : identity.id
}

/** The flow a profile means when nobody names one: with proof of the app itself, client credentials. */
export function naturalFlow(profile: Pick<Profile, 'defaultFlow' | 'credential'>): Flow {
  return profile.defaultFlow ?? flowByCredential(profile.credential)
}

function flowByCredential(credential: Credential): Flow {
  switch (credential.kind) {
    case 'none':
      return 'interactive-browser'
    case 'managed-identity':
      return 'managed-identity'
    case 'client-secret':
    case 'certificate':
    case 'federated':
      return 'client-credentials'
  }
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** @throws EntraAuthError `invalid_arguments` for what cannot be a profile's name */
export function checkProfileName(name: string): string {
  if (isProfileName(name)) return name
  throw new EntraAuthError('invalid_arguments', `"${name}" cannot be the name of a profile`, {
    hint: 'use letters, digits, ".", "_" and "-", at most 64, beginning with a letter or a digit',
  })
}

/** Whether a new profile may have this name. Those of an older tool's file may have others. */
export function isProfileName(name: string): boolean {
  return namePattern.test(name)
}

/** What two spellings of one name have in common: lookup ignores case. */
export function profileKey(name: string): string {
  return name.toLowerCase()
}

/**
 * A profile's name as part of a file's name. Names from an older tool's file may hold spaces and slashes: those are
 * encoded, so that every file stays in its folder.
 */
export function profileFileName(name: string): string {
  // Half a character, which a file may hold as an escape, has no encoding.
  return encodeURIComponent(profileKey(name).replace(/\p{Surrogate}/gu, '\ufffd'))
}

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const domainPattern = /^(?=.{3,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i
const sharedTenants: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers'])

export function isGuid(text: string): boolean {
  return guidPattern.test(text)
}

/** Whether this is the Azure resource id of a user-assigned managed identity. */
export function isIdentityResource(text: string): boolean {
  return /^\/subscriptions\/[^/\s]+\/.+\/userAssignedIdentities\/[^/\s]+$/i.test(text)
}

/** Whether a tenant may stand in an authority: a GUID, a domain name, or one of the shared endpoints. */
export function isTenant(text: string): boolean {
  return isGuid(text) || domainPattern.test(text) || isSharedTenant(text)
}

/** Whether this names nobody's tenant but an endpoint for all, whose tokens belong to the tenant of whoever signs in. */
export function isSharedTenant(tenant: string): boolean {
  return sharedTenants.has(tenant.toLowerCase())
}
