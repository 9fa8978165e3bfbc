import { join } from 'node:path'
import { run } from './commands/program.ts'
import type { Host } from './core/ports.ts'
import { EntraAuthError } from './errors.ts'
import { hasBusyThreads } from './platform/busy-threads.ts'
import { createHost, type HostOptions } from './platform/host.ts'

// Wires the rooms together; holds no logic of its own.

const interrupt = new AbortController()

/**
 * One run of the program, to its end: the process ends with it.
 * @param options what the start of this process found out for the host
 */
export async function runProgram(
  words: readonly string[],
  options: Pick<HostOptions, 'ownCommand' | 'stdin'>,
): Promise<void> {
  const traces: ((line: string) => void)[] = []
  const trace = (line: string) => traces.at(-1)?.(line)
  const host = createHost(process, { ...options, isProgram: true, trace })
  listenToSignals()
  const exitCode = await run(words, host, {
    signal: interrupt.signal,
    traceTo: (tell) => traces.push(tell),
    runSandbox: (argv) => runSandbox(argv, host),
  })
  await host.terminal.flushed()
  // Ctrl-C shall not wait for a name server.
  if (interrupt.signal.aborted && hasBusyThreads(process.getActiveResourcesInfo())) leaveNow()
  // MSAL's polling timers and sockets kept alive must not hold up the caller.
  else process.exit(exitCode)
}

function listenToSignals(): void {
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

/** The sandbox is a program of its own; this is the only door to it. */
async function runSandbox(argv: readonly string[], host: Host): Promise<number> {
  const { proxyFor } = await import('./platform/proxy.ts')
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
