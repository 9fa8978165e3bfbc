import { writeSync } from 'node:fs'
import { kindOfDescriptor } from './descriptors.ts'
import { errorCode } from './file-errors.ts'

/**
 * An output that is no terminal, written to without Node's stream for it: opening that costs more than a cached answer,
 * and bun's says nothing of a device that is full. Terminals and all of Windows are left to Node.
 */
export class PlainOutput {
  readonly #descriptor: number

  private constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** @returns undefined where it is something else, or nothing at all */
  static of(descriptor: number): PlainOutput | undefined {
    const kind = kindOfDescriptor(descriptor)
    return kind === undefined || kind === 'terminal' ? undefined : new PlainOutput(descriptor)
  }

  /**
   * Writes as much as is taken at once.
   * @returns what is left where a pipe is full and does not wait; that is for the stream, which waits for its reader
   * @throws Error as the system has it, such as `EPIPE` where the reader is gone
   */
  write(text: string | Uint8Array): Buffer {
    let rest =
      typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.length)
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#descriptor, rest))
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error
    }
    return rest
  }
}
