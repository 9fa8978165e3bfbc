import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MsalNetwork } from '../../../src/core/msal-network.ts'
import type { HttpResponse } from '../../../src/core/ports.ts'
import { EntraAuthError } from '../../../src/errors.ts'
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

describe('an authority that wants to be polled less often', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Polls an authority that always wants to be asked less often. */
  function poller() {
    const stop = new AbortController()
    let asked = 0
    const send = async () => {
      asked++
      return { status: 400, headers: {}, body: JSON.stringify({ error: 'slow_down' }) }
    }
    const network = new MsalNetwork({ send }, undefined, stop.signal)
    const poll = () => network.sendPostRequestAsync(url, { body: 'grant_type=device_code' })
    return { poll, stop, asked: () => asked }
  }

  it('is, by five seconds more each time, and MSAL does not give up', async () => {
    const { poll, asked } = poller()
    for (const seconds of [0, 5, 10]) {
      const before = asked()
      const answer = poll()
      await vi.advanceTimersByTimeAsync(Math.max(0, seconds * 1000 - 1))
      expect(asked()).toBe(seconds === 0 ? before + 1 : before)
      await vi.advanceTimersByTimeAsync(1)
      expect(asked()).toBe(before + 1)
      expect(await answer).toMatchObject({ status: 400, body: { error: 'authorization_pending' } })
    }
  })

  it('does not hold up who stops', async () => {
    const { poll, stop, asked } = poller()
    await poll()
    const failure = rejectionOf(poll())
    const reason = new EntraAuthError('interrupted', 'interrupted')
    stop.abort(reason)
    expect(await failure).toBe(reason)
    expect([asked(), vi.getTimerCount()]).toEqual([1, 0])
  })
})
