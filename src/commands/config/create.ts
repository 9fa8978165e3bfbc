import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { secretText } from '../../core/client-secret.ts'
import { cloudNamed, parseAuthority } from '../../core/clouds.ts'
import { parseFlow } from '../../core/flows/flow.ts'
import {
  createProfile,
  refuseTakenName,
  type DraftCredential,
  type ProfileDraft,
} from '../../core/profiles/create-profile.ts'
import { checkProfileName, naturalFlow } from '../../core/profiles/profile.ts'
import { parseScopes } from '../../core/scopes.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import type { Console } from '../../ui/console.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { contradiction, gather } from '../option-values.ts'
import { secretFlag } from '../secret-flag.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'

export interface CreateOptions extends NameOptions {
  readonly tenantId?: string
  readonly clientId?: string
  readonly scope?: readonly string[]
  readonly flow?: string
  readonly redirectUri?: string
  readonly cloud?: string
  readonly authority?: string
  readonly graphUrl?: string
  readonly caFile?: string
  readonly certificate?: string
  readonly certificatePath?: string
  readonly useCertificate?: boolean
  readonly privateKey?: string
  readonly privateKeyPath?: string
  readonly certificatePassword?: string
  readonly clientSecret?: string
  readonly clientSecretFile?: string
  readonly clientSecretEnv?: string
  readonly overwrite?: boolean
  readonly nonInteractive?: boolean
  readonly silent?: boolean
}

const examples = `
Examples:
  $ entra-auth-cli config create                      asks for everything
  $ entra-auth-cli config create -n work --tenant-id contoso.onmicrosoft.com --client-id <guid>
  $ printf %s "$SECRET" | entra-auth-cli config create -n ci --tenant-id <guid> --client-id <guid> --client-secret -`

export function createCommand(context: CommandContext): Command {
  const command = defineCommand('create', 'make a profile; asks for what the flags do not give')
  return (
    addNameOptions(command.optionsGroup('Which app:'), 'name of the new profile')
      .option('--tenant-id <tenant>', 'tenant id, domain, or common, organizations, consumers')
      .option('--client-id <guid>', 'client id of the app registration')
      .option('--scope <scopes>', "default scopes; may be repeated (default: Graph's .default)", gather)
      .option('--flow <flow>', 'default flow (default: by the credential)')
      .optionsGroup('How it proves itself:')
      .option('--client-secret <secret>', 'client secret: "-" reads it from stdin')
      .option('--client-secret-file <path>', 'file to read the client secret from, once')
      .option('--client-secret-env <variable>', 'variable that holds the client secret whenever it is needed')
      .option('--certificate <path>', 'certificate that proves the app')
      .option('--private-key <path>', 'its private key, if it is in a file of its own')
      .option('--certificate-password <password>', 'its password, if it has one: "-" reads it from stdin')
      .optionsGroup('Where:')
      .option('--redirect-uri <uri>', 'loopback redirect URI that the app has registered')
      .option('--cloud <cloud>', 'public, usgov or china (default: public)')
      .option('--authority <url>', 'authority of another cloud, without the tenant')
      .option('--graph-url <url>', 'Microsoft Graph of another cloud')
      .option('--ca-file <pem>', "certificate authorities to trust beside the machine's own")
      .optionsGroup('How it is made:')
      .option('--overwrite', 'replace a profile of that name')
      .option('--non-interactive', 'never ask')
      .option('-q, --silent', 'leave stderr empty on success')
      .addOption(
        new Option('--interactive', 'ask; what happens anyway where something is missing').hideHelp(),
      )
      // So earlier manuals spelled it.
      .addOption(new Option('--use-certificate', 'what --certificate says anyway').hideHelp())
      .addOption(new Option('--certificate-path <path>', 'the same as --certificate').hideHelp())
      .addOption(new Option('--private-key-path <path>', 'the same as --private-key').hideHelp())
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
  )
}

