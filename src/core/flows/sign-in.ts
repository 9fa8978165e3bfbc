import type { AuthenticationResult } from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import { shellWord } from '../shell-word.ts'
import { flagsFor, rungsPast, signInLadder, type Rung, type Way } from '../sign-in-ladder.ts'
import { acquireByAuthorizationCode } from './authorization-code.ts'
import type { FlowContext } from './context.ts'
import { acquireByDeviceCode } from './device-code.ts'
import type { PersonFlow } from './flow.ts'

/** What came of one rung: MSAL's result, or that the next rung is to be tried. */
export type Attempt =
  | { readonly kind: 'result'; readonly result: AuthenticationResult | null }
  | { readonly kind: 'did-not-start' }
  /** The person prefers a device code. */
  | { readonly kind: 'device-code' }

/**
 * Lets a person sign in, by the first rung of the ladder that holds. Where Entra refuses one, and another may pass, the
 * person is asked, and where nobody can be asked the error names the command.
 * @throws EntraAuthError `authentication_failed` and whatever else the flows throw
 */
export async function signIn(flow: PersonFlow, context: FlowContext): Promise<AuthenticationResult | null> {
  const { request, host, interaction } = context
  const ladder = signInLadder({
    flow,
    mayUseDeviceCode: request.signIn.mayUseDeviceCode,
    browserObstacle: host.desktop.browserObstacle(),
    showUrlOnly: interaction.showUrlOnly,
    canAsk: interaction.attended,
  })
  return climb(ladder, context)
}

async function climb(ladder: readonly Rung[], context: FlowContext): Promise<AuthenticationResult | null> {
  const [rung, ...others] = ladder
  if (rung === undefined) {
    throw new EntraAuthError('interaction_required', 'there is no way left to sign in', {
      hint: 'name another with --flow',
    })
  }
  if (rung.because !== undefined) {
    const goingOn = isDeviceCode(rung) ? ': using a device code' : ''
    context.interaction.announce(`${rung.because}${goingOn}`)
  }
  context.interaction.trace(`signing in by ${rung.way}`)
  const attempt = await tryOut(rung, others, context)
  if (attempt.kind === 'result') return attempt.result
  if (attempt.kind === 'device-code') return climb(others.filter(isDeviceCode), context)
  if (attempt.kind === 'did-not-start') return climb(others, context)
  return climb(await rungsAfter(attempt.refusal, rung, others, context), context)
}

type Outcome = Attempt | { readonly kind: 'refused'; readonly refusal: EntraAuthError }

async function tryOut(rung: Rung, others: readonly Rung[], context: FlowContext): Promise<Outcome> {
  context.network.forget()
  try {
    return rung.way === 'device-code'
      ? { kind: 'result', result: await acquireByDeviceCode(context) }
      : await acquireByAuthorizationCode(context, rung, others.some(isDeviceCode))
  } catch (error) {
    // Whoever wants to stop is not asked how to go on.
    context.signal.throwIfAborted()
    const { translateMsalError, withProfileName } = await import('../msal-errors.ts')
    const translated = translateMsalError(error, context.network)
    const refusal = withProfileName(translated, context.request.profile.name)
    if (refusal instanceof EntraAuthError) return { kind: 'refused', refusal }
    throw refusal
  }
}

/** The rungs to go on with after a refusal, where there are any and the person agrees. */
async function rungsAfter(
  refusal: EntraAuthError,
  rung: Rung,
  others: readonly Rung[],
  { interaction, request, signal }: FlowContext,
): Promise<readonly Rung[]> {
  const left = rungsPast(rung.way, refusal.entraCode, others)
  const [next] = left
  if (next === undefined) throw refusal
  if (!interaction.attended) {
    const command = `entra-auth-cli get-token -p ${shellWord(request.profile.name)} ${flagsFor(next.way)}`
    throw new EntraAuthError(refusal.code, refusal.message, {
      hint: `${names[next.way]} may pass: "${command}"; else ${refusal.hint ?? 'ask an administrator'}`,
      entraCode: refusal.entraCode,
      cause: refusal,
    })
  }
  if (await interaction.offer(refusal, names[next.way], signal)) return left
  throw refusal
}

const names: Readonly<Record<Way, string>> = {
  browser: 'a sign-in in a browser',
  paste: 'a sign-in in a browser of your choice',
  address: 'a sign-in in a browser of your choice',
  'device-code': 'a device code',
}

function isDeviceCode({ way }: Rung): boolean {
  return way === 'device-code'
}
