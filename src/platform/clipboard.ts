import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { EntraAuthError } from '../errors.ts'
import type { Command } from './browser-rules.ts'
import { childEnvironment } from './child-environment.ts'
import { clipboardWays, osc52 } from './clipboard-rules.ts'
import { type DesktopFacts, isCi } from './desktop-facts.ts'

const programMilliseconds = 3_000

/** Where an OSC 52 sequence is written to; undefined where this process has no terminal. */
export type TerminalWriter = ((sequence: string) => Promise<void>) | undefined

/**
 * Puts text on the clipboard. A program gets it on its stdin, never as an argument that process lists show.
 * @throws EntraAuthError `general` saying what each way answered
 */
export async function copyToClipboard(
  text: string,
  facts: DesktopFacts,
  findTerminal: () => Promise<TerminalWriter> = controllingTerminal,
): Promise<void> {
  if (isCi(facts.env)) throw cannotCopy(['this is a CI job (CI is set)'])
  const terminal = await findTerminal()
  const failures: string[] = []
  for (const way of clipboardWays(facts, terminal !== undefined)) {
    try {
      if (way.kind === 'program') await feed(way, text, facts)
      else await terminal?.(osc52(text))
      return
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw cannotCopy(failures)
}

function cannotCopy(failures: readonly string[]): EntraAuthError {
  const why = failures.length
    ? failures.join('; ')
    : 'this machine has no clipboard program, display or terminal'
  return new EntraAuthError('general', `cannot copy to the clipboard: ${why}`, {
    hint: 'leave --clipboard out, or install xclip, xsel or wl-clipboard',
  })
}

/**
 * Runs a clipboard program. Those of X11 and Wayland go on running to hand the text out, and keep stderr open: the end
 * of the program we started is what counts, not the end of its output.
 */
function feed(command: Command, text: string, facts: DesktopFacts): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, command.arguments, {
      env: childEnvironment(facts.env),
      stdio: ['pipe', 'ignore', 'pipe'],
      windowsHide: true,
    })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString()
    })
    const timer = setTimeout(() => end(`${command.program} did not end`), programMilliseconds)
    const end = (failure: string | undefined) => {
      clearTimeout(timer)
      child.stderr.destroy()
      if (child.exitCode === null) child.kill()
      if (failure) reject(new Error(failure))
      else resolve()
    }
    child.once('error', (error) => end(`${command.program}: ${error.message}`))
    child.once('exit', (code) => {
      const said = complaint.trim().split('\n', 1)[0]
      end(code === 0 ? undefined : `${command.program} failed${said ? `: ${said}` : ''}`)
    })
    // A program that ends before it has read everything is reported by its exit code.
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })
}

/** The terminal of this process, even where all three streams lead elsewhere. */
async function controllingTerminal(): Promise<TerminalWriter> {
  const path = process.platform === 'win32' ? '\\\\.\\CONOUT$' : '/dev/tty'
  try {
    const probe = await open(path, constants.O_WRONLY | (constants.O_NOCTTY ?? 0))
    await probe.close()
  } catch {
    return undefined
  }
  return async (sequence) => {
    const handle = await open(path, constants.O_WRONLY | (constants.O_NOCTTY ?? 0))
    try {
      await handle.writeFile(sequence)
    } finally {
      await handle.close()
    }
  }
}
