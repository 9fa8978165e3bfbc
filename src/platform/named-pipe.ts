import { closeSync, constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * What comes through a pipe (one that `mkfifo` made, or `/dev/fd/63` of a shell's `<(command)`), waited for by the event
 * loop: opened as a file, one that nobody writes to would keep a thread of Node's in the system for ever, out of reach of
 * a deadline, and the end of this process would wait for it.
 *
 * For Linux: elsewhere a pipe that nobody has opened for writing yet may seem to be at its end already.
 * @param signal ends the waiting, with an `AbortError`
 * @throws Error as the system has it, such as `EACCES`
 * @see https://man7.org/linux/man-pages/man7/fifo.7.html
 */
export function openPipe(path: string, signal: AbortSignal | undefined): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    return new Socket({ fd, readable: true, writable: false, signal })
  } catch (error) {
    // Something else has taken its place since it was looked at.
    closeSync(fd)
    throw error
  }
}
