import type { Directory } from '../directory.ts'
import type { SandboxRequest, SandboxResponse } from '../http.ts'
import type { TokenRules } from './access.ts'

export interface ResourceContext extends TokenRules {
  readonly directory: Directory
}

/** One of the APIs. */
export interface Resource {
  owns(url: URL): boolean
  answer(request: SandboxRequest): Promise<SandboxResponse>
}
