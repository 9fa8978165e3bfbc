import { describe, expect, it } from 'vitest'
import { appLinks } from '../../../../src/core/app-check/app-links.ts'
import type { OwnProof } from '../../../../src/core/app-check/own-proof.ts'
import { checkApp } from '../../../../src/core/app-check/check-app.ts'
import type { Flow } from '../../../../src/core/flows/flow.ts'
import { isSameRedirect } from '../../../../src/core/app-check/redirect-uris.ts'
import {
  appFrom,
  askedOf,
  certificate,
  clientId,
  factsOf,
  federated,
  known,
  now,
  secret,
  told,
  unknown,
} from './apps.ts'

const inDays = (days: number) => new Date(now.getTime() + days * 24 * 60 * 60 * 1000).toISOString()

describe('a registered redirect URI', () => {
  it.each([
    ['http://localhost', 'http://localhost', true],
    ['http://localhost', 'http://localhost:8400', true],
    ['http://localhost', 'http://localhost/', true],
    ['http://localhost:5000/cb', 'http://localhost:8400/cb', true],
    ['http://127.0.0.1', 'http://127.0.0.1:8400', true],
    ['http://localhost', 'http://127.0.0.1', false],
    ['http://localhost', 'http://localhost/cb', false],
    ['http://localhost/CB', 'http://localhost/cb', false],
    ['http://localhost', 'https://localhost', false],
    ['https://localhost', 'https://localhost:8443', false],
    ['http://localhost/cb?a=1', 'http://localhost/cb', false],
    ['https://app.example/cb', 'https://app.example/cb', true],
    ['myapp://auth', 'myapp://auth', true],
    ['no address', 'http://localhost', false],
  ])('%s takes %s: %s', (registered, uri, expected) => {
    expect(isSameRedirect(registered, uri)).toBe(expected)
  })
})

describe('a sign-in in a browser', () => {
  const redirect = (
    uris: { publicClient?: string[]; web?: string[]; spa?: string[] },
    fields: Parameters<typeof askedOf>[0] = {},
  ) =>
    told(
      'redirect-uri',
      askedOf(fields),
      factsOf(
        appFrom({
          publicClient: { redirectUris: uris.publicClient },
          web: { redirectUris: uris.web },
          spa: { redirectUris: uris.spa },
        }),
      ),
    )
  const proving = { credential: secret, defaultFlow: 'authorization-code' } as const
  const usual = ['http://localhost']

  it.each<[string, Parameters<typeof redirect>[0], Parameters<typeof askedOf>[0], string]>([
    [
      'comes back to a desktop app',
      { publicClient: usual },
      {},
      'ok: "http://localhost" is registered for mobile and desktop applications',
    ],
    [
      'comes back to a web app that proves itself',
      { web: usual },
      proving,
      'ok: "http://localhost" is registered for the web',
    ],
    [
      'does not come back to a web app that does not',
      { web: usual },
      {},
      'failed: "http://localhost" is registered for the web, where the app must prove itself (AADSTS7000218)',
    ],
    [
      'does not let a desktop app prove itself',
      { publicClient: usual },
      proving,
      'failed: "http://localhost" is registered for mobile and desktop applications, which must not prove themselves (AADSTS700025)',
    ],
    [
      'does not come back to a page in the browser',
      { spa: usual },
      {},
      'failed: "http://localhost" is registered for single-page applications, whose codes only a browser can redeem (AADSTS9002327)',
    ],
    [
      'does not come back to what nobody registered',
      { publicClient: ['http://localhost/cb'] },
      {},
      'failed: "http://localhost" is not registered (AADSTS50011)',
    ],
    [
      'does not come back by IPv6',
      { publicClient: usual },
      { redirectUri: 'http://[::1]:8400' },
      'failed: "http://[::1]:8400" is not registered (AADSTS50011), and Entra registers no [::1]',
    ],
  ])('%s', (_what, uris, fields, expected) => {
    expect(redirect(uris, fields)).toEqual([expected])
  })

  it('is told which address would do', () => {
    const app = appFrom({ publicClient: { redirectUris: ['http://localhost/cb'] } })
    expect(
      checkApp(askedOf(), factsOf(app)).findings.find(({ name }) => name === 'redirect-uri'),
    ).toMatchObject({
      remedy:
        'register it under "Mobile and desktop applications", or "entra-auth-cli config edit work --redirect-uri http://localhost/cb", which is',
      page: expect.stringContaining('/~/Authentication/'),
    })
  })

  it('never makes a command of what somebody registered', () => {
    const app = appFrom({ publicClient: { redirectUris: ['http://localhost/$(reboot)'] } })
    const { findings } = checkApp(askedOf({ name: 'a; b' }), factsOf(app))
    expect(findings.find(({ name }) => name === 'redirect-uri')?.remedy).toContain(
      "config edit 'a; b' --redirect-uri 'http://localhost/$(reboot)'",
    )
  })

  it.each<Flow>(['client-credentials', 'device-code'])('is none by %s', (flow) => {
    expect(told('redirect-uri', askedOf({}, { flow }), factsOf(appFrom()))).toEqual([])
  })
})

