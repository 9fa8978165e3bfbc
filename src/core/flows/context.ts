import type { Interaction } from '../interaction.ts'
import type { Host } from '../ports.ts'
import type { TokenRequest } from '../token-request.ts'
import type { MsalParts } from './msal-application.ts'

/** What every flow is handed. */
export interface FlowContext extends MsalParts {
  readonly request: TokenRequest
  readonly host: Host
  readonly interaction: Interaction
  /** Ends the wait for a person: Ctrl-C, or their time is over. */
  readonly signal: AbortSignal
}
