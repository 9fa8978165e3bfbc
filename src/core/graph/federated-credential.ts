import type { Graph } from './graph.ts'
import { textAt, textsAt } from './json-fields.ts'
import { keyText } from './odata.ts'

/** Whose assertions an app takes as its proof. All three must be as they stand here. */
export interface FederatedCredential {
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

/**
 * The federated credentials of an app registration.
 * @throws GraphError, and whatever the network throws
 * @see https://learn.microsoft.com/graph/api/application-list-federatedidentitycredentials
 */
export async function federatedCredentials(
  graph: Graph,
  appId: string,
): Promise<readonly FederatedCredential[]> {
  const found: FederatedCredential[] = []
  const entities = graph.collection({
    path: `/applications${keyText('appId', appId)}/federatedIdentityCredentials`,
    what: 'federated credentials',
    permission: 'Application.Read.All',
  })
  for await (const entity of entities) {
    found.push({
      name: textAt(entity, 'name') ?? '',
      issuer: textAt(entity, 'issuer') ?? '',
      subject: textAt(entity, 'subject') ?? '',
      audiences: textsAt(entity, 'audiences'),
    })
  }
  return found
}
