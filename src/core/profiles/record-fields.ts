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
  const known = squeezed.get(name)
  if (known !== undefined) return known
  const word = name.toLowerCase().replace(/[-_\s]/g, '')
  // Thousands of records have the same few names for their fields; strange ones are not remembered without end.
  if (squeezed.size < 1000) squeezed.set(name, word)
  return word
}

const squeezed = new Map<string, string>()

/** A record's text field, whichever name it has; undefined where it is missing, empty or no text. */
export function textField(record: ProfileRecord, field: ProfileField): string | undefined {
  const value = valueOf(record, field)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** A record's field as it stands, whichever name it has; the canonical name counts first. */
export function valueOf(record: ProfileRecord, field: ProfileField): unknown {
  const own = record[field] ?? undefined
  if (own !== undefined && Object.hasOwn(record, field)) return own
  const values = valuesByWord(record)
  const word = wordsFor(field).find((one) => values.has(one))
  return word === undefined ? undefined : values.get(word)
}

/** What stands in a record, by squeezed name: of several spellings the first that holds something. */
function valuesByWord(record: ProfileRecord): ReadonlyMap<string, unknown> {
  const known = wordsOfRecords.get(record)
  if (known) return known
  const values = new Map<string, unknown>()
  for (const [name, value] of Object.entries(record)) {
    const word = squeeze(name)
    if (value !== undefined && value !== null && !values.has(word)) values.set(word, value)
  }
  wordsOfRecords.set(record, values)
  return values
}

// A profile has thirty fields, and most are looked for in vain.
const wordsOfRecords = new WeakMap<ProfileRecord, ReadonlyMap<string, unknown>>()

/**
 * A record with some fields changed: each stands once, under its canonical name and where it stood. Undefined takes a
 * field away, under whatever name. All else stays as it is.
 */
export function withFields(
  record: ProfileRecord,
  changes: Readonly<Partial<Record<ProfileField, unknown>>>,
): ProfileRecord {
  const fields = new Map(
    (Object.keys(changes) as readonly ProfileField[]).flatMap((field) =>
      wordsFor(field).map((word) => [word, field] as const),
    ),
  )
  const placed = Object.entries(record).map(([name, value]) => {
    const field = fields.get(squeeze(name))
    return field === undefined ? ([name, value] as const) : ([field, changes[field]] as const)
  })
  const all = { ...Object.fromEntries(placed), ...changes }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
