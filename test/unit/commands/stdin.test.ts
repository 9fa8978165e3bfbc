import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readStdin } from '../../../src/commands/stdin.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { createTerminal, type StreamOwner } from '../../../src/platform/terminal.ts'
import { rejectionOf } from '../../support/failure.ts'
import { memoryHost } from '../../support/memory-host.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A pipe that somebody holds open, in place of this process's stdin. */
function openPipe() {
  const stdin = new PassThrough()
  stdin.write('the beginning')
  const owner = { stdin, stdout: new PassThrough(), stderr: new PassThrough() } as unknown as StreamOwner
  return { stdin, host: { ...memoryHost(), terminal: createTerminal(owner) } }
}

describe('a pipe that is never closed', () => {
  it('ends the command with exit code 6 after 16 minutes, which outlast a sign-in at its other end', async () => {
    const { host, stdin } = openPipe()
    const failing = rejectionOf(readStdin({ host, signal: new AbortController().signal }))
    await vi.advanceTimersByTimeAsync(16 * 60_000 - 1)
    expect(stdin.destroyed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await failing).toMatchObject({
      code: 'timeout',
      exitCode: 6,
      message: 'stdin did not end in time',
    })
    expect(stdin.destroyed).toBe(true)
  })

  it('does not keep Ctrl-C from being heard', async () => {
    const { host } = openPipe()
    const interrupt = new AbortController()
    const failing = rejectionOf(readStdin({ host, signal: interrupt.signal }))
    await vi.advanceTimersByTimeAsync(10)
    interrupt.abort(new EntraAuthError('interrupted', 'interrupted'))
    expect(await failing).toMatchObject({ code: 'interrupted', exitCode: 130 })
  })

  it('is read whole when it is closed in time', async () => {
    const { host, stdin } = openPipe()
    const reading = readStdin({ host, signal: new AbortController().signal })
    stdin.end(' and the end')
    await vi.advanceTimersByTimeAsync(10)
    expect((await reading).toString()).toBe('the beginning and the end')
  })
})
