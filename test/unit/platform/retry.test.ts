import { describe, expect, it } from 'vitest'
import { isPassing, isRepeatable, retryDelayMilliseconds } from '../../../src/platform/retry.ts'

const form = { 'Content-Type': 'application/x-www-form-urlencoded;charset=utf-8' }

describe('what may be sent twice', () => {
  it.each([
    ['GET', {}, true],
    ['PUT', {}, true],
    ['DELETE', {}, true],
    ['POST', {}, false],
    ['POST', { 'content-type': 'application/json' }, false],
    ['POST', form, true],
    ['PATCH', form, false],
  ] as const)('%s %j: %s', (method, headers, repeatable) => {
    expect(isRepeatable({ method, headers })).toBe(repeatable)
  })

  it.each([
    ['grant_type=client_credentials', true],
    ['grant_type=refresh_token&refresh_token=x', true],
    ['grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code', true],
    ['client_id=x&scope=y', true],
    ['code=x&grant_type=authorization_code', false],
  ])('the form %s: %s', (body, repeatable) => {
    expect(isRepeatable({ method: 'POST', headers: form, body })).toBe(repeatable)
  })
})

it.each([
  [200, true, false],
  [400, true, false],
  [404, true, false],
  [429, false, true],
  [503, false, true],
  [500, true, true],
  [502, true, true],
  [504, true, true],
  [500, false, false],
  [501, true, false],
])('answer %i to a repeatable (%s) request asks to come again: %s', (status, repeatable, passing) => {
  expect(isPassing(status, repeatable)).toBe(passing)
})

describe('the wait before the next attempt', () => {
  const now = new Date('2026-01-31T10:00:00Z')

  it.each([
    ['half a second with jitter', 1, undefined, 0, 250],
    ['at most half a second', 1, undefined, 1, 500],
    ['doubling', 2, undefined, 1, 1_000],
    ['seconds asked for', 1, '7', 0.3, 7_000],
    ['no time asked for', 1, '0', 0.3, 0],
    ['a date asked for', 1, 'Sat, 31 Jan 2026 10:00:12 GMT', 0.3, 12_000],
    ['a date gone by', 1, 'Sat, 31 Jan 2026 09:00:00 GMT', 0.3, 0],
    ['thirty seconds, the longest', 1, '30', 0.3, 30_000],
    ['longer: no further attempt', 1, '31', 0.3, undefined],
    ['what cannot be read counts as nothing', 1, 'soon', 1, 500],
  ])('%s', (_, attempt, retryAfter, random, milliseconds) => {
    expect(retryDelayMilliseconds(attempt, retryAfter, now, random)).toBe(milliseconds)
  })
})
