import { describe, expect, it } from 'vitest'
import { knownMetadata, readMetadata, withMetadata } from '../../../src/core/authority-metadata.ts'
import { readProfile } from '../../../src/core/profiles/profile-record.ts'
import type { HttpRequest, HttpResponse } from '../../../src/core/ports.ts'
import { TokenCache } from '../../../src/core/token-cache.ts'
import { tokenRequest, type TokenRequest } from '../../../src/core/token-request.ts'
import { obtainToken } from '../../../src/core/tokens.ts'
import { silentVoice } from '../../../src/core/voice.ts'
import { rejectionOf } from '../../support/failure.ts'
import { silentInteraction } from '../../support/interaction.ts'
import { cacheDirectory, type MemoryHost } from '../../support/memory-host.ts'
import { clientId, daemon, hostWith, recordOf, tenantId, vaultPath } from '../../support/profiles.ts'
import { appAnswer, personAnswer, refusal } from '../../support/scripted-authority.ts'

const origin = 'https://login.contoso.test'
const now = new Date('2026-01-31T10:00:00Z')
const day = 24 * 3600 * 1000
const cachePath = `${cacheDirectory}/entra-auth-cli.ci.bin`
const profile = { authority: origin, tenantId, caFile: undefined }
const endpoints = {
  authorization_endpoint: `${origin}/${tenantId}/oauth2/v2.0/authorize`,
  token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token`,
  issuer: `${origin}/${tenantId}/v2.0`,
  jwks_uri: `${origin}/${tenantId}/discovery/v2.0/keys`,
}
const kept = withMetadata([], endpoints, profile, now)
const after = (milliseconds: number) => new Date(now.getTime() + milliseconds)

describe('what is kept of an authority', () => {
  it('is what MSAL reads, and nothing else of the answer', () => {
    expect(withMetadata([], { ...endpoints, userinfo_endpoint: 'x' }, profile, now)).toEqual(kept)
    expect(JSON.parse(knownMetadata(kept, profile, now) ?? '')).toEqual(endpoints)
  })

  it.each<[string, boolean, number]>([
    ['at once', true, 0],
    ['for a day', true, day - 1],
    ['not a day later', false, day],
    ['not before it was fetched, by a clock that was set back', false, -1],
  ])('is known %s', (_when, isKnown, milliseconds) => {
    expect(knownMetadata(kept, profile, after(milliseconds)) !== undefined).toBe(isKnown)
  })

  it.each<[string, object]>([
    ['tenant', { tenantId: 'fabrikam.com' }],
    ['authority', { authority: 'https://login.microsoftonline.us' }],
    ['certificate authority', { caFile: '/etc/ca.pem' }],
  ])('is not known of another %s, and stays beside what is kept of that', (_what, other) => {
    const others = { ...profile, ...other }
    expect(knownMetadata(kept, others, now)).toBeUndefined()
    const home = {
      ...endpoints,
      token_endpoint: `${others.authority}/t`,
      authorization_endpoint: `${others.authority}/a`,
    }
    const both = withMetadata(kept, home, others, now)
    expect(knownMetadata(both, profile, now)).toBe(JSON.stringify(endpoints))
    expect(knownMetadata(both, others, now)).toBe(JSON.stringify(home))
  })

  it('is replaced by a newer answer, and goes when it is over', () => {
    const moved = { ...endpoints, token_endpoint: `${origin}/moved/token` }
    const newer = withMetadata(kept, moved, profile, after(1000))
    expect(newer).toHaveLength(1)
    expect(knownMetadata(newer, profile, after(day))).toBe(JSON.stringify(moved))
    expect(withMetadata(kept, undefined, profile, after(day - 1))).toEqual(kept)
    expect(withMetadata(kept, undefined, profile, after(day))).toEqual([])
  })

  it.each<[string, object]>([
    ['a token endpoint elsewhere', { token_endpoint: 'https://evil.test/token' }],
    ['a token endpoint that only looks like home', { token_endpoint: `${origin}@evil.test/token` }],
    ['a token endpoint of another port', { token_endpoint: `${origin}:8443/token` }],
    ['a token endpoint without TLS', { token_endpoint: 'http://login.contoso.test/token' }],
    ['a sign-in page elsewhere', { authorization_endpoint: 'https://evil.test/authorize' }],
    ['no address', { token_endpoint: 'token' }],
    ['no text', { token_endpoint: 1 }],
    ['a missing issuer', { issuer: undefined }],
  ])('is nothing where the answer has %s, which also ends what was kept before', (_what, wrong) => {
    expect(withMetadata(kept, { ...endpoints, ...wrong }, profile, now)).toEqual([])
  })

  it('is looked at again when it is read: a file of another version may hold anything', () => {
    const evil = [{ ...kept[0], endpoints: { ...endpoints, token_endpoint: 'https://evil.test/token' } }]
    expect(knownMetadata(readMetadata(evil), profile, now)).toBeUndefined()
    expect(readMetadata(kept)).toEqual(kept)
    for (const nonsense of [
      undefined,
      null,
      1,
      'x',
      {},
      [null],
      [1],
      [{}],
      [{ ...kept[0], endpoints: null }],
    ])
      expect(readMetadata(nonsense)).toEqual([])
  })
})

interface Authority {
  readonly host: MemoryHost
  /** As in `GET openid-configuration` and `POST token`. */
  readonly requests: string[]
  /** Whose endpoints the authority names from now on. */
  moveTo(path: string): void
  obtain(wishes?: Partial<TokenRequest>, record?: object): Promise<string>
}

/** An authority that gives every app a new token, at `oauth2/v2.0/token` until it moves. */
function authority(answerToken: () => object = appToken): Authority {
  const requests: string[] = []
  let path = 'oauth2/v2.0'
  const http = ({ method, url }: HttpRequest): HttpResponse => {
    const at = new URL(url)
    requests.push(`${method} ${at.pathname.split('/').at(-1)}`)
    const base = `${at.origin}/${at.pathname.split('/')[1]}`
    const said = {
      ...endpoints,
      authorization_endpoint: `${base}/${path}/authorize`,
      token_endpoint: `${base}/${path}/token`,
      issuer: `${base}/v2.0`,
    }
    if (method === 'GET') return answer(200, said)
    const isThere = [`/${path}/token`, `/${path}/devicecode`].some((end) => at.pathname.endsWith(end))
    return isThere ? answer(200, answerToken()) : { status: 404, headers: {}, body: '<html>' }
  }
  const host = hostWith([], { http, now: new Date(), env: { AZURE_CLIENT_SECRET: 's3cret' } })
  return {
    host,
    requests,
    moveTo: (to) => void (path = to),
    obtain: async (wishes = {}, record = {}) => {
      const read = readProfile(recordOf({ ...daemon, authority: origin, ...record }))
      const request = tokenRequest(read, { fresh: true, ...wishes })
      return (await obtainToken(request, host, silentInteraction(), new AbortController().signal)).token
    },
  }
}

const appToken = () => appAnswer('token')
const answer = (status: number, body: object) => ({ status, headers: {}, body: JSON.stringify(body) })
const discovery = 'GET openid-configuration'
const token = 'POST token'

describe('the requests for a token from an authority that MSAL does not know by heart', () => {
  it('are two the first time and one from then on, for a day', async () => {
    const { host, requests, obtain } = authority()
    await obtain()
    expect(requests).toEqual([discovery, token])
    await obtain()
    await obtain()
    expect(requests.slice(2)).toEqual([token, token])
    host.setNow(new Date(host.now().getTime() + day))
    await obtain()
    await obtain()
    expect(requests.slice(4)).toEqual([discovery, token, token])
  })

  it('are one each of many at once, after the first', async () => {
    const { requests, obtain } = authority()
    await Promise.all(Array.from({ length: 5 }, () => obtain()))
    expect(requests).toEqual([discovery, token, token, token, token, token])
  })

  it.each<[string, Partial<TokenRequest>, object]>([
    ['tenant', {}, { tenantId: 'fabrikam.test' }],
    ['authority', {}, { authority: 'https://login.fabrikam.test' }],
    ['CA file', {}, { caFile: '/ca.pem' }],
  ])('are two again for another %s', async (_what, wishes, record) => {
    const { requests, obtain } = authority()
    await obtain()
    await obtain(wishes, record)
    await obtain(wishes, record)
    expect(requests).toEqual([discovery, token, discovery, token, token])
  })

  it('are two again where the file is damaged, gone, or was cleared', async () => {
    const { host, requests, obtain } = authority()
    await obtain()
    host.fileMap.set(cachePath, Buffer.from('EAC1 nonsense'))
    await obtain()
    host.fileMap.delete(cachePath)
    await obtain()
    await new TokenCache('ci', host, silentVoice).clear()
    await obtain()
    expect(requests.filter((one) => one === discovery)).toHaveLength(4)
  })

  it('keep nothing with --no-cache', async () => {
    const { host, requests, obtain } = authority()
    await obtain({ store: false })
    await obtain({ store: false })
    expect(requests).toEqual([discovery, token, discovery, token])
    expect(host.fileMap.has(cachePath)).toBe(false)
  })

  it('ask anew where the endpoint is gone, send the form to the new one, and keep that', async () => {
    const { requests, moveTo, obtain } = authority()
    await obtain()
    moveTo('oauth3')
    expect(await obtain()).toBe('token')
    await obtain()
    expect(requests.slice(2)).toEqual([token, discovery, token, token])
  })

  it('are not sent again where the authority says no', async () => {
    const said = [appAnswer('token'), refusal('invalid_client', 7000215, 'Invalid client secret provided.')]
    const { requests, obtain } = authority(() => said.shift() ?? {})
    await obtain()
    expect(await rejectionOf(obtain())).toMatchObject({ code: 'authentication_failed', entraCode: 7000215 })
    expect(requests).toEqual([discovery, token, token])
  })

  it('never go to another origin by what was kept, and then the authority is asked', async () => {
    const { host, requests, obtain } = authority()
    await obtain()
    // MSAL puts the tenant in the place of the segment that the sign-in page's address begins with: here, the host.
    const twisted = { ...endpoints, authorization_endpoint: `${origin}/login.contoso.test/authorize` }
    const metadata = withMetadata([], twisted, { ...profile, tenantId: 'evil.test' }, host.now())
    await new TokenCache('ci', host, silentVoice).change((tokens) => ({ ...tokens, authorities: metadata }))
    requests.length = 0
    expect(await obtain({}, { tenantId: 'evil.test' })).toBe('token')
    expect(requests).toEqual([discovery, token])
  })

  it('leave nothing readable behind', async () => {
    const { host, obtain } = authority()
    await obtain()
    expect(host.fileMap.get(cachePath)?.includes('contoso.test')).toBe(false)
  })

  it('are one for the refresh token of a person, whose sign-in asked the authority itself', async () => {
    const anna = { objectId: clientId, tenantId, username: 'anna@contoso.test' }
    const scope = 'https://graph.microsoft.com/User.Read offline_access'
    const code = { device_code: 'd', user_code: 'U', verification_uri: origin, interval: 0 }
    const { requests, obtain } = authority(() => personAnswer(anna, 'token', scope, 'refresh', code))
    const record = { authMethod: undefined, scopes: ['https://graph.microsoft.com/User.Read'] }
    const byDeviceCode = (wishes: Partial<TokenRequest> = {}) =>
      obtain({ flow: 'device-code', ...wishes }, record)
    await byDeviceCode()
    expect(requests).toEqual([discovery, 'POST devicecode', token])
    await byDeviceCode()
    expect(requests.slice(3)).toEqual([token])
    const { signIn } = tokenRequest(readProfile(recordOf()), {})
    await byDeviceCode({ signIn: { ...signIn, prompt: 'login' } })
    expect(requests.slice(4)).toEqual([discovery, 'POST devicecode', token])
  })

  it('are one for on-behalf-of too, once a vault is there; no token is kept, and no vault is made for it', async () => {
    const { host, requests, obtain } = authority()
    const assertion = ['{}', JSON.stringify({ aud: clientId, exp: 4_000_000_000 }), 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.')
    const onBehalfOf = () => obtain({ flow: 'on-behalf-of', userAssertion: assertion })
    await onBehalfOf()
    await onBehalfOf()
    expect(requests).toEqual([discovery, token, discovery, token])
    expect(host.fileMap.has(vaultPath)).toBe(false)

    await obtain({}, { name: 'other' })
    requests.length = 0
    await onBehalfOf()
    await onBehalfOf()
    expect(requests).toEqual([discovery, token, token])
    expect(await new TokenCache('ci', host, silentVoice).read()).toMatchObject({
      msalText: '',
      signedIn: undefined,
    })
  })
})
