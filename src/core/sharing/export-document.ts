import { posix, win32 } from 'node:path'
import { textField, type ProfileRecord } from '../profiles/record-fields.ts'
import { canonicalRecord, secretFields, withoutFields, type SharedProfile } from './shared-profile.ts'

/** What is written, and what whoever shares it should know. */
export interface ExportDocument {
  readonly text: string
  readonly warnings: readonly string[]
}

/**
 * Profiles as JSON that `config import` and the readers of earlier tools take: one alone as an object, several as
 * `{"profiles": […]}`. The same profiles give the same text on every machine. Holds the given secrets, and no others.
 * @param asList write the list also for one
 */
export function exportDocument(
  profiles: readonly SharedProfile[],
  { asList }: { readonly asList: boolean },
): ExportDocument {
  const records = profiles.map(({ record, secrets }) => ({
    ...canonicalRecord(withoutFields(record, secretFields(record))),
    ...definedOnly({
      clientSecret: secrets['client-secret'],
      certificatePassword: secrets['certificate-password'],
    }),
  }))
  const document = asList || records.length !== 1 ? { profiles: records } : records[0]
  return {
    text: `${JSON.stringify(document, undefined, 2)}\n`,
    warnings: profiles.flatMap(({ record }) => [...secretWarnings(record), ...pathWarnings(record)]),
  }
}

function secretWarnings(record: ProfileRecord): readonly string[] {
  return secretFields(record).map(
    (name) =>
      `"${name}" of "${textField(record, 'name')}" in profiles.json looks like a secret and was left out; take it out there too`,
  )
}

/** The fields that name a file. */
export const pathFields = [
  'certificatePath',
  'privateKeyPath',
  'caFile',
  'clientSecretFile',
  'federatedTokenFile',
] as const

function pathWarnings(record: ProfileRecord): readonly string[] {
  return pathFields.flatMap((field) => {
    const path = textField(record, field)
    // A file made on Windows is imported on Linux, and the other way round.
    if (path === undefined || !(posix.isAbsolute(path) || win32.isAbsolute(path))) return []
    return `${field} of "${textField(record, 'name')}" is a path of this machine: "${path}"; the file itself is not exported`
  })
}

function definedOnly(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  )
}
