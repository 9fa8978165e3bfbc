import { randomBytes } from 'node:crypto'
import {
  type Stats,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
} from 'node:fs'
import { chmod, open, readFile, readdir, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileFacts, Files } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { type Clock, systemClock } from './clock.ts'
import { errorCode, fileError } from './file-errors.ts'
import { makeFolder } from './make-folder.ts'

const hourMilliseconds = 3_600_000
const ourTemporaryFile = /\.\d+\.[0-9a-f]{12}\.tmp$/

/** What the file room depends on besides the file system. */
export interface FilesOptions {
  readonly platform: NodeJS.Platform
  /** The user whose symbolic links are trusted; undefined where the system has no such number (Windows). */
  readonly userId: number | undefined
  readonly clock?: Clock
}

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
  const swept = new Set<string>()

  return {
    read: (path) => read(path, options.userId).catch(rethrow('read', path)),
    readInput: (source) => readInput(source).catch(rethrowInput(source)),
    look: async (path) => {
      const entry = await entryAt(path).catch(rethrow('read', path))
      return entry && factsOf(entry, options)
    },
    makePrivate: async (path) => {
      if (options.platform === 'win32') return
      const entry = await entryAt(path).catch(rethrow('read', path))
      // A link's mode means nothing, and chmod would follow it.
      if (entry && !entry.isSymbolicLink()) {
        await chmod(path, entry.isDirectory() ? 0o700 : 0o600).catch(rethrow('write', path))
      }
    },
    write: (path, content) => write(path, content).catch(rethrow('write', path)),
    remove: (path) =>
      unlink(path).then(
        () => true,
        (error: unknown) => {
          if (isAbsence(error)) return false
          throw fileError('remove', path, error)
        },
      ),
    list: (directory) =>
      readdir(directory).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return []
        throw fileError('list', directory, error)
      }),
    locked: async (path, work, lockOptions) => {
      const { withLock } = await import('./lock.ts')
      return withLock(path, work, { platform: options.platform, clock, ...lockOptions })
    },
    lockHolder: async (path) => (await import('./lock.ts')).lockHolder(path, clock),
  }

  async function write(path: string, content: Uint8Array | string): Promise<void> {
    const target = await writableTarget(path, options.userId)
    if (target.inPlace) return writeFile(target.path, content)
    const folder = dirname(target.path)
    // The mode counts for the folders made here alone; one that exists keeps the mode its owner gave it.
    await makeFolder(folder)
    await sweep(folder)
    await replace(target.path, content, options.platform, clock)
  }

  /** Removes what writers that were killed left behind; once a folder and run, because it costs a listing. */
  async function sweep(folder: string): Promise<void> {
    if (swept.has(folder)) return
    swept.add(folder)
    const names = (await readdir(folder)).filter((name) => ourTemporaryFile.test(name))
    for (const name of names) {
      const path = join(folder, name)
      try {
        const { mtimeMs } = await stat(path)
        if (clock.now().getTime() - mtimeMs > hourMilliseconds) await unlink(path)
      } catch (error) {
        // Its writer finished or another process swept it: either way there is nothing left to do.
        if (!isAbsence(error) && errorCode(error) !== 'EPERM' && errorCode(error) !== 'EACCES') throw error
      }
    }
  }
}

const rethrow = (action: 'read' | 'write', path: string) => (error: unknown) => {
  throw fileError(action, path, error)
}

const rethrowInput = (source: string | number) => (error: unknown) => {
  if (typeof source === 'number') throw fileError('read', `file descriptor ${source}`, error)
  if (errorCode(error) !== 'ENOENT') throw fileError('read', source, error)
  throw new EntraAuthError('file_unusable', `there is no file "${source}"`, {
    hint: 'look at the path',
    cause: error,
  })
}

async function readInput(source: string | number): Promise<Buffer> {
  if (typeof source === 'string') return readFile(source)
  // Node 20's readFile answers a descriptor that is not open with a defect of its own instead of EBADF.
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream('', { fd: source, autoClose: false }))
    chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const isAbsence = (error: unknown) => errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR'

/**
 * Without the thread pool: the five calls of a small file take a tenth of a millisecond here and five times that there,
 * and a cached token is read from four files.
 */
async function read(path: string, userId: number | undefined): Promise<Buffer | undefined> {
  const entry = await entryAt(path)
  if (!entry) return undefined
  if (entry.isSymbolicLink()) requireTrustedLink(path, entry, userId)
  try {
    // O_NOFOLLOW: between the look and the opening, nobody may slip a link in. O_NONBLOCK: a pipe without a writer
    // would hold this process for ever, beyond the reach of Ctrl-C. Windows has neither flag.
    const noFollow = entry.isSymbolicLink() ? 0 : (constants.O_NOFOLLOW ?? 0)
    const descriptor = openSync(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0))
    try {
      if (isStream(path, fstatSync(descriptor))) throw fileError('read', path, 'it is a device or a pipe')
      return readFileSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (isAbsence(error)) return undefined
    throw error
  }
}

async function writableTarget(path: string, userId: number | undefined) {
  const entry = await entryAt(path)
  if (!entry) return { path, inPlace: false }
  if (!entry.isSymbolicLink()) return { path, inPlace: isStream(path, entry) }
  requireTrustedLink(path, entry, userId)
  // A dangling link has no real path to resolve; it is reported as the link it is.
  const followed = await stat(path).catch(() => undefined)
  if (!followed) {
    throw new EntraAuthError('file_unusable', `cannot write "${path}": it is a symbolic link to nothing`, {
      hint: 'remove the link, or make the file it leads to',
    })
  }
  return isStream(path, followed) ? { path, inPlace: true } : { path: await realpath(path), inPlace: false }
}

function isStream(path: string, entry: Stats): boolean {
  if (entry.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' })
  return !entry.isFile()
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

async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return lstatSync(path)
  } catch (error) {
    if (isAbsence(error)) return undefined
    throw error
  }
}

function requireTrustedLink(path: string, link: Stats, userId: number | undefined): void {
  if (userId === undefined || link.uid === userId || link.uid === 0) return
  throw new EntraAuthError(
    'file_unusable',
    `cannot use "${path}": it is a symbolic link that another user made`,
    {
      hint: 'put the file itself there',
    },
  )
}

/** Temporary file beside it, full write, sync, rename, sync of the folder. The temporary file never survives a failure. */
async function replace(
  path: string,
  content: Uint8Array | string,
  platform: NodeJS.Platform,
  clock: Clock,
): Promise<void> {
  const random = randomBytes(6).toString('hex')
  const temporary = join(dirname(path), `${basename(path)}.${process.pid}.${random}.tmp`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await renamePatiently(temporary, path, platform, clock)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
  if (platform !== 'win32') await syncFolder(dirname(path))
}

/** On Windows a virus scanner or a reader may hold the target for a moment, and rename then fails. */
async function renamePatiently(from: string, to: string, platform: NodeJS.Platform, clock: Clock) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to)
    } catch (error) {
      const passing = platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '')
      if (!passing || attempt === 10) throw error
      await clock.sleep(attempt * 10)
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network file systems cannot sync a folder; the file itself is complete all the same.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(errorCode(error) ?? '')) throw error
  } finally {
    await handle.close()
  }
}
