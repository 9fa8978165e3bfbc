import { EntraAuthError } from '../../errors.ts'
import type { HttpStreamRequest } from '../ports.ts'

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** @throws EntraAuthError `invalid_arguments` */
export function readMethod(text: string): HttpStreamRequest['method'] {
  const method = methods.find((name) => name === text.toUpperCase())
  if (method) return method
  throw new EntraAuthError('invalid_arguments', `"${text}" is no method`, {
    hint: `use one of ${methods.join(', ')}`,
  })
}

/** What HTTP or this tool itself puts there. */
const ours = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads headers as curl takes them: `Name: value`.
 * @returns names in lower case
 * @throws EntraAuthError `invalid_arguments` that repeats no value
 */
export function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name, value] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) {
      throw new EntraAuthError('invalid_arguments', 'a header is no "Name: value" on one line', {
        hint: "give it as in -H 'ConsistencyLevel: eventual'",
      })
    }
    if (ours.has(name.toLowerCase())) {
      throw new EntraAuthError('invalid_arguments', `the header ${name} is not yours to give`, {
        hint:
          name.toLowerCase() === 'authorization'
            ? 'the token comes from the profile: choose one with -p and -s'
            : 'leave it away',
      })
    }
    headers[name.toLowerCase()] = value.trim()
  }
  return headers
}

/** The media type of a body that somebody gave without one. */
export function contentTypeOf(body: Uint8Array): string {
  const text = textIn(body)
  if (text === undefined) return 'application/octet-stream'
  try {
    JSON.parse(text)
    return 'application/json'
  } catch {
    return 'text/plain; charset=utf-8'
  }
}

/** The text that bytes are; undefined where they are none. */
export function textIn(body: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return text.includes('\u0000') ? undefined : text
  } catch {
    return undefined
  }
}
