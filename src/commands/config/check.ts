import type { Command } from 'commander'
import type { AppAsked } from '../../core/app-check/app-asked.ts'
import type { AppFacts } from '../../core/app-check/app-facts.ts'
import { checkApp, type AppReport } from '../../core/app-check/check-app.ts'
import { ownProof } from '../../core/app-check/own-proof.ts'
import { nothingKnown, readAppFacts, unreadable } from '../../core/app-check/read-app-facts.ts'
import { isAppOnly, parseFlow } from '../../core/flows/flow.ts'
import { openDirectory, readerRequest, signInRequest } from '../../core/graph/directory-access.ts'
import type { Interaction } from '../../core/interaction.ts'
import { naturalFlow, type Profile } from '../../core/profiles/profile.ts'
import { parseScopes } from '../../core/scopes.ts'
import type { TokenRequest } from '../../core/token-request.ts'
import { EntraAuthError, type ErrorCode } from '../../errors.ts'
import { appCheckReport } from '../../ui/app-check-report.ts'
import type { Console } from '../../ui/console.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { addDataOutputOptions, printData, type DataOutputOptions } from '../data-output.ts'
import { addSignInOptions, type SignInOptions } from '../directory-flags.ts'
import { directoryInteraction, directoryWishes, ofAccount, signInClient } from '../directory-options.ts'
import { emptyFlag, gather } from '../option-values.ts'
import { profileFor } from '../profile-choice.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'

interface Options extends NameOptions, DataOutputOptions, SignInOptions {
  readonly as?: string
  readonly scope?: readonly string[]
  readonly flow?: string
  readonly redirectUri?: string
  readonly silent?: boolean
  readonly verbose?: boolean
}

const notes = `
Compares what the profile is going to ask for with what the app registration has: accounts, redirect URIs, public client
flows, credentials and their end, and for each scope whether it is declared and who consented. Changes nothing.

Microsoft Graph is read with the profile's own app where that may (Application.Read.All; Directory.Read.All for who
consented), with another profile by --as, or else by somebody who signs in. What a reader may not see is told as unknown.

Exit code 0 says that nothing stands in the way: nothing failed, and the app could be looked at. Else it is 1.

Examples:
  $ entra-auth-cli config check -p work
  $ entra-auth-cli config check -p work --scope Mail.Send --as directory-reader
  $ entra-auth-cli config check -p ci -o json | jq '.checks[] | select(.status == "failed")'`

/** `config check`: what the app registration would give a profile. */
export function checkCommand(context: CommandContext): Command {
  const command = defineCommand(
    'check',
    'what the app registration would give the profile, and what stands in the way',
  )
  addNameOptions(command, 'profile to check')
    .option('--as <profile>', 'read the directory with this profile')
    .option('--scope <scopes>', "scopes instead of the profile's; may be repeated", gather)
    .option('--flow <flow>', "flow instead of the profile's")
    .option('--redirect-uri <uri>', "redirect URI instead of the profile's")
    .option('-q, --silent', 'leave stderr empty on success')
    .option('--verbose', 'tell what is asked, and more about an error')
  return addDataOutputOptions(addSignInOptions(command))
    .addHelpText('after', notes)
    .action(async (positional: string | undefined, options: Options) => {
      const { host, signal } = context
      const console = context.console(options)
      const written = await profileFor(givenName(positional, options), host, options.interaction)
      const profile = { ...written, redirectUri: options.redirectUri ?? written.redirectUri }
      if (profile.credential.kind === 'managed-identity') throw withoutRegistration(profile)
      const interaction = directoryInteraction(options, context, console)
      const asked: AppAsked = {
        profile,
        flow: options.flow === undefined ? naturalFlow(profile) : parseFlow(options.flow),
        scopes: scopesOf(profile, options),
        proof: await ownProof(profile, host, interaction, signal),
        now: host.now(),
      }
      console.progress(`Reading the app registration of profile '${profile.name}'...`)
      const { facts, readBy } = await factsFor(asked, options, interaction, context, console)
      const report = checkApp(asked, facts)
      const { columns: width } = host.terminal.stdout
      await printData(dataOf(asked, facts, report, readBy), options, console, () =>
        console.result(appCheckReport(heading(asked, facts), report, { width, paint: console.paint })),
      )
      if (!report.ok) context.exitWith(1)
    })
}

