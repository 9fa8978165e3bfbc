import type { ServedRequest } from '../ports.ts'
import { Refusal } from './refusal.ts'

/** A request as far as it is the same in every protocol. */
export interface PlainRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** A header that may stand once; undefined where it is missing. */
  header(name: string): string | undefined
}

const longestTarget = 8 * 1024

/** Headers that decide something. Sent twice, two programs on the way may read two different ones. */
const decisive: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'x-identity-header',
  'metadata',
  'content-type',
  'content-length',
])

/** What every browser says of where a request comes from. Node's own `fetch` sends `sec-fetch-mode`, but none of these. */
const fromBrowser: ReadonlySet<string> = new Set([
  'origin',
  'sec-fetch-site',
  'sec-fetch-dest',
  'sec-fetch-user',
  'access-control-request-method',
  'access-control-request-private-network',
])

/**
 * Lets nothing through but plain requests of programs that were told this address: no page of a browser, also where its
 * name was made to lead here (DNS rebinding), no request for another host, and nothing of which two readers could think
 * differently where it ends (request smuggling).
 * @param hosts what the Host header may say, in lower case
 * @throws Refusal
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-11.2
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function pass({ method, target, headers }: ServedRequest, hosts: ReadonlySet<string>): PlainRequest {
  const seen = new Map<string, string>()
  for (const [name, value] of headers) {
    if (fromBrowser.has(name)) throw new Refusal(403, 'web pages get nothing here')
    if (decisive.has(name) && seen.has(name)) throw new Refusal(400, `the header ${name} came more than once`)
    seen.set(name, value)
  }
  if (!hosts.has(seen.get('host')?.toLowerCase() ?? '')) {
    throw new Refusal(403, 'this is not the host that was asked for')
  }
  if (seen.has('transfer-encoding')) throw new Refusal(411, 'a body must come with its length')
  if (seen.has('upgrade')) throw new Refusal(400, 'there is no other protocol here')
  if (seen.has('expect')) throw new Refusal(417, 'nothing can be expected here')
  if (target.length > longestTarget) throw new Refusal(414, 'the address is too long')
  if (!/^\/[!-~]*$/.test(target)) throw new Refusal(400, 'this is no path')
  const bodyLength = seen.get('content-length') ?? '0'
  if (method !== 'POST' && bodyLength !== '0') throw new Refusal(400, `${method} has no body here`)
  const [path = '', ...query] = target.split('?')
  return {
    method,
    path,
    query: new URLSearchParams(query.join('?')),
    header: (name) => seen.get(name),
  }
}

/** The names and addresses a Host header may give for this port. */
export function hostHeaders(names: readonly string[], port: number): ReadonlySet<string> {
  const all = ['127.0.0.1', '[::1]', 'localhost', ...names]
  return new Set(all.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])))
}
