import type { App, Directory, Tenant } from '../../directory.ts'
import {
  applications,
  appRoleAssignments,
  federatedIdentityCredentials,
  oauth2PermissionGrants,
  servicePrincipals,
  type Entity,
  type EntitySet,
} from './entities.ts'

/** A collection that hangs on an object: `/servicePrincipals/{id}/oauth2PermissionGrants`. */
export interface Navigation extends EntitySet {
  /** The collection the object is of. */
  readonly source: string
  readonly from: (entity: Entity, tenant: Tenant, directory: Directory) => readonly Entity[]
}

/** The collection of that name, which the path's last segment has in any case. */
export function navigationOf(source: string | undefined, segment: string): Navigation | undefined {
  return navigations.find(
    (candidate) => candidate.source === source && candidate.name.toLowerCase() === segment.toLowerCase(),
  )
}

const plain = {
  of: () => [],
  alternateKeys: [],
  keyStyle: 'bare',
  supportsEndsWith: [],
  sortsByDefault: [],
  sortsWhenAdvanced: [],
} as const

const navigations: readonly Navigation[] = [
  {
    ...plain,
    source: applications.name,
    name: 'federatedIdentityCredentials',
    type: 'microsoft.graph.federatedIdentityCredential',
    // https://learn.microsoft.com/graph/api/application-list-federatedidentitycredentials
    permissions: ['Application.Read.All', 'Application.ReadWrite.All'],
    from: (entity, _tenant, directory) => {
      const app = appOf(entity, directory)
      return app === undefined ? [] : federatedIdentityCredentials(app)
    },
  },
  {
    ...plain,
    source: servicePrincipals.name,
    name: 'oauth2PermissionGrants',
    type: 'microsoft.graph.oAuth2PermissionGrant',
    // Application.Read.All does not suffice: https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
    permissions: ['Directory.Read.All', 'Directory.ReadWrite.All', 'DelegatedPermissionGrant.ReadWrite.All'],
    from: (entity, tenant, directory) => {
      const app = appOf(entity, directory)
      return app === undefined ? [] : oauth2PermissionGrants(app, tenant, directory)
    },
  },
  {
    ...plain,
    source: servicePrincipals.name,
    name: 'appRoleAssignments',
    type: 'microsoft.graph.appRoleAssignment',
    permissions: servicePrincipals.permissions,
    from: (entity, tenant, directory) => {
      const app = appOf(entity, directory)
      return app === undefined ? [] : appRoleAssignments(app, tenant, directory)
    },
  },
]

function appOf(entity: Entity, directory: Directory): App | undefined {
  return directory.apps.find(({ appId }) => appId === entity['appId'])
}
