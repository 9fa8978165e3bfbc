import { suggestedProfile, type SuggestedProfile } from '../core/app-check/suggested-profile.ts'
import { cloudNamed, graphUrlOf } from '../core/clouds.ts'
import type { Application } from '../core/graph/application.ts'
import { createProfile, refuseTakenName, type ProfileDraft } from '../core/profiles/create-profile.ts'
import { checkProfileName } from '../core/profiles/profile.ts'
import { loadProfiles } from '../core/profiles/profile-store.ts'
import type { Host } from '../core/ports.ts'
import { parseScopes } from '../core/scopes.ts'
import { EntraAuthError } from '../errors.ts'
import { chooseAppFrom } from '../ui/app-choice.ts'
import { appText } from '../ui/app-view.ts'
import type { Console } from '../ui/console.ts'
import { consoleVoice } from '../ui/console-voice.ts'
import { askText, confirm } from '../ui/prompts.ts'
import type { CommandContext } from './command.ts'
import { askForProfile } from './config/ask-for-profile.ts'
import { withDefaults } from './config/create.ts'
import { declaredApis, detailedViews, type Session } from './discover-session.ts'

/** Lets a person choose one of the apps, tells what matters about it, and offers to make a profile of it. */
export async function chooseApp(
  applications: readonly Application[],
  session: Session,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { host } = context
  const [only, ...others] = applications
  const chosen =
    only !== undefined && others.length === 0 ? only : await chooseAppFrom(applications, host.now())
  const [view] = await detailedViews([chosen], session)
  console.say('')
  if (view !== undefined) console.result(appText(view, host.now(), console.paint))
  const suggestion = suggestedProfile(
    chosen,
    await declaredApis([chosen], session),
    session.request.profile.graphUrl,
  )
  console.say(`\nA profile would use ${suggestion.flow}: ${suggestion.because}.`)
  if (await confirm('Make a profile of it?', false))
    await makeProfile(chosen, suggestion, session, host, console)
}

async function makeProfile(
  { appId }: Application,
  suggestion: SuggestedProfile,
  session: Session,
  host: Host,
  console: Console,
): Promise<void> {
  const { authority, graphUrl, caFile } = session.request.profile
  const name = await askName(suggestion.name, host)
  const given: Partial<ProfileDraft> & Pick<ProfileDraft, 'name'> = {
    name,
    tenantId: session.tenant,
    clientId: appId,
    ...(suggestion.provesItself ? {} : { credential: { kind: 'none' }, secrets: {} }),
    defaultFlow: suggestion.flow,
    redirectUri: suggestion.redirectUri,
    scopes: await askScopes(suggestion),
    authority: authority === cloudNamed('public').authority ? undefined : authority,
    graphUrl: graphUrl === graphUrlOf(authority) ? undefined : graphUrl,
    caFile,
  }
  const draft = withDefaults(await askForProfile(given, host))
  // Who has no proof of the app at hand signs in after all, or uses what a machine has: by the flow that goes with it.
  const { kind } = draft.credential
  const needsOtherFlow = suggestion.provesItself && (kind === 'none' || kind === 'managed-identity')
  const profile = await createProfile(
    host,
    needsOtherFlow ? { ...draft, defaultFlow: undefined } : draft,
    { overwrite: false },
    consoleVoice(console, host.terminal, host.env),
  )
  console.success(`Profile '${profile.name}' created successfully`)
  console.say(`Check it with "entra-auth-cli config check -p ${profile.name}".`)
}

async function askScopes({ scopes }: SuggestedProfile): Promise<readonly string[]> {
  return parseScopes([await askText('Scopes (separated by spaces)', { fallback: scopes.join(' ') })])
}

/** A name that nobody has yet is offered. */
async function askName(suggested: string, host: Host): Promise<string> {
  const profiles = await loadProfiles(host)
  let free = suggested
  for (let number = 2; profiles.find(free) !== undefined; number++)
    free = `${suggested.slice(0, 60)}-${number}`
  const name = await askText('Profile name', {
    fallback: free,
    check: (answer) =>
      problemWith(answer) ?? (profiles.find(answer) === undefined ? undefined : 'that name is taken'),
  })
  await refuseTakenName(host, name)
  return name
}

function problemWith(name: string): string | undefined {
  try {
    checkProfileName(name)
    return undefined
  } catch (error) {
    return error instanceof EntraAuthError ? error.hint : String(error)
  }
}
