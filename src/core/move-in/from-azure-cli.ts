import { EntraAuthError } from '../../errors.ts'
import { isGuid } from '../profiles/profile.ts'
import type { ProfileRecord } from '../profiles/record-fields.ts'
import { parseImportJson } from '../sharing/read-import.ts'
import { canonicalRecord, type SharedProfile } from '../sharing/shared-profile.ts'

/** The files of the Azure CLI that are read; none of them holds a token or a secret. */
export interface AzureCliFiles {
  /** `azureProfile.json`. */
  readonly profile: string
  /** `clouds.config`, where it exists: the clouds somebody registered. */
  readonly clouds: string | undefined
}

/** What the Azure CLI's current sign-in says. */
export interface AzureCliSignIn {
  readonly tenantId: string
  /** Of a service principal; a person signs in through the Azure CLI's own app, which is not ours to use. */
  readonly clientId: string | undefined
  readonly record: ProfileRecord
  /** What is signed in, in words. */
  readonly who: string
}

/**
 * Reads whose sign-in the Azure CLI uses now: that of its default subscription.
 * @param path of `azureProfile.json`, for errors
 * @throws EntraAuthError `file_unusable` where there is none
 */
export async function azureCliSignIn(
  { profile, clouds }: AzureCliFiles,
  path: string,
): Promise<AzureCliSignIn> {
  const subscription = defaultSubscription(await parseImportJson(profile.replace(/^\ufeff/, ''), `"${path}"`))
  if (subscription === undefined) throw nobodySignedIn(path)
  const tenantId = text(subscription['tenantId'])
  if (tenantId === undefined) throw nobodySignedIn(path)
  const user = object(subscription['user'])
  const name = text(user['name'])
  const cloud = cloudFields(text(subscription['environmentName']), clouds, path)
  const identity = identityFields(user)
  if (identity) {
    return { tenantId, clientId: undefined, record: { ...identity, ...cloud }, who: 'a managed identity' }
  }
  const isApp = text(user['type']) === 'servicePrincipal' && name !== undefined && isGuid(name)
  return {
    tenantId,
    clientId: isApp ? name : undefined,
    record: { authMethod: isApp ? 'ClientSecret' : 'None', ...cloud },
    who: isApp ? 'a service principal' : 'a person',
  }
}

/** The profile of a sign-in; ids alone. @param clientId of the app, where the sign-in does not name it */
export function azureCliProfile(
  signIn: AzureCliSignIn,
  name: string,
  clientId: string | undefined,
): SharedProfile {
  const { tenantId, record } = signIn
  const isManaged = record['authMethod'] === 'ManagedIdentity'
  const app = isManaged ? {} : { tenantId, clientId: signIn.clientId ?? clientId }
  return { record: canonicalRecord({ name, ...app, ...record }), secrets: {} }
}

function defaultSubscription(document: unknown): ProfileRecord | undefined {
  const subscriptions = object(document)['subscriptions']
  if (!Array.isArray(subscriptions)) return undefined
  const found: unknown = subscriptions.find((one: unknown) => object(one)['isDefault'] === true)
  return found === undefined ? undefined : object(found)
}

/**
 * How the Azure CLI names a managed identity: by what stands in the place of a user, and an id with its kind before it.
 * @see https://learn.microsoft.com/cli/azure/authenticate-azure-cli-managed-identity
 */
function identityFields(user: ProfileRecord): ProfileRecord | undefined {
  const name = text(user['name'])
  if (name !== 'systemAssignedIdentity' && name !== 'userAssignedIdentity') return undefined
  const [, kind, id] =
    /^MSI(Client|Object|Resource)-(.+)$/.exec(text(user['assignedIdentityInfo']) ?? '') ?? []
  return {
    authMethod: 'ManagedIdentity',
    ...(kind === undefined ? {} : { [`managedIdentity${kind}Id`]: id }),
  }
}

const microsoftClouds: Readonly<Record<string, ProfileRecord>> = {
  AzureCloud: {},
  AzureUSGovernment: { cloud: 'usgov' },
  AzureChinaCloud: { cloud: 'china' },
}

/** @throws EntraAuthError `file_unusable` for a cloud that nothing is known of */
function cloudFields(name: string | undefined, clouds: string | undefined, path: string): ProfileRecord {
  const known = Object.hasOwn(microsoftClouds, name ?? 'AzureCloud')
    ? microsoftClouds[name ?? 'AzureCloud']
    : undefined
  if (known) return known
  const section = iniSection(clouds ?? '', name ?? '')
  const authority = section.get('endpoint_active_directory')
  if (authority === undefined) {
    throw new EntraAuthError(
      'file_unusable',
      `"${path}" names the cloud "${name}", and clouds.config does not say where it is`,
      {
        hint: 'make the profile with "entra-auth-cli config create --authority"',
      },
    )
  }
  return {
    authority: authority.replace(/\/(?:adfs)?\/?$/, ''),
    graphUrl: section.get('endpoint_microsoft_graph_resource_id')?.replace(/\/+$/, ''),
  }
}

/** The keys of one section of a file as Python's configparser writes it. */
function iniSection(content: string, name: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  let isInside = false
  for (const line of content.split(/\r?\n/)) {
    const [, section] = /^\[(.+)\]\s*$/.exec(line) ?? []
    if (section !== undefined) isInside = section === name
    const [, key, value] = /^(\w+)\s*[=:]\s*(\S.*?)\s*$/.exec(line) ?? []
    if (isInside && key !== undefined && value !== undefined) values.set(key, value)
  }
  return values
}

function nobodySignedIn(path: string): EntraAuthError {
  return new EntraAuthError('file_unusable', `the Azure CLI has no current sign-in in "${path}"`, {
    hint: 'run "az login" first, or make the profile with "entra-auth-cli config create"',
  })
}

function object(value: unknown): ProfileRecord {
  return typeof value === 'object' && value !== null ? (value as ProfileRecord) : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
