import { spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Environment, KeychainOptions } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import { childEnvironment } from './child-environment.ts'
import type { Clock } from './clock.ts'
import { decodeAnswer, encodeKeychainCall } from './keychain-messages.ts'
import type { KeychainWay } from './keychain-rules.ts'
import type { KeychainCall, KeychainResult } from './keyring-binding.ts'
import { keychainWord } from './own-command.ts'

/** The part of a started process that is used. */
export interface KeychainProcess extends Pick<EventEmitter, 'once'> {
  readonly stdin: Writable
  readonly stdout: Readable
  kill(signal: NodeJS.Signals): boolean
}

export interface ProcessSetup {
  /** The words that start this program, to which the child's own is added. */
  readonly ownCommand: readonly string[]
  readonly env: Environment
  readonly clock: Clock
  readonly start?: StartProcess
}

export type StartProcess = (words: readonly string[], env: Environment) => KeychainProcess

/**
 * Makes a keychain call in a child of this program, and kills it when the time is over or the signal comes. The call and
 * its secret travel by pipes, never by argument or environment, which others can see.
 * @throws EntraAuthError `store_unavailable` when the time is over, the signal's reason when it comes; another Error
 *   with what the keychain said
 */
export async function callInChild(
  call: KeychainCall,
  way: Extract<KeychainWay, { kind: 'child' }>,
  setup: ProcessSetup,
  { onWait, signal }: KeychainOptions,
): Promise<KeychainResult> {
  if (signal?.aborted) throw abortError(signal)
  const { clock, start = startProcess } = setup
  const over = new AbortController()
  const { notice } = way
  if (notice?.afterMilliseconds === 0) onWait?.(notice.text)
  else if (notice) void sayLater(() => onWait?.(notice.text), notice.afterMilliseconds)
  const child = start([...setup.ownCommand, keychainWord], childEnvironment(setup.env))
  try {
    return await Promise.race([answerOf(child, call), tooLate(), interrupted()])
  } finally {
    over.abort()
    child.kill('SIGKILL')
  }

  async function sayLater(say: () => void, milliseconds: number): Promise<void> {
    await clock.sleep(milliseconds, over.signal).then(say, () => undefined)
  }

  async function tooLate(): Promise<never> {
    await clock.sleep(way.seconds * 1000, over.signal)
    throw new EntraAuthError('store_unavailable', `the keychain did not answer within ${way.seconds} s`, {
      hint: 'it may wait for its dialog on your desktop: answer it, then try again',
    })
  }

  function interrupted(): Promise<never> {
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(abortError(signal)), { once: true, signal: over.signal })
    })
  }
}

function answerOf(child: KeychainProcess, call: KeychainCall): Promise<KeychainResult> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (!text.endsWith('\n')) return
      const answer = decodeAnswer(text)
      if (answer.kind === 'result') resolve(answer.result)
      else reject(new Error(answer.message))
    })
    child.once('error', reject)
    child.once('close', (code: number | null, signal: string | null) =>
      reject(new Error(`the process that asks it ended without an answer (${code ?? signal})`)),
    )
    // A child that died before it read is told of by its end.
    child.stdin.on('error', () => undefined)
    // Left open: its end is how the child notices ours.
    child.stdin.write(encodeKeychainCall(call))
  })
}

/**
 * In a session of its own, so that Ctrl-C in the terminal reaches us alone and we say what it ended; the child ends with
 * us, as its stdin does.
 */
function startProcess([program = '', ...words]: readonly string[], env: Environment): KeychainProcess {
  return spawn(program, words, {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
}
