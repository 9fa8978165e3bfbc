import { commandOutput, partOf, type Waiting } from '../command-output.ts'
import { withDeadline } from '../deadline.ts'
import { profileFileInTime } from '../input-in-time.ts'
import type { Host } from '../ports.ts'
import type { AssertionSource } from '../profiles/profile.ts'
import { shellWord } from '../shell-word.ts'
import type { Voice } from '../voice.ts'
import { azurePipelinesToken } from './azure-pipelines.ts'
import { cannotBeHad, checkAssertion } from './federated-assertion.ts'
import { gitHubActionsToken } from './github-actions.ts'

export type AssertionHost = Pick<Host, 'env' | 'files' | 'http' | 'commands' | 'now'>

/** Where Kubernetes' workload identity says its token is. @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html */
const tokenFileVariable = 'AZURE_FEDERATED_TOKEN_FILE'

/**
 * An assertion of another identity provider, fetched anew: such tokens live for minutes, and files with them are
 * replaced. It has been looked at, so that what cannot work is told before Entra is asked; it has not been verified.
 * @throws EntraAuthError `profile_incomplete` where there is none to be had, `invalid_token` where it is no JWT or over,
 *   `authentication_failed` where its issuer refuses, and whatever files, commands and the network throw
 */
export async function fetchAssertion(
  source: AssertionSource,
  profileName: string,
  host: AssertionHost,
  voice: Voice,
  waiting: Waiting,
): Promise<string> {
  const { text, place } = await read(source, profileName, host, voice, waiting)
  const assertion = text.replace(/^\ufeff/, '').trim()
  checkAssertion(assertion, place, host.now())
  return assertion
}

interface Found {
  readonly text: string
  /** Where it was, for errors. */
  readonly place: string
}

async function read(
  source: AssertionSource,
  profileName: string,
  host: AssertionHost,
  voice: Voice,
  waiting: Waiting,
): Promise<Found> {
  switch (source.from) {
    case 'file': {
      const path = source.path ?? tokenFile(profileName, host)
      const what = `the assertion of "${profileName}"`
      const hint = missingFileHint(source.path !== undefined, profileName)
      const content = await profileFileInTime(path, what, hint, host, partOf(waiting))
      return { text: String(content), place: `the file "${path}"` }
    }
    case 'environment': {
      const { variable } = source
      const hint = `set ${variable} to the token, such as the id_token of the CI job`
      const text = host.env[variable] || cannotBeHad(profileName, `the variable ${variable} is not set`, hint)
      return { text, place: `the variable ${variable}` }
    }
    case 'command': {
      const what = `the assertion of "${profileName}"`
      const output = await commandOutput(source.command, what, host, voice, waiting)
      return { text: String(output), place: 'its command' }
    }
    case 'github-actions': {
      const { audience } = source
      const ask = (signal: AbortSignal) => gitHubActionsToken(audience, profileName, host, signal)
      return { text: await inTime('GitHub', waiting, ask), place: 'GitHub' }
    }
    case 'azure-pipelines': {
      const { serviceConnectionId } = source
      const ask = (signal: AbortSignal) => azurePipelinesToken(serviceConnectionId, profileName, host, signal)
      return { text: await inTime('Azure Pipelines', waiting, ask), place: 'Azure Pipelines' }
    }
  }
}

function inTime(
  who: string,
  waiting: Waiting,
  ask: (signal: AbortSignal) => Promise<string>,
): Promise<string> {
  const { signal, milliseconds } = partOf(waiting)
  return withDeadline(signal, milliseconds, `${who} did not answer in time`, ask)
}

function tokenFile(profileName: string, { env }: Pick<Host, 'env'>): string {
  return (
    env[tokenFileVariable] ||
    cannotBeHad(
      profileName,
      `${tokenFileVariable} is not set`,
      'label the pod with azure.workload.identity/use: "true", or name the file with "entra-auth-cli config create --federated-token-file"',
    )
  )
}

function missingFileHint(isNamedByProfile: boolean, profileName: string): string {
  const look = 'is it mounted, and may this user read it?'
  return isNamedByProfile
    ? `${look} else name another with "entra-auth-cli config edit ${shellWord(profileName)} --federated-token-file FILE"`
    : `${tokenFileVariable} names it: ${look}`
}
