import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import type { ProfileFile } from './profile-file.ts'
import { profileKey } from './profile.ts'
import { recordSpans } from './profile-spans.ts'
import { textField, type ProfileRecord } from './record-fields.ts'

type IndexHost = Pick<Host, 'files' | 'configDirectory'>

/**
 * Where each of thousands of profiles stands in `profiles.json`, so that one can be had without reading them all. It
 * belongs to one content of that file, byte for byte, and says so by its digest: whoever edits the file by hand makes it
 * void, and nothing is ever answered from an old one. It is made again by whoever next reads them all, and may be
 * deleted at any time.
 */
export class ProfileIndex {
  readonly #content: Buffer
  readonly #lines: string
  /** The variables in which any of the profiles says a secret is. */
  readonly variables: readonly string[]

  private constructor(content: Buffer, lines: string, variables: readonly string[]) {
    this.#content = content
    this.#lines = lines
    this.variables = variables
  }

  /** The index of this content of `profiles.json`; undefined where there is none, or one of another content. */
  static async of(content: Buffer, host: IndexHost): Promise<ProfileIndex | undefined> {
    const text = (await readQuietly(host))?.toString('utf8') ?? ''
    const [head, lines] = splitOnce(text)
    const variables = variablesIn(head, content)
    return variables && new ProfileIndex(content, lines, variables)
  }

  /** All names, in their order. Profiles without one are not among them. */
  names(): readonly string[] {
    const names = this.#lines.trimEnd().split('\n').map(nameIn)
    // Parsed at once: thousands of small texts take ten times as long.
    return (JSON.parse(`[${names.join(',')}]`) as readonly string[]).filter((name) => name !== '')
  }

  /**
   * The record of that name, ignoring case.
   * @returns undefined where there is none, or several: then the whole file must say
   */
  find(name: string): ProfileRecord | undefined {
    const ending = ` ${JSON.stringify(profileKey(name))}\n`
    const lines = this.#lines.toLowerCase()
    const at = lines.indexOf(ending)
    if (name === '' || at < 0 || lines.includes(ending, at + 1)) return undefined
    const [start, end] = lines
      .slice(lines.lastIndexOf('\n', at) + 1, at)
      .split(' ')
      .map(Number)
    return JSON.parse(this.#content.toString('utf8', start, end)) as ProfileRecord
  }
}

/** Keeps the index of what was just read whole. That it cannot be kept, or already is, matters to nobody. */
export async function keepIndex(
  content: Buffer,
  profiles: ProfileFile,
  variables: readonly string[],
  host: IndexHost,
): Promise<void> {
  if (await ProfileIndex.of(content, host)) return
  const spans = recordSpans(content)
  const isCertain =
    spans.length === profiles.records.length &&
    spans.every(({ start, end }, index) =>
      isRecord(content.toString('utf8', start, end), profiles.records[index]),
    )
  if (!isCertain) return
  const lines = spans.map(({ start, end }, index) => {
    const name = textField(profiles.records[index] ?? {}, 'name') ?? ''
    return `${start} ${end} ${JSON.stringify(name)}\n`
  })
  const head: Head = { version: 1, sha256: digestOf(content), variables }
  try {
    await host.files.write(indexPath(host), `${JSON.stringify(head)}\n${lines.join('')}`)
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
  }
}

interface Head {
  readonly version: 1
  readonly sha256: string
  readonly variables: readonly string[]
}

export function indexPath({ configDirectory }: Pick<Host, 'configDirectory'>): string {
  return join(configDirectory, 'profiles.index')
}

async function readQuietly(host: IndexHost): Promise<Buffer | undefined> {
  try {
    return await host.files.read(indexPath(host))
  } catch (error) {
    if (error instanceof EntraAuthError) return undefined
    throw error
  }
}

/** Undefined for the head of another content's index, or of none. */
function variablesIn(head: string, content: Buffer): readonly string[] | undefined {
  try {
    const { version, sha256, variables } = JSON.parse(head) as Head
    return version === 1 && sha256 === digestOf(content) ? variables : undefined
  } catch {
    return undefined
  }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function isRecord(text: string, record: ProfileRecord | undefined): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(record)
  } catch {
    return false
  }
}

/** As JSON. */
function nameIn(line: string): string {
  return line.slice(line.indexOf('"'))
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf('\n') + 1
  return [text.slice(0, at), text.slice(at)]
}
