import type { Application } from '../core/graph/application.ts'
import { readerRequest } from '../core/graph/directory-access.ts'
import { findApplications, searchFor } from '../core/graph/find-applications.ts'
import type { TokenRequest } from '../core/token-request.ts'
import { EntraAuthError } from '../errors.ts'
import { appSummary, appText } from '../ui/app-view.ts'
import { appTable } from '../ui/app-table.ts'
import { canPrompt } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import { formatJson } from '../ui/json.ts'
import type { CommandContext } from './command.ts'
import type { CloudOptions, SignInOptions } from './directory-flags.ts'
import {
  checkedTenant,
  directoryInteraction,
  directoryWishes,
  ofAccount,
  signInOf,
} from './directory-options.ts'
import { detailedViews, openSession, viewOf, type Session } from './discover-session.ts'
import { contradiction } from './option-values.ts'
import { profileFor } from './profile-choice.ts'

export interface AppSearchOptions extends SignInOptions, CloudOptions {
  readonly tenant?: string
  readonly search?: string
  readonly profile?: string
  readonly flow?: string
  readonly limit?: number
  readonly details?: boolean
  readonly output?: 'text' | 'json' | 'yaml'
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** `discover --tenant …` and `discover --search …`: finds app registrations, and makes a profile of one. */
export async function discoverApps(
  options: AppSearchOptions,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { host, signal } = context
  const search = searchFor(checkedSearch(options.search))
  const request = await requestOf(options, context, console)
  const interaction = directoryInteraction(options, context, console)
  const session = await openSession(request, host, interaction, signal)
  if (!options.quiet) console.progress('Looking for app registrations...')
  const found = await findApplications(session.graph, search, options.limit, (looked) => {
    if (!options.quiet) console.progress(`  looked at ${looked}...`)
  })
  const { applications } = found
  if (options.quiet) {
    if (applications.length === 0) context.exitWith(1)
    return
  }
  if (found.isCut) console.say(`There are more than ${applications.length}; --limit lets no more through.`)
  if (applications.length > 0 && mayChoose(options, context, console)) {
    const { chooseApp } = await import('./discover-choice.ts')
    return chooseApp(applications, session, context, console)
  }
  await print(applications, session, options, context, console)
}

async function requestOf(
  options: AppSearchOptions,
  { host }: CommandContext,
  console: Console,
): Promise<TokenRequest> {
  const { profile: name, tenant, flow } = options
  if (name === undefined) return signInOf(tenant, options, console)
  const { clientId, cloud, authority, graphUrl, caFile } = options
  const ofSignIn = { 'client-id': clientId, cloud, authority, 'graph-url': graphUrl, 'ca-file': caFile }
  for (const [flag, value] of Object.entries(ofSignIn)) {
    if (value !== undefined)
      throw contradiction('--profile', `--${flag}`, 'the profile says which app and cloud it is')
  }
  const profile = await profileFor(name, host, options.interaction)
  const tenantId = tenant === undefined ? profile.tenantId : checkedTenant(tenant)
  return ofAccount(readerRequest({ ...profile, tenantId }, directoryWishes(options, flow)), options)
}

function checkedSearch(search: string | undefined): string | undefined {
  if (search?.trim().startsWith('eyJ')) {
    throw new EntraAuthError('invalid_arguments', '--search was given a token, which is sent nowhere', {
      hint: 'look at a token with "entra-auth-cli discover -t TOKEN"',
    })
  }
  return search
}

/** Whether somebody sits in front of a terminal and wants to be asked. */
function mayChoose(
  { output, interaction, details }: AppSearchOptions,
  { host }: CommandContext,
  console: Console,
): boolean {
  const wantsResult = output !== undefined || details === true
  return !wantsResult && interaction && console.resultIsRead && canPrompt(host.terminal, host.env)
}

async function print(
  applications: readonly Application[],
  session: Session,
  { output, details }: AppSearchOptions,
  { host }: CommandContext,
  console: Console,
): Promise<void> {
  const form = output ?? (console.resultIsRead ? 'text' : 'json')
  const { now } = host
  if (form === 'text') {
    if (applications.length === 0) return console.say('No app registration was found.')
    const width = host.terminal.stdout.columns
    if (!details) return console.result(appTable(applications, { now: now(), width, paint: console.paint }))
    const views = await detailedViews(applications, session)
    return console.result(views.map((view) => appText(view, now(), console.paint)).join('\n\n'))
  }
  const views = details
    ? await detailedViews(applications, session)
    : applications.map((application) => viewOf(application, session))
  const json = JSON.stringify(views.map(appSummary))
  console.result(
    form === 'json' ? formatJson(json, console) : (await import('../ui/yaml.ts')).formatYaml(json),
  )
}
