import * as secure from 'node:https'
import type { Duplex } from 'node:stream'
import { connect, type ConnectionOptions } from 'node:tls'
import { EntraAuthError } from '../errors.ts'

/**
 * Connections to a server that is known by its certificate alone: nobody signed it, and its name does not matter.
 * Nothing is sent before the certificate was seen, for what is sent is a secret.
 * @param thumbprint SHA-1 of the certificate, in hex of any case, with or without colons
 * @param signal ends a handshake that nobody waits for any more
 */
export function pinnedAgent(thumbprint: string, signal: AbortSignal): secure.Agent {
  return new PinnedAgent(bare(thumbprint), signal)
}

class PinnedAgent extends secure.Agent {
  readonly #thumbprint: string
  readonly #signal: AbortSignal

  constructor(thumbprint: string, signal: AbortSignal) {
    super({ keepAlive: false })
    this.#thumbprint = thumbprint
    this.#signal = signal
  }

  /** Hands the socket over when the server has shown the right certificate; what waits for it sends nothing before. */
  override createConnection(
    options: secure.RequestOptions,
    created?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const pinned = { ...options, rejectUnauthorized: false, signal: this.#signal }
    const socket = connect(pinned as ConnectionOptions)
    const failed = (error: Error) => created?.(error, socket)
    socket.once('error', failed)
    socket.once('secureConnect', () => {
      socket.off('error', failed)
      if (bare(socket.getPeerCertificate().fingerprint) === this.#thumbprint) {
        created?.(null, socket)
        return
      }
      socket.destroy()
      failed(otherCertificate(options))
    })
  }
}

function otherCertificate({ host, port }: secure.RequestOptions): EntraAuthError {
  return new EntraAuthError(
    'network',
    `${host}:${port} has another certificate than the one it is known by`,
    {
      hint: 'somebody else may answer there; look whether IDENTITY_SERVER_THUMBPRINT is that of the server',
    },
  )
}

function bare(thumbprint: string): string {
  return thumbprint.replaceAll(':', '').toLowerCase()
}
