import type { SandboxRequest, SandboxResponse } from '../http.ts'
import { createCustomApi } from './custom-api.ts'
import { createGraph } from './graph/index.ts'
import { createResourceManager } from './resource-manager.ts'
import type { ResourceContext } from './resource.ts'

export type { ResourceContext }

/**
 * The APIs tokens are for: a small Microsoft Graph, Azure Resource Manager and an API of one's own. Each is found by its
 * own host name or, on the sandbox's own, by its paths.
 * @returns a handler that answers undefined for what is none of theirs
 */
export function createResources(
  context: ResourceContext,
): (request: SandboxRequest) => Promise<SandboxResponse | undefined> {
  const apis = [createGraph(context), createResourceManager(context), createCustomApi(context)]
  return async (request) => {
    const api = apis.find(({ owns }) => owns(request.url))
    return api?.answer(request)
  }
}
