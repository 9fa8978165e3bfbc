import { readFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { errorCode } from './file-errors.ts'

/** The two ends of a connection as the server sees it. */
export interface Ends {
  readonly peerAddress: string
  readonly peerPort: number
  readonly ownAddress: string
  readonly ownPort: number
}

/**
 * Finds the user whose process holds the other end of a connection within this machine.
 * @param tables what `/proc/net/tcp` and `/proc/net/tcp6` hold
 * @returns the user's id; undefined for an end that is not on this machine, or that no process holds any more
 * @see https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function userOfPeer(tables: string, ends: Ends): number | undefined {
  const peer = spellings(ends.peerAddress, ends.peerPort)
  const own = spellings(ends.ownAddress, ends.ownPort)
  for (const [index, address] of peer.entries()) {
    const start = tables.indexOf(` ${address} ${own[index]} `)
    if (start < 0) continue
    // After the two addresses: state, queues, timer, retransmissions, user, timeout, inode.
    const fields = tables.slice(start, tables.indexOf('\n', start)).trim().split(/\s+/)
    const [user, , inode] = fields.slice(6)
    return user === undefined || inode === '0' ? undefined : Number(user)
  }
  return undefined
}

/** An address as the tables write it. A program may speak IPv4 through a socket of IPv6, which the other table lists. */
function spellings(address: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  if (address === '::1') return [words([0, 0, 0, 1]) + suffix]
  const bytes = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number)
  const v4 = words([Buffer.from(bytes).readUInt32BE(0)])
  return [v4 + suffix, words([0, 0, 0xff_ff]) + v4 + suffix]
}

/** Words of 32 bits as the machine holds them in memory, written as numbers. */
function words(values: readonly number[]): string {
  return values
    .map((value) => {
      const word = Buffer.alloc(4)
      word.writeUInt32BE(value)
      const number = endianness() === 'LE' ? word.readUInt32LE(0) : word.readUInt32BE(0)
      return number.toString(16).toUpperCase().padStart(8, '0')
    })
    .join('')
}

/** Whether two addresses are on the loopback interface, where both ends are this machine's. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

/**
 * Reads the tables of this machine's connections. Whoever asks while they are being read shares the next reading, so
 * that a thousand new connections cost two.
 */
export class ConnectionTables {
  readonly #read: () => Promise<string>
  #running: Promise<unknown> | undefined
  #next: Promise<string> | undefined

  constructor(read: () => Promise<string> = readTables) {
    this.#read = read
  }

  /** As they are now, or a moment later; never as they were before. */
  current(): Promise<string> {
    this.#next ??= (this.#running ?? Promise.resolve()).then(() => {
      this.#next = undefined
      const reading = this.#read()
      this.#running = reading.catch(() => {})
      return reading
    })
    return this.#next
  }
}

/**
 * Empty where the system has no such tables, or keeps them from us.
 * @throws whatever else goes wrong: that too many files are open must not open the door
 */
async function readTables(): Promise<string> {
  const read = (path: string) =>
    readFile(path, 'latin1').catch((error: unknown) => {
      if (['ENOENT', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return ''
      throw error
    })
  return (await Promise.all([read('/proc/net/tcp'), read('/proc/net/tcp6')])).join('\n')
}
