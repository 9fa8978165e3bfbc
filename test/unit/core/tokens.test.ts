import { describe, expect, it } from 'vitest'
import { mergeMsalCaches } from '../../../src/core/msal-cache-session.ts'
import { readProfile } from '../../../src/core/profiles/profile-record.ts'
import { TokenCache } from '../../../src/core/token-cache.ts'
import { tokenRequest, type TokenRequest } from '../../../src/core/token-request.ts'
import { obtainToken } from '../../../src/core/tokens.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { rejectionOf } from '../../support/failure.ts'
import { silentInteraction } from '../../support/interaction.ts'
import { cacheDirectory, noKeychain, type MemoryHostOptions } from '../../support/memory-host.ts'
import { daemon, hostWith, recordOf, tenantId } from '../../support/profiles.ts'
import { appAnswer, scriptedAuthority, type Scene } from '../../support/scripted-authority.ts'
import { silentVoice } from '../../../src/core/voice.ts'

const noSignal = new AbortController().signal
const cachePath = `${cacheDirectory}/entra-auth-cli.ci.bin`

function world(scenes: readonly Scene[], options: MemoryHostOptions = {}) {
  const script = scriptedAuthority(tenantId, scenes)
  const host = hostWith([], {
    http: script.http,
    now: new Date(),
    ...options,
    env: { AZURE_CLIENT_SECRET: 's3cret', ...options.env },
  })
  return { script, host, interaction: silentInteraction() }
}

function request(wishes: Partial<TokenRequest> = {}, record: object = {}): TokenRequest {
  return tokenRequest(readProfile(recordOf({ ...daemon, ...record })), wishes)
}

const scene = (token: string): Scene => ({
  form: { grant_type: 'client_credentials', client_secret: 's3cret' },
  answer: appAnswer(token),
})

describe('two at once', () => {
  it('cause one token request, and one of them is told that it waits', async () => {
    const { script, host, interaction } = world([scene('token-1')])
    const both = await Promise.all([1, 2].map(() => obtainToken(request(), host, interaction, noSignal)))
    script.finish()
    expect(both.map(({ token }) => token)).toEqual(['token-1', 'token-1'])
    expect(both.map(({ fromCache }) => fromCache).toSorted()).toEqual([false, true])
    expect(interaction.waits).toEqual([4711])
  })

  it('of two profiles do not wait for each other, nor share a token', async () => {
    const { script, host, interaction } = world([scene('token-1'), scene('token-2')])
    const both = await Promise.all(
      ['ci', 'other'].map((name) => obtainToken(request({}, { name }), host, interaction, noSignal)),
    )
    script.finish()
    expect(new Set(both.map(({ token }) => token)).size).toBe(2)
    expect(interaction.waits).toEqual([])
  })

  it('of which the first fails leave the second its own try', async () => {
    const { script, host, interaction } = world([
      { form: {}, answer: new EntraAuthError('network', 'the line is dead') },
      scene('token-2'),
    ])
    const outcomes = await Promise.allSettled(
      [1, 2].map(() => obtainToken(request(), host, interaction, noSignal)),
    )
    script.finish()
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })
})

describe('what is kept', () => {
  it('is one sealed file, in which nothing can be read', async () => {
    const { host, interaction } = world([scene('secret-token-text')])
    await obtainToken(request(), host, interaction, noSignal)
    const sealed = host.fileMap.get(cachePath)!
    expect(sealed.toString('latin1', 0, 4)).toBe('EAC1')
    expect(sealed.includes('secret-token-text')).toBe(false)
  })

  it('is nothing where nothing shall be', async () => {
    const { host, interaction } = world([scene('token')])
    await obtainToken(request({ store: false }), host, interaction, noSignal)
    expect(host.fileMap.has(cachePath)).toBe(false)
  })

  it('holds tokens for several scopes side by side', async () => {
    const { script, host, interaction } = world([scene('for-graph'), scene('for-arm')])
    const arm = request({ scopes: ['https://management.core.windows.net//.default'] })
    const get = async (wanted: TokenRequest) => (await obtainToken(wanted, host, interaction, noSignal)).token
    expect(await get(request())).toBe('for-graph')
    expect(await get(arm)).toBe('for-arm')
    expect(await get(request())).toBe('for-graph')
    expect(await get(arm)).toBe('for-arm')
    script.finish()
    expect(script.posted.map((form) => form.get('scope'))).toEqual([
      'https://graph.microsoft.com/.default',
      'https://management.core.windows.net//.default',
    ])
  })

  it('costs nobody a token where it cannot be kept', async () => {
    const { host, interaction } = world([scene('token')], {
      keychain: noKeychain,
      env: { ENTRA_AUTH_CLI_REQUIRE_SECURE: '1' },
    })
    const { token } = await obtainToken(request(), host, interaction, noSignal)
    expect(token).toBe('token')
    expect(interaction.warnings).toEqual([expect.stringContaining('the token could not be kept: ')])
    expect(host.fileMap.has(cachePath)).toBe(false)
  })
})

