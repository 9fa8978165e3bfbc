import { lookup } from 'node:dns'
import { readFile } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasBusyThreads } from '../../../src/platform/busy-threads.ts'

describe('the threads of a process', () => {
  it.each([
    ['looks up a name', (done: () => void) => lookup('localhost', done)],
    ['reads a file', (done: () => void) => readFile(import.meta.filename, done)],
  ])('are busy while it %s', async (_work, begin) => {
    const done = new Promise<void>((resolve) => begin(() => resolve()))
    expect(hasBusyThreads(process.getActiveResourcesInfo())).toBe(true)
    await done
  })

  it('are at rest while it waits for a server or a clock', () => {
    expect(hasBusyThreads(['Timeout', 'TCPSocketWrap', 'TTYWrap', 'Immediate'])).toBe(false)
  })
})
