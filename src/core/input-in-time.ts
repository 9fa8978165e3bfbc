import { EntraAuthError } from '../errors.ts'
import type { Waiting } from './command-output.ts'
import { withDeadline } from './deadline.ts'
import type { Host } from './ports.ts'

/**
 * The content of a file that the user named. It may be a pipe, to which nobody may ever write.
 * @throws EntraAuthError `timeout`, or `interrupted`, and what the file's absence or size is
 */
export function inputInTime(
  path: string,
  { files }: Pick<Host, 'files'>,
  { signal, milliseconds }: Waiting,
): Promise<Buffer> {
  return withDeadline(
    signal,
    milliseconds,
    `nothing came from "${path}" in time`,
    (deadline) => files.readInput(path, deadline),
    'look whether what is to write to it still runs',
  )
}

/**
 * The content of a file that a profile names: where it cannot be read, the profile is what is to be mended.
 * @param what what it holds, such as `the client secret of "ci"`
 * @param hint what to do where it cannot be read
 * @throws EntraAuthError `profile_incomplete`, `timeout`, `interrupted`
 */
export async function profileFileInTime(
  path: string,
  what: string,
  hint: string,
  host: Pick<Host, 'files'>,
  waiting: Waiting,
): Promise<Buffer> {
  try {
    return await inputInTime(path, host, waiting)
  } catch (cause) {
    if (!(cause instanceof EntraAuthError) || cause.code !== 'file_unusable') throw cause
    throw new EntraAuthError('profile_incomplete', `${what} cannot be had: ${cause.message}`, { hint, cause })
  }
}
