import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { secretText } from '../../core/client-secret.ts'
import type { ProfileDraft } from '../../core/profiles/create-profile.ts'
import type { AssertionSource, Credential, ManagedIdentity } from '../../core/profiles/profile.ts'
import { EntraAuthError } from '../../errors.ts'
import type { Console } from '../../ui/console.ts'
import type { CommandContext } from '../command.ts'
import { secretFlag } from '../secret-flag.ts'
import { readNamedInput } from '../stdin.ts'

/** What `config create` is given of the app's proof of itself. A flag with an optional value is `true` without one. */
export interface CredentialOptions {
  readonly certificate?: string
  readonly certificatePath?: string
  readonly certificateEnv?: string
  readonly useCertificate?: boolean
  readonly privateKey?: string
  readonly privateKeyPath?: string
  readonly certificatePassword?: string
  readonly clientSecret?: string
  readonly clientSecretFile?: string
  readonly clientSecretEnv?: string
  readonly clientSecretCommand?: string
  readonly managedIdentity?: string | true
  readonly managedIdentityClientId?: string
  readonly managedIdentityObjectId?: string
  readonly managedIdentityResourceId?: string
  readonly federatedTokenFile?: string | true
  readonly federatedTokenEnv?: string
  readonly federatedTokenCommand?: string
  readonly githubActions?: string | true
  readonly azurePipelines?: string
}

export function addCredentialOptions(command: Command): Command {
  return (
    command
      .optionsGroup('How it proves itself (one of these, or none where a person signs in):')
      .option('--client-secret <secret>', 'client secret: "-" reads it from stdin')
      .option('--client-secret-file <path>', 'file to read the client secret from, once')
      .option('--client-secret-env <variable>', 'variable that holds the client secret whenever it is needed')
      .option('--client-secret-command <command>', 'command that prints it whenever it is needed')
      .option('--certificate <path>', 'certificate that proves the app: PFX or PEM')
      .option('--private-key <path>', 'its private key, if it is in a file of its own')
      .option('--certificate-env <variable>', 'variable that holds both: PEM, or base64 of a PFX or PEM')
      .option('--certificate-password <password>', 'its password, if it has one: "-" reads it from stdin')
      .optionsGroup('How it proves itself where Azure knows it:')
      .option('--managed-identity [system]', 'the managed identity of the machine or service it runs on')
      .option('--managed-identity-client-id <guid>', 'a user-assigned one, by its client id')
      .option('--managed-identity-object-id <guid>', 'a user-assigned one, by its object id')
      .option('--managed-identity-resource-id <id>', 'a user-assigned one, by its resource id')
      .optionsGroup('How it proves itself where it trusts another provider:')
      .option(
        '--federated-token-file [path]',
        'file with the token (default: AZURE_FEDERATED_TOKEN_FILE, as Kubernetes sets it)',
      )
      .option('--federated-token-env <variable>', 'variable that holds the token whenever it is needed')
      .option('--federated-token-command <command>', 'command that prints it whenever it is needed')
      .option(
        '--github-actions [audience]',
        'the OIDC token of a GitHub Actions job (default: api://AzureADTokenExchange)',
      )
      .option('--azure-pipelines <id>', 'the OIDC token of an Azure Pipelines job, by its service connection')
      // So earlier manuals spelled it.
      .addOption(new Option('--use-certificate', 'what --certificate says anyway').hideHelp())
      .addOption(new Option('--certificate-path <path>', 'the same as --certificate').hideHelp())
      .addOption(new Option('--private-key-path <path>', 'the same as --private-key').hideHelp())
  )
}

/** A credential, and what is to be sealed beside it. */
export type GivenCredential = Pick<ProfileDraft, 'credential' | 'secrets'>

/**
 * The credential that the flags give; undefined where they give none.
 * @throws EntraAuthError `invalid_arguments` for two of them, for flags that belong to one that is not there, and for a
 *   certificate that cannot be used
 */
export async function givenCredential(
  options: CredentialOptions,
  context: CommandContext,
  console: Console,
): Promise<GivenCredential | undefined> {
  const given = credentialsIn(options)
  if (given.length > 1) throw tooMany(given.map(({ flag }) => flag))
  for (const [flag, value] of Object.entries(needy(options))) {
    if (value !== undefined && !given[0]?.flag.startsWith('--certificate')) throw certificateMissing(flag)
  }
  if (options.privateKey !== undefined && given[0]?.flag === '--certificate-env') {
    throw new EntraAuthError('invalid_arguments', '--private-key does not go with --certificate-env', {
      hint: 'put the private key into the variable too',
    })
  }
  const { clientSecret, clientSecretFile, certificatePassword } = options
  if (clientSecretFile !== undefined) {
    const content = await readNamedInput(clientSecretFile, context)
    return secretInVault(secretText(content, `"${clientSecretFile}"`))
  }
  if (clientSecret !== undefined) {
    const secret = await secretFlag(clientSecret, 'client secret', context, console)
    return secret === undefined ? undefined : secretInVault(secret)
  }
  const credential = given[0]?.credential
  if (credential === undefined) return undefined
  const password = await secretFlag(certificatePassword, 'certificate password', context, console)
  if (credential.kind === 'certificate') {
    const { lookAtGivenCertificate } = await import('./look-at-certificate.ts')
    await lookAtGivenCertificate(credential.source, password, context, console)
  }
  return { credential, secrets: { 'certificate-password': password } }
}

