import { EntraAuthError } from '../errors.ts'
import type { AccessToken } from './access-token.ts'
import { findAccessToken } from './find-access-token.ts'
import { isAppOnly } from './flows/flow.ts'
import type { Interaction } from './interaction.ts'
import type { Host } from './ports.ts'
import { TokenCache } from './token-cache.ts'
import { wantsToAsk, type TokenRequest } from './token-request.ts'

/**
 * The policy of this tool on one screen: look; let one process at a time go on; look again, for it may have got just
 * what we want; then acquire.
 * @throws EntraAuthError of any kind; a token that was got is never lost because it could not be kept
 */
export async function obtainToken(
  request: TokenRequest,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<AccessToken> {
  const cache = new TokenCache(request.profile.name, host, interaction)
  const look = async () => findAccessToken(await cache.read(), request, host.now())

  const cached = await look()
  interaction.trace(cached ? 'cache: it holds a token that will do' : `cache: ${missReason(request)}`)
  if (cached) return cached
  // Loads MSAL, which a cached answer never pays for.
  const { acquire } = await import('./acquire.ts')
  if (!request.store) return acquire(request, cache, host, interaction, signal)

  let isOurTurn = false
  const takeTurn = async () => {
    isOurTurn = true
    return (await look()) ?? acquire(request, cache, host, interaction, signal)
  }
  try {
    return await cache.singleFlight(takeTurn, {
      waitMilliseconds: patienceWith(request),
      onWait: (holder) => interaction.waitingFor(holder),
      signal,
    })
  } catch (error) {
    const cannotWrite = error instanceof EntraAuthError && error.code === 'file_unusable'
    if (isOurTurn || !cannotWrite) throw error
    // A disk that cannot be written to, as in a hardened container, is no reason to go without a token.
    interaction.warn(`the token cannot be kept: ${error.message}`)
    return acquire({ ...request, store: false }, cache, host, interaction, signal)
  }
}

/** Why the cache gave nothing, for whoever wonders. */
function missReason(request: TokenRequest): string {
  if (request.fresh) return 'passed by, for a new token was asked for'
  if (request.claims !== undefined) return 'passed by, for a claims challenge is to be answered'
  if (wantsToAsk(request)) return 'passed by, for a person is to be asked'
  return 'it holds no token for this that lives long enough'
}

/** How long another process may take before we give up on it: it may be waiting for a person. */
function patienceWith({ flow, timeouts }: TokenRequest): number {
  return isAppOnly(flow) ? timeouts.requestMilliseconds : timeouts.personMilliseconds
}
