import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Environment } from '../core/ports.ts'

/**
 * The little of D-Bus that a look at the Secret Service needs: calls with string arguments, on the session bus.
 * @see https://dbus.freedesktop.org/doc/dbus-specification.html
 */
export interface DBusCall {
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  readonly arguments?: readonly string[]
  /** Whether the bus may start a service that rests for this. Default false: then such a call is an error. */
  readonly startsService?: boolean
}

const noAutoStart = 2

/** Where the session bus listens, as a path for `net.connect`, or undefined if there is none. */
export function sessionBusPath(env: Environment): string | undefined {
  const standard = env.XDG_RUNTIME_DIR ? join(env.XDG_RUNTIME_DIR, 'bus') : undefined
  if (!env.DBUS_SESSION_BUS_ADDRESS) return standard
  for (const address of env.DBUS_SESSION_BUS_ADDRESS.split(';')) {
    const options = new Map(
      address
        .replace(/^unix:/, '')
        .split(',')
        .map((option) => option.split('=', 2).map(unescapeValue) as [string, string | undefined]),
    )
    const abstract = options.get('abstract')
    if (!address.startsWith('unix:')) continue
    if (abstract) return `\0${abstract}`
    if (options.get('runtime') === 'yes' && standard) return standard
    if (options.get('path')) return options.get('path')
  }
  return undefined
}

const unescapeValue = (text: string) =>
  text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))

/** One method call as bytes. */
export function encodeCall(serial: number, call: DBusCall): Buffer {
  const given = call.arguments ?? []
  const fields = new Writer()
  fields.field(1, 'o', call.path)
  fields.field(2, 's', call.interface)
  fields.field(3, 's', call.member)
  fields.field(6, 's', call.destination)
  if (given.length) fields.field(8, 'g', 's'.repeat(given.length))
  const body = new Writer()
  for (const text of given) body.text(text)
  const head = Buffer.alloc(16)
  head.set([0x6c, 1, call.startsService ? 0 : noAutoStart, 1])
  head.writeUInt32LE(body.bytes().length, 4)
  head.writeUInt32LE(serial, 8)
  head.writeUInt32LE(fields.bytes().length, 12)
  const padding = Buffer.alloc((8 - (fields.bytes().length % 8)) % 8)
  return Buffer.concat([head, fields.bytes(), padding, body.bytes()])
}

/** Values are aligned to their size from the start of the message; the 16 bytes before the fields keep that true. */
class Writer {
  #bytes: number[] = []

  field(code: number, type: 'o' | 's' | 'g', value: string): void {
    this.#align(8)
    this.#bytes.push(code, 1, type.charCodeAt(0), 0)
    if (type === 'g') this.#bytes.push(value.length, ...Buffer.from(value), 0)
    else this.text(value)
  }

  text(value: string): void {
    const content = Buffer.from(value)
    this.#align(4)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(content.length)
    this.#bytes.push(...length, ...content, 0)
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes)
  }

  #align(size: number): void {
    while (this.#bytes.length % size) this.#bytes.push(0)
  }
}

/** A message that came back. */
export interface DBusMessage {
  readonly type: 'return' | 'error' | 'other'
  readonly replySerial: number | undefined
  readonly body: DBusBody
  /** How many bytes it took. */
  readonly length: number
}

/** Decodes the first message in the bytes, or answers undefined while it is not whole. */
export function decodeMessage(bytes: Buffer): DBusMessage | undefined {
  if (bytes.length < 16) return undefined
  const little = bytes[0] === 0x6c
  const head = new DBusBody(bytes, little, 4)
  const bodyLength = head.number()
  head.number()
  const fieldsLength = head.number()
  const bodyStart = 16 + fieldsLength + ((8 - (fieldsLength % 8)) % 8)
  const length = bodyStart + bodyLength
  if (bytes.length < length) return undefined
  const type = bytes[1] === 2 ? 'return' : bytes[1] === 3 ? 'error' : 'other'
  const body = new DBusBody(bytes.subarray(bodyStart, length), little, 0)
  return { type, replySerial: readReplySerial(head, 16 + fieldsLength), body, length }
}

function readReplySerial(fields: DBusBody, end: number): number | undefined {
  let replySerial: number | undefined
  while (fields.position < end) {
    fields.align(8)
    const code = fields.byte()
    const type = fields.signature()
    const value = type === 'u' ? fields.number() : type === 'g' ? fields.signature() : fields.text()
    if (code === 5 && typeof value === 'number') replySerial = value
  }
  return replySerial
}