describe('public client flows', () => {
  it.each<[Flow, boolean, readonly string[]]>([
    ['device-code', true, ['ok: public client flows are allowed']],
    [
      'device-code',
      false,
      ['failed: public client flows are not allowed, which a device code needs (AADSTS7000218)'],
    ],
    ['interactive-browser', false, []],
    ['client-credentials', false, []],
  ])('by %s, allowed: %s', (flow, isFallbackPublicClient, expected) => {
    expect(
      told('public-client', askedOf({}, { flow }), factsOf(appFrom({ isFallbackPublicClient }))),
    ).toEqual(expected)
  })
})

describe('the accounts an app takes', () => {
  it.each<[string, string, 'ok' | 'failed']>([
    ['AzureADMyOrg', 'contoso.com', 'ok'],
    ['AzureADMyOrg', 'common', 'failed'],
    ['AzureADMyOrg', 'Organizations', 'failed'],
    ['AzureADMultipleOrgs', 'organizations', 'ok'],
    ['AzureADMultipleOrgs', 'consumers', 'failed'],
    ['AzureADandPersonalMicrosoftAccount', 'common', 'ok'],
    ['AzureADandPersonalMicrosoftAccount', 'consumers', 'ok'],
    ['PersonalMicrosoftAccount', 'consumers', 'ok'],
    ['PersonalMicrosoftAccount', 'contoso.com', 'failed'],
  ])('%s and the tenant %s: %s', (signInAudience, tenantId, status) => {
    const [finding = ''] = told('accounts', askedOf({ tenantId }), factsOf(appFrom({ signInAudience })))
    expect(finding.split(':')[0]).toBe(status)
  })

  it('are none of many tenants for an app by itself', () => {
    const asked = askedOf({ tenantId: 'organizations', credential: secret })
    expect(told('accounts', asked, factsOf(appFrom({ signInAudience: 'AzureADMultipleOrgs' })))).toEqual([
      'failed: an app gets its own token of one tenant, and "organizations" is none',
    ])
  })
})

