import { EntraAuthError } from '../../errors.ts'
import { credentialOf } from '../profiles/credential-record.ts'
import { whereBroken } from '../profiles/broken-json.ts'
import { isTooDeep, nestedTooDeeply } from '../profiles/nesting.ts'
import {
  profileFields,
  squeeze,
  textField,
  valueOf,
  type ProfileField,
  type ProfileRecord,
} from '../profiles/record-fields.ts'
import type { SecretKind, Secrets } from '../vault/secrets.ts'
import { canonicalRecord, secretFields, withoutFields, type SharedProfile } from './shared-profile.ts'

/** More than ten thousand profiles need. */
export const largestImportBytes = 8 * 1024 * 1024
/** Far more than any path, scope list or command has. */
const longestText = 8192

export interface ReadImport {
  readonly profiles: readonly SharedProfile[]
  readonly warnings: readonly string[]
}

/**
 * Reads the JSON of an import: one profile, an array of them, an object with `profiles`, or what is inside the older
 * tool's encrypted export. Secrets are taken out of the records.
 * @param source what to call it in an error, such as `"team.json"`
 * @throws EntraAuthError `file_unusable` that says where and why; never with a word of a secret
 */
export async function readImport(text: string, source: string): Promise<ReadImport> {
  const document = await parseImportJson(text, source)
  const entries = entriesOf(document)
  if (entries === undefined) throw unusable(source, 'it holds no profile')
  const profiles: SharedProfile[] = []
  const warnings: string[] = []
  for (const [index, entry] of entries.entries()) {
    if (!isObject(entry.profile)) throw unusable(source, `entry ${index + 1} is not an object`)
    const called = textField(entry.profile, 'name') ?? `entry ${index + 1}`
    const problem = problemWith(entry.profile)
    if (problem !== undefined) throw unusable(source, `in "${called}", ${problem}`)
    const { record, secrets, leftOut } = separated(entry.profile)
    const all = { ...secrets, ...entry.secrets }
    profiles.push({ record: canonicalRecord({ ...record, ...impliedMethod(record, all) }), secrets: all })
    warnings.push(...leftOut.map((name) => `"${name}" of "${called}" looks like a secret and was left out`))
  }
  return { profiles, warnings }
}

/** What a client secret says of a profile that does not say how its app proves itself. */
function impliedMethod(record: ProfileRecord, secrets: Secrets): ProfileRecord {
  if (secrets['client-secret'] === undefined || textField(record, 'authMethod') !== undefined) return {}
  try {
    return credentialOf(record).kind === 'none' ? { authMethod: 'ClientSecret' } : {}
  } catch (error) {
    // What is wrong with it is told when all of it is read.
    if (error instanceof EntraAuthError) return {}
    throw error
  }
}

interface Entry {
  readonly profile: unknown
  /** What stands beside the profile. */
  readonly secrets?: Secrets
}

function entriesOf(document: unknown): readonly Entry[] | undefined {
  if (Array.isArray(document)) return document.map((profile: unknown) => ({ profile }))
  if (!isObject(document)) return undefined
  const list = ownField(document, 'profiles')
  if (Array.isArray(list)) return list.map((profile: unknown) => ({ profile }))
  // What the older tool exported: the profile under a name of its own, its secrets beside it.
  const alone = ownField(document, 'profile')
  if (isObject(alone)) return [{ profile: alone, secrets: separated(document).secrets }]
  // One that has no name yet can be given one.
  const isProfile = (['name', 'clientId', 'tenantId'] as const).some((field) => valueOf(document, field))
  return isProfile ? [{ profile: document }] : undefined
}

/** A field by its squeezed name; only the object's own. */
function ownField(object: ProfileRecord, name: string): unknown {
  return Object.entries(object).find(([key]) => squeeze(key) === name)?.[1]
}

const secretNames: Readonly<Record<string, SecretKind>> = {
  clientsecret: 'client-secret',
  certificatepassword: 'certificate-password',
  certpassword: 'certificate-password',
}

/** A record without its secrets, the secrets, and the fields that look like one but are none of ours. */
function separated(record: ProfileRecord) {
  const secrets: Partial<Record<SecretKind, string>> = {}
  const taken: string[] = []
  for (const [name, value] of Object.entries(record)) {
    const kind = Object.hasOwn(secretNames, squeeze(name)) ? secretNames[squeeze(name)] : undefined
    if (kind === undefined) continue
    taken.push(name)
    if (typeof value === 'string' && value !== '') secrets[kind] = value
  }
  const rest = withoutFields(record, taken)
  const leftOut = secretFields(rest)
  return { record: withoutFields(rest, [...leftOut, ...inheritedNames]), secrets, leftOut }
}

/** Names that every object answers to already: nobody's fields. */
const inheritedNames = ['__proto__', 'constructor', 'prototype']

// A terminal or a log may act on them, and no field of a profile has a use for them.
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/
// A command or an address is approved as it looks: nothing in it may hide or change places ("Trojan Source",
// CVE-2021-42574). The joiners of Persian and of emoji are letters in file names.
const unseenCharacters = /(?![\u200c\u200d])[\p{Cf}\p{Zl}\p{Zp}]/u

/** What is wrong with a record's fields, without a word of what they hold; undefined where nothing is. */
function problemWith(record: ProfileRecord): string | undefined {
  for (const field of profileFields) {
    const problem = problemOf(field, valueOf(record, field))
    if (problem !== undefined) return problem
  }
  for (const [name, value] of Object.entries(record)) {
    const kind = Object.hasOwn(secretNames, squeeze(name)) ? secretNames[squeeze(name)] : undefined
    if (kind !== undefined && value !== null && !isText(value))
      return `the ${kind.replace('-', ' ')} is no text`
  }
  return undefined
}

const lists: ReadonlySet<ProfileField> = new Set(['scopes', 'clientCapabilities'])
const booleans: ReadonlySet<ProfileField> = new Set(['useClientSecret', 'useCertificate'])

function problemOf(field: ProfileField, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (booleans.has(field))
    return typeof value === 'boolean' ? undefined : `${field} is neither true nor false`
  const texts: readonly unknown[] = lists.has(field) && Array.isArray(value) ? value : [value]
  if (!texts.every((text) => typeof text === 'string')) return `${field} is no text`
  if (texts.some((text) => text.length > longestText)) return `${field} is too long`
  if (texts.some((text) => controlCharacters.test(text))) return `${field} holds control characters`
  return texts.some((text) => unseenCharacters.test(text)) ? `${field} holds invisible characters` : undefined
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestText
}

/**
 * Any JSON that comes from outside, in bounds.
 * @throws EntraAuthError `file_unusable` with line and column, and without a word of the text
 */
export async function parseImportJson(text: string, source: string): Promise<unknown> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    // What JSON.parse says repeats a piece of the text, which may be a secret.
    throw unusable(source, whereBroken(text))
  }
  if (isTooDeep(document)) throw unusable(source, nestedTooDeeply)
  return document
}

function isObject(value: unknown): value is ProfileRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param what one clause */
export function unusable(source: string, what: string, hint = 'nothing was changed'): EntraAuthError {
  return new EntraAuthError('file_unusable', `${source} cannot be imported: ${what}`, { hint })
}
