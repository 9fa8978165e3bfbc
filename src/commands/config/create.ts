import { Option, type Command } from 'commander'
import { parseAuthority } from '../../core/clouds.ts'
import type { Environment } from '../../core/ports.ts'
import { createProfile, refuseTakenName, type ProfileDraft } from '../../core/profiles/create-profile.ts'
import { checkProfileName, naturalFlow } from '../../core/profiles/profile.ts'
import { loadProfiles } from '../../core/profiles/profile-store.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import type { Console } from '../../ui/console.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { contradiction } from '../option-values.ts'
import {
  addCredentialOptions,
  givenCredential,
  type CredentialOptions,
  type GivenCredential,
} from './credential-flags.ts'
import { addAppOptions, addPlaceOptions, givenFields, type ProfileOptions } from './profile-flags.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'
import { credentialText } from './view-of-profile.ts'

export interface CreateOptions extends NameOptions, ProfileOptions, CredentialOptions {
  readonly overwrite?: boolean
  readonly nonInteractive?: boolean
  readonly silent?: boolean
}

const examples = `
Examples:
  $ entra-auth-cli config create                      asks for everything
  $ entra-auth-cli config create -n work --tenant-id contoso.onmicrosoft.com --client-id <guid>
  $ printf %s "$SECRET" | entra-auth-cli config create -n ci --tenant-id <guid> --client-id <guid> --client-secret -
  $ entra-auth-cli config create -n vm --managed-identity --scope https://vault.azure.net/.default
  $ entra-auth-cli config create -n deploy --tenant-id <guid> --client-id <guid> --github-actions`

export function createCommand(context: CommandContext): Command {
  const command = defineCommand('create', 'make a profile; asks for what the flags do not give')
  addAppOptions(addNameOptions(command.optionsGroup('Which app:'), 'name of the new profile'))
  return addPlaceOptions(addCredentialOptions(command))
    .optionsGroup('How it is made:')
    .option('--overwrite', 'replace a profile of that name')
    .option('--non-interactive', 'never ask')
    .option('-q, --silent', 'leave stderr empty on success')
    .addOption(new Option('--interactive', 'ask; what happens anyway where something is missing').hideHelp())
    .addHelpText('after', examples)
    .action(async (positional: string | undefined, options: CreateOptions) => {
      const { host } = context
      const console = context.console(options)
      const name = givenName(positional, options)
      if (name !== undefined) checkProfileName(name)
      if (name !== undefined && !options.overwrite) await refuseTakenName(host, name)
      const draft = await draftFrom({ ...options, name }, context, console)
      const overwrite = options.overwrite === true
      const profile = await createProfile(
        host,
        draft,
        { overwrite },
        consoleVoice(console, host.terminal, host.env),
      )
      console.success(`Profile '${profile.name}' created successfully`)
      const secretMissing =
        naturalFlow(profile) === 'client-credentials' && profile.credential.kind === 'none'
      if (secretMissing)
        console.say('No secret is kept for it: set AZURE_CLIENT_SECRET or use get-token --client-secret -')
    })
}

async function draftFrom(
  options: CreateOptions,
  context: CommandContext,
  console: Console,
): Promise<ProfileDraft> {
  const { host } = context
  const fields = givenFields(options, console)
  const { defaultFlow } = fields
  const credential = await givenCredential(options, context, console)
  const pod = isOfPod(credential) ? workloadOf(host.env) : {}
  const given: Partial<ProfileDraft> = {
    ...fields,
    name: options.name,
    tenantId: fields.tenantId ?? pod.tenantId,
    clientId: fields.clientId ?? pod.clientId,
    ...(credential ?? (defaultFlow === 'managed-identity' ? ownIdentity : {})),
    authority: fields.authority ?? (fields.cloud === undefined ? pod.authority : undefined),
  }
  refuseAppOfIdentity(given)
  if (isEnough(given)) return withDefaults(given)
  if (options.nonInteractive || !canPrompt(host.terminal, host.env)) throw flagsMissing(given)
  if ((await loadProfiles(host)).records.length === 0) {
    const { offerDotnet } = await import('./offer-dotnet.ts')
    await offerDotnet(context)
  }
  const { askForProfile } = await import('./ask-for-profile.ts')
  const draft = withDefaults(await askForProfile(given, host))
  await confirmDraft(draft)
  return draft
}

