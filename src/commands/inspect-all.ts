import { TokenLines, type LinePart } from '../core/token-lines.ts'
import { EntraAuthError, exitCodeOf } from '../errors.ts'
import type { Console } from '../ui/console.ts'
import { escapeUnsafe } from '../ui/json.ts'
import type { CommandContext } from './command.ts'
import type { TokenSource } from './token-source.ts'

/**
 * `inspect --all`: tokens, one a line, to JSON Lines, as they come in. Holds one piece of the input at a time, and waits
 * for whoever reads the output. Ends with exit code 1 where a line was no token.
 * @throws EntraAuthError `invalid_arguments`, `file_unusable`, `interrupted`
 */
export async function inspectAll(
  source: TokenSource,
  part: LinePart,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const lines = new TokenLines(part)
  const tell = async (answers: string) => {
    if (answers === '') return
    console.result(console.resultIsRead ? answers.split('\n').map(escapeUnsafe).join('\n') : answers)
    await context.host.terminal.flushed()
    context.signal.throwIfAborted()
  }
  for await (const piece of utf8Pieces(piecesOf(source, context))) await tell(lines.take(piece))
  await tell(lines.end())
  if (lines.failures === 0) return
  console.warn(lines.failures === 1 ? '1 line is no token' : `${lines.failures} lines are no tokens`)
  context.exitWith(exitCodeOf('invalid_token'))
}

function piecesOf(
  { argument = '-', token, file = '-', profile }: TokenSource,
  { host, signal }: CommandContext,
): AsyncIterable<Buffer> {
  if (argument !== '-' || token !== undefined || profile !== undefined) {
    throw wrongUse('--all reads many tokens, from a file or a pipe')
  }
  if (file !== '-') return host.files.inputPieces(file, signal)
  if (host.terminal.stdin.isTerminal) throw wrongUse('no tokens were given')
  return host.terminal.stdin.pieces(signal)
}

function wrongUse(fact: string): EntraAuthError {
  const hint = 'usage: entra-auth-cli inspect --all -f FILE, or pipe the tokens in, one a line'
  return new EntraAuthError('invalid_arguments', fact, { hint })
}

/** Windows PowerShell writes `> tokens.txt` as UTF-16, which a byte order mark tells. */
async function* utf8Pieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let decoder: ReturnType<typeof decoderFor>
  let isFirst = true
  for await (const piece of pieces) {
    if (isFirst) decoder = decoderFor(piece)
    isFirst = false
    yield decoder ? Buffer.from(decoder.decode(piece, { stream: true })) : piece
  }
}

function decoderFor([first, second]: Buffer) {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le')
  return first === 0xfe && second === 0xff ? new TextDecoder('utf-16be') : undefined
}
