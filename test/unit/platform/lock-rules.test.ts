import { describe, expect, it } from 'vitest'
import {
  isStale,
  lockDelayMilliseconds,
  type LockEvidence,
  type LockOwner,
  parseLockOwner,
  parseProcessStat,
} from '../../../src/platform/lock-rules.ts'

const here = { host: 'box', bootId: 'boot-1', pidNamespace: 'pid:[1]' }
const owner: LockOwner = { pid: 7, startTicks: '100', nonce: 'n', ...here }
const alive: LockEvidence = { ageMilliseconds: 0, running: true, startTicks: '100' }

describe('a lock is stale', () => {
  it.each<[string, LockOwner | undefined, Partial<LockEvidence>, boolean]>([
    ['never while its holder runs', owner, { ageMilliseconds: 3_600_000 }, false],
    ['when no process has its number', owner, { running: false, startTicks: undefined }, true],
    ['when another process has its number now', owner, { startTicks: '101' }, true],
    ['after a reboot', { ...owner, bootId: 'boot-0' }, { ageMilliseconds: 2_001 }, true],
    [
      'not at once when only the boot differs: two machines may share a name',
      { ...owner, bootId: 'boot-0' },
      {},
      false,
    ],
    ['not while a process may still be writing it', undefined, { ageMilliseconds: 1_999 }, false],
    ['when it stayed empty', undefined, { ageMilliseconds: 2_001 }, true],
    [
      'not on another machine that may be at it',
      { ...owner, host: 'far' },
      { running: false, ageMilliseconds: 59_000 },
      false,
    ],
    ['on another machine that fell silent', { ...owner, host: 'far' }, { ageMilliseconds: 60_001 }, true],
    [
      'not in another container, whatever has its number here',
      { ...owner, pidNamespace: 'pid:[2]' },
      { running: false },
      false,
    ],
    [
      'in another container that fell silent',
      { ...owner, pidNamespace: 'pid:[2]' },
      { ageMilliseconds: 60_001 },
      true,
    ],
    [
      'not while start times are unknown and it is fresh',
      { ...owner, startTicks: undefined },
      { ageMilliseconds: 29_000 },
      false,
    ],
    [
      'when start times are unknown and it fell silent',
      { ...owner, startTicks: undefined },
      { ageMilliseconds: 30_001, startTicks: undefined },
      true,
    ],
  ])('%s', (_, lock, seen, stale) => {
    expect(isStale(lock, here, { ...alive, ...seen })).toBe(stale)
  })
})

describe('the text of a lock', () => {
  it('is read back whole', () => {
    expect(parseLockOwner(JSON.stringify(owner))).toEqual(owner)
  })

  it.each(['', '{', 'null', '7', '{"pid":"7","host":"box","nonce":"n"}', '{"pid":7}'])(
    '%j is not a whole one',
    (text) => {
      expect(parseLockOwner(text)).toBeUndefined()
    },
  )
})

it('finds state and start time behind a program name made to confuse', () => {
  const rest = Array.from({ length: 30 }, (_, index) => String(index + 4))
  expect(parseProcessStat(`7 (a ) R (b) Z ${rest.join(' ')}`)).toEqual({ state: 'Z', startTicks: '22' })
  expect(parseProcessStat('')).toBeUndefined()
})

it('waits 5 to 100 ms, longer each time', () => {
  const shortest = [0, 3, 50].map((attempt) => lockDelayMilliseconds(attempt, 0))
  const longest = [0, 1, 3, 50].map((attempt) => lockDelayMilliseconds(attempt, 1))
  expect(shortest).toEqual([5, 5, 5])
  expect(longest).toEqual([10, 20, 80, 100])
})
