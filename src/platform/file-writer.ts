import { randomBytes } from 'node:crypto'
import { chmod, open, readdir, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileContent } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import type { Clock } from './clock.ts'
import { type FilesOptions, entryAt, isAbsence, isStream, requireTrustedLink } from './file-entry.ts'
import { errorCode, fileError } from './file-errors.ts'
import { makeFolder } from './make-folder.ts'

const hourMilliseconds = 3_600_000
const ourTemporaryFile = /\.\d+\.[0-9a-f]{12}\.tmp$/

/** The part of `Files` that changes what is there, and lists it. */
export class FileWriter {
  readonly #options: FilesOptions
  readonly #clock: Clock
  readonly #swept = new Set<string>()

  constructor(options: FilesOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  async makePrivate(path: string): Promise<void> {
    if (this.#options.platform === 'win32') return
    try {
      const entry = entryAt(path)
      // A link's mode means nothing, and chmod would follow it.
      if (entry && !entry.isSymbolicLink()) await chmod(path, entry.isDirectory() ? 0o700 : 0o600)
    } catch (error) {
      throw fileError('write', path, error)
    }
  }

  async makeRunnable(path: string): Promise<void> {
    if (this.#options.platform === 'win32') return
    await chmod(path, 0o755).catch(rethrow(path))
  }

  async remove(path: string): Promise<boolean> {
    try {
      await unlink(path)
      return true
    } catch (error) {
      if (isAbsence(error)) return false
      throw fileError('remove', path, error)
    }
  }

  async list(directory: string): Promise<readonly string[]> {
    try {
      return await readdir(directory)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return []
      throw fileError('list', directory, error)
    }
  }

  write(path: string, content: FileContent): Promise<void> {
    return this.#write(path, content).catch(rethrow(path))
  }

  async #write(path: string, content: FileContent): Promise<void> {
    const target = await writableTarget(path, this.#options.userId)
    if (target.inPlace) return writeFile(target.path, content)
    const folder = dirname(target.path)
    // The mode counts for the folders made here alone; one that exists keeps the mode its owner gave it.
    await makeFolder(folder)
    await this.#sweep(folder)
    await replace(target.path, content, this.#options.platform, this.#clock)
  }

  /** Removes what writers that were killed left behind; once a folder and run, because it costs a listing. */
  async #sweep(folder: string): Promise<void> {
    if (this.#swept.has(folder)) return
    this.#swept.add(folder)
    const names = (await readdir(folder)).filter((name) => ourTemporaryFile.test(name))
    for (const name of names) {
      const path = join(folder, name)
      try {
        const { mtimeMs } = await stat(path)
        if (this.#clock.now().getTime() - mtimeMs > hourMilliseconds) await unlink(path)
      } catch (error) {
        // Its writer finished or another process swept it: either way there is nothing left to do.
        if (!isAbsence(error) && errorCode(error) !== 'EPERM' && errorCode(error) !== 'EACCES') throw error
      }
    }
  }
}

const rethrow = (path: string) => (error: unknown) => {
  throw fileError('write', path, error)
}

async function writableTarget(path: string, userId: number | undefined) {
  const entry = entryAt(path)
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

/** Temporary file beside it, full write, sync, rename, sync of the folder. The temporary file never survives a failure. */
async function replace(
  path: string,
  content: FileContent,
  platform: NodeJS.Platform,
  clock: Clock,
): Promise<void> {
  const random = randomBytes(6).toString('hex')
  const temporary = join(dirname(path), `${basename(path)}.${process.pid}.${random}.tmp`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content)
      else for await (const piece of content) await handle.writeFile(piece)
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
