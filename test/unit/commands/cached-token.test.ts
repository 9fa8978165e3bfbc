import { describe, expect, it } from 'vitest'
import { cachedToken } from '../../../src/commands/cached-token.ts'
import { TokenCache } from '../../../src/core/token-cache.ts'
import { rejectionOf } from '../../support/failure.ts'
import { clientId, hostWith, recordOf, tenantId } from '../../support/profiles.ts'
import { silentVoice } from '../../../src/core/voice.ts'

const anna = `aaaa.${tenantId}`
const scope = 'https://graph.microsoft.com/User.Read'

async function tokenAmong(entries: readonly object[], record: object = {}) {
  const host = hostWith([recordOf(record)])
  const stored = entries.map((fields, index) => [
    String(index),
    {
      home_account_id: anna,
      environment: 'login.windows.net',
      client_id: clientId,
      realm: tenantId,
      target: scope,
      secret: 'token',
      expires_on: '2000000000',
      ...fields,
    },
  ])
  const msalText = JSON.stringify({ AccessToken: Object.fromEntries(stored) })
  await new TokenCache('work', host, silentVoice).change(() => ({ msalText, signedIn: anna, tenantIds: {} }))
  return cachedToken('WORK', host)
}

describe("a profile's cached token", () => {
  it('is the one for its own scopes', async () => {
    const other = { target: 'api://x/y', secret: 'other', expires_on: '3000000000' }
    expect(await tokenAmong([other, { secret: 'own' }])).toBe('own')
  })
  it('is else one for other scopes', async () => {
    expect(await tokenAmong([{ target: 'api://x/y', secret: 'other' }])).toBe('other')
  })
  it("is else the app's own", async () => {
    expect(await tokenAmong([{ home_account_id: '', secret: 'app' }])).toBe('app')
  })
  it('may be over, for it is looked at', async () => {
    expect(await tokenAmong([{ expires_on: '1', secret: 'old' }])).toBe('old')
  })
  it("is nobody else's guess where several people are signed in", async () => {
    const host = hostWith([recordOf()])
    const people = ['anna', 'bert'].map((name) => [
      name,
      { home_account_id: name, realm: tenantId, username: `${name}@contoso.com` },
    ])
    const msalText = JSON.stringify({ Account: Object.fromEntries(people) })
    const cache = new TokenCache('work', host, silentVoice)
    await cache.change(() => ({ msalText, signedIn: undefined, tenantIds: {} }))
    expect(await rejectionOf(cachedToken('work', host))).toMatchObject({
      code: 'general',
      message: 'several people are signed in for "work"',
      hint: '"entra-auth-cli get-token -p work" asks whose token is meant, and keeps the answer',
    })
  })
  it.each([
    ['nothing is cached', []],
    ["what is cached is another person's", [{ home_account_id: 'bbbb.x' }]],
    ['what is cached is of another app', [{ client_id: tenantId }]],
  ])('is missing where %s', async (_why, entries) => {
    expect(await rejectionOf(tokenAmong(entries))).toMatchObject({
      code: 'general',
      message: 'no token is cached for profile "work"',
      hint: 'get one with "entra-auth-cli get-token -p work"',
    })
  })
})