async function draftFrom(
  options: CreateOptions,
  context: CommandContext,
  console: Console,
): Promise<ProfileDraft> {
  const { host } = context
  const written = options.authority === undefined ? undefined : parseAuthority(options.authority)
  if (options.cloud !== undefined) cloudNamed(options.cloud)
  if (written && options.cloud !== undefined) throw contradiction('--cloud', '--authority')
  if (
    written?.tenant !== undefined &&
    options.tenantId !== undefined &&
    written.tenant !== options.tenantId
  ) {
    throw contradiction('--authority', '--tenant-id')
  }
  const tenantId = options.tenantId ?? written?.tenant
  const given: Partial<ProfileDraft> = {
    name: options.name,
    tenantId,
    clientId: options.clientId,
    scopes: parseScopes(options.scope ?? []),
    credential: await givenCredential(options, context, console),
    defaultFlow: options.flow === undefined ? undefined : parseFlow(options.flow),
    authority: written?.authority,
    cloud: options.cloud?.toLowerCase(),
    graphUrl: options.graphUrl,
    caFile: options.caFile === undefined ? undefined : resolve(options.caFile),
    redirectUri: options.redirectUri,
  }
  if (isEnough(given)) return withDefaults(given)
  if (options.nonInteractive || !canPrompt(host.terminal, host.env)) throw flagsMissing(given)
  const { askForProfile } = await import('./ask-for-profile.ts')
  return withDefaults(await askForProfile(given, host))
}

type NamedDraft = Partial<ProfileDraft> & Pick<ProfileDraft, 'name' | 'tenantId' | 'clientId'>

function isEnough(given: Partial<ProfileDraft>): given is NamedDraft {
  return given.name !== undefined && given.tenantId !== undefined && given.clientId !== undefined
}

function withDefaults(draft: NamedDraft): ProfileDraft {
  return {
    scopes: [],
    credential: { kind: 'none' },
    defaultFlow: undefined,
    authority: undefined,
    cloud: undefined,
    graphUrl: undefined,
    caFile: undefined,
    redirectUri: undefined,
    ...definedOnly(draft),
  }
}

function definedOnly<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

function flagsMissing(given: Partial<ProfileDraft>): EntraAuthError {
  const flags = [
    given.name === undefined ? '--name' : [],
    given.tenantId === undefined ? '--tenant-id' : [],
    given.clientId === undefined ? '--client-id' : [],
  ].flat()
  const [last = '', ...others] = flags.toReversed()
  const several = others.length > 0
  const named = several ? `${others.toReversed().join(', ')} and ${last}` : last
  const fact = `${named} ${several ? 'are' : 'is'} missing, and nobody can be asked`
  return new EntraAuthError('invalid_arguments', fact, {
    hint: `give ${several ? 'them' : 'it'}, or run it in a terminal`,
  })
}

async function givenCredential(
  options: CreateOptions,
  context: CommandContext,
  console: Console,
): Promise<DraftCredential | undefined> {
  const { clientSecret, clientSecretFile, clientSecretEnv, certificatePassword } = options
  const certificate = options.certificate ?? options.certificatePath
  const privateKey = options.privateKey ?? options.privateKeyPath
  const given = [clientSecret, clientSecretFile, clientSecretEnv, certificate].filter(
    (value) => value !== undefined,
  )
  if (given.length > 1) {
    throw new EntraAuthError('invalid_arguments', 'more than one credential is given', {
      hint: 'give one of --client-secret, --client-secret-file, --client-secret-env and --certificate',
    })
  }
  if (certificate === undefined) {
    if (options.useCertificate) throw certificateMissing('--use-certificate')
    if (privateKey !== undefined) throw certificateMissing('--private-key')
    if (certificatePassword !== undefined) throw certificateMissing('--certificate-password')
  }
  if (clientSecretEnv !== undefined)
    return { kind: 'client-secret-in-environment', variable: clientSecretEnv }
  if (certificate !== undefined) {
    return {
      kind: 'certificate',
      certificatePath: resolve(certificate),
      privateKeyPath: privateKey === undefined ? undefined : resolve(privateKey),
      password: await secretFlag(certificatePassword, 'certificate password', context, console),
    }
  }
  if (clientSecretFile !== undefined) {
    const content = await context.host.files.readInput(clientSecretFile)
    return { kind: 'client-secret', secret: secretText(content, `"${clientSecretFile}"`) }
  }
  const secret = await secretFlag(clientSecret, 'client secret', context, console)
  return secret === undefined ? undefined : { kind: 'client-secret', secret }
}

function certificateMissing(flag: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `${flag} belongs to a certificate, and none is given`, {
    hint: 'add --certificate with its path',
  })
}
