import { closeSync, constants, openSync, readSync } from 'node:fs'
import type { ReadyInput } from '../core/ports.ts'
import { kindOfDescriptor } from './descriptors.ts'

/** Far more than tokens have. What is longer is read by Node's stream, which lets Ctrl-C be heard meanwhile. */
const mostBytes = 1024 * 1024
const pieceBytes = 64 * 1024

/**
 * What lies ready in an input: all of a short file, and what came through a pipe by now. Waits for nobody, so that it
 * needs neither Node's stream, which costs more than most commands, nor a thread.
 *
 * Where nobody can tell without waiting (terminals, sockets, pipes of other systems than Linux), nothing is ready.
 */
export function readyInput(descriptor: number): ReadyInput {
  try {
    const kind = kindOfDescriptor(descriptor)
    if (kind === 'file' || kind === 'device') return readyBytes(descriptor)
    // Opened anew: another process may share the descriptor, and would find that it does not wait any more.
    if (kind === 'pipe' && process.platform === 'linux') {
      const own = openSync(`/proc/self/fd/${descriptor}`, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        return readyBytes(own)
      } finally {
        closeSync(own)
      }
    }
  } catch {
    // Whoever goes on with the stream meets the fault again, and says it.
  }
  return { bytes: Buffer.alloc(0), isEverything: false }
}

function readyBytes(descriptor: number): ReadyInput {
  const pieces: Buffer[] = []
  let size = 0
  let isEverything = false
  try {
    while (size < mostBytes && !isEverything) {
      const piece = Buffer.allocUnsafe(pieceBytes)
      const length = readSync(descriptor, piece)
      pieces.push(piece.subarray(0, length))
      size += length
      isEverything = length === 0
    }
  } catch {
    // EAGAIN: a pipe that is empty now. What was read is not lost; of any other fault the stream will speak.
  }
  return { bytes: Buffer.concat(pieces), isEverything }
}
