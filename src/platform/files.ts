import {
  type Stats,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs'
import type { Readable } from 'node:stream'
import type { FileFacts, FilePart, Files } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import { systemClock } from './clock.ts'
import { errorCode, fileError } from './file-errors.ts'
import { type FilesOptions, entryAt, isAbsence, isStream, requireTrustedLink } from './file-entry.ts'
import type { FileWriter } from './file-writer.ts'

/**
 * The files of this machine.
 *
 * A symbolic link is followed when this user or root made it (people link their dotfiles, Kubernetes links its tokens)
 * and then the file it leads to is replaced, not the link. A link that another user made is an error.
 * What is neither a file nor a folder, such as `/dev/stdout` or a pipe, is written to in place; `read` refuses it, for
 * nothing of ours is kept in one.
 */
export function createFiles(options: FilesOptions): Files {
  const clock = options.clock ?? systemClock
  // Most commands only read, and what writes loads more of Node than all the rest of a cached answer.
  let writer: Promise<FileWriter> | undefined
  const changes = () =>
    (writer ??= import('./file-writer.ts').then(({ FileWriter }) => new FileWriter(options, clock)))

  return {
    read: (path, part) => read(path, options.userId, part).catch(rethrow(path)),
    readInput: (source, signal) => readInput(source, options.platform, signal),
    inputPieces: (path, signal) => inputPieces(path, options.platform, signal),
    look: (path) => look(path, options).catch(rethrow(path)),
    mark: async (path) => markAt(path, clock.now().getTime()),
    makePrivate: async (path) => (await changes()).makePrivate(path),
    makeRunnable: async (path) => (await changes()).makeRunnable(path),
    write: async (path, content) => (await changes()).write(path, content),
    remove: async (path) => (await changes()).remove(path),
    list: async (directory) => (await changes()).list(directory),
    locked: async (path, work, lockOptions) => {
      const { withLock } = await import('./lock.ts')
      return withLock(path, work, { platform: options.platform, clock, ...lockOptions })
    },
    lockHolder: async (path) => (await import('./lock.ts')).lockHolder(path, clock),
  }
}

const rethrow = (path: string) => (error: unknown) => {
  throw fileError('read', path, error)
}

function inputError(source: string | number, error: unknown): EntraAuthError {
  if (typeof source === 'number') return fileError('read', `file descriptor ${source}`, error)
  if (errorCode(error) !== 'ENOENT') return fileError('read', source, error)
  return new EntraAuthError('file_unusable', `there is no file "${source}"`, {
    hint: 'look at the path',
    cause: error,
  })
}

/** Far more than a certificate, a token or a backup has: a device such as /dev/zero has no end. */
const largestInputBytes = 16 * 1024 * 1024
const pieceBytes = 256 * 1024

async function readInput(
  source: string | number,
  platform: NodeJS.Platform,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of inputPieces(source, platform, signal)) {
    size += chunk.length
    if (size > largestInputBytes) {
      const name = typeof source === 'string' ? `"${source}"` : `file descriptor ${source}`
      throw new EntraAuthError('file_unusable', `${name} holds more than 16 MB`, {
        hint: 'is it what you meant?',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* inputPieces(
  source: string | number,
  platform: NodeJS.Platform,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void> {
  try {
    yield* (await openInput(source, platform, signal)) as AsyncIterable<Buffer>
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : inputError(source, error)
  }
}

async function openInput(
  source: string | number,
  platform: NodeJS.Platform,
  signal: AbortSignal | undefined,
): Promise<Readable> {
  const options = { highWaterMark: pieceBytes, signal }
  // Of a descriptor that is not open Node 20's readFile says a defect of its own instead of EBADF, a stream does not.
  if (typeof source === 'number') return createReadStream('', { ...options, fd: source, autoClose: false })
  const isPipe = statSync(source, { throwIfNoEntry: false })?.isFIFO() === true
  // Elsewhere it is opened in a thread, so that Ctrl-C is heard while it is waited for.
  if (!isPipe || platform !== 'linux') return createReadStream(source, options)
  return (await import('./named-pipe.ts')).openPipe(source, signal)
}

/**
 * Without the thread pool: the five calls of a small file take a tenth of a millisecond here and five times that there,
 * and a cached token is read from four files.
 */
async function read(
  path: string,
  userId: number | undefined,
  part: FilePart | undefined,
): Promise<Buffer | undefined> {
  const entry = entryAt(path)
  if (!entry) return undefined
  if (entry.isSymbolicLink()) requireTrustedLink(path, entry, userId)
  try {
    // O_NOFOLLOW: between the look and the opening, nobody may slip a link in. O_NONBLOCK: a pipe without a writer
    // would hold this process for ever, beyond the reach of Ctrl-C. Windows has neither flag.
    const noFollow = entry.isSymbolicLink() ? 0 : (constants.O_NOFOLLOW ?? 0)
    const descriptor = openSync(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0))
    try {
      if (isStream(path, fstatSync(descriptor))) throw fileError('read', path, 'it is a device or a pipe')
      return part ? readPart(descriptor, part) : readFileSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (isAbsence(error)) return undefined
    throw error
  }
}

function readPart(descriptor: number, { start, end }: FilePart): Buffer {
  const bytes = Buffer.alloc(Math.max(0, Math.min(end, fstatSync(descriptor).size) - start))
  return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start))
}

async function look(path: string, options: FilesOptions): Promise<FileFacts | undefined> {
  const entry = entryAt(path)
  return entry && factsOf(entry, options)
}

/** The coarsest clock of a file system that is in use, FAT's, takes steps of two seconds. */
const settlingMilliseconds = 3000

/**
 * What no change leaves as it is: nobody can set the time of the last change (ctime) back. While that time is so near that
 * a change in the same step of the file system's clock would not show, there is none.
 * @see https://git-scm.com/docs/racy-git
 */
function markAt(path: string, now: number): string | undefined {
  const entry = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (!entry?.isFile()) return undefined
  const { dev, ino, size, mtimeNs, ctimeNs } = entry
  const settled = BigInt(now - settlingMilliseconds) * 1_000_000n
  return ctimeNs < settled && mtimeNs < settled ? [dev, ino, size, mtimeNs, ctimeNs].join(' ') : undefined
}

function factsOf(entry: Stats, { platform, userId }: FilesOptions): FileFacts {
  const rights = platform === 'win32' || entry.isSymbolicLink() ? 0 : entry.mode & 0o077
  return {
    kind: entry.isSymbolicLink()
      ? 'link'
      : entry.isDirectory()
        ? 'folder'
        : entry.isFile()
          ? 'file'
          : 'other',
    othersMay: (rights & 0o022) !== 0 ? 'write' : rights !== 0 ? 'read' : 'nothing',
    isOurs: userId === undefined || entry.uid === userId,
    modified: entry.mtime,
    size: entry.size,
  }
}
