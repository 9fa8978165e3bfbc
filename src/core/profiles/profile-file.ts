import { EntraAuthError } from '../../errors.ts'
import { isTooDeep, nestedTooDeeply, whereBroken } from './broken-json.ts'
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

  /** The record of that name, ignoring case. Records without a name are found under none. */
  find(name: string): ProfileRecord | undefined {
    if (name === '') return undefined
    return this.records.find((record) => keyOf(record) === profileKey(name))
  }

  /** With one record added, or set in the place of the one with its name. */
  with(record: ProfileRecord): ProfileFile {
    return this.withAll([record])
  }

  /** The same for many records of different names. */
  withAll(records: readonly ProfileRecord[]): ProfileFile {
    const changed = new Map(records.map((record) => [keyOf(record), record]))
    const known = new Set(this.records.map(keyOf))
    const kept = this.records.map((old) => changed.get(keyOf(old)) ?? old)
    const added = [...changed].flatMap(([key, record]) => (known.has(key) ? [] : [record]))
    return new ProfileFile([...kept, ...added], this.#container)
  }

  without(name: string): ProfileFile {
    const records = this.records.filter((record) => keyOf(record) !== profileKey(name))
    return new ProfileFile(records, this.#container)
  }

  toText(): string {
    const document =
      this.#container.kind === 'array' ? this.records : { ...this.#container.others, profiles: this.records }
    return `${JSON.stringify(document, undefined, 2)}\n`
  }
}

type Container = { readonly kind: 'array' } | { readonly kind: 'object'; readonly others: ProfileRecord }

function keyOf(record: ProfileRecord): string {
  return profileKey(textField(record, 'name') ?? '')
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
    throw unreadable(path, await whereBroken(text), cause)
  }
}

function unreadable(path: string, what: string, cause?: unknown): EntraAuthError {
  return new EntraAuthError('profiles_unreadable', `"${path}" cannot be read: ${what}`, {
    hint: 'mend the file by hand; it was left as it is',
    cause,
  })
}
