import * as clack from '@clack/prompts'
import type { Application } from '../core/graph/application.ts'
import { EntraAuthError } from '../errors.ts'
import { credentialsText } from './app-credentials.ts'
import { safeText } from './safe-text.ts'

// Like `prompts.ts`, this owns the terminal while it asks, and is only reached where `canPrompt` said that it may.
const output = process.stderr

/**
 * Lets a person choose an app from a list that grows shorter as they type: words of its name or client id, in any order.
 * @throws EntraAuthError `interrupted` on Ctrl-C and Escape
 */
export async function chooseAppFrom(applications: readonly Application[], now: Date): Promise<Application> {
  const answer = await clack.autocomplete<Application>({
    message: `Which app? (${applications.length} found)`,
    placeholder: 'type to filter',
    options: applications.map((value) => ({
      value,
      label: safeText(value.displayName) || '(without a name)',
      hint: safeText(hintOf(value, now)),
    })),
    maxItems: 10,
    filter: (typed, { value }) => isMeant(typed, value),
    output,
  })
  if (clack.isCancel(answer)) throw new EntraAuthError('interrupted', 'interrupted; nothing was changed')
  return answer
}

/** The client id tells apps of one name apart; that an app needs a new credential is worth knowing before it is chosen. */
function hintOf({ appId, credentials }: Application, now: Date): string {
  const text = credentialsText(credentials, now)
  return /expired|left/.test(text) ? `${appId}, ${text}` : appId
}

/** Whether every word that was typed is somewhere in the name or the client id. */
export function isMeant(typed: string, { displayName, appId }: Application): boolean {
  const text = `${displayName} ${appId}`.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
