import { run } from '../../src/commands/program.ts'
import type { Host } from '../../src/core/ports.ts'

/** Runs one command line in this process, with everything outside given by `host`. @returns the exit code */
export function runCommand(
  argv: readonly string[],
  host: Host,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  return run(argv, host, {
    signal,
    runSandbox: () => Promise.reject(new Error('this test starts no sandbox')),
    traceTo: () => {},
  })
}
