/** Signing in in a browser on this machine, with real pages in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AtTheBrowser, onlyToken } from '../support/at-the-browser.ts'
import { decideConsent, giveSecondFactor, keepScreenshot, signIn } from '../support/chromium.ts'
import { leftFiles, runningPrograms } from '../support/leftovers.ts'

let here: AtTheBrowser
beforeAll(async () => {
  here = await AtTheBrowser.sit()
  const api = ['--scope', 'api://contoso-api/access_as_user']
  await here.world.createProfile('desktop', 'desktop', ...api)
  await here.world.createProfile('newcomer', 'withoutConsent', '--scope', 'User.Read Mail.Read')
})
afterEach(() => here.forget())
afterAll(() => here?.leave())

describe('a sign-in in the browser', () => {
  it('ends with the token alone on stdout, and a page that says it is over', async () => {
    await here.getToken('-p desktop')
    const page = await here.openedPage()
    await keepScreenshot(page, 'sign-in')
    await signIn(page, 'bob@contoso.com')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(await page.title()).toContain('entra-auth-cli')
    expect(await page.locator('body').innerText()).toContain('close this tab')
    await keepScreenshot(page, 'signed-in')
    // What came back was posted: it stands neither in the address nor in the history.
    expect(page.url()).toMatch(/^http:\/\/localhost:\d+\/$/)

    const ended = await here.ended()
    expect(onlyToken(ended)).toMatchObject({ azpacr: '0', name: 'Bob Baker' })
    expect(ended.shown.split('\n')).toEqual([
      "Authenticating with profile 'desktop'...",
      'Opening browser for authentication...',
      'If no browser opened, sign in at:',
      expect.stringMatching(/^ {2}https:\/\/localhost:\d+\//),
      'If the page shows an error, press Ctrl-C and give its number to "entra-auth-cli explain".',
      '✓ Token acquired successfully',
    ])
    expect([leftFiles(here.world), runningPrograms(here.world)]).toEqual([[], []])
  })

  it('asks for a second factor where the person has one', async () => {
    await here.getToken('-p desktop')
    const page = await here.openedPage()
    await signIn(page, 'mia@contoso.com')
    await page.getByLabel('One-time code').waitFor()
    await keepScreenshot(page, 'second-factor')
    await giveSecondFactor(page, '000000')
    await page.getByRole('alert').waitFor()
    await keepScreenshot(page, 'second-factor-wrong')
    await giveSecondFactor(page)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Mia Factor' })
  })

  it('lets a person try again after a wrong password', async () => {
    await here.getToken('-p desktop')
    const page = await here.openedPage()
    await page.getByLabel('Username').fill('bob@contoso.com')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').waitFor()
    await keepScreenshot(page, 'wrong-password')
    await signIn(page, 'bob@contoso.com')
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Bob Baker' })
  })

  it('asks for consent once, for an app that nobody has consented to', async () => {
    await here.getToken('-p newcomer')
    const page = await here.openedPage()
    await signIn(page, 'bob@contoso.com')
    await page.getByRole('heading', { name: 'Permissions requested' }).waitFor()
    expect(await page.getByRole('list', { name: 'Permissions' }).innerText()).toContain('Mail.Read')
    await keepScreenshot(page, 'consent')
    await decideConsent(page, 'Accept')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(String(onlyToken(await here.ended())['scp']).split(' ')).toEqual(
      expect.arrayContaining(['User.Read', 'Mail.Read']),
    )

    await here.forget()
    await here.getToken('-p newcomer')
    await signIn(await here.openedPage(), 'bob@contoso.com')
    onlyToken(await here.ended())
  })

  it('ends with exit 2 and the next step when consent is declined, also in the browser', async () => {
    await here.getToken('-p newcomer')
    const page = await here.openedPage()
    await signIn(page, 'zoe@contoso.com')
    await decideConsent(page, 'Cancel')
    await page.getByRole('heading', { name: 'The sign-in did not work' }).waitFor()
    await keepScreenshot(page, 'declined')
    expect(await page.locator('body').innerText()).toContain('User declined to consent')

    const { code, stdout, shown } = await here.ended()
    expect([code, stdout]).toEqual([2, ''])
    expect(shown).toMatch(
      /error: the user declined to consent \(AADSTS65004\)\nhint: sign in again and accept; more: entra-auth-cli explain 65004$/,
    )
    expect([leftFiles(here.world), runningPrograms(here.world)]).toEqual([[], []])
  })

  it('shows an app that is not known in the browser, and Ctrl-C is the way out', async () => {
    await here.getToken('-p desktop --redirect-uri http://localhost/elsewhere')
    const page = await here.openedPage()
    await page.getByText('AADSTS50011').first().waitFor()
    await keepScreenshot(page, 'redirect-uri-not-registered')
    await here.terminal.press('C-c')
    expect((await here.ended()).code).toBe(130)
  })
})

describe('after a sign-in', () => {
  it('the cached token, then the refresh token, answer without a browser', async () => {
    const { control, requests } = here.world.sandbox
    await here.getToken('-p desktop')
    await signIn(await here.openedPage(), 'bob@contoso.com')
    const first = onlyToken(await here.ended())
    const [opened, asked] = [here.opened.count(), requests.length]

    await here.getToken('-p desktop')
    expect(onlyToken(await here.ended())).toEqual(first)
    expect(requests.length).toBe(asked)

    control.advanceClock(1)
    await here.getToken('-p desktop --force')
    expect(onlyToken(await here.ended())['uti']).not.toBe(first['uti'])
    expect(requests.at(-1)).toMatchObject({ grantType: 'refresh_token', status: 200 })
    expect(here.opened.count()).toBe(opened)
  })

  it('a revoked sign-in opens the browser again', async () => {
    await here.getToken('-p desktop')
    await signIn(await here.openedPage(), 'bob@contoso.com')
    onlyToken(await here.ended())
    here.world.sandbox.control.revokeRefreshTokens('bob@contoso.com')
    await here.getToken('-p desktop --force')
    await signIn(await here.openedPage(), 'bob@contoso.com')
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Bob Baker' })
  })
})

describe('the flags of a sign-in', () => {
  it('--login-hint fills in who signs in', async () => {
    await here.getToken('-p desktop --login-hint zoe@contoso.com')
    const page = await here.openedPage()
    expect(await page.getByLabel('Username').inputValue()).toBe('zoe@contoso.com')
    await signIn(page, 'zoe@contoso.com')
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Zoë Žižková 山田' })
  })

  it('without --prompt somebody who is signed in in the browser is not asked', async () => {
    const page = await here.freshPage()
    await here.getToken('-p desktop')
    await page.goto(await here.opened.next())
    await signIn(page, 'bob@contoso.com')
    onlyToken(await here.ended())
    await here.terminal.run('rm -rf ~/.msal')

    await here.getToken('-p desktop')
    await page.goto(await here.opened.next())
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    onlyToken(await here.ended())
    await here.terminal.run('rm -rf ~/.msal')

    await here.getToken('-p desktop --prompt login')
    await page.goto(await here.opened.next())
    await signIn(page, 'zoe@contoso.com')
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Zoë Žižková 山田' })
  })

  it('--no-browser opens none: the address on the screen does', async () => {
    const before = here.opened.count()
    await here.getToken('-p desktop --no-browser')
    const shown = await here.terminal.shows(/To sign in, open this address[\s\S]*Address \(/)
    const page = await here.freshPage()
    await page.goto(/^https:\S+$/m.exec(shown)?.[0] ?? '')
    await signIn(page, 'bob@contoso.com')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    onlyToken(await here.ended())
    expect(here.opened.count()).toBe(before)
  })

  it('--silent says nothing at all when a browser opened', async () => {
    await here.getToken('-p desktop --silent')
    await signIn(await here.openedPage(), 'bob@contoso.com')
    const ended = await here.ended()
    onlyToken(ended)
    expect(ended.shown).toBe('')
  })
})
