import type { AuthenticationResult } from '@azure/msal-node'
import { EntraAuthError } from '../errors.ts'
import type { AccessToken } from './access-token.ts'
import { ambiguousAccount, chooseAccount, isSameName } from './accounts.ts'
import { endsOlderTokens } from './claims-challenge.ts'
import { ClockWatch } from './clock-skew.ts'
import { withDeadline } from './deadline.ts'
import { acquireByClientCredentials } from './flows/client-credentials.ts'
import { acquireOnBehalfOf } from './flows/on-behalf-of.ts'
import type { FlowContext } from './flows/context.ts'
import { isPersonFlow, type Flow } from './flows/flow.ts'
import { signIn } from './flows/sign-in.ts'
import { acquireSilently } from './flows/silent.ts'
import type { Interaction } from './interaction.ts'
import { MsalCacheSession, withAccessTokensOf } from './msal-cache-session.ts'
import { MsalNetwork } from './msal-network.ts'
import type { Host } from './ports.ts'
import { isGuid } from './profiles/profile.ts'
import { shellWord } from './shell-word.ts'
import { noTokens, type CachedTokens, type TokenCache } from './token-cache.ts'
import { wantsToAsk, type TokenRequest } from './token-request.ts'

/**
 * Gets a token from Entra: by the refresh token first, then by the flow. What was got is kept in `cache`. This file and
 * `flows/` are the only ones that load MSAL.
 */
