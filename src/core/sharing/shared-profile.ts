import { parseScopes } from '../scopes.ts'
import {
  profileFields,
  squeeze,
  unknownFields,
  valueOf,
  type ProfileField,
  type ProfileRecord,
} from '../profiles/record-fields.ts'
import type { Secrets } from '../vault/secrets.ts'

/** A profile on its way from one machine to another. */
export interface SharedProfile {
  /** In canonical form and without secrets. Its name is not checked yet, and may be missing. */
  readonly record: ProfileRecord
  readonly secrets: Secrets
}

/** When a profile was made and changed is true of one machine alone. */
const ofOneMachine: ReadonlySet<ProfileField> = new Set(['createdAt', 'updatedAt'])

/**
 * A record with one spelling for every field, in one order, without its times: two that say the same are the same text.
 * The fields this tool gives no meaning to come last, by their names.
 */
export function canonicalRecord(record: ProfileRecord): ProfileRecord {
  const known = profileFields
    .filter((field) => !ofOneMachine.has(field))
    .flatMap((field) => {
      const value = canonicalValue(field, valueOf(record, field))
      return value === undefined ? [] : [[field, value] as const]
    })
  const others = Object.entries(unknownFields(record))
    .filter(([, value]) => value !== null)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries([...known, ...others])
}

function canonicalValue(field: ProfileField, value: unknown): unknown {
  if (field === 'scopes') return canonicalScopes(value)
  if (typeof value !== 'string') return value ?? undefined
  return value.trim() === '' ? undefined : value.trim()
}

function canonicalScopes(value: unknown): unknown {
  const texts = typeof value === 'string' ? [value] : value
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return value ?? undefined
  const scopes = parseScopes(texts)
  return scopes.length > 0 ? scopes : undefined
}

const secretWords = /secret|password|passphrase|token|assertion|privatekey|apikey|credential/

/** The fields of a record that this tool gives no meaning to and that hold, as far as their names tell, a secret. */
export function secretFields(record: ProfileRecord): readonly string[] {
  return Object.entries(unknownFields(record)).flatMap(([name, value]) =>
    holdsSecret(name, value) ? [name] : [],
  )
}

function holdsSecret(name: string, value: unknown): boolean {
  if (typeof value === 'string') return value !== '' && secretWords.test(squeeze(name))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([inner, held]) =>
    // The items of a list have no names of their own.
    holdsSecret(Array.isArray(value) ? name : inner, held),
  )
}

export function withoutFields(record: ProfileRecord, names: readonly string[]): ProfileRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}
