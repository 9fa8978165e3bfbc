import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { gate } from '../../../../scripts/bench/gate.mjs'

let printed: string[]
beforeEach(() => {
  printed = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
})
afterEach(() => void vi.restoreAllMocks())

/** A machine on which the empty program takes 20 ms of processor time, and the others as long as is said of their words. */
const worldWhere = (milliseconds: (words: string) => number, measuresCpu = true) => ({
  runner: {
    measuresCpu,
    run: async ({ argv }: { argv: readonly string[] }) => {
      const words = argv.slice(2).join(' ')
      const cpu = words === '' ? 20 : milliseconds(words)
      return { wall: cpu, cpu, memory: 0, stdout: '' }
    },
  },
  machine: async () => ({ env: {} }),
  token: async () => 'a token',
  empty: () => '/empty.cjs',
})

it('lets a fast program pass, with a line for each figure', async () => {
  expect(await gate(worldWhere(() => 22))).toBe(true)
  expect(printed[0]).toMatch(
    /^ok: `get-token` from the cache, key file takes 1\.10 × an empty program \(≤ [\d.]+\)$/,
  )
  expect(printed.at(-1)).toMatch(/^\d passed, 0 failed$/)
})

it('stops what became slow, and names it alone', async () => {
  expect(await gate(worldWhere((words) => (words === 'inspect' ? 200 : 22)))).toBe(false)
  expect(printed.filter((line) => line.startsWith('too slow'))).toEqual([
    expect.stringMatching(/^too slow: `inspect` takes 10\.00 × /),
  ])
  expect(printed.at(-1)).toMatch(/^\d passed, 1 failed$/)
})

it('measures again before it says so', async () => {
  let runs = 0
  // A machine that is busy for the first hundred programs.
  expect(await gate(worldWhere(() => (runs++ < 100 ? 200 : 22)))).toBe(true)
})

it('does not judge without processor time', async () => {
  await expect(gate(worldWhere(() => 22, false))).rejects.toThrow('needs python3')
})