describe('a client secret', () => {
  const withSecrets = (...ends: readonly (string | null)[]) =>
    told(
      'credential',
      askedOf({ credential: secret }),
      factsOf(
        appFrom({
          passwordCredentials: ends.map((endDateTime, index) => ({ displayName: `s${index}`, endDateTime })),
        }),
      ),
    )

  it.each<[string, readonly string[], string]>([
    ['there is none of', [], 'failed: the app has no client secret (AADSTS7000215)'],
    ['that lives', [inDays(31)], 'ok: the client secret ends on 2026-03-03'],
    ['that ends soon', [inDays(29.5)], 'warning: the client secret "s0" ends on 2026-03-01, in 29 days'],
    [
      'that ends today',
      [inDays(0.5)],
      'warning: the client secret "s0" ends on 2026-01-31, in less than a day',
    ],
    ['that is over', [inDays(-1)], 'failed: the client secret ended on 2026-01-30 (AADSTS7000222)'],
    [
      'of two, of which one is over',
      [inDays(-1), inDays(100)],
      'ok: the last of 2 client secrets ends on 2026-05-11',
    ],
    [
      'of two, of which one ends soon',
      [inDays(5), inDays(100)],
      'warning: a client secret "s0" ends on 2026-02-05, in 5 days; it may be the one the profile has',
    ],
    [
      'of two that are over',
      [inDays(-9), inDays(-5)],
      'failed: the last of 2 client secrets ended on 2026-01-26 (AADSTS7000222)',
    ],
  ])('%s', (_what, ends, expected) => {
    expect(withSecrets(...ends)).toEqual([expected])
  })

  it('that is over comes with what takes its place', () => {
    const app = appFrom({ passwordCredentials: [{ endDateTime: inDays(-1) }] })
    const { findings } = checkApp(askedOf({ credential: secret }), factsOf(app))
    expect(findings.find(({ name }) => name === 'credential')).toMatchObject({
      remedy:
        'add one under "Certificates & secrets", then "entra-auth-cli config edit work --client-secret -"',
      page: expect.stringContaining('/~/Credentials/'),
    })
  })

  it('is no matter where nothing is proven', () => {
    const asked = askedOf({ credential: secret }, { flow: 'device-code' })
    expect(told('credential', asked, factsOf(appFrom()))).toEqual([])
  })

  it('is missed where an app asks by itself with nothing', () => {
    expect(told('credential', askedOf({}, { flow: 'client-credentials' }), factsOf(appFrom()))).toEqual([
      'failed: profile "work" has nothing to prove the app with',
    ])
  })
})

describe('a certificate', () => {
  const sha1 = 'ab'.repeat(20)
  const withKeys = (
    keys: readonly object[],
    proof: OwnProof = { kind: 'certificate', sha1, sha256: 'cd'.repeat(32) },
  ) =>
    told(
      'credential',
      askedOf({ credential: certificate }, { proof }),
      factsOf(appFrom({ keyCredentials: keys })),
    )
  const key = (endDateTime: string, thumbprint = sha1) => ({
    customKeyIdentifier: thumbprint.toUpperCase(),
    endDateTime,
  })

  it.each<[string, readonly object[], string]>([
    [
      'that Entra knows',
      [key(inDays(100))],
      `ok: the app knows the certificate ${sha1.toUpperCase()}; it ends on 2026-05-11`,
    ],
    [
      'that ends soon',
      [key(inDays(3))],
      `warning: the certificate ${sha1.toUpperCase()} ends on 2026-02-03, in 3 days`,
    ],
    ['that is over', [key(inDays(-3))], `failed: the certificate ${sha1.toUpperCase()} ended on 2026-01-28`],
    [
      'that Entra does not know',
      [key(inDays(100), 'ef'.repeat(20))],
      `failed: the app does not know the profile's certificate ${sha1.toUpperCase()} (AADSTS700027); it knows ${'EF'.repeat(20)}`,
    ],
    [
      'of an app that has none',
      [],
      `failed: the app does not know the profile's certificate ${sha1.toUpperCase()} (AADSTS700027)`,
    ],
  ])('%s', (_what, keys, expected) => {
    expect(withKeys(keys)).toEqual([expected])
  })

  it('that cannot be opened here', () => {
    expect(withKeys([key(inDays(100))], { kind: 'unknown', why: 'no password opens it' })).toEqual([
      "unknown: the profile's certificate cannot be looked at: no password opens it",
    ])
  })
})

