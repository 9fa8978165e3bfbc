import type { OutputStream, Terminal } from '../core/ports.ts'
import { errorCode, fileError } from './file-errors.ts'

/** The parts of `process` the standard streams come from. */
export type StreamOwner = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'exit'>

/**
 * The standard streams of a process; none is opened before it is used.
 *
 * A reader that stops listening, as in `… | head -1`, ends the process quietly with 0: what it wanted it has.
 * A stderr that nobody reads is ignored.
 */
export function createTerminal(owner: StreamOwner): Terminal {
  return {
    stdin: {
      get isTerminal() {
        return owner.stdin.isTTY === true
      },
      readAll: () => readAll(owner.stdin),
    },
    stdout: outputStream(
      () => owner.stdout,
      () => owner.exit(0),
    ),
    stderr: outputStream(
      () => owner.stderr,
      () => undefined,
    ),
  }
}

async function readAll(stream: NodeJS.ReadStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  } catch (error) {
    throw fileError('read', 'standard input', error)
  }
  return Buffer.concat(chunks)
}

function outputStream(stream: () => NodeJS.WriteStream, onReaderGone: () => void): OutputStream {
  let listening = false
  return {
    get isTerminal() {
      return stream().isTTY === true
    },
    get columns() {
      return stream().isTTY === true ? stream().columns : undefined
    },
    write(text) {
      if (!listening) {
        listening = true
        stream().on('error', (error) => {
          // Windows reports a reader that is gone as EOF.
          if (errorCode(error) !== 'EPIPE' && errorCode(error) !== 'EOF') throw error
          onReaderGone()
        })
      }
      stream().write(text)
    },
  }
}
