import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { kindOfDescriptor } from '../../../src/platform/descriptors.ts'
import { readyInput } from '../../../src/platform/ready-input.ts'
import { openedFiles } from './opened-files.ts'

const { path: pathOf, open } = openedFiles()

const nothing = { bytes: Buffer.alloc(0), isEverything: false }

describe('what lies ready', () => {
  it('of a file is all of it', () => {
    const path = pathOf('token.txt')
    writeFileSync(path, 'é'.repeat(100_000))
    expect(readyInput(open(path, 'r'))).toEqual({
      bytes: Buffer.from('é'.repeat(100_000)),
      isEverything: true,
    })
  })

  it('of a long file is its beginning, and the rest is still there', () => {
    const path = pathOf('tokens.txt')
    writeFileSync(path, Buffer.alloc(3_000_000, 'abc'))
    const descriptor = open(path, 'r')
    const { bytes, isEverything } = readyInput(descriptor)
    expect(isEverything).toBe(false)
    expect(bytes.length).toBeLessThan(2_000_000)
    let rest = 0
    const piece = Buffer.alloc(100_000)
    for (let length = readSync(descriptor, piece); length > 0; length = readSync(descriptor, piece))
      rest += length
    expect(bytes.length + rest).toBe(3_000_000)
  })

  it('of /dev/null is nothing, and that is everything', () => {
    expect(readyInput(open('/dev/null', 'r'))).toEqual({ bytes: Buffer.alloc(0), isEverything: true })
  })

  it('of a folder, and of what is not open, is nothing: whoever reads it meets the fault', () => {
    expect([readyInput(open(pathOf('.'), constants.O_RDONLY)), readyInput(9999)]).toEqual([nothing, nothing])
  })
})

describe.runIf(process.platform === 'linux')('what lies ready in a pipe', () => {
  let reader: number
  let writer: number
  beforeEach(() => {
    const path = pathOf('pipe')
    execFileSync('mkfifo', [path])
    // Both ends in one process: the reading one must not wait for the other.
    const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    writer = openSync(path, 'w')
    reader = open(path, 'r')
    closeSync(first)
  })

  it('is everything once its writer is gone', () => {
    writeSync(writer, 'token')
    closeSync(writer)
    expect(readyInput(reader)).toEqual({ bytes: Buffer.from('token'), isEverything: true })
  })

  it('is what came by now while its writer is there, and nobody waits', () => {
    writeSync(writer, 'tok')
    expect(readyInput(reader)).toEqual({ bytes: Buffer.from('tok'), isEverything: false })
    expect(readyInput(reader)).toEqual(nothing)
    closeSync(writer)
  })

  it('is read without a change to the descriptor, which others may share: it waits as before', () => {
    const flags = () =>
      execFileSync('grep', ['flags:', `/proc/${process.pid}/fdinfo/${reader}`], { encoding: 'utf8' })
    const before = flags()
    readyInput(reader)
    expect(flags()).toBe(before)
    closeSync(writer)
  })
})

describe('the kind of a descriptor', () => {
  it('is a device where nobody sits at it', () => {
    expect(kindOfDescriptor(open('/dev/null', 'r+'))).toBe('device')
  })

  it.runIf(existsSync('/dev/ptmx'))('is a terminal where somebody may', () => {
    expect(kindOfDescriptor(open('/dev/ptmx', 'r+'))).toBe('terminal')
  })
})
