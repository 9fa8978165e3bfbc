import type { OutputStream, Terminal } from '../core/ports.ts'
import { abortError } from './abort.ts'
import { errorCode, fileError } from './file-errors.ts'

/** The parts of `process` the standard streams come from. */
export type StreamOwner = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'exit'>

/**
 * The standard streams of a process; none is opened before it is used.
 *
 * A reader that stops listening, as in `… | head -1`, ends the process quietly with 0: what it wanted it has. A stdout
 * that takes no more, as on a full disk, ends it with an error. What becomes of stderr never matters.
 */
export function createTerminal(owner: StreamOwner): Terminal {
  return {
    stdin: {
      get isTerminal() {
        return owner.stdin.isTTY === true
      },
      readAll: (signal) => readAll(owner.stdin, signal),
    },
    stdout: outputStream(
      () => owner.stdout,
      (error) => (isReaderGone(error) ? owner.exit(0) : endWithout(owner, error)),
    ),
    stderr: outputStream(
      () => owner.stderr,
      () => undefined,
    ),
  }
}

async function readAll(stream: NodeJS.ReadStream, signal: AbortSignal | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  const stop = () => stream.destroy()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    if (signal?.aborted) throw abortError(signal)
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : fileError('read', 'standard input', error)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  if (signal?.aborted) throw abortError(signal)
  return Buffer.concat(chunks)
}

/** Windows reports a reader that is gone as EOF. */
function isReaderGone(error: unknown): boolean {
  return ['EPIPE', 'EOF'].includes(errorCode(error) ?? '')
}

/** Streams report a failed write later, when the command may be over and nobody is left to tell it. */
function endWithout(owner: StreamOwner, cause: unknown): void {
  const { message, hint, exitCode } = fileError('write', 'standard output', cause)
  owner.stderr.write(`error: ${message}\nhint: ${hint}\n`)
  owner.exit(exitCode)
}

function outputStream(stream: () => NodeJS.WriteStream, onFailure: (error: unknown) => void): OutputStream {
  let listening = false
  return {
    get isTerminal() {
      return stream().isTTY === true
    },
    get columns() {
      return stream().isTTY === true ? stream().columns : undefined
    },
    get rows() {
      return stream().isTTY === true ? stream().rows : undefined
    },
    write(text) {
      if (!listening) {
        listening = true
        stream().on('error', onFailure)
      }
      stream().write(text)
    },
  }
}
