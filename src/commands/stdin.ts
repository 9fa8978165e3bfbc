import { withDeadline } from '../core/deadline.ts'
import { inputInTime } from '../core/input-in-time.ts'
import type { CommandContext } from './command.ts'

/** As long as `get-token` waits for a person, and a little more: it may stand at the other end of the pipe. */
const tokenPatience = 16 * 60_000
/** A password manager may ask a person before it prints. */
export const secretPatience = 2 * 60_000

/**
 * Everything that comes through stdin. A pipe that is never closed does not hold up a script for ever, and Ctrl-C is
 * heard at once.
 * @throws EntraAuthError `timeout`, or `interrupted`
 */
export function readStdin(
  { host, signal }: Pick<CommandContext, 'host' | 'signal'>,
  milliseconds: number = tokenPatience,
): Promise<Buffer> {
  return withDeadline(
    signal,
    milliseconds,
    'stdin did not end in time',
    (deadline) => host.terminal.stdin.readAll(deadline),
    'look whether the command before the pipe still runs',
  )
}

/**
 * A file that was named by a flag. It may be a pipe, to which nobody may ever write.
 * @throws EntraAuthError `timeout`, or `interrupted`, and what the file's absence or size is
 */
export function readNamedInput(
  path: string,
  { host, signal }: Pick<CommandContext, 'host' | 'signal'>,
  milliseconds: number = secretPatience,
): Promise<Buffer> {
  return inputInTime(path, host, { signal, milliseconds })
}
