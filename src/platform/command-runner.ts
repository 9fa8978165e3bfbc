import { spawn, type ChildProcess } from 'node:child_process'
import type { CommandOptions, CommandResult, CommandRunner, Environment } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'

/** How long a program that was told to end may take for it: who pressed Ctrl-C is not made to wait. */
const lastWordsMilliseconds = 75
/** How long output may still come after the shell has ended: what it left running may hold the pipe for ever. */
const afterglowMilliseconds = 500

export interface CommandRunnerOptions {
  readonly platform: NodeJS.Platform
  /** What a program sees, asked for at each start. */
  readonly environment: () => Environment
}

/**
 * Runs command lines in this machine's shell. With nobody there they get a session of their own: without a terminal
 * nothing in them can wait for somebody to type, and all of it can be ended at once. With somebody there they keep the
 * terminal, as a password manager that asks needs it, and Ctrl-C reaches them by it.
 */
export function createCommandRunner(options: CommandRunnerOptions): CommandRunner {
  return { run: (commandLine, how) => run(commandLine, how, options) }
}

async function run(
  commandLine: string,
  { attended, silent, largestOutputBytes, signal }: CommandOptions,
  { platform, environment }: CommandRunnerOptions,
): Promise<CommandResult> {
  if (signal.aborted) throw abortError(signal)
  const ownSession = !attended && platform !== 'win32'
  const child = spawn(commandLine, {
    // `/bin/sh -c` or `cmd.exe /d /s /c`, the command line as it is.
    shell: true,
    env: environment(),
    stdio: [attended ? 'inherit' : 'ignore', 'pipe', silent ? 'ignore' : 'inherit'],
    detached: ownSession,
    windowsHide: true,
  })
  const stop = () => end(child, ownSession)
  const interrupted = new Promise<never>((_, reject) => {
    const onAbort = () => void stop().then(() => reject(abortError(signal)))
    signal.addEventListener('abort', onAbort, { once: true })
    child.once('close', () => signal.removeEventListener('abort', onAbort))
  })
  const result = await Promise.race([outcome(child, largestOutputBytes), interrupted])
  // It may have ended because it was told to.
  if (signal.aborted) throw abortError(signal)
  if (result.kind === 'too-much') await stop()
  return result
}

function outcome(child: ChildProcess, largestOutputBytes: number): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= largestOutputBytes) chunks.push(chunk)
      else resolve({ kind: 'too-much' })
    })
    const finish = (exitCode: number | null) => {
      child.stdout?.destroy()
      resolve(
        exitCode === 0
          ? { kind: 'output', stdout: Buffer.concat(chunks) }
          : { kind: 'failed', exitCode: exitCode ?? undefined },
      )
    }
    child.once('error', (cause) =>
      reject(new EntraAuthError('general', 'the shell cannot be started', { cause })),
    )
    child.once('close', finish)
    child.once('exit', (exitCode) => setTimeout(() => finish(exitCode), afterglowMilliseconds).unref())
  })
}

/** Asks a program to end, and ends it when it does not. */
async function end(child: ChildProcess, ownSession: boolean): Promise<void> {
  const send = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(ownSession ? -child.pid : child.pid, signal)
    } catch {
      // It has ended already.
    }
  }
  const isOver = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  send('SIGTERM')
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, lastWordsMilliseconds)))
  await Promise.race([isOver, patience])
  clearTimeout(timer)
  // Also where the shell has ended: what it started may not have.
  if (ownSession || child.exitCode === null) send('SIGKILL')
  child.stdout?.destroy()
}
