import { describe, expect, it } from 'vitest'
import { durationText } from '../../../src/ui/token-times.ts'

describe('durationText', () => {
  it.each([
    [0, '0 seconds'],
    [1.9, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [2700, '45 minutes'],
    [2759, '45 minutes'],
    [3600, '60 minutes'],
    [5399, '89 minutes'],
    [5400, '1 hour 30 minutes'],
    [7200, '2 hours'],
    [86_400, '24 hours'],
    [172_800, '2 days'],
    [93 * 86_400 + 3600, '93 days 1 hour'],
    [1e300, 'more than 100 years'],
    [-65, '1 minute'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text)
  })
})
