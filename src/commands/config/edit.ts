import { Option, type Command } from 'commander'
import {
  credentialChanges,
  editProfile,
  type FieldChanges,
  type ProfileEdit,
} from '../../core/profiles/edit-profile.ts'
import { writtenFields } from '../../core/profiles/create-profile.ts'
import { credentialOf } from '../../core/profiles/credential-record.ts'
import { naturalFlow, type Credential } from '../../core/profiles/profile.ts'
import { textField, type ProfileField, type ProfileRecord } from '../../core/profiles/record-fields.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import type { Console } from '../../ui/console.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { contradiction, emptyFlag, gather } from '../option-values.ts'
import { recordFor } from '../profile-choice.ts'
import { readStdin, secretPatience } from '../stdin.ts'
import {
  addCredentialOptions,
  givenCredential,
  givesCredential,
  type CredentialOptions,
  type GivenCredential,
} from './credential-flags.ts'
import { refuseAppOfIdentity } from './create.ts'
import { answersOf } from './edit-answers.ts'
import {
  addAppOptions,
  addPlaceOptions,
  givenFields,
  type GivenFields,
  type ProfileOptions,
} from './profile-flags.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'

interface Options extends NameOptions, ProfileOptions, CredentialOptions {
  readonly rename?: string
  readonly unset?: readonly string[]
  readonly interactive?: boolean
  readonly nonInteractive?: boolean
  readonly silent?: boolean
}

const examples = `
Examples:
  $ entra-auth-cli config edit work                   a menu of everything it holds
  $ entra-auth-cli config edit work --scope "User.Read Mail.Read" --flow device-code
  $ printf %s "$NEW_SECRET" | entra-auth-cli config edit ci --client-secret -
  $ entra-auth-cli config edit ci --github-actions    takes the secret's place, which is removed
  $ entra-auth-cli config edit work --unset redirect-uri --rename home`

export function editCommand(context: CommandContext): Command {
  const command = defineCommand('edit', 'change a profile: by flags, or by a menu on a terminal')
  addAppOptions(
    addNameOptions(command.optionsGroup('What it is:'), 'profile to change').option(
      '--rename <name>',
      'its new name; secrets and cached tokens move with it',
    ),
  )
  return addPlaceOptions(addCredentialOptions(command))
    .optionsGroup('How it is changed:')
    .option('--unset <field>', `back to the default: ${Object.keys(unsettable).join(', ')}`, gather)
    .option('--non-interactive', 'never ask')
    .option('-q, --silent', 'leave stderr empty on success')
    .addOption(new Option('--interactive', 'show the menu; what happens anyway without flags').hideHelp())
    .addHelpText('after', examples)
    .action(async (positional: string | undefined, options: Options) => {
      const { host } = context
      const console = context.console(options)
      const mayAsk = !options.nonInteractive && canPrompt(host.terminal, host.env)
      const record = await recordFor(givenName(positional, options), host, mayAsk)
      const name = textField(record, 'name') ?? ''
      const edit = await editFromFlags(record, options, context, console)
      if (edit !== undefined) return applyEdit(name, edit, context, console)
      if (!mayAsk)
        return applyEdit(name, await editFromStdin(record, name, context, console), context, console)
      const { editByMenu } = await import('./edit-menu.ts')
      return editByMenu(record, context, console)
    })
}

/** Saves an edit and says what it did. @param seen the record a person looked at */
export async function applyEdit(
  name: string,
  edit: ProfileEdit,
  { host }: CommandContext,
  console: Console,
  seen?: ProfileRecord,
): Promise<void> {
  const voice = consoleVoice(console, host.terminal, host.env)
  const { profile, isChanged, lostSecret, signedOut } = await editProfile(host, name, edit, voice, seen)
  if (!isChanged) {
    console.say(`Profile '${profile.name}' is so already; nothing was changed.`)
    return
  }
  console.success(`Profile '${profile.name}' updated`)
  if (lostSecret) console.say('The secret it had is removed.')
  if (signedOut) console.say('Its cached tokens are removed: they belonged to what it was.')
  if (naturalFlow(profile) === 'client-credentials' && profile.credential.kind === 'none')
    console.say('No secret is kept for it: set AZURE_CLIENT_SECRET or use get-token --client-secret -')
}

