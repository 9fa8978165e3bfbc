/** Signing in with a browser on another machine: it cannot come back, so a person carries the address over. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AtTheBrowser, onlyToken } from '../support/at-the-browser.ts'
import { decideConsent, keepScreenshot, signIn } from '../support/chromium.ts'
import { leftFiles, runningPrograms } from '../support/leftovers.ts'

let here: AtTheBrowser
beforeAll(async () => {
  here = await AtTheBrowser.sit()
  await here.world.createProfile('desktop', 'desktop', '--scope', 'api://contoso-api/access_as_user')
  await here.world.createProfile('newcomer', 'withoutConsent', '--scope', 'User.Read Mail.Read')
})
afterEach(() => here.forget())
afterAll(() => here?.leave())

/** Starts `get-token` as behind SSH, and waits until it asks. @returns where to sign in */
async function getTokenBySsh(flags: string): Promise<string> {
  const ssh = "BROWSER= USER=bob SSH_CONNECTION='198.51.100.7 50022 192.0.2.10 22'"
  await here.terminal.start(`${ssh} entra-auth-cli get-token ${flags} > stdout.txt`)
  const shown = await here.terminal.shows(/^Address \(.*$/m)
  return /^https:\S+$/m.exec(shown)?.[0] ?? ''
}

/** A page of a machine on which nobody listens at the port the answer is sent to. */
async function pageElsewhere(address: string): Promise<Page> {
  const page = await here.pageElsewhere()
  await page.goto(address)
  return page
}

/** What stands in the address bar once the browser could not go on. */
async function addressBar(page: Page): Promise<string> {
  await page.waitForURL('chrome-error://**')
  const chromium = await page.context().newCDPSession(page)
  const { currentIndex, entries } = await chromium.send('Page.getNavigationHistory')
  return entries[currentIndex]?.url ?? ''
}

const redirectUriOf = (address: string) => new URL(address).searchParams.get('redirect_uri') ?? ''

async function paste(text: string): Promise<void> {
  await here.terminal.type(text)
  await here.terminal.press('Enter')
}

describe('a browser elsewhere', () => {
  it('ends up on a page that does not load, whose address signs in here', async () => {
    const address = await getTokenBySsh('-p desktop')
    const page = await pageElsewhere(address)
    await signIn(page, 'bob@contoso.com')
    const landed = await addressBar(page)
    await keepScreenshot(page, 'does-not-load')
    expect(new URL(landed).searchParams.has('code')).toBe(true)
    await paste(landed)
    expect(onlyToken(await here.ended())).toMatchObject({ azpacr: '0', name: 'Bob Baker' })
    expect([leftFiles(here.world), runningPrograms(here.world)]).toEqual([[], []])
  })

  it('brings over that the person declined, too', async () => {
    const address = await getTokenBySsh('-p newcomer')
    const page = await pageElsewhere(address)
    await signIn(page, 'zoe@contoso.com')
    await decideConsent(page, 'Cancel')
    await paste(await addressBar(page))
    const { code, stdout, shown } = await here.ended()
    expect([code, stdout]).toEqual([2, ''])
    expect(shown).toContain('(AADSTS65004)')
  })

  it('shows an error page, whose number leads to a device code', async () => {
    const address = await getTokenBySsh('-p desktop --redirect-uri http://localhost/elsewhere')
    const page = await pageElsewhere(address)
    const error = await page.getByText('AADSTS50011').first().innerText()
    await paste(error)
    await here.terminal.answer(/Try a device code instead\?/, '')
    const shown = await here.terminal.shows(/Waiting for authentication/)
    const [, code = ''] = /enter the code: +(\w+)/.exec(shown) ?? []
    here.world.sandbox.control.approveDeviceCode(code, 'bob@contoso.com')
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Bob Baker' })
  })
})

describe('a browser at the other end of a tunnel', () => {
  it('comes back by itself, and nothing is pasted', async () => {
    const page = await here.freshPage()
    await page.goto(await getTokenBySsh('-p desktop'))
    await signIn(page, 'bob@contoso.com')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Bob Baker' })
  })
})

describe('a code from another sign-in', () => {
  it('is refused, and the right one taken after it', async () => {
    const other = await getTokenBySsh('-p desktop')
    const elsewhere = await pageElsewhere(other)
    await signIn(elsewhere, 'bob@contoso.com')
    const foreign = await addressBar(elsewhere)
    await here.terminal.press('C-c')
    await here.ended()

    const { port } = new URL(redirectUriOf(other))
    const page = await pageElsewhere(await getTokenBySsh(`-p desktop --port ${port}`))
    await signIn(page, 'bob@contoso.com')
    const own = await addressBar(page)
    await paste(foreign)
    await here.terminal.shows(/this answer belongs to another sign-in/)
    await paste(own)
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Bob Baker' })
  })
})
