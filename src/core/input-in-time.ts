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
