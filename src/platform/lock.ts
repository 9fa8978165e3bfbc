import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rmdir, stat, unlink, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import type { LockHolder, LockOptions } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import type { Clock } from './clock.ts'
import { errorCode, fileError } from './file-errors.ts'
import {
  heartbeatMilliseconds,
  isStale,
  type LockEvidence,
  lockDelayMilliseconds,
  type LockOwner,
  type Machine,
  parseLockOwner,
  parseProcessStat,
} from './lock-rules.ts'
import { makeFolder } from './make-folder.ts'

const defaultWaitMilliseconds = 20_000
const breakerAgeMilliseconds = 5_000
/** A pipe in the lock's place, which nobody writes to, must not hold up who looks at it. Windows has no such flag. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** The lock's surroundings, beside what a caller may choose. */
export interface LockSurroundings extends LockOptions {
  readonly platform: NodeJS.Platform
  readonly clock: Clock
}

/**
 * Runs `work` while holding a lock file. Survives a SIGKILL of any holder: the next one sees that it is gone.
 *
 * proper-lockfile takes up to ten seconds to notice a dead holder and throws from a timer when the event loop was
 * busy; MSAL's lock never notices. Both were measured; hence our own.
 * @throws EntraAuthError `timeout` naming the holder, `file_unusable`, or the signal's reason
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  surroundings: LockSurroundings,
): Promise<T> {
  const owner = await acquire(path, surroundings)
  const heartbeat = setInterval(() => void touch(path, surroundings.clock), heartbeatMilliseconds)
  heartbeat.unref()
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    await release(path, owner, surroundings.clock)
  }
}

/** Who holds a lock, seen from outside: it is neither taken nor broken. */
export async function lockHolder(path: string, clock: Clock): Promise<LockHolder | undefined> {
  const holder = await look(path, thisMachine(), clock)
  return (
    holder && {
      pid: holder.owner?.pid,
      isAlive: !holder.stale,
      silentMilliseconds: Math.max(0, holder.ageMilliseconds),
    }
  )
}

async function acquire(path: string, { clock, signal, ...options }: LockSurroundings): Promise<LockOwner> {
  const machine = thisMachine()
  const startTicks = processStat(process.pid)?.startTicks
  const owner = { pid: process.pid, startTicks, ...machine, nonce: randomBytes(12).toString('hex') }
  const deadline = clock.now().getTime() + (options.waitMilliseconds ?? defaultWaitMilliseconds)
  let told = false
  for (let attempt = 0; ; attempt++) {
    if (signal?.aborted) throw abortError(signal)
    if (await create(path, owner, options.platform)) return owner
    const holder = (await look(path, machine, clock)) ?? unknownHolder
    if (holder.stale) {
      // Unlinked by us or by another waiter; where neither could, wait like for a live holder.
      if (await breakLock(path, machine, clock, options.platform)) continue
    } else if (holder.owner && !told) {
      told = true
      options.onWait?.({ pid: holder.owner.pid })
    }
    if (clock.now().getTime() >= deadline) throw heldError(path, holder)
    await clock.sleep(lockDelayMilliseconds(attempt, clock.random()), signal).catch((error: unknown) => {
      throw signal?.aborted ? abortError(signal) : error
    })
  }
}

/**
 * Whether the lock is ours now; false where somebody has it. Without the thread pool, whose turns take longer than the
 * calls: a process that dies in between leaves a lock that names nobody, and there is less of a between.
 */
async function create(path: string, owner: LockOwner, platform: NodeJS.Platform): Promise<boolean> {
  try {
    const descriptor = await openNew(path)
    try {
      writeFileSync(descriptor, JSON.stringify(owner))
    } catch (error) {
      await unlink(path)
      throw error
    } finally {
      closeSync(descriptor)
    }
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    if (isBusy(error, platform)) return false
    throw fileError('lock', path, error)
  }
}

async function openNew(path: string): Promise<number> {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    await makeFolder(dirname(path))
    return openSync(path, 'wx', 0o600)
  }
}

interface Holder {
  readonly owner: LockOwner | undefined
  readonly stale: boolean
  readonly ageMilliseconds: number
}

/** A holder that has just let go, or that Windows does not let us see. */
const unknownHolder: Holder = { owner: undefined, ageMilliseconds: 0, stale: false }

