import { isAppOnly } from '../flows/flow.ts'
import type { Application } from '../graph/application.ts'
import { federatedCredentials } from '../graph/federated-credential.ts'
import { applicationOf } from '../graph/find-applications.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { Graph } from '../graph/graph.ts'
import { textAt } from '../graph/json-fields.ts'
import { keyText } from '../graph/odata.ts'
import { resourceApis } from '../graph/resource-api.ts'
import type { AppAsked } from './app-asked.ts'
import type {
  AppFacts,
  Known,
  PermissionGrant,
  RoleAssignment,
  ServicePrincipal,
  Unknown,
} from './app-facts.ts'
import { lookupNames, requestedPermissions } from './requested-permission.ts'

const applicationReader = 'Application.Read.All'
const directoryReader = 'Directory.Read.All'

/**
 * Reads what a directory says of a profile's app. What this reader may not see is told as unknown.
 * @throws GraphError for whatever else Graph refuses, and whatever the network throws
 */
export async function readAppFacts(
  graph: Graph,
  { profile, flow, scopes }: Pick<AppAsked, 'profile' | 'flow' | 'scopes'>,
): Promise<AppFacts> {
  const { clientId, graphUrl } = profile
  const application = await known(applicationReader, () => orUndefined(applicationOf(graph, clientId)))
  if (!application.known) return nothingKnown(application)
  const servicePrincipal = await known(applicationReader, () => orUndefined(principalOf(graph, clientId)))
  const principal = servicePrincipal.known ? servicePrincipal.value : undefined
  const names = [
    ...requestedPermissions(scopes, graphUrl).flatMap(lookupNames),
    ...declaredApis(application.value),
  ]
  return {
    application,
    servicePrincipal,
    apis: await known(applicationReader, () => resourceApis(graph, names)),
    // Only what the flow depends on is asked for: who consented is what fewest may read.
    grants: await known(directoryReader, async () =>
      principal && !isAppOnly(flow) ? grantsOf(graph, principal) : [],
    ),
    roles: await known(applicationReader, async () =>
      principal && isAppOnly(flow) ? rolesOf(graph, principal) : [],
    ),
    federated: await known(applicationReader, async () =>
      application.value && profile.credential.kind === 'federated'
        ? federatedCredentials(graph, clientId)
        : [],
    ),
  }
}

/** What is known where nothing could be read. */
export function nothingKnown(unknown: Unknown): AppFacts {
  return {
    application: unknown,
    servicePrincipal: unknown,
    apis: unknown,
    grants: unknown,
    roles: unknown,
    federated: unknown,
  }
}

function declaredApis(application: Application | undefined): readonly string[] {
  return (application?.required ?? []).map(({ resourceAppId }) => resourceAppId)
}

/** An answer, or that this reader gets none. */
async function known<T>(permission: string, read: () => Promise<T>): Promise<Known<T>> {
  try {
    return { known: true, value: await read() }
  } catch (error) {
    if (error instanceof GraphError && error.status === 403) return unreadable(error.message, permission)
    throw error
  }
}

/** That something could not be read. @param why one clause */
export function unreadable(why: string, permission: string = applicationReader): Unknown {
  return { known: false, why, permission }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof GraphError && error.status === 404) return undefined
    throw error
  }
}

async function principalOf(graph: Graph, appId: string): Promise<ServicePrincipal> {
  const entity = await graph.object({
    path: `/servicePrincipals${keyText('appId', appId)}`,
    query: { $select: 'id,displayName,accountEnabled,appOwnerOrganizationId' },
    what: `service principal of ${appId}`,
    permission: applicationReader,
  })
  return {
    objectId: textAt(entity, 'id') ?? '',
    displayName: textAt(entity, 'displayName') ?? '',
    isEnabled: entity['accountEnabled'] !== false,
    homeTenantId: textAt(entity, 'appOwnerOrganizationId'),
  }
}

/** @see https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants */
async function grantsOf(graph: Graph, { objectId }: ServicePrincipal): Promise<readonly PermissionGrant[]> {
  const grants: PermissionGrant[] = []
  const entities = graph.collection({
    path: `/servicePrincipals/${encodeURIComponent(objectId)}/oauth2PermissionGrants`,
    what: 'consent to delegated permissions',
    permission: directoryReader,
  })
  for await (const entity of entities) {
    grants.push({
      resourceObjectId: textAt(entity, 'resourceId') ?? '',
      scopes: (textAt(entity, 'scope') ?? '').split(' ').filter((scope) => scope !== ''),
      isForEverybody: textAt(entity, 'consentType') === 'AllPrincipals',
    })
  }
  return grants
}

/** @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments */
async function rolesOf(graph: Graph, { objectId }: ServicePrincipal): Promise<readonly RoleAssignment[]> {
  const roles: RoleAssignment[] = []
  const entities = graph.collection({
    path: `/servicePrincipals/${encodeURIComponent(objectId)}/appRoleAssignments`,
    what: 'app roles',
    permission: applicationReader,
  })
  for await (const entity of entities) {
    roles.push({
      resourceObjectId: textAt(entity, 'resourceId') ?? '',
      appRoleId: (textAt(entity, 'appRoleId') ?? '').toLowerCase(),
    })
  }
  return roles
}
