import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { App, User } from '../../../sandbox/directory.ts'
import {
  consentPage,
  deviceDonePage,
  devicePage,
  errorPage,
  formPostPage,
  mfaPage,
  pageSecurityHeaders,
  signedOutPage,
  signInPage,
} from '../../../sandbox/pages/index.ts'

const hostile = `"><script>alert('x')</script>&`
const app: App = {
  appId: 'a1',
  objectId: 'o1',
  displayName: hostile,
  tenantId: 't1',
  signInAudience: 'AzureADMyOrg',
  isFallbackPublicClient: true,
  publicClientRedirectUris: [],
  webRedirectUris: [],
  secrets: [],
  certificates: [],
  federatedCredentials: [],
  requiredPermissions: [],
  adminConsented: [],
}
const user: User = {
  objectId: hostile,
  tenantId: 't1',
  userPrincipalName: hostile,
  displayName: hostile,
  password: hostile,
  isAdministrator: true,
  requiresMfa: true,
  groups: [],
}
const form = { action: `/next?${hostile}`, fields: { [hostile]: hostile }, error: hostile }
const permission = { value: hostile, description: hostile, adminOnly: true }
const failure = {
  code: hostile,
  title: hostile,
  description: hostile,
  traceId: hostile,
  correlationId: hostile,
  timestamp: hostile,
}

const pages: Record<string, string> = {
  'sign-in': signInPage({ ...form, app, users: [user] }),
  mfa: mfaPage({ ...form, user }),
  consent: consentPage({ ...form, app, user, permissions: [permission] }),
  device: devicePage({ ...form, userCode: hostile }),
  'device-done': deviceDonePage({ app }),
  'form-post': formPostPage(form),
  error: errorPage(failure),
  'signed-out': signedOutPage(),
}

describe.each(Object.entries(pages))('the %s page', (name, page) => {
  it('escapes whatever comes from outside, in text and in attributes', () => {
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain(hostile)
  })
  it('is a complete document that names itself and says it is not Microsoft', () => {
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/)
    expect(page).toContain(`<body data-page="${name}">`)
    expect(page).toMatch(/<title>[^<]+sandbox<\/title>/)
    expect(page).toContain('not Microsoft')
  })
  it('fetches nothing', () => {
    expect(page).not.toMatch(/<(img|link|iframe)|src=|url\(|@import/)
  })
  it('keeps to the policy: every inline style and script has its hash there', () => {
    const policy = pageSecurityHeaders()['content-security-policy']
    const inline = [...page.matchAll(/<(style|script)>([^]*?)<\/\1>/g)]
    expect(inline.map(([, element]) => element)).toContain('style')
    for (const [, element, content] of inline) {
      const hash = createHash('sha256').update(content!).digest('base64')
      expect(policy).toContain(`${element}-src 'sha256-${hash}'`)
    }
    expect(page).not.toMatch(/ style="| on[a-z]+="/)
  })
})

const plain = { action: '/next', fields: { ctx: 'c1' } }

describe.each([
  ['sign-in', signInPage({ ...plain, app, users: [] }), ['ctx', 'username', 'password']],
  ['mfa', mfaPage({ ...plain, user }), ['ctx', 'otp']],
  ['consent', consentPage({ ...plain, app, user, permissions: [] }), ['ctx', 'consent', 'consent']],
  ['device', devicePage(plain), ['ctx', 'user_code']],
  ['form-post', formPostPage(plain), ['ctx']],
])('the form of the %s page', (id, page, names) => {
  it('has a stable id and posts the agreed names', () => {
    const markup =
      new RegExp(`<form id="${id}" method="post" action="/next">([^]*?)</form>`).exec(page)?.[1] ?? ''
    expect([...markup.matchAll(/name="([^"]+)"/g)].map(([, name]) => name)).toEqual(names)
  })
  it('labels every input a person fills', () => {
    const visible = [...page.matchAll(/<input(?![^>]*type="hidden")[^>]*?\sid="([^"]+)"/g)]
    for (const [, input] of visible) expect(page).toContain(`<label for="${input}">`)
  })
})

it('offers each seeded user as a form that carries name and password', () => {
  const alice = { ...user, objectId: 'u1', userPrincipalName: 'alice@contoso.com', password: 'p1' }
  const page = signInPage({ ...plain, app, users: [alice] })
  const markup = /<form id="sign-in-as-u1"[^>]*>([^]*?)<\/form>/.exec(page)?.[1] ?? ''
  expect(markup).toMatch(/name="username" value="alice@contoso.com"/)
  expect(markup).toMatch(/name="password" value="p1"/)
  expect(markup).toMatch(/name="ctx" value="c1"/)
})

it('puts a login hint into the visible name and the cursor into the password', () => {
  const page = signInPage({ ...plain, fields: { username: 'alice@contoso.com' }, app, users: [] })
  expect(page.match(/name="username"/g)).toHaveLength(1)
  expect(page).toContain('value="alice@contoso.com"')
  expect(/<input[^>]*name="password"[^>]*>/.exec(page)?.[0]).toContain('autofocus')
  expect(/<input[^>]*name="username"[^>]*>/.exec(page)?.[0]).not.toContain('autofocus')
})

it('lets a form lead to loopback and to the targets named, and nowhere else', () => {
  const policy = pageSecurityHeaders(['https://app.contoso.com'])['content-security-policy']!
  const formAction = policy.split('; ').find((directive) => directive.startsWith('form-action'))
  expect(formAction).toMatch(/ http:\/\/localhost:\* .* https:\/\/app\.contoso\.com$/)
  expect(policy).toContain("default-src 'none'")
  expect(pageSecurityHeaders()).toMatchObject({ 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' })
})

it('says an error code once', () => {
  const page = errorPage({ ...failure, code: 'AADSTS50011', description: 'AADSTS50011: no such redirect' })
  expect(page).toContain('>AADSTS50011: no such redirect<')
})

it('leads from an error code to what Microsoft says about it', () => {
  expect(errorPage({ ...failure, code: 'AADSTS50011' })).toContain(
    'https://login.microsoftonline.com/error?code=50011',
  )
})
