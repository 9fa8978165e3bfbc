import { EntraAuthError } from '../../errors.ts'
import { decodeToken, type JsonObject } from '../../jwt/decode.ts'
import type { AccessToken } from '../access-token.ts'
import type { Interaction } from '../interaction.ts'
import type { Host } from '../ports.ts'
import { shellWord } from '../shell-word.ts'
import { spanText } from '../span-text.ts'
import type { TokenRequest } from '../token-request.ts'
import { obtainToken } from '../tokens.ts'
import { pauseMilliseconds } from './back-off.ts'

/** What is waited for, and how. */
export interface WaitPlan {
  readonly request: TokenRequest
  /** The condition as it was written, for people. */
  readonly text: string
  readonly isMet: (claims: JsonObject) => boolean
  readonly timeoutMilliseconds: number
  /** The first pause; the next ones grow. */
  readonly intervalMilliseconds: number
  /** From 0 up to 1. */
  readonly random: () => number
  /** Told after each try that was in vain. */
  readonly onPause: (pause: WaitPause) => void
}

export interface WaitPause {
  /** What the token says now; undefined where none was got. */
  readonly claims: JsonObject | undefined
  /** Why none was got. */
  readonly failure: EntraAuthError | undefined
  readonly milliseconds: number
}

/**
 * Refusals that a decision of an administrator takes away: consent that is missing, an app that nobody is assigned to, a
 * service principal that is not there yet.
 */
const waitingForDecision: ReadonlySet<number> = new Set([65001, 90094, 90095, 50105, 501051, 500011, 7000229])

/** The last try begins when the time is over; it may take so long. */
const lastTryMilliseconds = 10_000

/**
 * Renews a token until it says what is wanted. A cached one that says so already is answered at once. Nobody is asked
 * but for a sign-in where nobody is signed in; each token that was got is kept as `refresh` keeps it.
 * @throws EntraAuthError `timeout` when the time is over; whatever the first try throws, unless it is a refusal that may
 *   pass; later failures of the network are waited out. The signal's reason when it is aborted
 */
export async function waitForClaims(
  plan: WaitPlan,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<AccessToken> {
  const deadline = host.now().getTime() + plan.timeoutMilliseconds
  let pauses = 0
  for (let isFirst = true; ; isFirst = false) {
    const left = deadline - host.now().getTime()
    const outcome = await tryOnce(plan, isFirst, left, host, interaction, signal)
    if (outcome.isMet) return outcome.token
    // What was cached says how it was then: how it is now is asked at once.
    if (outcome.wasCached) continue
    const { failure, claims } = outcome
    const stillLeft = deadline - host.now().getTime()
    if (stillLeft <= 0) throw timeIsOver(plan, failure)
    const wanted = pauseMilliseconds(
      plan.intervalMilliseconds,
      ++pauses,
      plan.random(),
      failure?.retryAfterSeconds,
    )
    // A server that wants to be left alone for longer than there is time is left alone.
    if (wanted > stillLeft && (failure?.retryAfterSeconds ?? 0) * 1000 > stillLeft) {
      throw timeIsOver(plan, failure)
    }
    const milliseconds = Math.min(wanted, stillLeft)
    plan.onPause({ claims, failure, milliseconds })
    await host.sleep(milliseconds, signal)
  }
}

type Outcome =
  | { readonly isMet: true; readonly token: AccessToken }
  | {
      readonly isMet: false
      readonly wasCached: boolean
      readonly claims: JsonObject | undefined
      readonly failure: EntraAuthError | undefined
    }

async function tryOnce(
  plan: WaitPlan,
  isFirst: boolean,
  left: number,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const token = isFirst
      ? await firstToken(plan.request, host, interaction, signal)
      : await obtainToken(
          { ...within(plan.request, Math.max(left, lastTryMilliseconds)), fresh: true, silentOnly: true },
          host,
          interaction,
          signal,
        )
    const { payload } = decodeToken(token.token)
    return plan.isMet(payload)
      ? { isMet: true, token }
      : { isMet: false, wasCached: token.fromCache, claims: payload, failure: undefined }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof EntraAuthError) || !mayPass(error, isFirst)) throw error
    return { isMet: false, wasCached: false, claims: undefined, failure: error }
  }
}

/** Whoever is not signed in at all is asked to, once; who is, is never asked. */
async function firstToken(
  request: TokenRequest,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<AccessToken> {
  try {
    return await obtainToken({ ...request, silentOnly: true }, host, interaction, signal)
  } catch (error) {
    const mustSignIn = error instanceof EntraAuthError && error.code === 'interaction_required'
    if (!mustSignIn || waitsForDecision(error)) throw error
    return obtainToken(request, host, interaction, signal)
  }
}

function within(request: TokenRequest, milliseconds: number): TokenRequest {
  const { timeouts } = request
  const requestMilliseconds = Math.min(timeouts.requestMilliseconds, milliseconds)
  return { ...request, timeouts: { ...timeouts, requestMilliseconds } }
}

/** A network that is down at the first try is told at once: nobody waits ten minutes to hear it. */
function mayPass(error: EntraAuthError, isFirst: boolean): boolean {
  if (waitsForDecision(error) || error.retryAfterSeconds !== undefined) return true
  return !isFirst && (error.code === 'network' || error.code === 'timeout')
}

function waitsForDecision({ entraCode }: EntraAuthError): boolean {
  return entraCode !== undefined && waitingForDecision.has(entraCode)
}

function timeIsOver(
  { text, timeoutMilliseconds, request }: WaitPlan,
  failure: EntraAuthError | undefined,
): EntraAuthError {
  const because = failure === undefined ? '' : `; the last try: ${failure.message}`
  const fact = `${text} did not come true within ${spanText(timeoutMilliseconds)}${because}`
  const look = `"entra-auth-cli inspect -p ${shellWord(request.profile.name)} -o pretty" shows what the token says`
  return new EntraAuthError('timeout', fact, {
    hint: `${look}; some changes come only with a new sign-in`,
    ...(failure === undefined ? {} : { cause: failure }),
  })
}
