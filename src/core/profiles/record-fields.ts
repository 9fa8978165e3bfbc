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
  clientCapabilities: [],
  clientSecretEnv: [],
  clientSecretFile: [],
  clientSecretCommand: [],
  certificateEnv: [],
  managedIdentityClientId: [],
  managedIdentityObjectId: [],
  managedIdentityResourceId: [],
  federatedTokenFile: [],
  federatedTokenEnv: [],
  federatedTokenCommand: [],
  githubActionsAudience: [],
  azurePipelinesServiceConnection: ['azurePipelinesServiceConnectionId'],
  createdAt: [],
  updatedAt: [],
} as const

export type ProfileField = keyof typeof otherWords

/** Every field there is, in the order in which a profile is read best. */
export const profileFields = Object.keys(otherWords) as readonly ProfileField[]

/** What somebody else put into a record: the fields this tool gives no meaning to. */
export function unknownFields(record: ProfileRecord): ProfileRecord {
  const known = new Set(profileFields.flatMap(wordsFor))
  return Object.fromEntries(Object.entries(record).filter(([name]) => !known.has(squeeze(name))))
}

/** The words under which a field may stand in a record, squeezed; the canonical one first. */
function wordsFor(field: ProfileField): readonly string[] {
  return [field, ...otherWords[field]].map(squeeze)
}

/** A word without what does not count in it. */
export function squeeze(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '')
}

/** A record's text field, whichever name it has; undefined where it is missing, empty or no text. */
export function textField(record: ProfileRecord, field: ProfileField): string | undefined {
  const value = valueOf(record, field)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** A record's field as it stands, whichever name it has; the canonical name counts first. */
export function valueOf(record: ProfileRecord, field: ProfileField): unknown {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined && value !== null)
  const byWord = wordsFor(field).flatMap((word) => entries.filter(([name]) => squeeze(name) === word))
  return record[field] ?? byWord[0]?.[1]
}
