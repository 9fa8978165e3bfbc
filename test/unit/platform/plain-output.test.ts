import { execFileSync } from 'node:child_process'
import { existsSync, closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PlainOutput } from '../../../src/platform/plain-output.ts'

let folder: string
const descriptors: number[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-plain-'))
})
afterEach(() => {
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor)
  rmSync(folder, { recursive: true, force: true })
})

function open(path: string, flags: number | string): number {
  const descriptor = openSync(path, flags)
  descriptors.push(descriptor)
  return descriptor
}

it('writes to a file, whole', () => {
  const path = join(folder, 'out.txt')
  const output = PlainOutput.of(open(path, 'w'))
  const text = 'é\n'.repeat(200_000)
  expect(output?.write(text)).toHaveLength(0)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

it('gives back what a full pipe does not take, from where it stopped', () => {
  const path = join(folder, 'pipe')
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
  const path = join(folder, 'pipe')
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
