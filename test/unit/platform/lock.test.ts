import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import { createFiles } from '../../../src/platform/files.ts'
import { type CompiledPlatform, compilePlatform } from './compiled.ts'
import { StillClock } from './still-clock.ts'

let folder: string
let lock: string
const real = createFiles({ platform: process.platform, userId: process.getuid?.() })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-lock-'))
  lock = join(folder, 'thing.lock')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What a live process of another container would leave: nothing here can prove it gone. */
const foreign = JSON.stringify({ pid: 4711, host: 'elsewhere', nonce: 'theirs' })

describe('one process', () => {
  it('hands back what the work returns, and leaves nothing behind', async () => {
    expect(await real.locked(lock, async () => (await readdir(folder)).join())).toBe('thing.lock')
    expect(await readdir(folder)).toEqual([])
  })

  it('frees the lock when the work fails', async () => {
    await expect(real.locked(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await readdir(folder)).toEqual([])
  })

  it('makes the folder of a lock', async () => {
    expect(await real.locked(join(folder, 'new', 'lock'), async () => 1)).toBe(1)
  })

  it('lets one piece of work at a time in', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
    }
    await Promise.all(Array.from({ length: 8 }, () => real.locked(lock, work)))
    expect(most).toBe(1)
  })

  it('leaves a lock alone that is no longer its own', async () => {
    await real.locked(lock, () => writeFile(lock, foreign))
    expect(await readFile(lock, 'utf8')).toBe(foreign)
  })
})

describe('a lock held elsewhere', () => {
  const waiting = () => {
    const clock = new StillClock()
    return { clock, files: createFiles({ platform: 'linux', userId: 0, clock }) }
  }

  it('ends the wait at its deadline with the holder and its age', async () => {
    await writeFile(lock, foreign)
    const { files, clock } = waiting()
    await expect(files.locked(lock, async () => 1, { waitMilliseconds: 3_000 })).rejects.toMatchObject({
      code: 'timeout',
      message: `process 4711 on elsewhere holds the lock "${lock}", last seen 3 s ago`,
    })
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(100)
    expect(await readFile(lock, 'utf8')).toBe(foreign)
  })

  it('is broken where it is a pipe that nobody writes to', async () => {
    execFileSync('mkfifo', [lock])
    const longAgo = new Date(Date.now() - 3_600_000)
    await utimes(lock, longAgo, longAgo)
    expect(await real.locked(lock, async () => 1)).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('is reported once, with its process', async () => {
    await writeFile(lock, foreign)
    const told: number[] = []
    const options = { waitMilliseconds: 1_000, onWait: ({ pid }: { pid: number }) => void told.push(pid) }
    await expect(waiting().files.locked(lock, async () => 1, options)).rejects.toThrow(EntraAuthError)
    expect(told).toEqual([4711])
  })

  it('is taken over once it fell silent', async () => {
    await writeFile(lock, foreign)
    const { files, clock } = waiting()
    expect(await files.locked(lock, async () => 'mine', { waitMilliseconds: 120_000 })).toBe('mine')
    expect(clock.sleeps.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBeGreaterThan(59_000)
    expect(await readdir(folder)).toEqual([])
  })

  it('is taken over when its creator died before it wrote', async () => {
    await writeFile(lock, '')
    expect(await waiting().files.locked(lock, async () => 'mine')).toBe('mine')
  })

  it('is taken over although a breaker died at it', async () => {
    await writeFile(lock, '')
    const old = new Date(Date.now() - 10_000)
    await utimes(lock, old, old)
    await mkdir(`${lock}.break`)
    await utimes(`${lock}.break`, old, old)
    expect(await waiting().files.locked(lock, async () => 'mine')).toBe('mine')
    expect(await readdir(folder)).toEqual([])
  })

  it('is not waited for once the signal says stop', async () => {
    await writeFile(lock, foreign)
    const reason = new EntraAuthError('interrupted', 'stopped')
    await expect(real.locked(lock, async () => 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const wait = real.locked(lock, async () => 1, {
      signal: controller.signal,
      onWait: () => controller.abort(reason),
    })
    await expect(wait).rejects.toBe(reason)
  })

  it('of a process that is gone is replaced at once', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    await real.locked(lock, async () => {
      const mine = JSON.parse(await readFile(lock, 'utf8')) as object
      await writeFile(
        join(folder, 'copy'),
        JSON.stringify({ ...mine, pid: child.pid, nonce: 'dead', startTicks: '1' }),
      )
    })
    await writeFile(lock, await readFile(join(folder, 'copy'), 'utf8'))
    const { files, clock } = waiting()
    expect(await files.locked(lock, async () => 'mine')).toBe('mine')
    expect(clock.sleeps).toEqual([])
    expect(JSON.parse(await readFile(join(folder, 'copy'), 'utf8'))).toMatchObject({ host: hostname() })
  })
})

/** Adds its own lines to a shared list, one locked read-modify-write each; killed ones die while they hold the lock. */
const worker = `
import { createFiles } from './files.js'
const [path, name, mode] = process.argv.slice(2)
const files = createFiles({ platform: process.platform, userId: process.getuid?.() })
for (let turn = 0; turn < 5; turn++) {
  const line = name + ':' + turn
  await files.locked(path + '.lock', async () => {
    const before = JSON.parse(String((await files.read(path)) ?? '[]'))
    if (mode === 'dies' && turn === 2) process.kill(process.pid, 'SIGKILL')
    await files.write(path, JSON.stringify([...before, line]))
  })
  process.stdout.write(line + '\\n')
}
`

describe('many processes', () => {
  let compiled: CompiledPlatform
  let program: string

  beforeAll(async () => {
    compiled = compilePlatform()
    program = join(compiled.directory, 'lock-worker.mjs')
    await writeFile(program, worker)
  })
  afterAll(() => compiled.remove())

  it('lose no acknowledged write, while some are killed holding the lock', async () => {
    const shared = join(folder, 'shared.json')
    const children = Array.from({ length: 12 }, (_, index) =>
      spawn(process.execPath, [program, shared, `p${index}`, index % 4 === 0 ? 'dies' : 'lives'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    )
    const results = await Promise.all(children.map(outcome))
    const acknowledged = results.flatMap(({ lines }) => lines)
    const kept = JSON.parse(await readFile(shared, 'utf8')) as string[]

    expect(results.map(({ signal }) => signal).filter(Boolean)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL'])
    expect(results.filter(({ signal, code }) => !signal && code !== 0)).toEqual([])
    expect(acknowledged).toHaveLength(9 * 5 + 3 * 2)
    expect(kept.toSorted()).toEqual(acknowledged.toSorted())
    // Whoever was killed last left its lock; the next process clears it away.
    await real.locked(`${shared}.lock`, async () => undefined)
    expect(await readdir(folder)).toEqual(['shared.json'])
  }, 30_000)

  async function outcome(child: ChildProcess) {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    return { code, signal, lines: text.split('\n').filter(Boolean) }
  }
})
