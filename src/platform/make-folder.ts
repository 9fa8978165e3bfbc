import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from './file-errors.ts'

/**
 * Makes a folder for this user alone, and those it lies in, where they are missing. One that exists keeps its mode.
 *
 * Node's own `recursive` never ends where the system answers ENOENT although the parent is there, as `/proc` does.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdirOnce(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdirOnce(path)
  }
}

async function mkdirOnce(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    // Of what is there already some systems say otherwise than EEXIST: of a drive's root, or where nothing can be written.
    const isThere = errorCode(error) === 'EEXIST' || (await isFolder(path))
    if (!isThere) throw error
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