export async function acquire(
  request: TokenRequest,
  cache: TokenCache,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<AccessToken> {
  const tokens = request.flow === 'on-behalf-of' ? noTokens : await cache.read()
  const session = new MsalCacheSession(tokens.msalText)
  const clock = new ClockWatch(host)
  const stage: Stage = async (milliseconds, fact, work) =>
    withDeadline(signal, milliseconds, fact, async (stageSignal) => {
      const network = new MsalNetwork(clock.http, request.profile.caFile, stageSignal)
      const context = {
        request,
        host,
        interaction,
        signal: stageSignal,
        network,
        cachePlugin: session.plugin,
      }
      try {
        return await work(context)
      } catch (error) {
        // What all errors mean is loaded where there is one.
        const { translateMsalError, withProfileName } = await import('./msal-errors.ts')
        const translated = translateMsalError(error, network)
        throw clock.explain(withProfileName(translated, request.profile.name))
      }
    })

  interaction.trace(
    `asking ${request.profile.authority}/${request.profile.tenantId} by ${request.flow} for ${request.scopes.join(' ')}`,
  )
  const { result, hasSignedIn } = isPersonFlow(request.flow)
    ? await askForPerson(request, tokens, stage)
    : { result: await askEntraAlone(request, stage), hasSignedIn: false }
  const clockWarning = clock.warning()
  if (clockWarning !== undefined) interaction.warn(clockWarning)
  if (request.store) await keep(result, hasSignedIn, request, session, cache, interaction)
  return {
    token: result.accessToken,
    tokenType: result.tokenType,
    expiresOn: result.expiresOn ?? host.now(),
    scopes: result.scopes,
    tenantId: result.tenantId || (isGuid(request.profile.tenantId) ? request.profile.tenantId : undefined),
    username: result.account?.username,
    fromCache: false,
  }
}

/** Runs a part of the work with its own time limit and translates what MSAL throws. */
type Stage = <T>(milliseconds: number, fact: string, work: (context: FlowContext) => Promise<T>) => Promise<T>

/** A flow in which no person has a part. */
async function askEntraAlone({ flow, timeouts }: TokenRequest, stage: Stage): Promise<AuthenticationResult> {
  const work = flow === 'on-behalf-of' ? acquireOnBehalfOf : acquireByClientCredentials
  return answered(await stage(timeouts.requestMilliseconds, noAnswer, work))
}

async function askForPerson(
  request: TokenRequest,
  tokens: CachedTokens,
  stage: Stage,
): Promise<{ readonly result: AuthenticationResult; readonly hasSignedIn: boolean }> {
  const { timeouts } = request
  const choice = chooseAccount(tokens, request.signIn)
  if (choice.kind === 'ambiguous') throw ambiguousAccount(choice.usernames, request.profile.name)
  const silent = wantsToAsk(request)
    ? ({ kind: 'person-needed', cause: undefined } as const)
    : await stage(timeouts.requestMilliseconds, noAnswer, (context) =>
        acquireSilently(context, choice.kind === 'account' ? choice.id : undefined),
      )
  if (silent.kind === 'token') return { result: silent.result, hasSignedIn: false }
  const result = await stage(timeouts.personMilliseconds, 'nobody signed in in time', async (context) => {
    if (!wantsToAsk(request)) context.interaction.trace(`refresh token: ${refusedBecause(silent.cause)}`)
    const obstacle = request.silentOnly ? 'this command never asks' : context.interaction.obstacle
    if (obstacle !== undefined) throw await personNeeded(request, obstacle, silent.cause)
    const signedIn = answered(await signInBy(request.flow, context))
    checkPerson(signedIn, request, context.interaction)
    return signedIn
  })
  return { result, hasSignedIn: true }
}

const refusedBecause = (cause: Error | undefined) =>
  cause ? 'Entra no longer takes it' : 'there is none, for nobody is signed in'

function signInBy(flow: Flow, context: FlowContext): Promise<AuthenticationResult | null> {
  switch (flow) {
    case 'device-code':
    case 'interactive-browser':
    case 'authorization-code':
      return signIn(flow, context)
    case 'client-credentials':
      return acquireByClientCredentials(context)
    case 'managed-identity':
    case 'on-behalf-of':
      throw new EntraAuthError('invalid_arguments', `nobody signs in by the flow ${flow}`, {
        hint: 'use interactive-browser or device-code',
      })
  }
}

/**
 * Whether the person who signed in is the one that was named. A token of somebody else than `--account` names is never
 * handed out; a login hint is no more than a hint, for people sign in by other names of theirs too.
 */
function checkPerson(
  { account: signedIn }: AuthenticationResult,
  { signIn: { account, loginHint } }: TokenRequest,
  interaction: Interaction,
): void {
  const name = signedIn?.username || 'somebody without a user name'
  if (account !== undefined && !isSameName(name, account)) {
    throw new EntraAuthError('authentication_failed', `${name} signed in, not ${account}`, {
      hint: `run it again and sign in as ${account}; "--prompt select_account" lets you choose`,
    })
  }
  if (loginHint !== undefined && !isSameName(name, loginHint)) {
    interaction.warn(`${name} signed in, not ${loginHint}: the token is theirs`)
  }
}

const noAnswer = 'Entra did not answer in time'

function answered(result: AuthenticationResult | null): AuthenticationResult {
  if (result?.accessToken) return result
  throw new EntraAuthError('authentication_failed', 'Entra answered without a token')
}

async function personNeeded(
  request: TokenRequest,
  obstacle: string,
  cause: Error | undefined,
): Promise<EntraAuthError> {
  const { fresh, silentOnly } = request
  const { name } = request.profile
  const scopes = request.scopes.join(' ')
  const { account, loginHint, prompt } = request.signIn
  const asksAnew = wantsToAsk(request)
  // A cached access token may outlive the sign-in: without --force get-token would hand it out and ask nobody.
  const options = [
    account === undefined ? '' : ` --account ${shellWord(account)}`,
    // Consent is given to what is asked for.
    scopes === request.profile.scopes.join(' ') ? '' : ` --scope ${shellWord(scopes)}`,
    asksAnew ? ` --prompt ${prompt}` : '',
    fresh && cause ? ' --force' : '',
  ].join('')
  const command = `entra-auth-cli get-token -p ${shellWord(name)}${options}`
  const person = account ?? loginHint
  const missing = person === undefined ? 'nobody is signed in' : `${person} is not signed in`
  const why = asksAnew ? `--prompt ${prompt} asks anew` : cause ? 'the sign-in is no longer valid' : missing
  const { translateMsalError } = await import('./msal-errors.ts')
  const translated = cause === undefined ? undefined : translateMsalError(cause, {})
  const said = translated instanceof EntraAuthError ? `: ${translated.message}` : ''
  return new EntraAuthError(
    'interaction_required',
    `somebody must sign in for "${name}" (${why}${said}), and ${obstacle}`,
    {
      hint: [
        `run "${command}" in a terminal`,
        silentOnly ? '; it asks for offline_access, which refreshing needs' : '',
        asksAnew ? ', or leave --prompt out' : '',
      ].join(''),
      ...(translated instanceof EntraAuthError && { entraCode: translated.entraCode }),
      cause,
    },
  )
}

/** Keeping is a courtesy to the next call: failing at it must not cost this one its token. */
async function keep(
  result: AuthenticationResult,
  hasSignedIn: boolean,
  request: TokenRequest,
  session: MsalCacheSession,
  cache: TokenCache,
  interaction: Interaction,
): Promise<void> {
  try {
    await cache.change((current) => ({
      msalText: keptText(request, current.msalText, session.textOver(current.msalText)),
      // A renewal for one of several does not change who is meant when nobody is named.
      signedIn:
        (hasSignedIn ? undefined : current.signedIn) ?? result.account?.homeAccountId ?? current.signedIn,
      tenantIds: result.account
        ? { ...current.tenantIds, [request.profile.tenantId.toLowerCase()]: result.tenantId }
        : current.tenantIds,
    }))
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    interaction.warn(`the token could not be kept: ${error.message}`)
  }
}

/**
 * What is kept of MSAL's cache. A token that answers a claims challenge is for the API that asked, so those before it
 * stay, unless the challenge says that they no longer count: then it takes their place.
 */
function keptText({ claims }: TokenRequest, before: string, after: string): string {
  const isForOneApi = claims !== undefined && !endsOlderTokens(claims)
  return isForOneApi ? withAccessTokensOf(before, after) : after
}
