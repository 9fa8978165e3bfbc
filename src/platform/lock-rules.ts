/** Who holds a lock, as its file says in JSON. */
export interface LockOwner {
  readonly pid: number
  /** When that process started, in kernel ticks since boot; tells it from a later one with the same number. */
  readonly startTicks?: string
  readonly bootId?: string
  readonly host: string
  /** The process-number namespace (containers have their own): the same number means another process in another one. */
  readonly pidNamespace?: string
  readonly nonce: string
}

/** What can be seen of a lock from here. */
export interface LockEvidence {
  /** Since the holder last touched its file. */
  readonly ageMilliseconds: number
  /** Whether a process with the holder's number runs here. */
  readonly running: boolean
  /** When the process that has the holder's number now started; undefined where the system does not say. */
  readonly startTicks: string | undefined
}

/** The part of a holder's identity that says which machine it lives on. */
export type Machine = Pick<LockOwner, 'bootId' | 'host' | 'pidNamespace'>

/** How often a holder touches its file. The ages below are several times this. */
export const heartbeatMilliseconds = 5_000

const unfinishedAgeMilliseconds = 2_000
const unprovenAgeMilliseconds = 30_000
const foreignAgeMilliseconds = 60_000

/**
 * Whether a lock's holder is gone, so that the lock may be broken. In doubt it is not.
 * @param owner what the lock says; undefined when it is empty or cut short: a process creates it, then writes to it
 */
export function isStale(owner: LockOwner | undefined, here: Machine, evidence: LockEvidence): boolean {
  const age = evidence.ageMilliseconds
  if (!owner) return age > unfinishedAgeMilliseconds
  // A folder shared between machines or containers: process numbers mean nothing, only silence does.
  if (owner.host !== here.host || owner.pidNamespace !== here.pidNamespace)
    return age > foreignAgeMilliseconds
  // Rebooted since. The age guards two machines that share both a folder and a host name.
  if (owner.bootId !== here.bootId) return age > unfinishedAgeMilliseconds
  if (!evidence.running) return true
  if (owner.startTicks === undefined || evidence.startTicks === undefined)
    return age > unprovenAgeMilliseconds
  return owner.startTicks !== evidence.startTicks
}

/** Reads a lock file's text; undefined when it is not a whole one. */
export function parseLockOwner(text: string): LockOwner | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockOwner> | null
    const whole =
      Number.isSafeInteger(value?.pid) && typeof value?.host === 'string' && typeof value.nonce === 'string'
    return whole ? (value as LockOwner) : undefined
  } catch {
    return undefined
  }
}

/** The state letter and the start time from the text of `/proc/<pid>/stat`. @see proc(5) */
export function parseProcessStat(
  text: string,
): { readonly state: string; readonly startTicks: string } | undefined {
  // The second field is the program's name in brackets and may hold spaces and brackets itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  return state && startTicks ? { state, startTicks } : undefined
}

/** How long to wait before the given attempt (from 0): 5 to 100 ms, spread so that waiters do not march in step. */
export function lockDelayMilliseconds(attempt: number, random: number): number {
  const ceiling = Math.min(100, 10 * 2 ** Math.min(attempt, 4))
  return 5 + random * (ceiling - 5)
}
