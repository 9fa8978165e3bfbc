import { describe, expect, it } from 'vitest'
import {
  gather,
  parseDuration,
  parseMinutes,
  parsePort,
  parsePortRange,
} from '../../../src/commands/option-values.ts'

describe('times', () => {
  it.each([
    ['30s', 30_000],
    ['30', 30_000],
    ['0', 0],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['500ms', 500],
    ['1.5m', 90_000],
    [' 30 S ', 30_000],
  ])('%j is %i ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })
  it.each(['', 's', '-1s', '1d', '1e3', '0x10', 'soon', '1s2m', 'Infinity', '٣s'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow('It must be a time such as 30s, 2m or 1h.')
  })
})

describe('minutes', () => {
  it.each([
    ['0', 0],
    ['10', 10],
    ['2.5', 2.5],
  ])('%j', (text, minutes) => {
    expect(parseMinutes(text)).toBe(minutes)
  })
  it.each(['', ' ', '-1', 'x', 'Infinity', 'NaN', '5m'])('%j is none', (text) => {
    expect(() => parseMinutes(text)).toThrow('It must be a number of minutes.')
  })
})

describe('ports', () => {
  it.each([
    ['1', 1],
    ['8080', 8080],
    ['65535', 65_535],
  ])('%j', (text, port) => {
    expect(parsePort(text)).toBe(port)
  })
  it.each(['', '0', '65536', '-1', '80.5', '8080 ', '0x50', 'http', '1e3'])('%j is none', (text) => {
    expect(() => parsePort(text)).toThrow('It must be a port from 1 to 65535.')
  })
})

describe('port ranges', () => {
  it.each<[string, readonly number[]]>([
    ['8000-8002', [8000, 8001, 8002]],
    ['80-80', [80]],
    ['65535-65535', [65_535]],
  ])('%j', (text, ports) => {
    expect(parsePortRange(text)).toEqual(ports)
  })
  it.each([
    ['', 'range'],
    ['8000', 'range'],
    ['8000-', 'range'],
    ['8000-8100-8200', 'range'],
    ['8100-8000', 'must not be above'],
    ['0-10', 'port from 1'],
    ['65530-65540', 'port from 1'],
  ])('%j is none', (text, why) => {
    expect(() => parsePortRange(text)).toThrow(why)
  })
})

describe('options given several times', () => {
  it('are gathered in order', () => {
    expect(gather('c', gather('b', gather('a', undefined)))).toEqual(['a', 'b', 'c'])
  })
})
