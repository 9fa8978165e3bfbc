import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFiles } from '../../../src/platform/files.ts'

const files = createFiles({ platform: process.platform, userId: process.getuid?.() })

let folder: string
let lock: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-holder-'))
  lock = join(folder, 'a.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('who holds a lock', () => {
  it('is nobody where there is none', async () => {
    expect(await files.lockHolder(lock)).toBeUndefined()
  })

  it('is a process that is there while it works', async () => {
    await files.locked(lock, async () => {
      expect(await files.lockHolder(lock)).toMatchObject({ pid: process.pid, isAlive: true })
    })
    expect(await files.lockHolder(lock)).toBeUndefined()
  })

  it('is nobody sure where the lock does not say, and it is gone where that is long ago', async () => {
    writeFileSync(lock, '')
    expect(await files.lockHolder(lock)).toMatchObject({ pid: undefined, isAlive: true })
    const minuteAgo = new Date(Date.now() - 60_000)
    utimesSync(lock, minuteAgo, minuteAgo)
    const seen = await files.lockHolder(lock)
    expect(seen).toMatchObject({ pid: undefined, isAlive: false })
    expect(seen?.silentMilliseconds).toBeGreaterThanOrEqual(60_000)
  })

  it('is left as it is by looking', async () => {
    const gone = JSON.stringify({ pid: 2 ** 30, host: 'elsewhere', nonce: 'theirs' })
    writeFileSync(lock, gone)
    await files.lockHolder(lock)
    expect((await files.read(lock))?.toString()).toBe(gone)
  })
})