describe('a token cache that does not open', () => {
  it.each([
    ['is no sealed file', Buffer.from('garbage'), 'not-sealed'],
    ['is empty', Buffer.alloc(0), 'not-sealed'],
    ['was changed', undefined, 'does-not-verify'],
  ])('because it %s is said once, and replaced', async (_why, content, damage) => {
    const { script, host, interaction } = world([scene('old'), scene('new')])
    await obtainToken(request(), host, interaction, noSignal)
    const sealed = host.fileMap.get(cachePath)!
    const changed = Buffer.from(sealed)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    host.fileMap.set(cachePath, content ?? changed)

    expect(await obtainToken(request(), host, interaction, noSignal)).toMatchObject({ token: 'new' })
    expect(interaction.warnings).toEqual([
      `the token cache "${cachePath}" does not open (${damage}); a new sign-in replaces it`,
    ])
    expect(await obtainToken(request(), host, interaction, noSignal)).toMatchObject({ fromCache: true })
    script.finish()
  })

  it('because its key is gone is left alone: exit code 8, and no token is asked for', async () => {
    const { script, host, interaction } = world([scene('old')])
    await obtainToken(request(), host, interaction, noSignal)
    host.keychainItems.clear()
    const before = new Map(host.fileMap)
    const failure = await rejectionOf(obtainToken(request(), host, interaction, noSignal))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(host.fileMap).toEqual(before)
    expect(script.posted).toHaveLength(1)
  })

  it('of another profile under this name counts as damaged', async () => {
    const { host, interaction } = world([scene('others'), scene('mine')])
    await obtainToken(request({}, { name: 'other' }), host, interaction, noSignal)
    host.fileMap.set(cachePath, host.fileMap.get(`${cacheDirectory}/entra-auth-cli.other.bin`)!)
    expect(await obtainToken(request(), host, interaction, noSignal)).toMatchObject({ token: 'mine' })
  })
})

describe('signing out', () => {
  it('tells whether there was anything to forget', async () => {
    const { host, interaction } = world([scene('token')])
    await obtainToken(request(), host, interaction, noSignal)
    const cache = new TokenCache('ci', host, silentVoice)
    expect(await cache.clear()).toBe(true)
    expect(await cache.clear()).toBe(false)
    expect(await cache.read()).toMatchObject({ msal: {}, msalText: '', signedIn: undefined })
  })
})

describe('two MSAL caches', () => {
  it('are merged entry by entry, the newer one winning', () => {
    const older = {
      AccessToken: { a: { secret: 'old' }, b: { secret: 'kept' } },
      RefreshToken: { r: { x: 1 } },
    }
    const newer = { AccessToken: { a: { secret: 'new' }, c: { secret: 'added' } }, Account: { p: { y: 2 } } }
    expect(JSON.parse(mergeMsalCaches(JSON.stringify(older), JSON.stringify(newer)))).toEqual({
      AccessToken: { a: { secret: 'new' }, b: { secret: 'kept' }, c: { secret: 'added' } },
      RefreshToken: { r: { x: 1 } },
      Account: { p: { y: 2 } },
    })
  })
  it.each(['', 'nonsense', 'null'])('of which the older one is %j are the newer one', (older) => {
    expect(JSON.parse(mergeMsalCaches(older, '{"AccessToken":{"a":{}}}'))).toEqual({ AccessToken: { a: {} } })
  })
})

describe('a network that fails', () => {
  it('is told as it failed, not as MSAL names it', async () => {
    const failure = new EntraAuthError('network', 'the proxy is not there', { hint: 'check HTTPS_PROXY' })
    const { host, interaction } = world([{ form: {}, answer: failure }])
    expect(await rejectionOf(obtainToken(request(), host, interaction, noSignal))).toBe(failure)
  })

  it('by a defect of ours is not told as a refusal of Entra', async () => {
    const defect = new TypeError('x is not a function')
    const { host, interaction } = world([{ form: {}, answer: defect }])
    await expect(obtainToken(request(), host, interaction, noSignal)).rejects.toBe(defect)
  })

  it('by an answer that is not JSON names the host that gave it', async () => {
    const { host, interaction } = world([], {
      http: () => ({ status: 200, headers: {}, body: '<html>captive portal</html>' }),
    })
    const failure = await rejectionOf(obtainToken(request(), host, interaction, noSignal))
    expect(failure).toMatchObject({ code: 'network', exitCode: 5 })
    expect(failure.message).toContain('login.microsoftonline.com')
    expect(failure.message).not.toContain('captive')
  })
})
