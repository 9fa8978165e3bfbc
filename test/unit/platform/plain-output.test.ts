import { execFileSync } from 'node:child_process'
import { existsSync, closeSync, constants, openSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PlainOutput } from '../../../src/platform/plain-output.ts'
import { openedFiles } from './opened-files.ts'

const { path: pathOf, open } = openedFiles()

it('writes to a file, whole', () => {
  const path = pathOf('out.txt')
  const output = PlainOutput.of(open(path, 'w'))
  const text = 'é\n'.repeat(200_000)
  expect(output?.write(text)).toHaveLength(0)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

it('gives back what a full pipe does not take, from where it stopped', () => {
  const path = pathOf('pipe')
  execFileSync('mkfifo', [path])
  const reader = open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const output = PlainOutput.of(open(path, constants.O_WRONLY | constants.O_NONBLOCK))
  const text = '0123456789'.repeat(100_000)
  const rest = output?.write(text).toString() ?? ''
  expect(rest.length).toBeGreaterThan(0)
  expect(rest).toBe(text.slice(-rest.length))
  expect(reader).toBeGreaterThan(2)
})

it('says that its reader is gone', () => {
  const path = pathOf('pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const output = PlainOutput.of(open(path, constants.O_WRONLY | constants.O_NONBLOCK))
  closeSync(reader)
  expect(() => output?.write('x')).toThrow(expect.objectContaining({ code: 'EPIPE' }))
})

it.runIf(existsSync('/dev/full'))('is told that a device is full', () => {
  expect(() => PlainOutput.of(open('/dev/full', 'w'))?.write('text')).toThrow('ENOSPC')
})

it.runIf(existsSync('/dev/ptmx'))('is not for terminals', () => {
  expect(PlainOutput.of(open('/dev/ptmx', 'r+'))).toBeUndefined()
})

it('is not for what is not open', () => {
  expect(PlainOutput.of(9999)).toBeUndefined()
})
