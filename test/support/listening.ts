import type { RedirectAnswer, RedirectListener, RedirectOptions } from '../../src/core/ports.ts'
import { readRedirect } from '../../src/platform/redirect-answer.ts'

export interface Listening {
  readonly redirects: RedirectListener
  readonly opened: RedirectOptions[]
  readonly closed: () => boolean
}

/**
 * A redirect listener on no socket. It takes a pasted address by the real rules.
 * @param answer what comes to the listener by itself; undefined: nothing ever does
 */
export function listening(answer: RedirectAnswer | Error | undefined): Listening {
  const opened: RedirectOptions[] = []
  let closed = false
  return {
    opened,
    closed: () => closed,
    redirects: {
      open: async (options) => {
        opened.push(options)
        const port = options.ports.find((one) => one !== 0) ?? 49_152
        let take: (answer: RedirectAnswer) => void
        const taken = new Promise<RedirectAnswer>((resolve) => (take = resolve))
        return {
          port,
          answer: async (signal) => {
            if (answer instanceof Error) throw answer
            return answer ?? Promise.race([taken, abortOf(signal)])
          },
          take: (text) => {
            const read = readRedirect(text, port, options)
            if (typeof read === 'string') return read
            take(read)
            return undefined
          },
          close: async () => void (closed = true),
        }
      },
    },
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}
