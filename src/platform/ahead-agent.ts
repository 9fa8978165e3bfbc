import * as secure from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { urlToHttpOptions } from 'node:url'

/** A server hangs up on who says nothing for long, and so do we. */
const restMilliseconds = 15_000

/** A name that is known here is found within it, and a server on this machine has taken the connection. */
const firstStepsMilliseconds = 3

/**
 * Connections that are kept for the next request, the first of which may be opened before there is a request: the way to
 * a server takes time that a program has other uses for. Trust and names are checked as ever.
 */
export class AheadAgent extends secure.Agent {
  readonly #waiting = new Map<string, Waiting>()

  constructor(options: secure.AgentOptions) {
    super({ ...options, keepAlive: true })
  }

  /**
   * Begins to connect, and sends nothing. What goes wrong is for the request to meet again, and to say.
   * @returns when the server has been reached, or cannot be, and after some milliseconds in any case: who then keeps this
   *   thread busy does not hold up the first steps, each of which needs it for an instant
   */
  async openAhead(url: URL): Promise<void> {
    const { hostname, port } = urlToHttpOptions(url)
    const host = hostname ?? ''
    const place = { host, port: port || 443, servername: isIP(host) ? '' : host }
    const key = keyOf(place)
    if (this.#waiting.has(key)) return
    const socket = super.createConnection({ ...this.options, ...place }) as TLSSocket
    const drop = () => {
      if (this.#waiting.get(key)?.socket === socket) this.#waiting.delete(key)
      socket.destroy()
    }
    socket.on('error', drop).on('close', drop)
    // Whoever has nothing else to do need not stay for it.
    socket.setTimeout(restMilliseconds, drop).unref()
    this.#waiting.set(key, { socket, drop })
    await new Promise<void>((done) => {
      const timer = setTimeout(done, firstStepsMilliseconds)
      const isOver = () => {
        clearTimeout(timer)
        done()
      }
      socket.once('connect', isOver).once('close', isOver)
    })
  }

  override createConnection(
    options: secure.RequestOptions,
    created?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined {
    const key = keyOf(options)
    const waiting = this.#waiting.get(key)
    if (!waiting) return super.createConnection(options, created)
    this.#waiting.delete(key)
    const { socket, drop } = waiting
    for (const event of ['error', 'close', 'timeout']) socket.off(event, drop)
    return socket.setTimeout(0).ref()
  }
}

interface Waiting {
  readonly socket: TLSSocket
  /** What ends it where nobody takes it. */
  readonly drop: () => void
}

function keyOf({ host, port, servername }: secure.RequestOptions): string {
  return [host, port, servername].join(' ')
}
