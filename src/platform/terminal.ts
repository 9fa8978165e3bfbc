import type { OutputStream, ReadyInput, Terminal } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import { kindOfDescriptor } from './descriptors.ts'
import { errorCode, fileError } from './file-errors.ts'
import { PlainOutput } from './plain-output.ts'
import { readyInput } from './ready-input.ts'

/** The parts of `process` the standard streams come from. */
export type StreamOwner = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'exit'>

export interface TerminalOptions {
  /** Whether the streams are this whole process's, so that its descriptors 0 to 2 may be read and written to. */
  readonly isOurs?: boolean
  /** What was taken from stdin before. */
  readonly stdin?: ReadyInput
  /** Is told what is taken from stdin before anybody reads it. */
  readonly onStdinTaken?: (taken: ReadyInput) => void
}

/**
 * The standard streams of a process; none is opened before it is used.
 *
 * A reader that stops listening, as in `… | head -1`, ends the process quietly with 0: what it wanted it has. A stdout
 * that takes no more, as on a full disk, ends it with an error. What becomes of stderr never matters.
 */
export function createTerminal(owner: StreamOwner, options: TerminalOptions = {}): Terminal {
  const plain = (descriptor: number) => (options.isOurs ? PlainOutput.of(descriptor) : undefined)
  const stdout = outputStream(
    () => owner.stdout,
    () => plain(1),
    (error) => (isReaderGone(error) ? owner.exit(0) : endWithout(owner, error)),
  )
  const stderr = outputStream(
    () => owner.stderr,
    () => plain(2),
    () => undefined,
  )
  return {
    stdin: inputStream(owner, options),
    stdout,
    stderr,
    async flushed() {
      await Promise.all([stdout.flushed(), stderr.flushed()])
    },
  }
}

function inputStream(
  owner: StreamOwner,
  { isOurs = false, stdin, onStdinTaken }: TerminalOptions,
): Terminal['stdin'] {
  let found = stdin
  const ready = () => {
    if (found) return found
    found = isOurs ? readyInput(0) : { bytes: Buffer.alloc(0), isEverything: false }
    onStdinTaken?.(found)
    return found
  }
  async function* all(signal: AbortSignal | undefined): AsyncGenerator<Buffer, void> {
    if (signal?.aborted) throw abortError(signal)
    const { bytes, isEverything } = ready()
    if (bytes.length > 0) yield bytes
    if (!isEverything) yield* pieces(owner.stdin, signal)
  }
  return {
    get isTerminal() {
      const kind = isOurs ? kindOfDescriptor(0) : undefined
      return kind === undefined ? owner.stdin.isTTY === true : kind === 'terminal'
    },
    ready,
    readAll: async (signal) => {
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of all(signal)) {
        size += chunk.length
        if (size > mostBytes) throw tooMuch()
        chunks.push(chunk)
      }
      return Buffer.concat(chunks)
    },
    pieces: all,
  }
}

/** Of a log that is to be explained; more than memory can hold may come through a pipe. */
const mostBytes = 64 * 1024 * 1024

function tooMuch(): EntraAuthError {
  return new EntraAuthError('file_unusable', 'standard input holds more than 64 MB', {
    hint: 'send the part that counts, as grep or tail can pick it out',
  })
}

async function* pieces(
  stream: NodeJS.ReadStream,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void> {
  const stop = () => stream.destroy()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    if (signal?.aborted) throw abortError(signal)
    for await (const chunk of stream) yield Buffer.from(chunk as Uint8Array)
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : fileError('read', 'standard input', error)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  if (signal?.aborted) throw abortError(signal)
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

function outputStream(
  stream: () => NodeJS.WriteStream,
  findPlain: () => PlainOutput | undefined,
  onFailure: (error: unknown) => void,
): OutputStream & { flushed(): Promise<void> } {
  let opened: NodeJS.WriteStream | undefined
  let found: { readonly output: PlainOutput | undefined } | undefined
  const plain = () => (found ??= { output: findPlain() }).output
  const open = () => {
    opened ??= stream().on('error', onFailure)
    return opened
  }
  return {
    get isTerminal() {
      return plain() === undefined && stream().isTTY === true
    },
    get columns() {
      return plain() === undefined && stream().isTTY === true ? stream().columns : undefined
    },
    get rows() {
      return plain() === undefined && stream().isTTY === true ? stream().rows : undefined
    },
    write(text) {
      try {
        const rest = opened ? text : (plain()?.write(text) ?? text)
        if (rest.length > 0) open().write(rest)
      } catch (error) {
        onFailure(error)
      }
    },
    async flushed() {
      // One that was not written to may be of no use, which then does not matter.
      const written = opened
      if (!written) return
      await new Promise<void>((resolve) => {
        // Taken off again: whoever writes much asks often.
        const done = () => {
          written.off('error', done)
          resolve()
        }
        written.once('error', done).write('', done)
      })
    },
  }
}