/** Windows answers so about a file that another process is deleting or has open. */
function isBusy(error: unknown, platform: NodeJS.Platform): boolean {
  return platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '')
}

/** Who holds the lock, or undefined if it has just become free. */
async function look(path: string, machine: Machine, clock: Clock): Promise<Holder | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([
      readFile(path, { encoding: 'utf8', flag: withoutWaiting }),
      stat(path),
    ])
    const owner = parseLockOwner(text)
    const ageMilliseconds = clock.now().getTime() - mtimeMs
    const seen: LockEvidence = owner
      ? { ageMilliseconds, ...processEvidence(owner.pid) }
      : { ageMilliseconds, running: false, startTicks: undefined }
    return { owner, ageMilliseconds, stale: isStale(owner, machine, seen) }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    if (['EPERM', 'EBUSY'].includes(errorCode(error) ?? '')) return unknownHolder
    throw fileError('lock', path, error)
  }
}

/**
 * Removes a stale lock. Looks again inside a folder that one process alone can make: without it two waiters judge the
 * same lock stale, and the slower one deletes the fresh lock of the faster.
 * @returns whether the lock was removed or replaced meanwhile
 */
async function breakLock(
  path: string,
  machine: Machine,
  clock: Clock,
  platform: NodeJS.Platform,
): Promise<boolean> {
  const breaker = `${path}.break`
  try {
    await mkdir(breaker, { mode: 0o700 })
  } catch (error) {
    if (isBusy(error, platform)) return false
    if (errorCode(error) !== 'EEXIST') throw fileError('lock', path, error)
    const made = await stat(breaker).catch(() => undefined)
    if (made && clock.now().getTime() - made.mtimeMs > breakerAgeMilliseconds) {
      await rmdir(breaker).catch(() => undefined)
    }
    return false
  }
  try {
    const holder = await look(path, machine, clock)
    if (holder?.stale) await unlink(path)
    return true
  } catch (error) {
    if (isBusy(error, platform)) return false
    // Another breaker, which took ours for dead, was faster.
    if (errorCode(error) === 'ENOENT') return true
    throw fileError('lock', path, error)
  } finally {
    await rmdir(breaker).catch(() => undefined)
  }
}

async function touch(path: string, clock: Clock): Promise<void> {
  const now = clock.now()
  await utimes(path, now, now).catch(() => undefined)
}

/** Frees the lock if it still is ours. Never throws: the work is done, and a lock left behind is soon found stale. */
async function release(path: string, owner: LockOwner, clock: Clock): Promise<void> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    try {
      const current = parseLockOwner(await readFile(path, 'utf8'))
      if (current?.nonce === owner.nonce) await unlink(path)
      return
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '')) return
      await clock.sleep(attempt * 5)
    }
  }
}

function heldError(path: string, { owner, ageMilliseconds }: Holder): EntraAuthError {
  const seconds = Math.max(0, Math.round(ageMilliseconds / 1000))
  const holder = owner ? `process ${owner.pid} on ${owner.host} holds` : 'another process holds'
  return new EntraAuthError('timeout', `${holder} the lock "${path}", last seen ${seconds} s ago`, {
    hint: 'wait for that process to end, or end it, then try again',
  })
}

let machineOnce: Machine | undefined

/** Which machine, boot and container this is; the last two are known on Linux alone. */
function thisMachine(): Machine {
  return (machineOnce ??= {
    host: hostname(),
    bootId: fromKernel(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: fromKernel(() => readlinkSync('/proc/self/ns/pid')),
  })
}

/** What the kernel tells at once, without a thread; undefined where it tells no such thing. */
function fromKernel(read: () => string): string | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function processEvidence(pid: number): Pick<LockEvidence, 'running' | 'startTicks'> {
  const seen = processStat(pid)
  // A zombie keeps its number until its parent asks for it; in a container without an init that is for ever.
  if (seen) return { running: seen.state !== 'Z' && seen.state !== 'X', startTicks: seen.startTicks }
  return { running: isRunning(pid), startTicks: undefined }
}

function processStat(pid: number) {
  const text = fromKernel(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return text === undefined ? undefined : parseProcessStat(text)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
