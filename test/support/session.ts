/**
 * Terminal sessions written in Markdown, run and compared. The page is what a person reads; the blocks marked
 * `console` are what happened on a terminal, and must happen again:
 *
 *     $ entra-auth-cli inspect not-a-token
 *     ! error: …
 *     [exit 1]
 *
 * `$ ` starts a command, `> ` continues it, `! ` is a line of stderr, `[exit 2]` the exit code where it is not 0; all
 * else is stdout. `…` is any text in a line, alone on a line any lines; `<uuid>`, `<jwt>`, `<time>` and `<number>`
 * stand for what they say. What a page does not show must not be printed, on stderr either.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { spawn } from 'node:child_process'
import { makeWorld, type World } from './session/environment.ts'
import { difference, matches } from './session/match.ts'
import { fencedBlocks, parseSession, type Step } from './session/parse.ts'
import { CommandStuck, Shell, type CommandResult } from './session/shell.ts'

export interface SessionOptions {
  /** Added to the environment of the commands. */
  readonly env?: Readonly<Record<string, string>>
  /** For each command, in seconds. */
  readonly timeoutSeconds?: number
  /** Puts files into the fresh home or work folder before the first command. */
  readonly prepare?: (world: World) => void | Promise<void>
}

/** A page that does not tell the truth. The message is the difference, headed by `file:line` and the command. */
export class SessionMismatch extends Error {
  override readonly name = 'SessionMismatch'
}

const defaultTimeoutSeconds = 20

/**
 * Runs a page from top to bottom in one bash, in a home of its own, without a terminal.
 *
 * @returns how many commands ran
 * @throws SessionMismatch at the first command that does something else than the page says, or does not end
 */
export async function runSession(path: string, options: SessionOptions = {}): Promise<number> {
  const { env, timeoutSeconds = defaultTimeoutSeconds, prepare } = options
  const steps = parseSession(readFileSync(path, 'utf8'))
  if (steps.length === 0) throw new SessionMismatch(`${path}: no console block, nothing was tested`)
  const world = makeWorld(env)
  const shell = new Shell(world)
  try {
    await prepare?.(world)
    for (const step of steps) {
      const result = await shell.run(step.command, timeoutSeconds).catch((error: unknown) => {
        if (error instanceof CommandStuck)
          throw new SessionMismatch(`${heading(path, step)}\n${error.message}`)
        throw error
      })
      const report = compare(step, result)
      if (report.length > 0) throw new SessionMismatch([heading(path, step), ...report].join('\n'))
    }
    return steps.length
  } finally {
    await shell.close()
    world.remove()
  }
}

function heading(path: string, { line, command }: Step): string {
  return `${relative(process.cwd(), path)}:${line}\n$ ${command.replaceAll('\n', '\n> ')}`
}

/** What differs, for people; empty where nothing does. */
function compare(step: Step, result: CommandResult): string[] {
  const report: string[] = []
  for (const stream of ['stdout', 'stderr'] as const) {
    if (!matches(step[stream], result[stream])) {
      report.push(`${stream} (- the page, + the command):`, ...difference(step[stream], result[stream]))
    }
  }
  if (step.exitCode !== result.exitCode) {
    report.push(`exit code: the page says ${step.exitCode}, the command ended with ${result.exitCode}`)
  }
  return report
}

/** A shell block of a guide, as printed. */
export interface GuideBlock {
  readonly script: string
  /** Of its first line in the page, from 1. */
  readonly line: number
}

/** The ```bash and ```sh blocks of a page, verbatim, in page order. */
export function guideBlocks(markdownPath: string): GuideBlock[] {
  return fencedBlocks(readFileSync(markdownPath, 'utf8'))
    .filter(({ language }) => language === 'bash' || language === 'sh')
    .map(({ lines, firstLine }) => ({ script: `${lines.join('\n')}\n`, line: firstLine }))
}

export interface GuideRun {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutSeconds?: number
}

/**
 * Runs one block with bash, unchanged, without a terminal, and waits for its end.
 * @param epilogue bash to run after it in the same shell, to look at variables it set; its output is part of stdout
 * @throws CommandStuck when it does not end in time
 */
export function runBlock(block: GuideBlock, run: GuideRun, epilogue = ''): Promise<CommandResult> {
  const { cwd, env, timeoutSeconds = defaultTimeoutSeconds } = run
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--norc', '--noprofile', '-c', `${block.script}${epilogue}`], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const printed = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (printed[stream] += text))
    }
    const timer = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL')
      reject(new CommandStuck(`the block at line ${block.line} did not end within ${timeoutSeconds} s`))
    }, timeoutSeconds * 1000)
    child.on('error', reject)
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer)
      resolve({ ...printed, exitCode: exitCode ?? (signal ? 128 : 1) })
    })
  })
}

/**
 * Runs every shell block of a page, each in a bash of its own.
 * @param setUp called before each block with its index from 0: makes the state it needs and names its environment
 */
export async function runGuideBlocks(
  markdownPath: string,
  setUp: { readonly before: (blockIndex: number) => GuideRun | Promise<GuideRun> },
): Promise<CommandResult[]> {
  const results: CommandResult[] = []
  for (const [index, block] of guideBlocks(markdownPath).entries()) {
    results.push(await runBlock(block, await setUp.before(index)))
  }
  return results
}