/** What the flags ask for; undefined where they ask for nothing. */
async function editFromFlags(
  record: ProfileRecord,
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<ProfileEdit | undefined> {
  refuseEmpty(options)
  const given = givenFields(options, console)
  const unset = (options.unset ?? []).flatMap((text) => text.split(/[\s,]+/).filter(Boolean)).map(unsetField)
  const proof = unset.includes('credential')
    ? publicClient(options)
    : await givenCredential({ ...presentCertificate(record, options), ...options }, context, console)
  refuseStranger(given, proof?.credential ?? presentCredential(record))
  const set = placeChanges(definedOnly(writtenFields(given)))
  const taken = unset.filter((field) => field !== 'credential')
  for (const field of taken) if (set[field] !== undefined) throw unsetAndGiven(field)
  const fields: FieldChanges = {
    ...(proof && credentialChanges(proof.credential, record)),
    ...set,
    ...Object.fromEntries(taken.map((field) => [field, undefined])),
  }
  const { rename } = options
  if (Object.keys(fields).length === 0 && rename === undefined) return undefined
  return { fields, ...(rename !== undefined && { rename }), ...(proof && { secrets: proof.secrets }) }
}

/** Lines on stdin, as the older tool's menu was answered in scripts. */
async function editFromStdin(
  record: ProfileRecord,
  name: string,
  context: CommandContext,
  console: Console,
): Promise<ProfileEdit> {
  const { stdin } = context.host.terminal
  const text = stdin.isTerminal ? '' : (await readStdin(context, secretPatience)).toString('utf8')
  const { options, secret } = answersOf(text)
  refuseEmpty(options)
  const given = givenFields(options, console)
  const fields = placeChanges(definedOnly(writtenFields(given)))
  const credential = { kind: 'client-secret', source: { from: 'vault' } } as const
  refuseStranger(given, secret === undefined ? presentCredential(record) : credential)
  if (secret !== undefined) {
    return {
      fields: { ...credentialChanges(credential, record), ...fields },
      secrets: { 'client-secret': secret },
    }
  }
  if (Object.keys(fields).length > 0) return { fields }
  throw new EntraAuthError('invalid_arguments', 'nothing is given to change, and nobody can be asked', {
    hint: `give flags, such as --scope or --client-secret -: "entra-auth-cli config edit ${name} --help" shows all`,
  })
}

/**
 * A managed identity is no app, and its flow is nobody else's: a record that names no method would be taken for one.
 * @throws EntraAuthError `invalid_arguments`
 */
function refuseStranger(given: GivenFields, credential: Credential | undefined): void {
  refuseAppOfIdentity({ ...given, credential })
  if (given.defaultFlow !== 'managed-identity' || credential?.kind === 'managed-identity') return
  throw new EntraAuthError('invalid_arguments', 'the flow managed-identity needs a managed identity', {
    hint: 'add --managed-identity',
  })
}

/** A cloud and an authority say the same in two ways: the one that is given takes the other's place. */
function placeChanges(fields: FieldChanges): FieldChanges {
  return {
    ...('cloud' in fields && { authority: undefined }),
    ...('authority' in fields && { cloud: undefined }),
    ...fields,
  }
}

export function definedOnly(fields: FieldChanges): FieldChanges {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** What --unset takes, and the field it means. */
const unsettable: Readonly<Record<string, ProfileField | 'credential'>> = {
  credential: 'credential',
  scope: 'scopes',
  flow: 'defaultFlow',
  'redirect-uri': 'redirectUri',
  cloud: 'cloud',
  authority: 'authority',
  'graph-url': 'graphUrl',
  'ca-file': 'caFile',
  'client-capability': 'clientCapabilities',
}

function unsetField(word: string): ProfileField | 'credential' {
  const field = Object.hasOwn(unsettable, word.toLowerCase()) ? unsettable[word.toLowerCase()] : undefined
  if (field !== undefined) return field
  throw new EntraAuthError('invalid_arguments', `--unset does not take "${word}"`, {
    hint: `it takes ${Object.keys(unsettable).join(', ')}`,
  })
}

function unsetAndGiven(field: string): EntraAuthError {
  const [flag] = Object.entries(unsettable).find(([, meant]) => meant === field) ?? [field]
  return contradiction(`--${flag}`, `--unset ${flag}`)
}

/** @throws EntraAuthError `invalid_arguments` where a credential is given and taken away */
function publicClient(options: CredentialOptions): GivenCredential {
  if (givesCredential(options)) throw contradiction('a credential', '--unset credential')
  return { credential: { kind: 'none' }, secrets: {} }
}

function presentCredential(record: ProfileRecord): Credential | undefined {
  try {
    return credentialOf(record)
  } catch (error) {
    if (error instanceof EntraAuthError) return undefined
    throw error
  }
}

/** A private key or a password alone is one of the certificate that is there. */
function presentCertificate(record: ProfileRecord, options: CredentialOptions): CredentialOptions {
  const { certificate, certificatePath, certificateEnv, certificatePassword } = options
  const key = options.privateKey ?? options.privateKeyPath
  const names = certificate ?? certificatePath ?? certificateEnv
  const present = presentCredential(record)
  const needsIt = names === undefined && (key !== undefined || certificatePassword !== undefined)
  if (!needsIt || present?.kind !== 'certificate') return {}
  const { source } = present
  if (source.from === 'environment') return { certificateEnv: source.variable }
  return { certificate: source.certificatePath, privateKey: key ?? source.privateKeyPath }
}

/** An empty value is a variable that is not set, as a rule, and never means that something shall go. */
function refuseEmpty(options: ProfileOptions & { readonly rename?: string }): void {
  const texts = {
    '--rename': options.rename,
    '--tenant-id': options.tenantId,
    '--client-id': options.clientId,
    '--scope': options.scope?.join(''),
    '--flow': options.flow,
    '--redirect-uri': options.redirectUri,
    '--cloud': options.cloud,
    '--authority': options.authority,
    '--graph-url': options.graphUrl,
    '--ca-file': options.caFile,
    '--client-capability': options.clientCapability?.join(''),
  }
  for (const [flag, text] of Object.entries(texts)) if (text?.trim() === '') throw emptyFlag(flag)
}