/** Whether the flags give any credential. */
export function givesCredential(options: CredentialOptions): boolean {
  return credentialsIn(options).length > 0
}

function secretInVault(secret: string): GivenCredential {
  return {
    credential: { kind: 'client-secret', source: { from: 'vault' } },
    secrets: { 'client-secret': secret },
  }
}

interface Given {
  readonly flag: string
  readonly credential: Credential
}

/** Every credential the flags name. */
function credentialsIn(options: CredentialOptions): readonly Given[] {
  const secret = { kind: 'client-secret', source: { from: 'vault' } } as const
  return [
    options.clientSecret === undefined ? [] : { flag: '--client-secret', credential: secret },
    options.clientSecretFile === undefined ? [] : { flag: '--client-secret-file', credential: secret },
    text('--client-secret-env', options.clientSecretEnv, (variable) => ({
      kind: 'client-secret',
      source: { from: 'environment', variable },
    })),
    text('--client-secret-command', options.clientSecretCommand, (command) => ({
      kind: 'client-secret',
      source: { from: 'command', command },
    })),
    certificateIn(options),
    text('--certificate-env', options.certificateEnv, (variable) => ({
      kind: 'certificate',
      source: { from: 'environment', variable },
    })),
    ...identitiesIn(options),
    ...assertionsIn(options),
  ].flat()
}

function certificateIn(options: CredentialOptions): readonly Given[] {
  const privateKey = options.privateKey ?? options.privateKeyPath
  return text('--certificate', options.certificate ?? options.certificatePath, (certificate) => ({
    kind: 'certificate',
    source: {
      from: 'file',
      certificatePath: resolve(certificate),
      privateKeyPath: privateKey === undefined ? undefined : resolve(privateKey),
    },
  }))
}

function identitiesIn(options: CredentialOptions): readonly (readonly Given[])[] {
  const identity = (of: ManagedIdentity): Credential => ({ kind: 'managed-identity', identity: of })
  const { managedIdentity } = options
  if (typeof managedIdentity === 'string' && managedIdentity.toLowerCase() !== 'system') {
    throw new EntraAuthError('invalid_arguments', `--managed-identity does not take "${managedIdentity}"`, {
      hint: 'give it alone for the system-assigned identity, or --managed-identity-client-id with the id of another',
    })
  }
  return [
    managedIdentity === undefined
      ? []
      : [{ flag: '--managed-identity', credential: identity({ by: 'system' }) }],
    text('--managed-identity-client-id', options.managedIdentityClientId, (id) =>
      identity({ by: 'client-id', id }),
    ),
    text('--managed-identity-object-id', options.managedIdentityObjectId, (id) =>
      identity({ by: 'object-id', id }),
    ),
    text('--managed-identity-resource-id', options.managedIdentityResourceId, (id) =>
      identity({ by: 'resource-id', id }),
    ),
  ]
}

function assertionsIn(options: CredentialOptions): readonly (readonly Given[])[] {
  const federated = (source: AssertionSource): Credential => ({ kind: 'federated', source })
  return [
    text('--federated-token-file', options.federatedTokenFile, (path) =>
      federated({ from: 'file', path: path === '' ? undefined : resolve(path) }),
    ),
    text('--federated-token-env', options.federatedTokenEnv, (variable) =>
      federated({ from: 'environment', variable }),
    ),
    text('--federated-token-command', options.federatedTokenCommand, (command) =>
      federated({ from: 'command', command }),
    ),
    text('--github-actions', options.githubActions, (audience) =>
      federated({ from: 'github-actions', audience: audience === '' ? undefined : audience }),
    ),
    text('--azure-pipelines', options.azurePipelines, (serviceConnectionId) =>
      federated({ from: 'azure-pipelines', serviceConnectionId }),
    ),
  ]
}

/** A flag's credential, where it is given; `make` gets '' for a flag without its optional value. */
function text(
  flag: string,
  value: string | true | undefined,
  make: (value: string) => Credential,
): readonly Given[] {
  if (value === undefined) return []
  return [{ flag, credential: make(value === true ? '' : value) }]
}

/** The flags that mean nothing without a certificate. */
function needy(options: CredentialOptions): Readonly<Record<string, unknown>> {
  return {
    '--use-certificate': options.useCertificate,
    '--private-key': options.privateKey ?? options.privateKeyPath,
    '--certificate-password': options.certificatePassword,
  }
}

function tooMany(flags: readonly string[]): EntraAuthError {
  return new EntraAuthError('invalid_arguments', 'more than one credential is given', {
    hint: `give one of ${flags.slice(0, -1).join(', ')} and ${flags.at(-1)}`,
  })
}

function certificateMissing(flag: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `${flag} belongs to a certificate, and none is given`, {
    hint: 'add --certificate with its path',
  })
}
