import { describe, expect, it, vi } from 'vitest'
import { findAccessToken } from '../../../src/core/find-access-token.ts'
import { readProfile } from '../../../src/core/profiles/profile-record.ts'
import { TokenCache } from '../../../src/core/token-cache.ts'
import { tokenRequest, type TokenRequest } from '../../../src/core/token-request.ts'
import { obtainToken } from '../../../src/core/tokens.ts'
import type { MemoryHost } from '../../support/memory-host.ts'
import { clientId, daemon, hostWith, recordOf, tenantId } from '../../support/profiles.ts'
import { silentInteraction } from '../../support/interaction.ts'
import { appAnswer, personAnswer, scriptedAuthority, type Scene } from '../../support/scripted-authority.ts'
import { silentVoice } from '../../../src/core/voice.ts'

// Real MSAL writes the cache; what it would hand out again and what we find in it must be the same token.

const noSignal = new AbortController().signal
const graph = 'https://graph.microsoft.com/User.Read'
const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }

interface Case {
  readonly what: string
  readonly record: object
  readonly scenes: readonly Scene[]
  readonly wishes?: Partial<TokenRequest>
  readonly authority?: string
  readonly tenant?: string
}

const appScene: Scene = {
  form: {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: 's3cret',
    scope: 'https://graph.microsoft.com/.default',
  },
  answer: appAnswer('app-token'),
}
const deviceScenes = (answer: object): readonly Scene[] => [
  {
    endpoint: 'devicecode',
    form: { client_id: clientId, scope: `${graph} openid profile offline_access` },
    answer: {
      device_code: 'dc',
      user_code: 'ABCD1234',
      verification_uri: 'https://microsoft.com/devicelogin',
      expires_in: 900,
      interval: 0,
      message: '',
    },
  },
  { form: { grant_type: 'device_code', client_id: clientId, device_code: 'dc' }, answer },
]
const device = { scopes: [graph], defaultFlow: 'DeviceCode' }
const hers = personAnswer(anna, 'her-token', `${graph} openid profile`, 'refresh-1')

const cases: readonly Case[] = [
  { what: "an app's token, public cloud", record: daemon, scenes: [appScene] },
  {
    what: "an app's token, US Government",
    record: { ...daemon, cloud: 'usgov', scopes: ['https://graph.microsoft.com/.default'] },
    scenes: [appScene],
    authority: 'https://login.microsoftonline.us',
  },
  {
    what: "an app's token, China",
    record: { ...daemon, cloud: 'china', scopes: ['https://graph.microsoft.com/.default'] },
    scenes: [appScene],
    authority: 'https://login.partner.microsoftonline.cn',
  },
  {
    what: "an app's token, an authority of one's own with a port",
    record: { ...daemon, authority: 'https://login.contoso.example:8443' },
    scenes: [appScene],
    authority: 'https://login.contoso.example:8443',
  },
  {
    what: "an app's token, tenant by domain",
    record: { ...daemon, tenantId: 'Contoso.onmicrosoft.com' },
    scenes: [appScene],
    tenant: 'contoso.onmicrosoft.com',
  },
  {
    what: "an app's token that should be renewed ahead of its end",
    record: daemon,
    scenes: [{ ...appScene, answer: appAnswer('app-token', { refresh_in: 1800 }) }],
  },
  { what: "a person's token", record: device, scenes: deviceScenes(hers) },
  {
    what: "a person's token, tenant by domain",
    record: { ...device, tenantId: 'contoso.onmicrosoft.com' },
    scenes: deviceScenes(hers),
    tenant: 'contoso.onmicrosoft.com',
  },
  {
    what: "a person's token, organizations",
    record: { ...device, tenantId: 'organizations' },
    scenes: deviceScenes(hers),
    tenant: 'organizations',
  },
  {
    what: "a person's token, authority of one's own",
    record: { ...device, authority: 'https://login.contoso.example:8443' },
    scenes: deviceScenes(hers),
    authority: 'https://login.contoso.example:8443',
  },
]

async function obtain(testCase: Case): Promise<{ host: MemoryHost; request: TokenRequest; token: string }> {
  const { scenes, authority, tenant = tenantId } = testCase
  const script = scriptedAuthority(tenant, scenes, authority)
  // MSAL reads the machine's clock, so the host is given the same.
  const host = hostWith([], { http: script.http, env: { AZURE_CLIENT_SECRET: 's3cret' }, now: new Date() })
  const request = tokenRequest(readProfile(recordOf(testCase.record)), testCase.wishes)
  const { token } = await obtainToken(request, host, silentInteraction(), noSignal)
  script.finish()
  return { host, request, token }
}

describe.each(cases)('$what', (testCase) => {
  it('is found again in what MSAL wrote', async () => {
    const { host, request, token } = await obtain(testCase)
    const cached = await new TokenCache(request.profile.name, host, silentVoice).read()
    const found = findAccessToken(cached, request, host.now())
    expect(found).toMatchObject({ token, fromCache: true, tokenType: 'Bearer' })
  })

  it('is the one MSAL itself would hand out', async () => {
    const { host, request, token } = await obtain(testCase)
    const cached = await new TokenCache(request.profile.name, host, silentVoice).read()
    expect(await answerOfMsal(cached.msalText, request, cached.signedIn)).toBe(token)
  })

  it('costs one sign-in, not two', async () => {
    const { host, request, token } = await obtain(testCase)
    vi.spyOn(host.http, 'send').mockRejectedValue(new Error('nothing may be asked'))
    const again = await obtainToken(request, host, silentInteraction(), noSignal)
    expect(again).toMatchObject({ token, fromCache: true })
  })
})

/** What MSAL answers from that cache with its own rules, and no network. */
async function answerOfMsal(
  msalText: string,
  request: TokenRequest,
  signedIn: string | undefined,
): Promise<string | undefined> {
  const { ConfidentialClientApplication, PublicClientApplication } = await import('@azure/msal-node')
  const { authority, tenantId: tenant, clientId } = request.profile
  const noNetwork = async (): Promise<never> => {
    throw new Error('MSAL asked the network')
  }
  const withDiscovery = scriptedAuthority(tenant, [], authority)
  const auth = {
    clientId,
    authority: `${authority}/${tenant}`,
    knownAuthorities: authority.includes('example') ? [new URL(authority).host] : [],
  }
  const networkClient = {
    sendGetRequestAsync: async <T>(url: string) => {
      const { status, headers, body } = await withDiscovery.http({ method: 'GET', url })
      return { status, headers: { ...headers }, body: JSON.parse(body) as T }
    },
    sendPostRequestAsync: noNetwork,
  }
  const system = { networkClient }
  if (request.flow === 'client-credentials') {
    const app = new ConfidentialClientApplication({ auth: { ...auth, clientSecret: 'x' }, system })
    app.getTokenCache().deserialize(msalText)
    return (await app.acquireTokenByClientCredential({ scopes: [...request.scopes] }))?.accessToken
  }
  const app = new PublicClientApplication({ auth, system })
  app.getTokenCache().deserialize(msalText)
  const account = (await app.getTokenCache().getAllAccounts()).find((one) => one.homeAccountId === signedIn)
  if (!account) return undefined
  return (await app.acquireTokenSilent({ account, scopes: [...request.scopes] })).accessToken
}
