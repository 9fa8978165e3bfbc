import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import type { ProfileFile } from './profile-file.ts'
import { profileKey } from './profile.ts'
import { recordSpans, type Span } from './profile-spans.ts'
import { textField, type ProfileRecord } from './record-fields.ts'

type IndexHost = Pick<Host, 'files' | 'configDirectory'>

/** The file that an index is of. */
interface Indexed {
  readonly path: string
  /** What `Files.mark` says of it. */
  readonly mark: string | undefined
  read(): Promise<Buffer | undefined>
}

/**
 * Where each of thousands of profiles stands in `profiles.json`, so that one can be had without reading them all. It
 * belongs to one content of that file, byte for byte, and says so by its digest: whoever edits the file by hand makes it
 * void, and nothing is ever answered from an old one. What has the mark that the same content had needs no digest. It is
 * made again by whoever next reads them all, and may be deleted at any time.
 */
export class ProfileIndex {
  readonly #lines: string
  readonly #part: (span: Span) => Promise<Buffer | undefined>
  /** The variables in which any of the profiles says a secret is. */
  readonly variables: readonly string[]

  private constructor(
    lines: string,
    variables: readonly string[],
    part: (span: Span) => Promise<Buffer | undefined>,
  ) {
    this.#lines = lines
    this.#part = part
    this.variables = variables
  }

  /** The index of `profiles.json` as it is now; undefined where there is none, or one of another content. */
  static async of({ path, mark, read }: Indexed, host: IndexHost): Promise<ProfileIndex | undefined> {
    const [line, lines] = splitOnce((await readQuietly(host))?.toString('utf8') ?? '')
    const head = headIn(line)
    if (!head) return undefined
    if (mark === undefined || head.mark !== mark) {
      const content = await read()
      if (!content || head.sha256 !== (await digestOf(content))) return undefined
      if (mark !== undefined) await writeQuietly({ ...head, mark }, lines, host)
    }
    return new ProfileIndex(lines, head.variables, (span) => host.files.read(path, span))
  }

  /** All names, in their order; undefined where the index is damaged. Profiles without one are not among them. */
  names(): readonly string[] | undefined {
    const names = this.#lines.trimEnd().split('\n').map(nameIn)
    try {
      // Parsed at once: thousands of small texts take ten times as long.
      return (JSON.parse(`[${names.join(',')}]`) as readonly string[]).filter((name) => name !== '')
    } catch {
      return undefined
    }
  }

  /**
   * The record of that name, ignoring case.
   * @returns undefined where there is none, or several, or another one in its place: then the whole file must say
   */
  async find(name: string): Promise<ProfileRecord | undefined> {
    const ending = ` ${JSON.stringify(profileKey(name))}\n`
    const lines = this.#lines.toLowerCase()
    const at = lines.indexOf(ending)
    if (name === '' || at < 0 || lines.includes(ending, at + 1)) return undefined
    const [start = 0, end = 0] = lines
      .slice(lines.lastIndexOf('\n', at) + 1, at)
      .split(' ')
      .map(Number)
    return start < end ? recordIn(await this.#part({ start, end }), name) : undefined
  }
}

/** Keeps the index of what was just read whole. That it cannot be kept, or already is, matters to nobody. */
export async function keepIndex(
  content: Buffer,
  profiles: ProfileFile,
  variables: readonly string[],
  host: IndexHost,
): Promise<void> {
  const sha256 = await digestOf(content)
  const [present] = splitOnce((await readQuietly(host))?.toString('utf8') ?? '')
  if (headIn(present)?.sha256 === sha256) return
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
  await writeQuietly({ version: 1, sha256, variables }, lines.join(''), host)
}

async function writeQuietly(head: Head, lines: string, host: IndexHost): Promise<void> {
  try {
    await host.files.write(indexPath(host), `${JSON.stringify(head)}\n${lines}`)
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
  }
}

interface Head {
  readonly version: 1
  readonly sha256: string
  readonly variables: readonly string[]
  /** What the file with this content was seen with. */
  readonly mark?: string
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

/** Undefined for what is no head. */
function headIn(line: string): Head | undefined {
  try {
    const head = JSON.parse(line) as Head
    return head.version === 1 && Array.isArray(head.variables) ? head : undefined
  } catch {
    return undefined
  }
}

async function digestOf(content: Buffer): Promise<string> {
  // Completion has no other use for it.
  const { createHash } = await import('node:crypto')
  return createHash('sha256').update(content).digest('hex')
}

function recordIn(bytes: Buffer | undefined, name: string): ProfileRecord | undefined {
  try {
    const record = JSON.parse(bytes?.toString('utf8') ?? '') as ProfileRecord
    return profileKey(textField(record, 'name') ?? '') === profileKey(name) ? record : undefined
  } catch {
    return undefined
  }
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
