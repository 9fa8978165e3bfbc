import { EntraAuthError } from '../../errors.ts'
import { depthOf } from '../../jwt/json-depth.ts'
import type { HttpStream } from '../ports.ts'

/** What walks JSON by recursion is not given more. */
const deepestJson = 500

/** Text as JSON, where it is some, and can be walked. */
export function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return depthOf(text) > deepestJson ? undefined : { value }
  } catch {
    return undefined
  }
}

/**
 * The whole body.
 * @throws EntraAuthError `network` for one that is larger, and what reading it throws
 */
export async function wholeBody({ body }: HttpStream, largestBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > largestBytes) {
      throw new EntraAuthError('network', `the answer is larger than ${largestBytes / 1024 / 1024} MiB`, {
        hint: 'write it to a file with -o FILE, or ask for less at once, for example with $top or $select',
      })
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** An answer whose body was read, to be read again. */
export function readAgain(head: Pick<HttpStream, 'status' | 'headers'>, body: Uint8Array): HttpStream {
  return {
    ...head,
    body: (async function* () {
      yield body
    })(),
    discard: () => undefined,
  }
}