function scopesOf(profile: Profile, { scope }: Options): readonly string[] {
  const scopes = parseScopes(scope ?? [])
  if (scope && scopes.length === 0) throw emptyFlag('--scope')
  return scopes.length > 0 ? scopes : profile.scopes
}

function withoutRegistration({ name }: Profile): EntraAuthError {
  return new EntraAuthError(
    'invalid_arguments',
    `profile "${name}" is a managed identity, which has no app registration`,
    { hint: `see what it gets with "entra-auth-cli get-token -p ${name} | entra-auth-cli inspect"` },
  )
}

interface Reading {
  readonly facts: AppFacts
  /** The profile the directory was read with; undefined for a person who signed in, or nobody. */
  readonly readBy: string | undefined
}

/** Reads with `--as`, else with the profile itself, else with somebody who signs in. */
async function factsFor(
  asked: AppAsked,
  options: Options,
  interaction: Interaction,
  context: CommandContext,
  console: Console,
): Promise<Reading> {
  const { host, signal } = context
  const read = async (request: TokenRequest): Promise<AppFacts> => {
    const { graph } = await openDirectory(request, host, interaction, signal)
    return readAppFacts(graph, asked)
  }
  const wishes = directoryWishes(options)
  if (options.as !== undefined) {
    const reader = await profileFor(options.as, host, options.interaction)
    return { facts: await read(ofAccount(readerRequest(reader, wishes), options)), readBy: reader.name }
  }
  const own = await factsOrWhyNot(interaction, () => read(ownRequest(asked.profile, wishes)))
  if (own.application.known || interaction.obstacle !== undefined)
    return { facts: own, readBy: own.application.known ? asked.profile.name : undefined }
  console.say(
    `Profile '${asked.profile.name}' cannot read its app registration: somebody who can has to sign in.`,
  )
  const { tenantId, authority, graphUrl, caFile } = asked.profile
  const signIn = { tenantId, authority, graphUrl, caFile, clientId: signInClient(options) }
  return { facts: await read(ofAccount(signInRequest(signIn, wishes), options)), readBy: undefined }
}

/** The profile's own token, for which nobody is asked: it may well be that its app may not read anything. */
function ownRequest(profile: Profile, wishes: Partial<TokenRequest>): TokenRequest {
  const request = readerRequest(profile, wishes)
  return isAppOnly(request.flow) ? request : { ...request, silentOnly: true }
}

/** What tells of the app and not of this machine or the way to Entra. */
const tellsOfApp: ReadonlySet<ErrorCode> = new Set([
  'authentication_failed',
  'interaction_required',
  'profile_incomplete',
  'invalid_arguments',
  'invalid_token',
])

/** Why there is no token is part of the answer: an app whose secret is over cannot read anything. */
async function factsOrWhyNot({ obstacle }: Interaction, read: () => Promise<AppFacts>): Promise<AppFacts> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof EntraAuthError) || !tellsOfApp.has(error.code)) throw error
    const nobody = `nobody is signed in who may read it${obstacle === undefined ? '' : `, and ${obstacle}`}`
    return nothingKnown(unreadable(error.code === 'interaction_required' ? nobody : error.message))
  }
}

function heading({ profile, flow, scopes }: AppAsked, facts: AppFacts): string {
  return `${displayName(facts) ?? profile.clientId} for profile '${profile.name}', by ${flow}, for ${scopes.join(' ')}`
}

function displayName({ application, servicePrincipal }: AppFacts): string | undefined {
  if (application.known && application.value) return application.value.displayName
  return servicePrincipal.known ? servicePrincipal.value?.displayName : undefined
}

/** What `-o json` prints; every name is always there. */
function dataOf(
  { profile, flow, scopes }: AppAsked,
  facts: AppFacts,
  { ok, findings }: AppReport,
  readBy: string | undefined,
) {
  return {
    ok,
    profile: profile.name,
    tenant_id: profile.tenantId,
    application_id: profile.clientId,
    display_name: displayName(facts) ?? null,
    flow,
    scopes,
    read_by: readBy ?? null,
    checks: findings.map(({ name, subject, status, fact, remedy, page }) => ({
      name,
      subject: subject ?? null,
      status,
      fact,
      remedy: remedy ?? null,
      page: page ?? null,
    })),
  }
}
