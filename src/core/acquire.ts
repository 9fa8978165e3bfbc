import type { AuthenticationResult } from '@azure/msal-node'
import { EntraAuthError } from '../errors.ts'
import type { AccessToken } from './access-token.ts'
import { Acquisition, type Stage } from './acquisition.ts'
import { ambiguousAccount, chooseAccount, isSameName } from './accounts.ts'
import { endsOlderTokens } from './claims-challenge.ts'
import { acquireByClientCredentials } from './flows/client-credentials.ts'
import { acquireOnBehalfOf } from './flows/on-behalf-of.ts'
import type { FlowContext } from './flows/context.ts'
import { isPersonFlow, type Flow } from './flows/flow.ts'
import { signIn } from './flows/sign-in.ts'
import { acquireSilently } from './flows/silent.ts'
import type { Interaction } from './interaction.ts'
import { withAccessTokensOf } from './msal-cache-session.ts'
import type { Host } from './ports.ts'
import { isGuid } from './profiles/profile.ts'
import { shellWord } from './shell-word.ts'
import { noTokens, type CachedTokens, type TokenCache } from './token-cache.ts'
import { wantsToAsk, type TokenRequest } from './token-request.ts'
import { vaultPath } from './vault/vault-file.ts'

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
  const tokens = await startingFrom(request, cache)
  const acquisition = new Acquisition(request, tokens, host, interaction)
  const stage: RunStage = (one, work) => acquisition.run(one, signal, work)

  interaction.trace(
    `asking ${request.profile.authority}/${request.profile.tenantId} by ${request.flow} for ${request.scopes.join(' ')}`,
  )
  const { result, hasSignedIn } = isPersonFlow(request.flow)
    ? await askForPerson(request, tokens, stage)
    : { result: await askEntraAlone(request, stage), hasSignedIn: false }
  const clockWarning = acquisition.clockWarning()
  if (clockWarning !== undefined) interaction.warn(clockWarning)
  if (request.store) {
    await (request.flow === 'on-behalf-of'
      ? keepAuthority(acquisition, cache, host)
      : keep(result, hasSignedIn, request, acquisition, cache, interaction))
  }
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

/** Of an on-behalf-of request no token is looked up: whose it is depends on the assertion alone. */
async function startingFrom(request: TokenRequest, cache: TokenCache): Promise<CachedTokens> {
  if (request.flow !== 'on-behalf-of') return cache.read()
  try {
    const { authorities } = await cache.read()
    return { ...noTokens, authorities }
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    // All that is missed is one request.
    return noTokens
  }
}

type RunStage = <T>(stage: Stage, work: (context: FlowContext) => Promise<T>) => Promise<T>

/** A stage in which no person has a part. */
function alone({ timeouts }: TokenRequest): Stage {
  return { milliseconds: timeouts.requestMilliseconds, fact: 'Entra did not answer in time', attended: false }
}

/** A flow in which no person has a part. */
async function askEntraAlone(request: TokenRequest, stage: RunStage): Promise<AuthenticationResult> {
  const work = request.flow === 'on-behalf-of' ? acquireOnBehalfOf : acquireByClientCredentials
  return answered(await stage(alone(request), work))
}

async function askForPerson(
  request: TokenRequest,
  tokens: CachedTokens,
  stage: RunStage,
): Promise<{ readonly result: AuthenticationResult; readonly hasSignedIn: boolean }> {
  const { timeouts } = request
  const choice = chooseAccount(tokens, request.signIn)
  if (choice.kind === 'ambiguous') throw ambiguousAccount(choice.usernames, request.profile.name)
  const silent = wantsToAsk(request)
    ? ({ kind: 'person-needed', cause: undefined } as const)
    : await stage(alone(request), (context) =>
        acquireSilently(context, choice.kind === 'account' ? choice.id : undefined),
      )
  if (silent.kind === 'token') return { result: silent.result, hasSignedIn: false }
  const patience = timeouts.personMilliseconds
  const signingIn = { milliseconds: patience, fact: 'nobody signed in in time', attended: true }
  const result = await stage(signingIn, async (context) => {
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
  acquisition: Acquisition,
  cache: TokenCache,
  interaction: Interaction,
): Promise<void> {
  try {
    await cache.change((current) => ({
      msalText: keptText(request, current.msalText, acquisition.session.textOver(current.msalText)),
      // A renewal for one of several does not change who is meant when nobody is named.
      signedIn:
        (hasSignedIn ? undefined : current.signedIn) ?? result.account?.homeAccountId ?? current.signedIn,
      tenantIds: result.account
        ? { ...current.tenantIds, [request.profile.tenantId.toLowerCase()]: result.tenantId }
        : current.tenantIds,
      authorities: acquisition.authorities(current.authorities ?? []),
    }))
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    interaction.warn(`the token could not be kept: ${error.message}`)
  }
}

/** No token of somebody who called the app is kept; and for the rest of it no vault is made, nor a word said. */
async function keepAuthority(acquisition: Acquisition, cache: TokenCache, host: Host): Promise<void> {
  if (!acquisition.hasLearned || (await host.files.look(vaultPath(host))) === undefined) return
  try {
    await cache.change((current) => ({
      ...current,
      authorities: acquisition.authorities(current.authorities ?? []),
    }))
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
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
