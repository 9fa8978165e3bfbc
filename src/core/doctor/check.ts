import { EntraAuthError } from '../../errors.ts'

export const groups = ['storage', 'network', 'environment', 'profiles'] as const

export type Group = (typeof groups)[number]

/** What was found about one thing. */
export interface Finding {
  /** Stable, meant for programs: `vault`, `clock`. Several findings may have one name and differ in their subject. */
  readonly name: string
  /** What it is about, where there are several such things: a file, an authority, a profile. */
  readonly subject?: string
  readonly status: 'ok' | 'warning' | 'failed' | 'not_applicable'
  /** One fact, lower case, without a full stop. May hold text from files and servers; never a secret. */
  readonly fact: string
  /** What mends it: a command where there is one. */
  readonly remedy?: string
}

export interface Check extends Finding {
  readonly group: Group
}

/**
 * Runs one check. An error of ours is a finding too, and does not keep the others from being made.
 * @param status of that finding
 * @throws whatever else goes wrong, and `interrupted`
 */
export async function findingsOf(
  check: Pick<Finding, 'name' | 'subject'>,
  work: () => Promise<Finding | readonly Finding[]>,
  status: 'warning' | 'failed' = 'failed',
): Promise<readonly Finding[]> {
  try {
    return [await work()].flat()
  } catch (error) {
    return [{ ...check, status, ...whatFailed(error) }]
  }
}

/** An error as a fact and what mends it. @throws the error where it is none of ours, or means that the user stops us */
export function whatFailed(error: unknown): Pick<Finding, 'fact' | 'remedy'> {
  if (error instanceof EntraAuthError && error.code !== 'interrupted')
    return { fact: error.message, remedy: error.hint }
  throw error
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
