/** Signing in on another device: the code from the terminal, typed in a real browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AtTheBrowser, onlyToken } from '../support/at-the-browser.ts'
import { decideConsent, giveSecondFactor, keepScreenshot, signIn } from '../support/chromium.ts'

let here: AtTheBrowser
beforeAll(async () => {
  here = await AtTheBrowser.sit()
  const device = ['--flow', 'device-code']
  await here.world.createProfile('desktop', 'desktop', ...device, '--scope', 'User.Read')
  await here.world.createProfile('newcomer', 'withoutConsent', ...device, '--scope', 'User.Read Mail.Read')
})
afterEach(() => here.forget())
afterAll(() => here?.leave())

/** Goes where the terminal says and types what it says. */
async function enterCode(): Promise<Page> {
  const shown = await here.terminal.shows(/Waiting for authentication/)
  const [, address = ''] = /open: +(\S+)/.exec(shown) ?? []
  const [, code = ''] = /enter the code: +(\w+)/.exec(shown) ?? []
  const page = await here.freshPage()
  await page.goto(address)
  await page.getByLabel('Code').fill(code)
  await keepScreenshot(page, 'device')
  await page.getByRole('button', { name: 'Next' }).click()
  return page
}

describe('a sign-in with a device code', () => {
  it('ends with the token alone on stdout', async () => {
    await here.getToken('-p desktop')
    const page = await enterCode()
    await signIn(page, 'mia@contoso.com')
    await giveSecondFactor(page)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await keepScreenshot(page, 'device-done')
    const ended = await here.ended()
    expect(onlyToken(ended)).toMatchObject({ name: 'Mia Factor' })
    expect(ended.shown).toMatch(/✓ Token acquired successfully$/)
    expect(here.opened.count()).toBe(0)
  })

  it('is renewed without anybody', async () => {
    await here.getToken('-p newcomer')
    const page = await enterCode()
    await signIn(page, 'bob@contoso.com')
    await decideConsent(page, 'Accept')
    onlyToken(await here.ended())
    await here.getToken('-p newcomer --force --no-interaction')
    onlyToken(await here.ended())
    expect(here.world.sandbox.requests.at(-1)).toMatchObject({ grantType: 'refresh_token', status: 200 })
  })

  it('ends with exit 2 and the next step when the person declines', async () => {
    await here.getToken('-p newcomer')
    const page = await enterCode()
    await signIn(page, 'zoe@contoso.com')
    await decideConsent(page, 'Cancel')
    await page.getByText('You declined').waitFor()
    await keepScreenshot(page, 'device-declined')
    const { code, stdout, shown } = await here.ended()
    expect([code, stdout]).toEqual([2, ''])
    expect(shown).toMatch(
      /error: the user declined to consent \(AADSTS65004\)\nhint: sign in again and accept; more: entra-auth-cli explain 65004$/,
    )
  })
})
