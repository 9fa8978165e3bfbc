import { EntraAuthError } from '../errors.ts'
import type { AccessToken } from './access-token.ts'
import { ambiguousAccount, chooseAccount } from './accounts.ts'
import { findAccessToken } from './find-access-token.ts'
import { isAppOnly, isPersonFlow } from './flows/flow.ts'
import type { Interaction } from './interaction.ts'
import type { Host } from './ports.ts'
import { shellWord } from './shell-word.ts'
import { noTokens, TokenCache, type CachedTokens } from './token-cache.ts'
import { wantsToAsk, type TokenRequest } from './token-request.ts'
import { silentVoice } from './voice.ts'

/**
 * The policy of this tool on one screen: look; let one process at a time go on; look again, for it may have got just
 * what we want; then acquire.
 * @throws EntraAuthError of any kind; a token that was got is never lost because it could not be kept
 */
export async function obtainToken(
  asked: TokenRequest,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<AccessToken> {
  checkFlow(asked)
  // The token of whoever called the app: another's must never be handed out, so none is looked up and none is kept.
  if (asked.flow === 'on-behalf-of') {
    const cache = new TokenCache(asked.profile.name, host, silentVoice)
    return acquireNow(asked, noTokens, cache, host, interaction, signal)
  }
  const cache = new TokenCache(asked.profile.name, host, interaction)
  const tokens = await cache.read()
  const request = await withAccount(asked, tokens, cache, interaction)
  const look = async () => findAccessToken(await cache.read(), request, host.now())

  const cached = findAccessToken(tokens, request, host.now())
  interaction.trace(cached ? 'cache: it holds a token that will do' : `cache: ${missReason(request)}`)
  if (cached) return cached
  if (!request.store) return acquireNow(request, tokens, cache, host, interaction, signal)

  let isOurTurn = false
  const takeTurn = async () => {
    isOurTurn = true
    return (await look()) ?? acquireNow(request, tokens, cache, host, interaction, signal)
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
    return acquireNow({ ...request, store: false }, tokens, cache, host, interaction, signal)
  }
}

/** Why the cache gave nothing, for whoever wonders. */
function missReason(request: TokenRequest): string {
  if (request.fresh) return 'passed by, for a new token was asked for'
  if (request.claims !== undefined) return 'passed by, for a claims challenge is to be answered'
  if (wantsToAsk(request)) return 'passed by, for a person is to be asked'
  return 'it holds no token for this that lives long enough'
}

/**
 * The request with the account it is about, where several may be meant: one that a person picks, and that is meant from
 * then on.
 * @throws EntraAuthError `invalid_arguments` where nobody can be asked
 */
async function withAccount(
  request: TokenRequest,
  tokens: CachedTokens,
  cache: TokenCache,
  interaction: Interaction,
): Promise<TokenRequest> {
  if (!isPersonFlow(request.flow)) return request
  const choice = chooseAccount(tokens, request.signIn)
  if (choice.kind !== 'ambiguous') return request
  if (!interaction.attended || request.silentOnly) {
    throw ambiguousAccount(choice.usernames, request.profile.name)
  }
  const account = await interaction.choose('Whose token?', choice.usernames)
  const chosen = { ...request, signIn: { ...request.signIn, account } }
  const picked = chooseAccount(tokens, chosen.signIn)
  if (request.store && picked.kind === 'account') {
    await cache.change((current) => ({ ...current, signedIn: picked.id }))
  }
  return chosen
}

/** Before the cache is looked at: what is wrong is so whether or not it holds a token of another flow. */
function checkFlow({ flow, profile }: TokenRequest): void {
  if ((flow === 'managed-identity') !== (profile.credential.kind === 'managed-identity')) {
    throw new EntraAuthError(
      'invalid_arguments',
      `the flow ${flow} does not go with profile "${profile.name}", whose credential is ${profile.credential.kind}`,
      {
        hint: `leave --flow away; "entra-auth-cli config show ${shellWord(profile.name)}" tells what it does`,
      },
    )
  }
}

/** Loaded only now: a cached answer pays neither for MSAL nor for what speaks to Azure's own endpoints. */
async function acquireNow(
  request: TokenRequest,
  tokens: CachedTokens,
  cache: TokenCache,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<AccessToken> {
  if (request.flow === 'managed-identity') {
    const { acquireByManagedIdentity } = await import('./managed-identity/acquire.ts')
    return acquireByManagedIdentity(request, cache, host, interaction, signal)
  }
  const { authority, caFile } = request.profile
  // While MSAL is loaded, which takes its time, the connection comes about.
  if (asksAtOnce(request, tokens)) await host.http.connectAhead({ url: authority, caFile })
  const { acquire } = await import('./acquire.ts')
  return acquire(request, cache, host, interaction, signal)
}

/** Whether the authority is asked before any person is. */
function asksAtOnce(request: TokenRequest, tokens: CachedTokens): boolean {
  if (!isPersonFlow(request.flow)) return true
  return !wantsToAsk(request) && chooseAccount(tokens, request.signIn).kind === 'account'
}

/** How long another process may take before we give up on it: it may be waiting for a person. */
function patienceWith({ flow, timeouts }: TokenRequest): number {
  return isAppOnly(flow) ? timeouts.requestMilliseconds : timeouts.personMilliseconds
}