/** @throws EntraAuthError `interrupted` where a person, seeing it whole, does not want it */
async function confirmDraft(draft: ProfileDraft): Promise<void> {
  const { confirm, note } = await import('../../ui/prompts.ts')
  note(`Profile '${draft.name}'`, draftLines(draft))
  if (await confirm('Save it?', true)) return
  throw new EntraAuthError('interrupted', 'nothing was saved')
}

function draftLines(draft: ProfileDraft): readonly string[] {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Credential', credentialText(draft.credential)],
    ['Tenant ID', draft.tenantId],
    ['Client ID', draft.clientId],
    ['Scopes', draft.scopes.join(' ') || undefined],
    ['Flow', naturalFlow(draft)],
    ['Authority', draft.authority],
    ['Cloud', draft.cloud],
  ]
  return lines.flatMap(([label, value]) => (value === undefined ? [] : `${label.padEnd(12)}${value}`))
}

export type NamedDraft = Partial<ProfileDraft> & Pick<ProfileDraft, 'name'>

/** What `--flow managed-identity` means alone. */
const ownIdentity = {
  credential: { kind: 'managed-identity', identity: { by: 'system' } },
  secrets: {},
} as const satisfies GivenCredential

/** Whether the assertion is the one that Kubernetes' workload identity mounts into a pod. */
function isOfPod(given: GivenCredential | undefined): boolean {
  const credential = given?.credential
  return (
    credential?.kind === 'federated' &&
    credential.source.from === 'file' &&
    credential.source.path === undefined
  )
}

/**
 * The app as Kubernetes' workload identity names it to a pod.
 * @see https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html
 */
function workloadOf(env: Environment): Partial<Pick<ProfileDraft, 'tenantId' | 'clientId' | 'authority'>> {
  const host = env['AZURE_AUTHORITY_HOST'] || undefined
  return {
    tenantId: env['AZURE_TENANT_ID'] || undefined,
    clientId: env['AZURE_CLIENT_ID'] || undefined,
    authority: host === undefined ? undefined : parseAuthority(host).authority,
  }
}

/** A managed identity is no app registration: ids of one would be kept and never used. */
export function refuseAppOfIdentity({ credential, clientId, tenantId }: Partial<ProfileDraft>): void {
  if (credential?.kind !== 'managed-identity') return
  const hint = 'leave it away; a user-assigned identity is named by --managed-identity-client-id'
  if (clientId !== undefined) throw contradiction('--client-id', '--managed-identity', hint)
  if (tenantId !== undefined) throw contradiction('--tenant-id', '--managed-identity', hint)
}

function isEnough(given: Partial<ProfileDraft>): given is NamedDraft {
  return given.name !== undefined && missingFlags(given).length === 0
}

/** A managed identity has neither a tenant nor a client id to name. */
function missingFlags({ credential, name, tenantId, clientId }: Partial<ProfileDraft>): readonly string[] {
  const needsApp = credential?.kind !== 'managed-identity'
  return [
    name === undefined ? '--name' : [],
    needsApp && tenantId === undefined ? '--tenant-id' : [],
    needsApp && clientId === undefined ? '--client-id' : [],
  ].flat()
}

/** A draft whose fields nobody gave have their defaults. */
export function withDefaults(draft: NamedDraft): ProfileDraft {
  return {
    scopes: [],
    tenantId: undefined,
    clientId: undefined,
    credential: { kind: 'none' },
    secrets: {},
    defaultFlow: undefined,
    authority: undefined,
    cloud: undefined,
    graphUrl: undefined,
    caFile: undefined,
    redirectUri: undefined,
    clientCapabilities: [],
    ...definedOnly(draft),
  }
}

function definedOnly<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

function flagsMissing(given: Partial<ProfileDraft>): EntraAuthError {
  const [last = '', ...others] = missingFlags(given).toReversed()
  const several = others.length > 0
  const named = several ? `${others.toReversed().join(', ')} and ${last}` : last
  const fact = `${named} ${several ? 'are' : 'is'} missing, and nobody can be asked`
  return new EntraAuthError('invalid_arguments', fact, {
    hint: `give ${several ? 'them' : 'it'}, or run it in a terminal`,
  })
}
