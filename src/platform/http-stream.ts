import type { IncomingMessage } from 'node:http'
import type { HttpStream } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { abortError } from './abort.ts'
import type { Limits, Reading } from './http-exchange.ts'
import { networkError } from './network-errors.ts'

export interface StreamOptions {
  readonly url: URL
  readonly limits: Limits
  readonly signal: AbortSignal | undefined
  readonly now: () => Date
}

/** Hands on the body as it comes. */
export function streamedAnswer(options: StreamOptions): Reading<HttpStream> {
  return {
    headOnly: true,
    take: (message, head) => {
      // Whoever reads is told; where nobody does, it must not end the process.
      message.on('error', () => {})
      return { ...head, body: pieces(message, options), discard: () => void message.destroy() }
    },
  }
}

async function* pieces(
  message: IncomingMessage,
  { url, limits, signal, now }: StreamOptions,
): AsyncGenerator<Uint8Array, void> {
  // The time counts while we wait for the server alone: whoever reads us may take theirs.
  const startWaiting = () =>
    setTimeout(() => {
      const fact = `${url.host} sent no more of its answer for ${limits.attempt / 1000} s`
      message.destroy(new EntraAuthError('timeout', fact, { hint: 'try again' }))
    }, limits.attempt)
  let waiting = startWaiting()
  try {
    for await (const piece of message) {
      clearTimeout(waiting)
      yield piece as Uint8Array
      waiting = startWaiting()
    }
  } catch (error) {
    if (signal?.aborted) throw abortError(signal)
    throw error instanceof EntraAuthError
      ? error
      : networkError(error, { host: url.host, proxy: undefined }, now())
  } finally {
    clearTimeout(waiting)
  }
}
