import { EntraAuthError } from '../../errors.ts'
import { parseFlow } from '../flows/flow.ts'
import {
  isGuid,
  isIdentityResource,
  type AssertionSource,
  type Credential,
  type ManagedIdentity,
} from './profile.ts'
import { squeeze, textField, valueOf, type ProfileField, type ProfileRecord } from './record-fields.ts'

/**
 * How the app of a record proves itself: by what `authMethod` says, else by the fields that are there.
 * @throws EntraAuthError `profile_incomplete` for an unknown method, or where what it needs is missing
 */
export function credentialOf(record: ProfileRecord): Credential {
  switch (methodOf(record)) {
    case 'none':
      return { kind: 'none' }
    case 'client-secret':
      return clientSecretOf(record)
    case 'certificate':
      return certificateOf(record)
    case 'managed-identity':
      return { kind: 'managed-identity', identity: managedIdentityOf(record) }
    case 'federated':
      return { kind: 'federated', source: assertionSourceOf(record) }
    case 'github-actions':
      return { kind: 'federated', source: gitHubActions(record) }
    case 'azure-pipelines':
      return { kind: 'federated', source: azurePipelines(record) }
  }
}

/** Whether a record is about a managed identity, also where it cannot be read: such a record names no app. */
export function meansManagedIdentity(record: ProfileRecord): boolean {
  try {
    return methodOf(record) === 'managed-identity'
  } catch {
    return false
  }
}

/** Every field that says, in whatever way, how an app proves itself. */
export const fieldsOfCredentials = [
  'authMethod',
  'useClientSecret',
  'useCertificate',
  'certificatePath',
  'privateKeyPath',
  'certificateEnv',
  'clientSecretEnv',
  'clientSecretFile',
  'clientSecretCommand',
  'managedIdentityClientId',
  'managedIdentityObjectId',
  'managedIdentityResourceId',
  'federatedTokenFile',
  'federatedTokenEnv',
  'federatedTokenCommand',
  'githubActionsAudience',
  'azurePipelinesServiceConnection',
] as const satisfies readonly ProfileField[]

/** The fields a credential is written to; none of them holds a secret. */
export function credentialFields(
  credential: Credential,
): Readonly<Partial<Record<ProfileField, string | undefined>>> {
  switch (credential.kind) {
    case 'none':
      return { authMethod: 'None' }
    case 'client-secret': {
      const { source } = credential
      return {
        authMethod: 'ClientSecret',
        clientSecretEnv: source.from === 'environment' ? source.variable : undefined,
        clientSecretFile: source.from === 'file' ? source.path : undefined,
        clientSecretCommand: source.from === 'command' ? source.command : undefined,
      }
    }
    case 'certificate': {
      const { source } = credential
      return source.from === 'environment'
        ? { authMethod: 'Certificate', certificateEnv: source.variable }
        : {
            authMethod: 'Certificate',
            certificatePath: source.certificatePath,
            privateKeyPath: source.privateKeyPath,
          }
    }
    case 'managed-identity': {
      const { identity } = credential
      return {
        authMethod: 'ManagedIdentity',
        ...(identity.by !== 'system' && { [identityFields[identity.by]]: identity.id }),
      }
    }
    case 'federated':
      return assertionFields(credential.source)
  }
}

function assertionFields(source: AssertionSource): Partial<Record<ProfileField, string | undefined>> {
  switch (source.from) {
    case 'file':
      return { authMethod: 'WorkloadIdentity', federatedTokenFile: source.path }
    case 'environment':
      return { authMethod: 'WorkloadIdentity', federatedTokenEnv: source.variable }
    case 'command':
      return { authMethod: 'WorkloadIdentity', federatedTokenCommand: source.command }
    case 'github-actions':
      return { authMethod: 'GitHubActions', githubActionsAudience: source.audience }
    case 'azure-pipelines':
      return { authMethod: 'AzurePipelines', azurePipelinesServiceConnection: source.serviceConnectionId }
  }
}

type Method = Credential['kind'] | 'github-actions' | 'azure-pipelines'

/** The documented spellings of `authMethod`, squeezed. */
const methods: Readonly<Record<string, Method>> = {
  none: 'none',
  interactivebrowser: 'none',
  devicecode: 'none',
  clientsecret: 'client-secret',
  certificate: 'certificate',
  passwordlesscertificate: 'certificate',
  managedidentity: 'managed-identity',
  workloadidentity: 'federated',
  federated: 'federated',
  githubactions: 'github-actions',
  azurepipelines: 'azure-pipelines',
}

function methodOf(record: ProfileRecord): Method {
  const written = textField(record, 'authMethod')
  if (written === undefined) return methodByFields(record)
  const method = Object.hasOwn(methods, squeeze(written)) ? methods[squeeze(written)] : undefined
  if (method !== undefined) return method
  throw new EntraAuthError('profile_incomplete', `there is no authentication method "${written}"`)
}

