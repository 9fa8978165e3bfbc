import { EntraAuthError } from '../../errors.ts'
import { cloudNamed, graphUrlOf, parseAuthority } from '../clouds.ts'
import { parseFlow, type Flow } from '../flows/flow.ts'
import { parseScopes } from '../scopes.ts'
import { isGuid, isTenant, type Credential, type Profile } from './profile.ts'

/** One profile as it stands in the file: any documented spelling, perhaps incomplete, unknown fields included. */
export type ProfileRecord = Readonly<Record<string, unknown>>

/**
 * A field's canonical name, and the other words earlier tools and manuals had for it. Case, `_`, `-` and spaces do not
 * count: `tenant_id`, `TenantId` and `Tenant ID` are one.
 */
const otherWords = {
  name: [],
  tenantId: [],
  clientId: [],
  scopes: ['scope'],
  resource: [],
  defaultFlow: ['flow'],
  authMethod: [],
  useClientSecret: [],
  useCertificate: [],
  certificatePath: [],
  privateKeyPath: [],
  redirectUri: [],
  authority: ['authorityUrl'],
  cloud: [],
  graphUrl: [],
  caFile: [],
  clientSecretEnv: [],
  clientSecretFile: [],
  createdAt: [],
  updatedAt: [],
} as const

export type ProfileField = keyof typeof otherWords

/** What somebody else put into a record: the fields this tool gives no meaning to. */
export function unknownFields(record: ProfileRecord): ProfileRecord {
  const known = new Set((Object.keys(otherWords) as ProfileField[]).flatMap(wordsFor))
  return Object.fromEntries(Object.entries(record).filter(([name]) => !known.has(squeeze(name))))
}

/** The words under which a field may stand in a record, squeezed; the canonical one first. */
function wordsFor(field: ProfileField): readonly string[] {
  return [field, ...otherWords[field]].map(squeeze)
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '')
}

/** A record's text field, whichever name it has; undefined where it is missing, empty or no text. */
export function textField(record: ProfileRecord, field: ProfileField): string | undefined {
  const value = valueOf(record, field)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

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
  const tenantId = textField(record, 'tenantId') ?? written?.tenant
  if (tenantId === undefined) problems.push('the tenant id is missing')
  else if (!isTenant(tenantId)) problems.push(`"${tenantId}" is neither a tenant id nor a domain`)
  const clientId = textField(record, 'clientId')
  if (clientId === undefined) problems.push('the client id is missing')
  else if (!isGuid(clientId)) problems.push(`the client id "${clientId}" is not a GUID`)
  const defaultFlow = tried(() => flowOf(record))
  const credential = tried(() => credentialOf(record))

  if (problems.length > 0 || tenantId === undefined || clientId === undefined || credential === undefined) {
    throw new EntraAuthError(
      'profile_incomplete',
      `profile "${name}" cannot be used: ${problems.join('; ')}`,
      {
        hint: `make it anew with "entra-auth-cli config create -n ${name} --overwrite", or mend profiles.json`,
      },
    )
  }
  return {
    name,
    tenantId,
    clientId,
    scopes: scopesOf(record, graphUrl),
    credential,
    defaultFlow,
    authority,
    graphUrl,
    caFile: textField(record, 'caFile'),
    redirectUri: textField(record, 'redirectUri'),
  }
}

function valueOf(record: ProfileRecord, field: ProfileField): unknown {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined && value !== null)
  const byWord = wordsFor(field).flatMap((word) => entries.filter(([name]) => squeeze(name) === word))
  return record[field] ?? byWord[0]?.[1]
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

function credentialOf(record: ProfileRecord): Credential {
  switch (authMethodOf(record)) {
    case 'none':
      return { kind: 'none' }
    case 'secret': {
      const variable = textField(record, 'clientSecretEnv')
      if (variable !== undefined) return { kind: 'client-secret', source: { from: 'environment', variable } }
      const path = textField(record, 'clientSecretFile')
      if (path !== undefined) return { kind: 'client-secret', source: { from: 'file', path } }
      return { kind: 'client-secret', source: { from: 'vault' } }
    }
    case 'certificate': {
      const certificatePath = textField(record, 'certificatePath')
      if (certificatePath === undefined) {
        throw new EntraAuthError('profile_incomplete', 'the path of the certificate is missing')
      }
      return { kind: 'certificate', certificatePath, privateKeyPath: textField(record, 'privateKeyPath') }
    }
  }
}

function authMethodOf(record: ProfileRecord): 'none' | 'secret' | 'certificate' {
  const method = textField(record, 'authMethod')
  switch (method && squeeze(method)) {
    case 'clientsecret':
      return 'secret'
    case 'certificate':
    case 'passwordlesscertificate':
      return 'certificate'
    case 'none':
    case 'interactivebrowser':
    case 'devicecode':
      return 'none'
    case undefined:
      break
    default:
      throw new EntraAuthError('profile_incomplete', `there is no authentication method "${method}"`)
  }
  if (valueOf(record, 'useCertificate') === true || textField(record, 'certificatePath')) return 'certificate'
  if (valueOf(record, 'useClientSecret') === true) return 'secret'
  return textField(record, 'clientSecretEnv') || textField(record, 'clientSecretFile') ? 'secret' : 'none'
}