/** Reads values one after the other from a message. */
export class DBusBody {
  readonly #bytes: Buffer
  readonly #little: boolean
  position: number

  constructor(bytes: Buffer, little: boolean, position: number) {
    this.#bytes = bytes
    this.#little = little
    this.position = position
  }

  byte(): number {
    return this.#bytes.readUInt8(this.position++)
  }

  number(): number {
    this.align(4)
    this.position += 4
    const at = this.position - 4
    return this.#little ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at)
  }

  text(): string {
    return this.#take(this.number())
  }

  signature(): string {
    return this.#take(this.byte())
  }

  texts(): string[] {
    const length = this.number()
    const end = this.position + length
    const all: string[] = []
    while (this.position < end) all.push(this.text())
    return all
  }

  align(size: number): void {
    while (this.position % size) this.position++
  }

  #take(length: number): string {
    const start = this.position
    this.position += length + 1
    return this.#bytes.toString('utf8', start, start + length)
  }
}

/** A connection to the session bus, for as long as `use` runs. Rejects when the bus does not answer in time. */
export async function withSessionBus<T>(
  path: string,
  userId: number,
  milliseconds: number,
  use: (call: (request: DBusCall) => Promise<DBusBody>) => Promise<T>,
): Promise<T> {
  const socket = connect({ path })
  const timer = setTimeout(() => socket.destroy(new Error('the bus did not answer in time')), milliseconds)
  try {
    const incoming = readChunks(socket)
    // EXTERNAL: the kernel tells the bus who we are; the number is sent as the hexadecimal form of its digits.
    socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(userId)).toString('hex')}\r\n`)
    const greeting = await incoming.until((bytes) => {
      const end = bytes.indexOf('\r\n')
      return end < 0 ? undefined : { value: bytes.toString('latin1', 0, end), length: end + 2 }
    })
    if (!greeting.startsWith('OK')) throw new Error(`the bus refused us: ${greeting}`)
    socket.write('BEGIN\r\n')
    const call = conversation(socket, incoming)
    const bus = 'org.freedesktop.DBus'
    // The bus takes messages in order: what is asked need not wait until the greeting is returned.
    const greeted = call({ destination: bus, path: '/org/freedesktop/DBus', interface: bus, member: 'Hello' })
    const [, result] = await Promise.all([greeted, use(call)])
    return result
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** Sends calls and hands each its answer, in whichever order they come. */
function conversation(socket: Socket, incoming: ReturnType<typeof readChunks>) {
  const waiting = new Map<number, { answer(body: DBusBody): void; fail(error: unknown): void }>()
  let serial = 0
  let broken: { readonly cause: unknown } | undefined

  async function listen(): Promise<never> {
    for (;;) {
      const message = await incoming.until((bytes) => {
        const decoded = decodeMessage(bytes)
        return decoded && { value: decoded, length: decoded.length }
      })
      const { type, replySerial } = message
      const call = replySerial === undefined || type === 'other' ? undefined : waiting.get(replySerial)
      if (!call || replySerial === undefined) continue
      waiting.delete(replySerial)
      if (type === 'error') call.fail(new Error(message.body.text()))
      else call.answer(message.body)
    }
  }
  listen().catch((cause: unknown) => {
    broken = { cause }
    for (const { fail } of waiting.values()) fail(cause)
  })

  return (request: DBusCall): Promise<DBusBody> =>
    new Promise((answer, fail) => {
      if (broken) return fail(broken.cause)
      serial += 1
      waiting.set(serial, { answer, fail })
      socket.write(encodeCall(serial, request))
    })
}

/** The bytes of a socket, taken off in whole pieces. */
function readChunks(socket: Socket) {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest = Buffer.alloc(0)
  return {
    async until<T>(take: (bytes: Buffer) => { value: T; length: number } | undefined): Promise<T> {
      for (;;) {
        const taken = take(rest)
        if (taken) {
          rest = rest.subarray(taken.length)
          return taken.value
        }
        const next = await chunks.next()
        if (next.done) throw new Error('the bus closed the connection')
        rest = Buffer.concat([rest, next.value])
      }
    },
  }
}