/** What the fields say of a record that names no method. */
function methodByFields(record: ProfileRecord): Method {
  const has = (...fields: readonly ProfileField[]) =>
    fields.some((field) => textField(record, field) !== undefined)
  if (valueOf(record, 'useCertificate') === true || has('certificatePath', 'certificateEnv'))
    return 'certificate'
  if (valueOf(record, 'useClientSecret') === true) return 'client-secret'
  if (has('clientSecretEnv', 'clientSecretFile', 'clientSecretCommand')) return 'client-secret'
  if (has(...Object.values(identityFields)) || hasFlowOfIdentity(record)) return 'managed-identity'
  if (has('federatedTokenFile', 'federatedTokenEnv', 'federatedTokenCommand')) return 'federated'
  if (has('githubActionsAudience')) return 'github-actions'
  return has('azurePipelinesServiceConnection') ? 'azure-pipelines' : 'none'
}

/** A flow nobody can read is told where the flow is read. */
function hasFlowOfIdentity(record: ProfileRecord): boolean {
  const flow = textField(record, 'defaultFlow')
  try {
    return flow !== undefined && parseFlow(flow) === 'managed-identity'
  } catch {
    return false
  }
}

function clientSecretOf(record: ProfileRecord): Credential {
  const kind = 'client-secret'
  const variable = textField(record, 'clientSecretEnv')
  if (variable !== undefined) return { kind, source: { from: 'environment', variable } }
  const path = textField(record, 'clientSecretFile')
  if (path !== undefined) return { kind, source: { from: 'file', path } }
  const command = textField(record, 'clientSecretCommand')
  if (command !== undefined) return { kind, source: { from: 'command', command } }
  return { kind, source: { from: 'vault' } }
}

function certificateOf(record: ProfileRecord): Credential {
  const kind = 'certificate'
  const certificatePath = textField(record, 'certificatePath')
  if (certificatePath !== undefined) {
    const privateKeyPath = textField(record, 'privateKeyPath')
    return { kind, source: { from: 'file', certificatePath, privateKeyPath } }
  }
  const variable = textField(record, 'certificateEnv')
  if (variable !== undefined) return { kind, source: { from: 'environment', variable } }
  throw new EntraAuthError('profile_incomplete', 'the path of the certificate is missing')
}

const identityFields = {
  'client-id': 'managedIdentityClientId',
  'object-id': 'managedIdentityObjectId',
  'resource-id': 'managedIdentityResourceId',
} as const satisfies Record<string, ProfileField>

function managedIdentityOf(record: ProfileRecord): ManagedIdentity {
  const given = (['client-id', 'object-id', 'resource-id'] as const).flatMap((by) => {
    const id = textField(record, identityFields[by])
    return id === undefined ? [] : [{ by, id }]
  })
  if (given.length > 1) {
    const fields = given.map(({ by }) => identityFields[by]).join(' and ')
    throw new EntraAuthError('profile_incomplete', `${fields} name two managed identities`)
  }
  // Azure's own tools say `clientId` too; the machine's own identity instead would be somebody else's token.
  const clientId = textField(record, 'clientId')
  return checkedIdentity(
    given[0] ?? (clientId === undefined ? { by: 'system' } : { by: 'client-id', id: clientId }),
  )
}

function checkedIdentity(identity: ManagedIdentity): ManagedIdentity {
  if (identity.by === 'system') return identity
  if (identity.by === 'resource-id' ? isIdentityResource(identity.id) : isGuid(identity.id)) return identity
  const what = identity.by === 'resource-id' ? 'no resource id of a managed identity' : 'not a GUID'
  throw new EntraAuthError(
    'profile_incomplete',
    `the managed identity's ${identity.by.replace('-', ' ')} "${identity.id}" is ${what}`,
  )
}

function assertionSourceOf(record: ProfileRecord): AssertionSource {
  const variable = textField(record, 'federatedTokenEnv')
  if (variable !== undefined) return { from: 'environment', variable }
  const command = textField(record, 'federatedTokenCommand')
  if (command !== undefined) return { from: 'command', command }
  const path = textField(record, 'federatedTokenFile')
  if (path !== undefined) return { from: 'file', path }
  if (textField(record, 'githubActionsAudience') !== undefined) return gitHubActions(record)
  if (textField(record, 'azurePipelinesServiceConnection') !== undefined) return azurePipelines(record)
  return { from: 'file', path: undefined }
}

function gitHubActions(record: ProfileRecord): AssertionSource {
  return { from: 'github-actions', audience: textField(record, 'githubActionsAudience') }
}

function azurePipelines(record: ProfileRecord): AssertionSource {
  const serviceConnectionId = textField(record, 'azurePipelinesServiceConnection')
  if (serviceConnectionId !== undefined) return { from: 'azure-pipelines', serviceConnectionId }
  throw new EntraAuthError('profile_incomplete', 'the id of the service connection is missing')
}
