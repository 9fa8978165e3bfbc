import { graphUrlOf } from '../../core/clouds.ts'
import {
  naturalFlow,
  type AssertionSource,
  type Credential,
  type Profile,
  type SecretSource,
} from '../../core/profiles/profile.ts'
import { readProfile } from '../../core/profiles/profile-record.ts'
import { textField, type ProfileRecord } from '../../core/profiles/record-fields.ts'
import { EntraAuthError } from '../../errors.ts'
import type { ProfileView } from '../../ui/profile-view.ts'

/** What is shown of a record, also of one that cannot be used. */
export function profileView(record: ProfileRecord): ProfileView {
  const name = textField(record, 'name') ?? '(unnamed)'
  try {
    return viewOf(readProfile(record), record)
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    return {
      name,
      tenantId: textField(record, 'tenantId'),
      clientId: textField(record, 'clientId'),
      problem: error.message,
    }
  }
}

function viewOf(profile: Profile, record: ProfileRecord): ProfileView {
  const { credential } = profile
  const isManaged = credential.kind === 'managed-identity'
  return {
    name: profile.name,
    tenantId: isManaged ? undefined : profile.tenantId,
    clientId: isManaged ? undefined : profile.clientId,
    scopes: profile.scopes,
    scope: profile.scopes.join(' '),
    flow: naturalFlow(profile),
    authMethod: credential.kind,
    useClientSecret: credential.kind === 'client-secret',
    authority: isManaged ? undefined : profile.authority,
    graphUrl: profile.graphUrl === graphUrlOf(profile.authority) ? undefined : profile.graphUrl,
    ...credentialView(credential),
    redirectUri: profile.redirectUri,
    caFile: profile.caFile,
    clientCapabilities: profile.clientCapabilities.length > 0 ? profile.clientCapabilities : undefined,
    updatedAt: textField(record, 'updatedAt'),
  }
}

/** What a credential is made of, as far as it may be shown. */
function credentialView(credential: Credential): Partial<ProfileView> {
  switch (credential.kind) {
    case 'none':
      return {}
    case 'client-secret': {
      const { source } = credential
      return {
        clientSecretEnv: source.from === 'environment' ? source.variable : undefined,
        clientSecretFile: source.from === 'file' ? source.path : undefined,
        clientSecretCommand: source.from === 'command' ? source.command : undefined,
      }
    }
    case 'certificate': {
      const { source } = credential
      return source.from === 'environment'
        ? { certificateEnv: source.variable }
        : { certificatePath: source.certificatePath, privateKeyPath: source.privateKeyPath }
    }
    case 'managed-identity': {
      const { identity } = credential
      const id = identity.by === 'system' ? '' : `, ${identity.by.replace('-', ' ')} ${identity.id}`
      return { managedIdentity: identity.by === 'system' ? 'system-assigned' : `user-assigned${id}` }
    }
    case 'federated':
      return { assertion: assertionText(credential.source) }
  }
}

function assertionText(source: AssertionSource): string {
  switch (source.from) {
    case 'file':
      return source.path === undefined
        ? 'the file that AZURE_FEDERATED_TOKEN_FILE names'
        : `the file ${source.path}`
    case 'environment':
      return `the variable ${source.variable}`
    case 'command':
      return `the command ${source.command}`
    case 'github-actions':
      return `GitHub Actions${source.audience === undefined ? '' : `, audience ${source.audience}`}`
    case 'azure-pipelines':
      return `Azure Pipelines, service connection ${source.serviceConnectionId}`
  }
}

/** A credential in words, on one line. */
export function credentialText(credential: Credential): string {
  switch (credential.kind) {
    case 'none':
      return 'none (a person signs in)'
    case 'client-secret':
      return `client secret, ${secretPlace(credential.source)}`
    case 'certificate': {
      const { source } = credential
      return `certificate, ${source.from === 'environment' ? `in the variable ${source.variable}` : source.certificatePath}`
    }
    case 'managed-identity': {
      const { identity } = credential
      return identity.by === 'system'
        ? 'managed identity, system-assigned'
        : `managed identity, ${identity.by.replace('-', ' ')} ${identity.id}`
    }
    case 'federated':
      return `token from ${assertionText(credential.source)}`
  }
}

function secretPlace(source: SecretSource): string {
  switch (source.from) {
    case 'vault':
      return 'sealed'
    case 'environment':
      return `in the variable ${source.variable}`
    case 'file':
      return `in the file ${source.path}`
    case 'command':
      return `from the command ${source.command}`
  }
}
