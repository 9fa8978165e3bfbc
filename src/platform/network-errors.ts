import { EntraAuthError } from '../errors.ts'
import { errorCode } from './file-errors.ts'

/** Where a request was going when it failed. */
export interface Destination {
  /** Host name, with a port where it is not the usual one. */
  readonly host: string
  /** The proxy, while the way through it was not open yet. */
  readonly proxy?: string
}

const unknownIssuer = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  // An authority of the same name with another key, as when a company proxy was set up anew.
  'CERT_SIGNATURE_FAILURE',
])

const trustHint =
  'if a company proxy or your own authority signs it, name its PEM file in NODE_EXTRA_CA_CERTS, or in the profile with "config create --ca-file"'

/** Whether the server's certificate was refused only because nobody here vouches for it. */
export function isUnknownIssuer(error: unknown): boolean {
  return unknownIssuer.has(errorCode(error) ?? '')
}

// The last is what bun says where a server hangs up before TLS is agreed upon.
const brokenConnection = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_SOCKET_CLOSED'])

/** Whether the connection broke under way, so that the same request may well succeed now. */
export function isBrokenConnection(error: unknown): boolean {
  return brokenConnection.has(errorCode(error) ?? '') || isProxyGone(error)
}

/**
 * Says why a request did not reach its server, in words, naming the host.
 * @param now by the clock of this machine, which certificates are judged by
 */
export function networkError(error: unknown, { host, proxy }: Destination, now: Date): EntraAuthError {
  if (error instanceof EntraAuthError) return error
  const [fact, hint] = explain(error, proxy ? `the proxy ${proxy}` : host, now)
  const whole = proxy ? `${fact} on the way to ${host}` : fact
  return new EntraAuthError('network', whole, {
    hint: proxy ? `look at HTTPS_PROXY and NO_PROXY; ${hint}` : hint,
    cause: error,
  })
}

function explain(error: unknown, peer: string, now: Date): readonly [fact: string, hint: string] {
  const code = errorCode(error) ?? ''
  const clockHint = `look at the clock of this machine: it says ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  if (unknownIssuer.has(code)) {
    const what = code.includes('SELF_SIGNED') ? 'is self-signed' : 'is signed by an unknown authority'
    return [`the certificate of ${peer} ${what} (${code})`, trustHint]
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
    return [`the TLS handshake with ${peer} failed (${code})`, 'look whether the port speaks HTTPS']
  }
  if (isBrokenConnection(error)) return closed(peer)
  if (code.startsWith('HPE_')) {
    return [
      `${peer} answered with something that is not HTTP (${code})`,
      'look whether the port is right; a proxy or a captive portal may have answered in its place',
    ]
  }
  switch (code) {
    case 'ENOTFOUND':
      return [`no address found for ${peer}`, 'look at the spelling of the host and at your connection']
    case 'EAI_AGAIN':
      return [`the name server did not answer for ${peer}`, 'look at your connection, then try again']
    case 'ECONNREFUSED':
      return [`${peer} refused the connection`, 'look whether the server runs and the port is right']
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return [`${peer} cannot be reached (${code})`, 'look at your connection, a VPN or HTTPS_PROXY']
    case 'CERT_HAS_EXPIRED':
      return [`the certificate of ${peer} has expired`, clockHint]
    case 'CERT_NOT_YET_VALID':
      return [`the certificate of ${peer} is not valid yet`, clockHint]
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [`the certificate of ${peer} is for another name`, 'look at the spelling of the host']
    default:
      return [
        `the request to ${peer} failed (${code || describe(error)})`,
        'look at your connection, then try again',
      ]
  }
}

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error))

const closed = (peer: string) =>
  [`${peer} closed the connection`, 'try again; a firewall or proxy may be in the way'] as const

/** The agent for proxies has words for this, but no code. */
function isProxyGone(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Proxy connection ended')
}
