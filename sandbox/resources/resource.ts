import type { SandboxRequest, SandboxResponse } from '../http.ts'

/** One of the APIs. */
export interface Resource {
  owns(url: URL): boolean
  answer(request: SandboxRequest): Promise<SandboxResponse>
}
