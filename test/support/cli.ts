/** The built program as a user's shell starts it: piped, or on a pseudo-terminal. */
import { spawn } from 'node:child_process'
import { makeWorld, programUnderTest, quote, type World } from './session/environment.ts'

export interface CliOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** What stands on stdin; without it stdin is empty. */
  readonly input?: string
  /** The world to run in, for state that outlives one call; without it one is made and removed again. */
  readonly world?: World
  readonly timeoutSeconds?: number
}

export interface CliResult {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** The result of a command that had to succeed. @throws Error with what it said, when it did not */
export function succeeded<T extends { readonly code: number | null; readonly stderr: string }>(result: T): T {
  if (result.code !== 0) throw new Error(`the command ended with ${result.code}:\n${result.stderr}`)
  return result
}

const defaultTimeoutSeconds = 20

/**
 * Runs the program with pipes on all three streams and no controlling terminal.
 * @throws Error when it does not end in time, with what it had printed
 */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const [program, ...words] = programUnderTest()
  return withWorld(options.world, async (world) => {
    const { stdout, stderr, code } = await finish(program, [...words, ...args], world, options, (child) =>
      child.stdin?.end(options.input ?? ''),
    )
    return { stdout, stderr, code }
  })
}

export interface PtyOptions extends Omit<CliOptions, 'input'> {
  /** What to type: each `send` once, in order, when what the terminal shows since the last one matches `when`. */
  readonly answers?: readonly { readonly when: RegExp; readonly send: string }[]
  /** Called with everything the terminal showed so far, whenever there is more. */
  readonly onOutput?: (shown: string) => void
  /** A shell redirection after the command, such as `>token.txt`, so that this stream is no terminal. */
  readonly redirect?: string
}

export interface PtyResult {
  /** Everything the terminal was sent, both streams, with its control sequences and `\r\n`. */
  readonly terminal: string
  readonly code: number
}

/**
 * Runs the program on a pseudo-terminal, with util-linux's `script`. stdin, stdout and stderr are that terminal
 * unless redirected.
 * @throws Error when it does not end in time, with what the terminal showed
 */
export function pty(args: readonly string[], options: PtyOptions = {}): Promise<PtyResult> {
  const command =
    [...programUnderTest(), ...args].map(quote).join(' ') + (options.redirect ? ` ${options.redirect}` : '')
  return withWorld(options.world, async (world) => {
    const words = ['--quiet', '--return', '--flush', '--command', command, '/dev/null']
    const env = { TERM: 'xterm-256color', SHELL: '/bin/sh', ...options.env }
    const { stdout, code } = await finish('script', words, world, { ...options, env }, (child) => {
      const waiting = [...(options.answers ?? [])]
      let shown = ''
      let everything = ''
      child.stdout?.on('data', (text: string) => {
        shown += text
        everything += text
        options.onOutput?.(everything)
        const next = waiting[0]
        if (!next?.when.test(shown)) return
        waiting.shift()
        shown = ''
        child.stdin?.write(next.send)
      })
    })
    return { terminal: stdout, code }
  })
}

async function withWorld<T>(given: World | undefined, use: (world: World) => Promise<T>): Promise<T> {
  if (given) return use(given)
  const world = makeWorld()
  try {
    return await use(world)
  } finally {
    world.remove()
  }
}

function finish(
  program: string,
  args: readonly string[],
  world: World,
  { env, timeoutSeconds = defaultTimeoutSeconds }: CliOptions,
  started: (child: ReturnType<typeof spawn>) => void,
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: world.workFolder,
      env: { ...world.env, ...env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const printed = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (printed[stream] += text))
    }
    // A program that ends without reading its input is no failure of the test.
    child.stdin.on('error', () => {})
    const timer = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL')
      const seen = `${printed.stdout}${printed.stderr}`
      reject(
        new Error(`"${args.join(' ')}" did not end within ${timeoutSeconds} s; it had printed:\n${seen}`),
      )
    }, timeoutSeconds * 1000)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ ...printed, code: code ?? (signal === 'SIGINT' ? 130 : 128) })
    })
    started(child)
  })
}
