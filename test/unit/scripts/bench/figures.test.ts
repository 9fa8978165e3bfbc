import { describe, expect, it } from 'vitest'
import { duration, judged, median, megabytes, quantile, ratio } from '../../../../scripts/bench/figures.mjs'

describe('the median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2],
    [[10, 9], 9],
    [[7], 7],
  ])('of %j is %d', (numbers, middle) => expect(median(numbers)).toBe(middle))

  it('of nothing is none', () => expect(() => median([])).toThrow('nothing was measured'))

  it('leaves the numbers in their order', () => {
    const numbers = [3, 1, 2]
    median(numbers)
    expect(numbers).toEqual([3, 1, 2])
  })
})

describe('a quantile', () => {
  it.each([
    [0, 1],
    [0.25, 2],
    [1, 5],
  ])('of %d of five numbers', (share, found) => expect(quantile([5, 3, 1, 4, 2], share)).toBe(found))
})

describe('what is wanted', () => {
  it.each([
    [1.25, { most: 1.25 }, '≤ 1.25: met', true],
    [1.26, { most: 1.25 }, '≤ 1.25: missed', false],
    [0.9, { least: 0.9 }, '≥ 0.9: met', true],
    [0.89, { least: 0.9 }, '≥ 0.9: missed', false],
    [20, { most: 15, unit: ' MB' }, '≤ 15 MB: missed', false],
    [0.034, { most: 1 / 30, shown: '1/30' }, '≤ 1/30: missed', false],
    // Nothing to compare with is not good enough.
    [Number.NaN, { most: 1.25 }, '≤ 1.25: missed', false],
  ])('%d for %j is %s', (figure, bar, text, met) => expect(judged(figure, bar)).toEqual({ text, met }))
})

describe('a figure', () => {
  it.each([
    [duration(23.24), '23.2 ms'],
    [duration(12_340), '12.3 s'],
    [duration(undefined), 'not told'],
    [megabytes(13_440_000), '13.4 MB'],
    [megabytes(undefined), 'not told'],
    [ratio(1.555), '1.55'],
    [ratio(0.0349), '0.035'],
    [ratio(Number.NaN), 'not told'],
  ])('is shown as %s', (shown, expected) => expect(shown).toBe(expected))
})
