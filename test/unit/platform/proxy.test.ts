import { describe, expect, it } from 'vitest'
import { proxyFor } from '../../../src/platform/proxy.ts'
import { failureOf } from '../../support/failure.ts'

const entra = 'https://login.microsoftonline.com/common'

describe('the proxy of a request', () => {
  it.each([
    ['none', {}, entra, undefined],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://p:8080' }, entra, 'http://p:8080/'],
    ['lower case first', { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://p:2' }, entra, 'http://p:2/'],
    ['ALL_PROXY', { ALL_PROXY: 'http://p:8080' }, entra, 'http://p:8080/'],
    ['HTTP_PROXY is for plain HTTP', { HTTP_PROXY: 'http://p:8080' }, entra, undefined],
    ['without a scheme it speaks HTTP', { HTTPS_PROXY: 'p:8080' }, entra, 'http://p:8080/'],
    ['over TLS', { HTTPS_PROXY: 'https://p' }, entra, 'https://p/'],
    ['with a user', { HTTPS_PROXY: 'http://ann:s%40@p:1' }, entra, 'http://ann:s%40@p:1/'],
    [
      'exempt by name',
      { HTTPS_PROXY: 'http://p', NO_PROXY: 'a.com,login.microsoftonline.com' },
      entra,
      undefined,
    ],
    ['exempt by domain', { HTTPS_PROXY: 'http://p', NO_PROXY: 'microsoftonline.com' }, entra, undefined],
    [
      'exempt by dotted domain',
      { HTTPS_PROXY: 'http://p', no_proxy: '.microsoftonline.com' },
      entra,
      undefined,
    ],
    ['exempt by star', { HTTPS_PROXY: 'http://p', NO_PROXY: '*.microsoftonline.com' }, entra, undefined],
    ['all exempt', { HTTPS_PROXY: 'http://p', NO_PROXY: '*' }, entra, undefined],
    ['exempt port', { HTTPS_PROXY: 'http://p', NO_PROXY: 'microsoftonline.com:443' }, entra, undefined],
    ['another port', { HTTPS_PROXY: 'http://p', NO_PROXY: 'microsoftonline.com:8443' }, entra, 'http://p/'],
    ['not a mere ending', { HTTPS_PROXY: 'http://p', NO_PROXY: 'softonline.com' }, entra, 'http://p/'],
    ['this machine', { HTTPS_PROXY: 'http://p' }, 'https://localhost:8443/', undefined],
    ['this machine by address', { HTTPS_PROXY: 'http://p' }, 'https://127.0.0.1/', undefined],
    ['this machine by IPv6', { HTTPS_PROXY: 'http://p' }, 'https://[::1]:1/', undefined],
    [
      'managed identity',
      { HTTPS_PROXY: 'http://p', ALL_PROXY: 'http://p' },
      'http://169.254.169.254/metadata',
      undefined,
    ],
    ['a look-alike', { HTTPS_PROXY: 'http://p' }, 'https://127.evil.example/', 'http://p/'],
  ])('%s', (_, env, url, proxy) => {
    expect(proxyFor(new URL(url), env)?.href).toBe(proxy)
  })

  it.each([
    ['nonsense', { HTTPS_PROXY: 'http://zoe:s3cret@' }],
    ['a password with #', { HTTPS_PROXY: 'http://zoe:1#s3cret@p:1' }],
    ['a password with /', { HTTPS_PROXY: 'http://zoe:1/s3cret@p:1' }],
    ['a password with ?', { HTTPS_PROXY: 'http://zoe:1?s3cret@p:1' }],
    ['a password with %', { HTTPS_PROXY: 'http://zoe:s3cret%@p:1' }],
    ['another protocol', { ALL_PROXY: 'socks5://zoe:s3cret@p:1080' }],
  ])('is never passed by: %s is an error that repeats nothing of it', (_, env) => {
    const failure = failureOf(() => proxyFor(new URL(entra), env))
    expect(failure).toMatchObject({ code: 'network' })
    expect(`${failure.message} ${String(failure.hint)}`).not.toMatch(/zoe|s3cret/)
  })
  it.each([
    'http://zoe:1#s3cret@p:1',
    'http://zoe:s3cret#@p:1',
    'http://zoe:s3/cret@p',
    'http://zoe:s3cret?@p',
    String.raw`http://zoe:s3\cret@p`,
    'zoe:s3#cret@p:1',
    'http://zoe:s3cret%@p:1',
  ])('with such a password is told how to write it: %s', (text) => {
    const failure = failureOf(() => proxyFor(new URL(entra), { HTTPS_PROXY: text }))
    expect(failure.message).toBe('the user name or password of the proxy is not percent-encoded')
    expect(failure.hint).toContain('%23 for #')
  })

  it('that is a name with a path has no password to speak of', () => {
    const failure = failureOf(() => proxyFor(new URL(entra), { HTTPS_PROXY: 'http://p:port/path' }))
    expect(failure.message).toBe('the proxy in the environment cannot be used')
  })
})