describe('a federated credential', () => {
  const one = { name: 'main', issuer: 'https://i', subject: 'repo:a', audiences: ['api://x'] }
  const assertion = {
    kind: 'assertion',
    issuer: 'https://i',
    subject: 'repo:a',
    audiences: ['api://x'],
  } as const
  const withProof = (proof: OwnProof, credentials = known([one])) =>
    told(
      'credential',
      askedOf({ credential: federated }, { proof }),
      factsOf(appFrom(), { federated: credentials }),
    )

  it.each<[string, OwnProof, string]>([
    ['that takes it', assertion, 'ok: the assertion is one of the federated credential "main"'],
    [
      'of another issuer',
      { ...assertion, issuer: 'https://j' },
      'failed: no federated credential takes the assertion: none has the issuer https://j (AADSTS700211)',
    ],
    [
      'of another subject, by its case too',
      { ...assertion, subject: 'repo:A' },
      'failed: no federated credential takes the assertion: none of this issuer has the subject repo:A (AADSTS700213)',
    ],
    [
      'for another audience',
      { ...assertion, audiences: ['api://y'] },
      'failed: no federated credential takes the assertion: none of this issuer and subject has the audience api://y (AADSTS700212)',
    ],
    [
      'whose assertion is not here',
      { kind: 'unknown', why: 'it is made when it is needed' },
      'unknown: the app takes the assertions of "main" (repo:a); what the profile\'s says is not known here: it is made when it is needed',
    ],
  ])('%s', (_what, proof, expected) => {
    expect(withProof(proof)).toEqual([expected])
  })

  it('that takes subjects by an expression is not second-guessed', () => {
    const flexible = { ...one, name: 'any branch', subject: '' }
    expect(withProof({ ...assertion, subject: 'repo:b' }, known([flexible]))).toEqual([
      'unknown: the federated credential "any branch" takes assertions by an expression, which only Entra evaluates',
    ])
  })

  it('there is none of', () => {
    expect(withProof(assertion, known([]))).toEqual([
      'failed: the app has no federated credential, so it takes no assertion (AADSTS70021)',
    ])
  })
})

describe('the registration', () => {
  it.each<[string, Parameters<typeof factsOf>, boolean, readonly string[]]>([
    ['there', [appFrom()], false, ['ok: "Contoso App" is registered in this tenant']],
    [
      'nowhere',
      [undefined, { servicePrincipal: known(undefined) }],
      false,
      [`failed: this tenant has no app with the client id ${clientId} (AADSTS700016)`],
    ],
    [
      'elsewhere',
      [undefined],
      false,
      ['unknown: "Contoso App" is registered in another tenant (11111111-1111-4111-8111-111111111111)'],
    ],
    [
      'out of sight',
      [undefined, { application: unknown, servicePrincipal: unknown }],
      false,
      ['unknown: the app registration cannot be read: 403'],
    ],
  ])('is %s', (_where, facts, _ok, expected) => {
    expect(told('registration', askedOf(), factsOf(...facts))).toEqual(expected)
  })

  it('needs its stand-in in the tenant', () => {
    expect(
      told('service-principal', askedOf(), factsOf(appFrom(), { servicePrincipal: known(undefined) })),
    ).toEqual([
      'failed: the app has no service principal (enterprise application) in this tenant (AADSTS7000229)',
    ])
  })

  it('may be disabled', () => {
    const servicePrincipal = known({
      objectId: 'p',
      displayName: 'x',
      isEnabled: false,
      homeTenantId: undefined,
    })
    expect(told('service-principal', askedOf(), factsOf(appFrom(), { servicePrincipal }))).toEqual([
      'failed: the app is disabled in this tenant (AADSTS7000112)',
    ])
  })

  it('that nobody could read is no good news', () => {
    expect(
      checkApp(askedOf(), factsOf(undefined, { application: unknown, servicePrincipal: unknown })).ok,
    ).toBe(false)
  })
})

describe('links', () => {
  it.each([
    ['https://login.microsoftonline.us', 'https://entra.microsoft.us/#view'],
    ['https://login.partner.microsoftonline.cn', 'https://entra.microsoftonline.cn/#view'],
    ['https://login.example', undefined],
  ])('lead to the portal of %s', (authority, beginning) => {
    const page = appLinks(authority, 'contoso.com', clientId).page('Overview')
    expect(page?.slice(0, beginning?.length)).toBe(beginning)
  })

  it('to consent lead to a tenant, also where the profile names none', () => {
    expect(appLinks('https://login.example', 'common', clientId).adminConsentUrl).toBe(
      `https://login.example/organizations/adminconsent?client_id=${clientId}`,
    )
  })
})
