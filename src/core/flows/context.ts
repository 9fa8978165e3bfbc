import type { ICachePlugin } from '@azure/msal-node'
import type { Interaction } from '../interaction.ts'
import type { MsalNetwork } from '../msal-network.ts'
import type { Host } from '../ports.ts'
import type { TokenRequest } from '../token-request.ts'

/** What every flow is handed. */
export interface FlowContext {
  readonly request: TokenRequest
  readonly host: Host
  readonly interaction: Interaction
  /** Ends the wait for a person: Ctrl-C, or their time is over. */
  readonly signal: AbortSignal
  /** Our HTTP, as MSAL wants it. */
  readonly network: MsalNetwork
  /** Our cache, as MSAL wants it. */
  readonly cachePlugin: ICachePlugin
  /** What is known of the authority, as MSAL wants it; undefined where MSAL is to ask. */
  readonly authorityMetadata: string | undefined
}
