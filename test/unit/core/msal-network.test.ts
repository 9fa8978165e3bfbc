import { describe, expect, it } from 'vitest'
import { MsalNetwork } from '../../../src/core/msal-network.ts'
import type { HttpResponse } from '../../../src/core/ports.ts'
import { rejectionOf } from '../../support/failure.ts'

const url = 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token'
const page = '<html>Our services are not available right now</html>'

function post(answer: Partial<HttpResponse>, body: string) {
  const http = { send: async () => ({ status: 200, headers: {}, body: '', ...answer }) }
  return new MsalNetwork(http, undefined, new AbortController().signal).sendPostRequestAsync(url, { body })
}

describe('an authority that cannot answer now', () => {
  it.each<[Partial<HttpResponse>, string, string]>([
    [{ status: 429 }, 'was asked too often (429)', 'try again in a minute'],
    [{ status: 429, headers: { 'retry-after': '120' } }, 'was asked too often (429)', 'try again in 120 s'],
    [
      { status: 503, headers: { 'retry-after': 'Sat, 31 Jan 2026 10:00:12 GMT' }, body: page },
      'cannot answer now (503)',
      'try again at 10:00:12 UTC; if it stays so, a proxy may answer in its place: look at it with --verbose',
    ],
    [{ status: 502, body: '{}' }, 'cannot answer now (502)', 'try again in a minute; if it stays so'],
    [{ status: 504, headers: { 'retry-after': 'soon' } }, 'cannot answer now (504)', 'try again in a minute'],
  ])('is no authority that answers nonsense: %j', async (answer, fact, hint) => {
    const failure = await rejectionOf(post(answer, 'grant_type=client_credentials'))
    expect(failure).toMatchObject({ code: 'network', message: `login.microsoftonline.com ${fact}` })
    expect(failure.hint).toContain(hint)
  })

  it('and says why is heard', async () => {
    const body = JSON.stringify({ error: 'temporarily_unavailable', error_description: 'AADSTS90033: …' })
    const answer = await post({ status: 503, body }, 'grant_type=client_credentials')
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
  })

  it('is asked again where a person is signing in with a device code', async () => {
    const grant = 'urn:ietf:params:oauth:grant-type:device_code'
    for (const body of [`grant_type=${encodeURIComponent(grant)}`, 'grant_type=device_code'])
      expect(await post({ status: 503, body: page }, body)).toMatchObject({
        status: 400,
        body: { error: 'authorization_pending' },
      })
  })

  it('does not keep a device code from being asked for in vain', async () => {
    const failure = await rejectionOf(post({ status: 503, body: page }, 'client_id=x&scope=y'))
    expect(failure.message).toBe('login.microsoftonline.com cannot answer now (503)')
  })
})
