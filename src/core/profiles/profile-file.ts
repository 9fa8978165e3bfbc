import { EntraAuthError } from '../../errors.ts'
import { isTooDeep, nestedTooDeeply } from './nesting.ts'
import { profileKey } from './profile.ts'
import { textField, type ProfileRecord } from './record-fields.ts'

/**
 * The content of `profiles.json`, which people edit too. Reads every documented container (an object with `profiles`, an
 * array, a single profile) and writes the same one back, with all the fields it does not know.
 */
export class ProfileFile {
  readonly records: readonly ProfileRecord[]
  readonly #container: Container

  private constructor(records: readonly ProfileRecord[], container: Container) {
    this.records = records
    this.#container = container
  }

  static readonly empty = new ProfileFile([], { kind: 'object', others: {} })

  /**
   * @param path only for the error's text
   * @throws EntraAuthError `profiles_unreadable` with line and column where the text is not JSON
   */
  static async parse(text: string, path: string): Promise<ProfileFile> {
    const trimmed = text.replace(/^\ufeff/, '')
    if (trimmed.trim() === '') return ProfileFile.empty
    const document = await parseJson(trimmed, path)
    if (isTooDeep(document)) throw unreadable(path, nestedTooDeeply)
    if (Array.isArray(document)) return new ProfileFile(recordsOf(document, path), { kind: 'array' })
    if (!isObject(document)) throw unreadable(path, 'it holds neither an object nor an array')
    const { profiles, ...others } = document
    if (profiles === undefined && textField(document, 'name') !== undefined) {
      return new ProfileFile([document], { kind: 'object', others: {} })
    }
    if (profiles !== undefined && !Array.isArray(profiles))
      throw unreadable(path, '"profiles" is not an array')
    return new ProfileFile(recordsOf(profiles ?? [], path), { kind: 'object', others })
  }

  /**
   * The record of that name, ignoring case; of several the one that is spelled exactly so. Records without a name are
   * found under none.
   */
  find(name: string): ProfileRecord | undefined {
    const namesakes = this.namesakes(name)
    return namesakes.find((record) => nameOf(record) === name) ?? namesakes[0]
  }

  /** All records of that name, ignoring case: whoever edits the file by hand may have made more than one. */
  namesakes(name: string): readonly ProfileRecord[] {
    const key = profileKey(name)
    return key === '' ? [] : this.records.filter((record) => keyOf(record) === key)
  }

  /** With one record added, or set in the place of the one with its name. */
  with(record: ProfileRecord): ProfileFile {
    return this.withAll([record])
  }

  /** The same for many records of different names. */
  withAll(records: readonly ProfileRecord[]): ProfileFile {
    const changed = new Map<ProfileRecord, ProfileRecord>()
    const added: ProfileRecord[] = []
    const places = placesOf(this.records)
    for (const record of records) {
      const old = places.get(nameOf(record)) ?? places.get(keyOf(record))
      if (old === undefined) added.push(record)
      else changed.set(old, record)
    }
    return new ProfileFile([...this.records.map((old) => changed.get(old) ?? old), ...added], this.#container)
  }

  /** With another record in the place of this one of its own, whatever the two are called. */
  replacing(old: ProfileRecord, changed: ProfileRecord): ProfileFile {
    const records = this.records.map((record) => (record === old ? changed : record))
    return new ProfileFile(records, this.#container)
  }

  /** Without the record that `find` finds, and without its exact doubles. Other spellings of the name stay. */
  without(name: string): ProfileFile {
    const found = this.find(name)
    if (found === undefined) return this
    const records = this.records.filter((record) => nameOf(record) !== nameOf(found))
    return new ProfileFile(records, this.#container)
  }

  toText(): string {
    const document =
      this.#container.kind === 'array' ? this.records : { ...this.#container.others, profiles: this.records }
    return `${JSON.stringify(document, undefined, 2)}\n`
  }
}

type Container = { readonly kind: 'array' } | { readonly kind: 'object'; readonly others: ProfileRecord }

function nameOf(record: ProfileRecord): string {
  return textField(record, 'name') ?? ''
}

function keyOf(record: ProfileRecord): string {
  return profileKey(nameOf(record))
}

/** The first record of every name as it is spelled, and of every name in lower case. */
function placesOf(records: readonly ProfileRecord[]): ReadonlyMap<string, ProfileRecord> {
  const places = new Map<string, ProfileRecord>()
  const add = (name: string, record: ProfileRecord) => {
    if (name !== '' && !places.has(name)) places.set(name, record)
  }
  for (const record of records) add(nameOf(record), record)
  // Afterwards: a name that is spelled so comes before one that is only like it.
  for (const record of records) add(keyOf(record), record)
  return places
}

function recordsOf(values: readonly unknown[], path: string): readonly ProfileRecord[] {
  return values.map((value, index) => {
    if (isObject(value)) return value
    throw unreadable(path, `entry ${index + 1} is not an object`)
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function parseJson(text: string, path: string): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const { whereBroken } = await import('./broken-json.ts')
    throw unreadable(path, whereBroken(text), cause)
  }
}

function unreadable(path: string, what: string, cause?: unknown): EntraAuthError {
  return new EntraAuthError('profiles_unreadable', `"${path}" cannot be read: ${what}`, {
    hint: 'mend the file by hand; it was left as it is',
    cause,
  })
}
