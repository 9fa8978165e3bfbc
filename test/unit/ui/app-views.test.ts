import { describe, expect, it } from 'vitest'
import { appCheckReport } from '../../../src/ui/app-check-report.ts'
import { isMeant } from '../../../src/ui/app-choice.ts'
import { credentialsText } from '../../../src/ui/app-credentials.ts'
import { appTable } from '../../../src/ui/app-table.ts'
import { appText } from '../../../src/ui/app-view.ts'
import { appFrom, now } from '../core/app-check/apps.ts'

const plain = (_style: unknown, text: string) => text
const hostile = 'Evil\u001b[2J\u202e\u0007 App\nsecond line'

describe('the table of apps', () => {
  const apps = [
    appFrom({
      displayName: 'A name that is far too long for any table on a narrow terminal',
      isFallbackPublicClient: true,
    }),
    appFrom({
      displayName: 'Short',
      web: { redirectUris: ['https://a.example'] },
      passwordCredentials: [{ endDateTime: '2026-02-05T10:00:00Z' }],
    }),
  ]

  it.each([80, 120])(
    'has no line longer than a terminal of %i columns, and every client id whole',
    (width) => {
      const lines = appTable(apps, { now, width, paint: plain }).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
      expect(lines.slice(1).every((line) => line.includes('22222222-2222-4222-8222-222222222222'))).toBe(true)
    },
  )

  it('cuts nothing where nobody looks', () => {
    expect(appTable(apps, { now, width: undefined, paint: plain })).toContain('on a narrow terminal  2222')
  })

  it('says in a word how a person signs in, and how long its credentials last', () => {
    const [, first, second] = appTable(apps, { now, width: 100, paint: plain }).split('\n')
    expect(first).toMatch(/^A name that.*… +2222\S+ +none +code$/)
    expect(second).toMatch(/^Short +2222\S+ +5 days left +web$/)
  })

  it('leaves the last column away before it leaves nothing of the names', () => {
    const [title, first] = appTable(apps, { now, width: 80, paint: plain }).split('\n')
    expect(title).toMatch(/^NAME +CLIENT ID +CREDENTIALS$/)
    expect(first).toMatch(/^A name that is far too lo\S* ?.*… +2222/)
  })

  it('is harmless, whatever an app is called', () => {
    expect(appTable([appFrom({ displayName: hostile })], { now, width: 80, paint: plain })).toMatch(
      /\nEvil App second line +2222/,
    )
  })
})

describe('the credentials of an app', () => {
  it.each([
    [[], 'none'],
    [['2026-01-30T10:00:00Z'], 'expired'],
    [['2026-01-31T11:00:00Z'], '0 days left'],
    [['2026-02-01T10:00:00Z'], '1 day left'],
    [['2026-02-05T10:00:00Z'], '5 days left'],
    [['2026-02-05T10:00:00Z', '2027-01-01T00:00:00Z'], 'until 2027-01-01'],
    [[null], 'without end'],
  ])('%j: %s', (ends, text) => {
    const { credentials } = appFrom({ passwordCredentials: ends.map((endDateTime) => ({ endDateTime })) })
    expect(credentialsText(credentials, now)).toBe(text)
  })
})

describe('what matters about an app', () => {
  const view = (fields: object) => ({
    application: appFrom(fields),
    tenantId: 'contoso.com',
    accounts: 'accounts of its own tenant',
    adminConsentUrl: 'https://login.example/contoso.com/adminconsent?client_id=2',
    permissions: undefined,
    federatedCredentials: [{ name: 'main', issuer: 'https://i', subject: 'repo:a', audiences: [] }],
  })

  it('stands on labelled lines', () => {
    const text = appText(
      view({
        publicClient: { redirectUris: ['http://localhost'] },
        passwordCredentials: [{ displayName: 'CI', hint: 'abc', endDateTime: '2026-02-05T10:00:00Z' }],
        requiredResourceAccess: [{ resourceAppId: 'r', resourceAccess: [{ id: 'p', type: 'Role' }] }],
      }),
      now,
      plain,
    )
    expect(text).toBe(`Contoso App
  Client ID: 22222222-2222-4222-8222-222222222222
  Object ID: 99999999-0000-4000-8000-000000000000
  Tenant: contoso.com
  Accounts: accounts of its own tenant
  Public client flows: not allowed
  Redirect URIs:
    http://localhost (mobile and desktop)
  Credentials:
    secret "CI" beginning with abc: 5 days left, 2026-02-05 10:00:00 UTC
    federated "main": issuer https://i, subject repo:a
  Permissions it declares:
    r: p (application)
  Admin consent: https://login.example/contoso.com/adminconsent?client_id=2`)
  })

  it('is harmless, whatever stands in the directory', () => {
    const text = appText(view({ displayName: hostile, web: { redirectUris: [hostile] } }), now, plain)
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/)
    expect(text).toContain('\n    Evil App second line (web)\n')
  })
})

describe('the list to choose from', () => {
  it.each([
    ['', true],
    ['contoso', true],
    ['app conto', true],
    ['2222-4222', true],
    ['APP 2222', true],
    ['apple', false],
    ['app other', false],
  ])('keeps an app for %j: %s', (typed, expected) => {
    expect(isMeant(typed, appFrom())).toBe(expected)
  })
})

describe('the report of config check', () => {
  const report = {
    ok: false,
    findings: [
      { name: 'registration', status: 'ok', fact: '"Contoso" is registered in this tenant' },
      {
        name: 'permission',
        subject: 'api://contoso/read',
        status: 'failed',
        fact: `only an administrator can consent to ${hostile}, and none did so far as the directory tells`,
        remedy:
          'an administrator consents at https://login.example/contoso.com/adminconsent?client_id=22222222-2222-4222-8222-222222222222',
        page: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/2',
      },
      { name: 'service-principal', status: 'unknown', fact: 'x' },
      { name: 'redirect-uri', status: 'warning', fact: 'y' },
    ],
  } as const

  it('breaks sentences at words, addresses never', () => {
    expect(appCheckReport('Contoso for work', report, { width: 80, paint: plain })).toBe(`Contoso for work
  ✓ registration      "Contoso" is registered in this tenant
  ✗ permission        api://contoso/read: only an administrator can consent to
                      Evil App second line, and none did so far as the directory
                      tells
                      → an administrator consents at
                        https://login.example/contoso.com/adminconsent?client_id=22222222-2222-4222-8222-222222222222
                      → https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/2
  ? service principal x
  ! redirect uri      y

One thing stands in the way. 1 warning, 1 unknown.`)
  })
})
