import { type Stats, lstatSync } from 'node:fs'
import { EntraAuthError } from '../errors.ts'
import type { Clock } from './clock.ts'
import { errorCode } from './file-errors.ts'

/** What the file room depends on besides the file system. */
export interface FilesOptions {
  readonly platform: NodeJS.Platform
  /** The user whose symbolic links are trusted; undefined where the system has no such number (Windows). */
  readonly userId: number | undefined
  readonly clock?: Clock
}

/** What lies at a path, links not followed; undefined where nothing does. */
export function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    if (isAbsence(error)) return undefined
    throw error
  }
}

export function isAbsence(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR'
}

/** Whether it is a device or a pipe. @throws Error `EISDIR` for a folder */
export function isStream(path: string, entry: Stats): boolean {
  if (entry.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' })
  return !entry.isFile()
}

/** @throws EntraAuthError `file_unusable` for a link that another user made: it may lead anywhere */
export function requireTrustedLink(path: string, link: Stats, userId: number | undefined): void {
  if (userId === undefined || link.uid === userId || link.uid === 0) return
  throw new EntraAuthError(
    'file_unusable',
    `cannot use "${path}": it is a symbolic link that another user made`,
    {
      hint: 'put the file itself there',
    },
  )
}
