import { EntraError, diagnosticsOf, errorResponse } from './identity/entra-errors.ts'
import { type SandboxRequest, type SandboxResponse, formOf } from './http.ts'

/** What goes wrong, how often, and where. */
export interface Fault {
  /** The end of the paths it strikes, such as `/oauth2/v2.0/token` or `/v1.0/me`; absent: every path. */
  readonly path?: string
  /** The end of the `grant_type` it strikes, such as `device_code`; absent: every request. */
  readonly grantType?: string
  /** How many requests it strikes. Default 1. */
  readonly times?: number
  readonly effect: FaultEffect
}

export type FaultEffect =
  /** An error answer in place of the real one; 429 and 503 with `Retry-After` where it is given. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The real answer, late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** What a conditional access policy says that blocks the sign-in, such as one on device codes: AADSTS53003. */
  | { readonly kind: 'blocked' }
  /** The connection ends without an answer. */
  | { readonly kind: 'drop' }

/** What to do with one request. */
export type FaultOutcome =
  | { readonly kind: 'answer'; readonly response: SandboxResponse }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'drop' }
  | undefined

/** The faults waiting to strike, oldest first. */
export class Faults {
  private waiting: { readonly fault: Fault; left: number }[] = []

  add(fault: Fault): void {
    this.waiting.push({ fault, left: fault.times ?? 1 })
  }

  clear(): void {
    this.waiting = []
  }

  /** Takes the first fault that fits the request, counting it as struck. */
  strike(request: SandboxRequest, now: Date): FaultOutcome {
    const found = this.waiting.find(({ fault }) => strikes(fault, request))
    if (!found) return undefined
    found.left -= 1
    if (found.left <= 0) this.waiting = this.waiting.filter((one) => one !== found)
    const { effect } = found.fault
    switch (effect.kind) {
      case 'status':
        return { kind: 'answer', response: failure(request, effect, now) }
      case 'blocked':
        return { kind: 'answer', response: refusal(request, blockedByPolicy(), now) }
      case 'delay':
      case 'drop':
        return effect
    }
  }
}

function strikes({ path = '', grantType }: Fault, request: SandboxRequest): boolean {
  if (!request.url.pathname.endsWith(path)) return false
  return grantType === undefined || (formOf(request).get('grant_type') ?? '').endsWith(grantType)
}

function refusal(request: SandboxRequest, error: EntraError, now: Date): SandboxResponse {
  return errorResponse(error, diagnosticsOf(request, formOf(request), now), request.url.origin)
}

/** @see https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows */
function blockedByPolicy(): EntraError {
  return new EntraError(
    'invalid_grant',
    53003,
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    { suberror: 'message_only' },
  )
}

function failure(
  request: SandboxRequest,
  effect: Extract<FaultEffect, { kind: 'status' }>,
  now: Date,
): SandboxResponse {
  const { status, retryAfterSeconds } = effect
  const error =
    status === 429
      ? new EntraError('temporarily_unavailable', 90055, 'There are too many incoming requests.', { status })
      : new EntraError(
          'temporarily_unavailable',
          90033,
          'A transient error has occurred. Please try again.',
          {
            status,
          },
        )
  const response = refusal(request, error, now)
  if (retryAfterSeconds === undefined) return response
  return { ...response, headers: { ...response.headers, 'retry-after': String(retryAfterSeconds) } }
}
