import { posix, resolve, win32 } from 'node:path'
import { textField } from '../profiles/record-fields.ts'
import { pathFields } from './export-document.ts'
import type { SharedProfile } from './shared-profile.ts'

/**
 * A profile whose paths are absolute: what a shared file says is relative to the folder it lies in, and `~` is the home of
 * whoever imports it.
 * @param folder absolute
 */
export function withAbsolutePaths(
  { record, secrets }: SharedProfile,
  folder: string,
  home: string | undefined,
): SharedProfile {
  const paths = pathFields.flatMap((field) => {
    const path = textField(record, field)
    return path === undefined ? [] : [[field, absolute(path, folder, home)] as const]
  })
  return { record: { ...record, ...Object.fromEntries(paths) }, secrets }
}

function absolute(path: string, folder: string, home: string | undefined): string {
  // A path of another system is nobody's to resolve.
  if (posix.isAbsolute(path) || win32.isAbsolute(path)) return path
  if (home !== undefined && /^~[/\\]/.test(path)) return resolve(home, path.slice(2))
  return resolve(folder, path)
}
