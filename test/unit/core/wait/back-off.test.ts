import { expect, it } from 'vitest'
import { pauseMilliseconds } from '../../../../src/core/wait/back-off.ts'

it.each<[string, [first: number, tries: number, random: number, retryAfter?: number], number]>([
  ['begins with the first pause', [15_000, 1, 0.5], 15_000],
  ['grows by a half', [15_000, 2, 0.5], 22_500],
  ['grows no further than two minutes', [15_000, 9, 0.5], 120_000],
  ['stays at two minutes for ever', [15_000, 1_000_000, 0.5], 120_000],
  ['keeps a first pause beyond that', [300_000, 5, 0.5], 300_000],
  ['takes a fifth off', [15_000, 1, 0], 12_000],
  ['adds a fifth', [15_000, 1, 1], 18_000],
  ['waits as long as the server asks', [15_000, 1, 0.5, 90], 90_000],
  ['waits no shorter because the server asks for less', [15_000, 1, 0.5, 1], 15_000],
])('%s', (_what, args, milliseconds) => {
  expect(pauseMilliseconds(...args)).toBe(milliseconds)
})
