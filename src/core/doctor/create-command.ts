import { cloudNamed, graphUrlOf } from '../clouds.ts'
import {
  checkProfileName,
  type AssertionSource,
  type CertificateSource,
  type Credential,
  type Profile,
  type SecretSource,
} from '../profiles/profile.ts'
import { shellWord } from '../shell-word.ts'

/** What a profile gets in place of what it has. Words in capitals are for the reader to fill in. */
export type Change = Partial<Record<'--tenant-id' | '--ca-file', string>> & {
  /** Flags for its proof of itself. */
  readonly credential?: string
}

/** The command that makes a profile anew as it is, but for a change. */
export function createAnew(profile: Profile, change: Change): string {
  if (!canBeCreated(profile.name)) return inAnEditor
  const { authority, graphUrl } = profile
  const isManaged = profile.credential.kind === 'managed-identity'
  const flags: readonly (readonly [flag: string, value: string | undefined])[] = [
    ['--tenant-id', isManaged ? undefined : (change['--tenant-id'] ?? profile.tenantId)],
    ['--client-id', isManaged ? undefined : profile.clientId],
    [
      '--scope',
      profile.scopes.length === 1 && profile.scopes[0] === `${graphUrl}/.default`
        ? undefined
        : profile.scopes.join(' '),
    ],
    ['--flow', profile.defaultFlow],
    ['--redirect-uri', profile.redirectUri],
    ['--authority', authority === cloudNamed('public').authority ? undefined : authority],
    ['--graph-url', graphUrl === graphUrlOf(authority) ? undefined : graphUrl],
    ['--ca-file', change['--ca-file'] ?? profile.caFile],
    ...profile.clientCapabilities.map((name) => ['--client-capability', name] as const),
  ]
  return [
    `entra-auth-cli config create -n ${profile.name} --overwrite`,
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : `${flag} ${shellWord(value)}`)),
    change.credential ?? credentialFlags(profile.credential),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** For a profile that cannot be read: the command asks for what is missing. */
export function askAnew(name: string): string {
  return canBeCreated(name) ? `entra-auth-cli config create -n ${name} --overwrite` : inAnEditor
}

/** Older tools took any name; a new one must be plain. */
const inAnEditor = 'mend it in profiles.json, and give it a name of letters and digits'

function canBeCreated(name: string): boolean {
  try {
    checkProfileName(name)
    return true
  } catch {
    return false
  }
}

/** The flags of `config create` for a proof of itself; its secret is asked for. */
export function credentialFlags(credential: Credential): string {
  switch (credential.kind) {
    case 'none':
      return ''
    case 'client-secret':
      return secretFlags(credential.source)
    case 'certificate':
      return certificateFlags(credential.source)
    case 'managed-identity': {
      const { identity } = credential
      return identity.by === 'system'
        ? '--managed-identity'
        : `--managed-identity-${identity.by} ${shellWord(identity.id)}`
    }
    case 'federated':
      return assertionFlags(credential.source)
  }
}

function secretFlags(source: SecretSource): string {
  switch (source.from) {
    case 'environment':
      return `--client-secret-env ${shellWord(source.variable)}`
    case 'command':
      return `--client-secret-command ${shellWord(source.command)}`
    case 'file':
    case 'vault':
      return '--client-secret -'
  }
}

function certificateFlags(source: CertificateSource): string {
  if (source.from === 'environment') return `--certificate-env ${shellWord(source.variable)}`
  const key = source.privateKeyPath
  return `--certificate ${shellWord(source.certificatePath)}${key === undefined ? '' : ` --private-key ${shellWord(key)}`}`
}

function assertionFlags(source: AssertionSource): string {
  switch (source.from) {
    case 'file':
      return `--federated-token-file${source.path === undefined ? '' : ` ${shellWord(source.path)}`}`
    case 'environment':
      return `--federated-token-env ${shellWord(source.variable)}`
    case 'command':
      return `--federated-token-command ${shellWord(source.command)}`
    case 'github-actions':
      return `--github-actions${source.audience === undefined ? '' : ` ${shellWord(source.audience)}`}`
    case 'azure-pipelines':
      return `--azure-pipelines ${shellWord(source.serviceConnectionId)}`
  }
}
