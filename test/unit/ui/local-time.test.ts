import { describe, expect, it } from 'vitest'
import { distanceText, localTimeText, localZone } from '../../../src/ui/local-time.ts'

describe('localTimeText', () => {
  it.each([
    ['2026-01-31T10:45:00Z', 'Europe/Vienna', '2026-01-31 11:45:00 +01:00'],
    ['2026-07-31T10:45:00Z', 'Europe/Vienna', '2026-07-31 12:45:00 +02:00'],
    ['2026-01-31T01:00:00Z', 'America/St_Johns', '2026-01-30 21:30:00 -03:30'],
    ['2026-12-31T23:00:00Z', 'Asia/Kathmandu', '2027-01-01 04:45:00 +05:45'],
    ['2026-01-31T10:45:00Z', 'UTC', undefined],
    ['2026-01-31T10:45:00Z', 'Europe/London', undefined],
    ['+010000-01-01T00:00:00Z', 'Europe/Vienna', undefined],
    ['-000001-01-01T00:00:00Z', 'Europe/Vienna', undefined],
  ])('%s in %s is %s', (date, zone, text) => expect(localTimeText(new Date(date), zone)).toBe(text))
})

describe('localZone', () => {
  const system = Intl.DateTimeFormat().resolvedOptions().timeZone
  it.each([
    ['Asia/Tokyo', 'Asia/Tokyo'],
    [':/etc/localtime', system],
    ['CET-1CEST,M3.5.0,M10.5.0', system],
    ['', system],
  ])('of TZ=%s is %s', (zone, expected) => expect(localZone({ TZ: zone })).toBe(expected))
})

describe('distanceText', () => {
  const now = new Date('2026-01-31T10:00:00Z')
  it.each([
    [0, 'now'],
    [3240, 'in 54 minutes'],
    [-90, '1 minute ago'],
    [86_400 * 3, 'in 3 days'],
    [-1, '1 second ago'],
  ])('%d seconds: %s', (seconds, text) => {
    expect(distanceText(new Date(now.getTime() + seconds * 1000), now)).toBe(text)
  })
})
