import { join } from 'node:path'
import { run } from './commands/program.ts'
import { EntraAuthError } from './errors.ts'
import { hasBusyThreads } from './platform/busy-threads.ts'
import { createHost } from './platform/host.ts'
import { ownCommand } from './platform/own-command.ts'
import { proxyFor } from './platform/proxy.ts'

// Wires the rooms together; holds no logic of its own.

let trace: (line: string) => void = () => {}
const host = createHost(process, {
  trace: (line) => trace(line),
  ownCommand: ownCommand(process.execPath, process.argv[1] ?? ''),
})
const interrupt = new AbortController()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) leaveNow()
    // The terminal has just shown ^C: what is said next begins on a line of its own.
    if (signal === 'SIGINT' && process.stderr.isTTY) process.stderr.write('\n')
    interrupt.abort(new EntraAuthError('interrupted', 'interrupted'))
    // Whatever does not listen to the signal shall not make a person wait.
    setTimeout(leaveNow, 2000).unref()
  })
}

/**
 * Ends this process, whatever it is at. `process.exit` would wait for the threads that read files, and one of them may
 * wait for the other end of a pipe for ever; the signal's own effect, which shells report as 130, waits for nobody.
 */
function leaveNow(): void {
  if (process.platform === 'win32') process.exit(130)
  process.removeAllListeners('SIGINT')
  process.kill(process.pid, 'SIGINT')
}

/** One run of the program for people, to its end: the process ends with it. */
export async function runProgram(): Promise<void> {
  const exitCode = await run(process.argv.slice(2), host, {
    signal: interrupt.signal,
    traceTo: (tell) => (trace = tell),
    runSandbox,
  })
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => {
      // A stream that was not written to may be of no use, which only now shows; and then it does not matter.
      return new Promise((done) => stream.once('error', done).write('', done))
    }),
  )
  // Ctrl-C shall not wait for a name server.
  if (interrupt.signal.aborted && hasBusyThreads(process.getActiveResourcesInfo())) leaveNow()
  // MSAL's polling timers and sockets kept alive must not hold up the caller.
  else process.exit(exitCode)
}

/** The sandbox is a program of its own; this is the only door to it. */
async function runSandbox(argv: readonly string[]): Promise<number> {
  const io = {
    stdout: (text: string) => host.terminal.stdout.write(text),
    stderr: (text: string) => host.terminal.stderr.write(text),
    signal: interrupt.signal,
    defaultFolder: join(host.configDirectory, 'sandbox'),
    proxyFor: (url: string) => proxyFor(new URL(url), host.env)?.href,
  }
  const [first, ...others] = argv
  if (first === 'sign-in') return (await import('../sandbox/robot.ts')).runRobot(others, io)
  return (await import('../sandbox/main.ts')).runSandbox(argv, io)
}
