import type { Application } from '../graph/application.ts'
import type { FederatedCredential } from '../graph/federated-credential.ts'
import type { ResourceApi } from '../graph/resource-api.ts'

/** What Graph told, or why it did not. */
export type Known<T> = { readonly known: true; readonly value: T } | Unknown

export interface Unknown {
  readonly known: false
  /** One clause. */
  readonly why: string
  /** A permission with which it can be read. */
  readonly permission: string
}

/** Everything a directory says of an app, as far as the reader may know it. */
export interface AppFacts {
  /** Undefined where the app is not registered in this tenant. */
  readonly application: Known<Application | undefined>
  /** The app's stand-in in the tenant; undefined where it has none. */
  readonly servicePrincipal: Known<ServicePrincipal | undefined>
  /** The APIs that are asked for and those the app declares. */
  readonly apis: Known<readonly ResourceApi[]>
  readonly grants: Known<readonly PermissionGrant[]>
  readonly roles: Known<readonly RoleAssignment[]>
  readonly federated: Known<readonly FederatedCredential[]>
}

export interface ServicePrincipal {
  readonly objectId: string
  readonly displayName: string
  readonly isEnabled: boolean
  /** The tenant in which the app is registered; undefined where it is not told. */
  readonly homeTenantId: string | undefined
}

/** Consent to delegated permissions. */
export interface PermissionGrant {
  /** Object id of the API's service principal. */
  readonly resourceObjectId: string
  readonly scopes: readonly string[]
  /** Whether an administrator gave it for everybody; else one person for themselves. */
  readonly isForEverybody: boolean
}

/** An app role that the app holds. */
export interface RoleAssignment {
  readonly resourceObjectId: string
  readonly appRoleId: string
}
