import { EntraAuthError } from '../errors.ts'

/** What was being done to a file, as a verb after `cannot`. */
export type FileAction = 'read' | 'write' | 'remove' | 'list' | 'lock'

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ['permission denied', 'look at the owner and mode of the file and its folder'],
  EPERM: ['permission denied', 'look at the owner and mode of the file and its folder'],
  ENOSPC: ['no space left on the device', 'free some space, then try again'],
  EDQUOT: ['the disk quota is used up', 'free some space, then try again'],
  EFBIG: ['it would be too large', 'raise the limit with "ulimit -f"'],
  EROFS: ['the file system is read-only', 'choose a folder that can be written to'],
  EISDIR: ['it is a folder', 'name a file'],
  EEXIST: ['a part of its path is not a folder', 'look at the path'],
  ENOTDIR: ['a part of its path is not a folder', 'look at the path'],
  ENOENT: ['its folder does not exist', 'look at the path'],
  ELOOP: ['it is a symbolic link', 'put the file itself there'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter one'],
  EBUSY: ['another program is using it', 'close that program, then try again'],
  EMFILE: ['too many files are open', 'raise the limit with "ulimit -n"'],
  ENFILE: ['too many files are open', 'close other programs, then try again'],
  EBADF: ['it is not open', 'look at the number'],
  EIO: ['the device reports an error', 'check the disk'],
}

/** Says what the operating system answered about a file, in words, naming the file. */
export function fileError(action: FileAction, path: string, cause: unknown): EntraAuthError {
  if (cause instanceof EntraAuthError) return cause
  const code = errorCode(cause)
  const [reason, hint] = (code ? reasons[code] : undefined) ?? [
    code ?? String(cause),
    'look at the path and its folder',
  ]
  return new EntraAuthError('file_unusable', `cannot ${action} "${path}": ${reason}`, { hint, cause })
}

/** The `code` of a system error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return typeof code === 'string' ? code : undefined
}
