import { endianness } from 'node:os'
import { describe, expect, it } from 'vitest'
import { ConnectionTables, userOfPeer } from '../../../src/platform/peer-user.ts'

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const row = (own: string, other: string, user: number, inode = 4711) =>
  `   0: ${own} ${other} 01 00000000:00000000 00:00000000 00000000  ${user}        0 ${inode} 1 0000000000000000 20 4 30 10 -1`

const ends = { peerAddress: '127.0.0.1', peerPort: 0xc001, ownAddress: '127.0.0.1', ownPort: 0x9c40 }
const v4 = (port: string) => `0100007F:${port}`
const mapped = (port: string) => `0000000000000000FFFF00000100007F:${port}`
const v6 = (port: string) => `00000000000000000000000001000000:${port}`
const tables = (...rows: string[]) => `${[heading, ...rows].join('\n')}\n`

// The tables write numbers as the machine holds them; those here are of the machines there are.
describe.runIf(endianness() === 'LE')('userOfPeer', () => {
  it("tells the other end's user, not that of our own end", () => {
    const text = tables(row(v4('9C40'), v4('C001'), 1000), row(v4('C001'), v4('9C40'), 1001))
    expect(userOfPeer(text, ends)).toBe(1001)
  })

  it('finds a program that speaks IPv4 through a socket of IPv6', () => {
    expect(userOfPeer(tables(row(mapped('C001'), mapped('9C40'), 1001)), ends)).toBe(1001)
  })

  it('finds one on [::1]', () => {
    const onV6 = { ...ends, peerAddress: '::1', ownAddress: '::1' }
    expect(userOfPeer(tables(row(v6('C001'), v6('9C40'), 1001)), onV6)).toBe(1001)
  })

  it.each([
    ['of another port', tables(row(v4('C002'), v4('9C40'), 1001))],
    ['to another port', tables(row(v4('C001'), v4('9C41'), 1001))],
    ['that nobody holds any more', tables(row(v4('C001'), v4('9C40'), 0, 0))],
    ['in no table', ''],
  ])('cannot tell of a connection %s', (_what, text) => {
    expect(userOfPeer(text, ends)).toBeUndefined()
  })
})

describe('ConnectionTables', () => {
  it('reads twice for a thousand who ask while it reads', async () => {
    const readings: ((text: string) => void)[] = []
    const connections = new ConnectionTables(() => new Promise((resolve) => readings.push(resolve)))
    const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
    const first = connections.current()
    await settled()
    const others = Array.from({ length: 1000 }, () => connections.current())
    await settled()
    expect(readings).toHaveLength(1)
    readings[0]?.('as it was')
    await settled()
    expect(readings).toHaveLength(2)
    readings[1]?.('as it is')
    expect(await first).toBe('as it was')
    expect(new Set(await Promise.all(others))).toEqual(new Set(['as it is']))
  })

  it('reads again after a reading that failed', async () => {
    let count = 0
    const connections = new ConnectionTables(async () => {
      count++
      if (count === 1) throw new Error('gone')
      return 'there'
    })
    await expect(connections.current()).rejects.toThrow('gone')
    expect(await connections.current()).toBe('there')
  })
})
