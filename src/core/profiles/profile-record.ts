import { EntraAuthError } from '../../errors.ts'
import { cloudNamed, graphUrlOf, parseAuthority } from '../clouds.ts'
import { parseFlow, type Flow } from '../flows/flow.ts'
import { parseScopes } from '../scopes.ts'
import { isGuid, isTenant, type Credential, type Profile } from './profile.ts'

/** One profile as it stands in the file: any documented spelling, perhaps incomplete, unknown fields included. */
export type ProfileRecord = Readonly<Record<string, unknown>>

/** A field's canonical name, and the other names earlier tools and manuals gave it. */
const otherNames = {
  name: ['Name'],
  tenantId: ['tenant_id', 'TenantId'],
  clientId: ['client_id', 'ClientId'],
  scopes: ['scope', 'Scopes', 'Scope'],
  resource: ['Resource'],
  defaultFlow: ['flow', 'default_flow', 'DefaultFlow', 'Flow'],
  authMethod: ['auth_method', 'AuthMethod'],
  useClientSecret: ['use_client_secret'],
  useCertificate: ['use_certificate'],
  certificatePath: ['certificate_path', 'CertificatePath'],
  privateKeyPath: ['private_key_path', 'PrivateKeyPath'],
  redirectUri: ['redirect_uri', 'RedirectUri'],
  authority: ['authorityUrl', 'authority_url', 'Authority'],
  cloud: ['Cloud'],
  graphUrl: ['graph_url'],
  caFile: ['ca_file'],
  clientSecretEnv: ['client_secret_env'],
  clientSecretFile: ['client_secret_file'],
  createdAt: ['created_at', 'CreatedAt'],
  updatedAt: ['updated_at', 'UpdatedAt'],
} as const

export type ProfileField = keyof typeof otherNames

/** What somebody else put into a record: the fields this tool gives no meaning to. */
export function unknownFields(record: ProfileRecord): ProfileRecord {
  const known = new Set((Object.keys(otherNames) as ProfileField[]).flatMap(spellingsOf))
  return Object.fromEntries(Object.entries(record).filter(([name]) => !known.has(name)))
}

/** The names under which a field may stand in a record; the canonical one first. */
function spellingsOf(field: ProfileField): readonly string[] {
  return [field, ...otherNames[field]]
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
  const graphUrl = textField(record, 'graphUrl') ?? graphUrlOf(authority)
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
  return spellingsOf(field)
    .map((spelling) => record[spelling])
    .find((value) => value !== undefined && value !== null)
}

function writtenAuthority(record: ProfileRecord): ReturnType<typeof parseAuthority> {
  const authority = textField(record, 'authority')
  return authority === undefined
    ? { authority: cloudNamed(textField(record, 'cloud') ?? 'public').authority }
    : parseAuthority(authority)
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
  switch (method?.toLowerCase().replace(/[-_\s]/g, '')) {
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
