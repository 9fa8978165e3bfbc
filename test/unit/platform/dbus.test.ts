import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeMessage, encodeCall, sessionBusPath, withSessionBus } from '../../../src/platform/dbus.ts'

describe('where the session bus is', () => {
  it.each([
    ['nowhere', {}, undefined],
    ['in the runtime folder', { XDG_RUNTIME_DIR: '/run/user/1' }, '/run/user/1/bus'],
    ['at a path', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/a/b,guid=00' }, '/a/b'],
    ['at an escaped path', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/a%20b' }, '/a b'],
    ['at an abstract name', { DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/tmp/x,guid=00' }, '\0/tmp/x'],
    ['at the first we can speak to', { DBUS_SESSION_BUS_ADDRESS: 'tcp:host=h,port=1;unix:path=/a' }, '/a'],
    [
      'in the runtime folder by name',
      { DBUS_SESSION_BUS_ADDRESS: 'unix:runtime=yes', XDG_RUNTIME_DIR: '/r' },
      '/r/bus',
    ],
    [
      'nowhere we can speak to',
      { DBUS_SESSION_BUS_ADDRESS: 'autolaunch:', XDG_RUNTIME_DIR: '/r' },
      undefined,
    ],
  ])('%s', (_, env, path) => {
    expect(sessionBusPath(env)).toBe(path)
  })
})

/** A method return in the byte order of the specification's other half, with one unsigned number. */
function bigEndianReturn(replySerial: number, value: number): Buffer {
  const message = Buffer.alloc(28)
  message.write('B', 0, 'latin1')
  message.set([2, 0, 1], 1)
  message.writeUInt32BE(4, 4)
  message.writeUInt32BE(9, 8)
  message.writeUInt32BE(8, 12)
  message.set([5, 1, 'u'.charCodeAt(0), 0], 16)
  message.writeUInt32BE(replySerial, 20)
  message.writeUInt32BE(value, 24)
  return message
}

describe('messages', () => {
  it('ask the bus not to start anything', () => {
    const call = encodeCall(1, {
      destination: 'a.b',
      path: '/',
      interface: 'a.b',
      member: 'M',
      arguments: ['x'],
    })
    expect(call[2]! & 2).toBe(2)
  })

  it('ask the bus to start a service where they are meant to', () => {
    const ping = { destination: 'a.b', path: '/', interface: 'a.b', member: 'Ping', startsService: true }
    expect(encodeCall(1, ping)[2]! & 2).toBe(0)
  })

  it('are read in either byte order, and only when they are whole', () => {
    const message = bigEndianReturn(3, 1_000)
    expect(decodeMessage(message.subarray(0, 27))).toBeUndefined()
    const decoded = decodeMessage(Buffer.concat([message, message]))
    expect(decoded).toMatchObject({ type: 'return', replySerial: 3, length: 28 })
    expect(decoded?.body.number()).toBe(1_000)
  })
})

describe('a bus', () => {
  let folder: string
  let server: Server | undefined
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-bus-'))
  })
  afterEach(async () => {
    server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function bus(answer: string | undefined): Promise<string> {
    const path = join(folder, 'bus')
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => answer !== undefined && socket.end(answer))
    })
    await new Promise<void>((resolve) => {
      server?.listen(path, resolve)
    })
    return path
  }

  it('that says nothing is given up', async () => {
    const path = await bus(undefined)
    await expect(withSessionBus(path, 0, 20, async () => 1)).rejects.toThrow('the bus did not answer in time')
  })

  it('that belongs to another user is given up', async () => {
    const path = await bus('REJECTED EXTERNAL\r\n')
    await expect(withSessionBus(path, 0, 2_000, async () => 1)).rejects.toThrow(
      'the bus refused us: REJECTED EXTERNAL',
    )
  })

  it('that hangs up is given up', async () => {
    const path = await bus('OK 00\r\n')
    await expect(withSessionBus(path, 0, 2_000, async () => 1)).rejects.toThrow(
      'the bus closed the connection',
    )
  })
})
