import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import type { Environment } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { errorCode } from './file-errors.ts'

const forwarded = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGCONT',
] as const
/** What a terminal sends to everything in front of it by itself. */
const fromTerminal: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGWINCH', 'SIGCONT'])

/**
 * Runs a program in our place: it has our streams, and until it ends it alone decides what a signal means. Whoever
 * listened for signals in this process before does so again afterwards.
 * @returns its exit code; 128 and the signal's number where one ended it
 */
export async function runProgram(words: readonly string[], env: Environment): Promise<number> {
  const [program = '', ...others] = words
  // A second signal of ours would reach a program that the terminal has told already, and cut its farewell short.
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  let child: ChildProcess | undefined
  // Before the program is there: it may be sent a signal by way of us as soon as it speaks.
  const giveBack = takeSignals((signal) => {
    if (!(hasTerminal && fromTerminal.has(signal))) child?.kill(signal)
  })
  try {
    return await new Promise((resolve, reject) => {
      try {
        child = spawn(program, others, { env, stdio: 'inherit', windowsHide: false })
      } catch (error) {
        // Node throws some refusals of the system at once, and tells others later.
        return reject(cannotStart(program, error))
      }
      child.once('error', (error) => reject(cannotStart(program, error)))
      child.once('exit', (code, signal) =>
        resolve(code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 0)),
      )
    })
  } finally {
    giveBack()
  }
}

/** Puts one listener in the place of all. @returns what puts them back */
function takeSignals(listen: (signal: NodeJS.Signals) => void): () => void {
  // Windows knows no others, and refuses to listen for them.
  const signals = process.platform === 'win32' ? (['SIGINT', 'SIGTERM', 'SIGHUP'] as const) : forwarded
  const before = signals.map((signal) => [signal, process.listeners(signal)] as const)
  // Never without a listener in between: Node would stop to listen, and forget a signal that is on its way.
  for (const [signal, listeners] of before) {
    process.on(signal, listen)
    for (const listener of listeners) process.removeListener(signal, listener)
  }
  return () => {
    for (const [signal, listeners] of before) {
      for (const listener of listeners) process.on(signal, listener)
      process.removeListener(signal, listen)
    }
  }
}

/** As shells tell the two apart. @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02 */
function cannotStart(program: string, cause: unknown): EntraAuthError {
  const code = errorCode(cause)
  // A folder on the way that is none, and a working folder that is gone, are reported the same way.
  if (code === 'ENOENT' || code === 'ENOTDIR' || program === '') {
    return new EntraAuthError('program_not_found', `there is no program "${program}"`, { hint, cause })
  }
  const why = reasons.get(code ?? '') ?? code ?? 'it is no program'
  return new EntraAuthError('program_not_executable', `"${program}" cannot be started: ${why}`, {
    hint,
    cause,
  })
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'it may not be run'],
  ['E2BIG', 'its arguments and variables are too large'],
])

const hint = 'what stands after -- is a program and its arguments; for a shell\'s own words use -- sh -c "…"'
