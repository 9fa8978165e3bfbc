import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import { networkError } from '../../../src/platform/network-errors.ts'

const now = new Date('2026-01-31T10:20:30Z')
const failure = (code: string) => Object.assign(new Error('internal words'), { code })

describe('why a request did not arrive', () => {
  it.each([
    ['ENOTFOUND', 'no address found for h.example', 'spelling'],
    ['EAI_AGAIN', 'the name server did not answer for h.example', 'connection'],
    ['ECONNREFUSED', 'h.example refused the connection', 'server runs'],
    ['ECONNRESET', 'h.example closed the connection', 'firewall'],
    // What bun says where a server hangs up before TLS is agreed upon.
    ['ERR_SOCKET_CLOSED', 'h.example closed the connection', 'firewall'],
    ['ENETUNREACH', 'h.example cannot be reached (ENETUNREACH)', 'VPN'],
    [
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'the certificate of h.example is signed by an unknown authority (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)',
      '--ca-file',
    ],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'the certificate of h.example is self-signed (SELF_SIGNED_CERT_IN_CHAIN)',
      'NODE_EXTRA_CA_CERTS',
    ],
    [
      'CERT_HAS_EXPIRED',
      'the certificate of h.example has expired',
      'clock of this machine: it says 2026-01-31 10:20 UTC',
    ],
    ['CERT_NOT_YET_VALID', 'the certificate of h.example is not valid yet', '2026-01-31 10:20 UTC'],
    [
      'HPE_INVALID_CONSTANT',
      'h.example answered with something that is not HTTP (HPE_INVALID_CONSTANT)',
      'captive portal',
    ],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate of h.example is for another name', 'spelling'],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'the TLS handshake with h.example failed (ERR_SSL_WRONG_VERSION_NUMBER)',
      'HTTPS',
    ],
    ['EWHATEVER', 'the request to h.example failed (EWHATEVER)', 'try again'],
  ])('%s', (code, message, hint) => {
    const error = networkError(failure(code), { host: 'h.example' }, now)
    expect(error).toMatchObject({ code: 'network', message, hint: expect.stringContaining(hint) as string })
    expect(error.cause).toMatchObject({ code })
  })

  it('blames the proxy for what happens on the way to it', () => {
    expect(networkError(failure('ECONNREFUSED'), { host: 'h.example', proxy: 'p:8080' }, now)).toMatchObject({
      message: 'the proxy p:8080 refused the connection on the way to h.example',
      hint: expect.stringContaining('HTTPS_PROXY') as string,
    })
  })

  it('leaves what is already explained alone', () => {
    const known = new EntraAuthError('timeout', 'known')
    expect(networkError(known, { host: 'h.example' }, now)).toBe(known)
  })
})
