import { EntraAuthError } from '../../errors.ts'
import { cloudNamed, graphUrlOf, parseAuthority } from '../clouds.ts'
import { parseFlow, type Flow } from '../flows/flow.ts'
import { parseScopes } from '../scopes.ts'
import { credentialOf, meansManagedIdentity } from './credential-record.ts'
import {
  isGuid,
  isProfileName,
  isTenant,
  managedIdentityName,
  managedIdentityTenant,
  type Credential,
  type Profile,
} from './profile.ts'
import { textField, valueOf, type ProfileRecord } from './record-fields.ts'

/**
 * Reads a record into a profile that can be used.
 * @throws EntraAuthError `profile_incomplete` that names everything that is missing or wrong at once
 */
export function readProfile(record: ProfileRecord): Profile {
  const problems: string[] = []
  const tried = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof EntraAuthError)) throw error
      problems.push(error.message)
      return undefined
    }
  }
  const name = textField(record, 'name') ?? '?'
  const written = tried(() => writtenAuthority(record))
  const authority = written?.authority ?? cloudNamed('public').authority
  const graphUrl = tried(() => writtenGraphUrl(record)) ?? graphUrlOf(authority)
  const credential = tried(() => credentialOf(record))
  const app = appOf(record, credential, written?.tenant, problems)
  const defaultFlow = tried(() => flowOf(record))
  tried(() => checkFlow(defaultFlow, credential))
  const clientCapabilities = tried(() => capabilitiesOf(record)) ?? []

  if (problems.length > 0 || app === undefined || credential === undefined) {
    throw new EntraAuthError(
      'profile_incomplete',
      `profile "${name}" cannot be used: ${problems.join('; ')}`,
      {
        hint: isProfileName(name)
          ? `mend it with "entra-auth-cli config edit ${name}"`
          : 'mend profiles.json',
      },
    )
  }
  return {
    name,
    ...app,
    scopes: scopesOf(record, graphUrl),
    credential,
    defaultFlow,
    authority,
    graphUrl,
    caFile: textField(record, 'caFile'),
    redirectUri: textField(record, 'redirectUri'),
    clientCapabilities,
  }
}

type App = Pick<Profile, 'tenantId' | 'clientId'>

/** Which app in which tenant; what is missing or wrong is added to `problems`. A managed identity has neither. */
function appOf(
  record: ProfileRecord,
  credential: Credential | undefined,
  tenantOfAuthority: string | undefined,
  problems: string[],
): App | undefined {
  if (credential?.kind === 'managed-identity') {
    return { tenantId: managedIdentityTenant, clientId: managedIdentityName(credential.identity) }
  }
  if (meansManagedIdentity(record)) return undefined
  const tenantId = textField(record, 'tenantId') ?? tenantOfAuthority
  if (tenantId === undefined) problems.push('the tenant id is missing')
  else if (!isTenant(tenantId)) problems.push(`"${tenantId}" is neither a tenant id nor a domain`)
  const clientId = textField(record, 'clientId')
  if (clientId === undefined) problems.push('the client id is missing')
  else if (!isGuid(clientId)) problems.push(`the client id "${clientId}" is not a GUID`)
  return tenantId === undefined || clientId === undefined ? undefined : { tenantId, clientId }
}

/** A managed identity has one way to a token, and nobody else has that way. */
function checkFlow(flow: Flow | undefined, credential: Credential | undefined): void {
  if (flow === undefined || credential === undefined) return
  if ((flow === 'managed-identity') === (credential.kind === 'managed-identity')) return
  throw new EntraAuthError(
    'profile_incomplete',
    `the flow ${flow} does not go with the credential ${credential.kind}`,
  )
}

function writtenAuthority(record: ProfileRecord): ReturnType<typeof parseAuthority> {
  const authority = textField(record, 'authority')
  return authority === undefined
    ? { authority: cloudNamed(textField(record, 'cloud') ?? 'public').authority }
    : parseAuthority(authority)
}

/** Paths and the API's scope are appended to it, so it has no slash at its end. */
function writtenGraphUrl(record: ProfileRecord): string | undefined {
  const written = textField(record, 'graphUrl')
  if (written === undefined || (URL.canParse(written) && new URL(written).protocol === 'https:'))
    return written?.replace(/\/+$/, '')
  throw new EntraAuthError('invalid_arguments', `the Graph URL "${written}" is not an https URL`)
}

/** @throws EntraAuthError for what is no list of names */
function capabilitiesOf(record: ProfileRecord): readonly string[] {
  const written = valueOf(record, 'clientCapabilities') ?? []
  const names: readonly unknown[] =
    typeof written === 'string'
      ? written.split(/[\s,]+/).filter(Boolean)
      : Array.isArray(written)
        ? written
        : [written]
  const isName = (name: unknown): name is string => typeof name === 'string' && /^[\w.-]{1,64}$/.test(name)
  if (names.every(isName)) return names
  throw new EntraAuthError('profile_incomplete', 'the client capabilities are no list of names such as cp1')
}

function scopesOf(record: ProfileRecord, graphUrl: string): readonly string[] {
  const written = valueOf(record, 'scopes')
  const texts = typeof written === 'string' ? [written] : Array.isArray(written) ? written.map(String) : []
  const scopes = parseScopes(texts)
  if (scopes.length > 0) return scopes
  return [`${textField(record, 'resource') ?? graphUrl}/.default`]
}

function flowOf(record: ProfileRecord): Flow | undefined {
  const written = textField(record, 'defaultFlow')
  return written === undefined ? undefined : parseFlow(written)
}
