import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appServiceTarget, bearer, port, secret, service, withSecret, type AskOptions } from './served.ts'

const identityHeader = withSecret.headers

/** Asks, and expects that nothing was given away: no token, no secret, no request to Entra, no trust. */
async function refuses(target: string, options: AskOptions, status: number): Promise<void> {
  const { ask, wishes } = service({ imds: true })
  const answer = await ask(target, options)
  expect(answer.status).toBe(status)
  expect(answer.text).not.toContain(secret)
  expect(answer.text).not.toContain('the.token.itself')
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect({ wishes, keepOpen: answer.keepOpen, isTrusted: answer.isTrusted }).toEqual({
    wishes: [],
    keepOpen: false,
    isTrusted: false,
  })
}

describe('without the secret', () => {
  it.each<[string, string, AskOptions]>([
    ['none', appServiceTarget, {}],
    ['an empty one', appServiceTarget, { headers: { 'x-identity-header': '' } }],
    ['a wrong one', appServiceTarget, { headers: { 'x-identity-header': 'x'.repeat(secret.length) } }],
    ['its beginning', appServiceTarget, { headers: { 'x-identity-header': secret.slice(0, -1) } }],
    ['more than it', appServiceTarget, { headers: { 'x-identity-header': `${secret}0` } }],
    ['it in the query', `${appServiceTarget}&secret=${secret}`, {}],
    ['it in the header of another protocol', appServiceTarget, bearer],
    ['none, plain', '/token', {}],
    ['it without Bearer', '/token', { headers: { authorization: secret } }],
    ['it as Basic', '/token', { headers: { authorization: `Basic ${secret}` } }],
    ['none, azd', '/azd/token?api-version=2023-07-12-preview', { method: 'POST', body: '{}' }],
  ])('gives nothing for %s', async (_what, target, options) => {
    await refuses(target, options, 401)
  })

  it('gives nothing for any text that is not it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await refuses(appServiceTarget, { headers: { 'x-identity-header': text } }, 401)
      }),
    )
  })
})

describe('from a browser', () => {
  it.each([
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:${port}.evil.example`,
    `localhost.evil.example:${port}`,
    `2130706433:${port}`,
    `0.0.0.0:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `user@127.0.0.1:${port}`,
    '',
  ])('refuses the host %j, however it led here', async (host) => {
    await refuses(appServiceTarget, { headers: { ...identityHeader, host } }, 403)
  })

  it('refuses a request that names no host', async () => {
    await refuses(appServiceTarget, { headers: { ...identityHeader, host: undefined } }, 403)
  })

  it.each([`127.0.0.1:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])('answers at %s', async (host) => {
    const { status } = await service().ask(appServiceTarget, { headers: { ...identityHeader, host } })
    expect(status).toBe(200)
  })

  it.each([
    ['origin', 'https://evil.example'],
    ['origin', 'null'],
    ['origin', `http://127.0.0.1:${port}`],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-origin'],
    ['sec-fetch-site', 'none'],
    ['sec-fetch-dest', 'image'],
    ['access-control-request-private-network', 'true'],
  ])('refuses %s: %s, also with the secret', async (name, value) => {
    await refuses(appServiceTarget, { headers: { ...identityHeader, [name]: value } }, 403)
  })

  it('answers no preflight', async () => {
    await refuses(appServiceTarget, { method: 'OPTIONS' }, 405)
  })

  it("takes Node's own fetch for a program", async () => {
    const headers = { ...identityHeader, 'sec-fetch-mode': 'cors', 'accept-language': '*' }
    expect((await service().ask(appServiceTarget, { headers })).status).toBe(200)
  })
})

describe('of another user of this machine', () => {
  it('refuses a connection also with the secret', async () => {
    await refuses(appServiceTarget, { ...withSecret, isAnotherUsers: true }, 403)
  })
})

describe('requests that two readers could read differently', () => {
  it.each<[string, AskOptions, number]>([
    ['two hosts', { ...withSecret, more: [['host', 'evil.example']] }, 400],
    ['the secret twice', { ...withSecret, more: [['x-identity-header', secret]] }, 400],
    [
      'two lengths',
      {
        ...withSecret,
        more: [
          ['content-length', '0'],
          ['content-length', '5'],
        ],
      },
      400,
    ],
    ['a body where none belongs', { ...withSecret, body: 'GET /token HTTP/1.1' }, 400],
    ['chunks', { headers: { ...identityHeader, 'transfer-encoding': 'chunked' } }, 411],
    ['chunks by another name', { headers: { ...identityHeader, 'transfer-encoding': 'xchunked' } }, 411],
    ['another protocol', { headers: { ...identityHeader, upgrade: 'websocket' } }, 400],
    ['a go-ahead', { headers: { ...identityHeader, expect: '100-continue' } }, 417],
  ])('refuses %s', async (_what, options, status) => {
    await refuses(appServiceTarget, options, status)
  })

  it.each([
    [`http://evil.example${appServiceTarget}`, 400],
    ['*', 400],
    ['', 400],
    ['/msi/token\u00e9', 400],
    [`/${'a'.repeat(9000)}`, 414],
    ['/msi/../msi/token', 404],
    ['//msi/token', 404],
    ['/MSI/token', 404],
    ['/msi/token/', 404],
    ['/msi%2ftoken', 404],
    ['/', 404],
    ['/.env', 404],
    ['/__proto__', 404],
  ])('refuses the target %.40s', async (target, status) => {
    await refuses(target, withSecret, status)
  })

  it.each(['POST', 'PUT', 'HEAD', 'DELETE', 'TRACE', 'CONNECT', 'PRI'])('refuses %s', async (method) => {
    await refuses(appServiceTarget, { ...withSecret, method }, 405)
  })
})

it('answers anything at all with an answer', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 })
  const { ask, log } = service({ imds: true })
  await fc.assert(
    fc.asyncProperty(text, text, fc.array(fc.tuple(text, text)), text, async (method, target, more, body) => {
      const answer = await ask(target, { method, more, body })
      expect(answer.status).toBeGreaterThanOrEqual(400)
    }),
  )
  expect(log.filter((line) => line.startsWith('broken'))).toEqual([])
})
