/// <reference lib="dom" />
/** The page that `inspect --html` writes, as a colleague opens it: from a file, in Chromium. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreenshot, launchChromium } from '../support/chromium.ts'
import { cli, succeeded } from '../support/cli.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { unsignedToken } from '../support/tokens.ts'

const nowSeconds = Math.floor(Date.now() / 1000)
const tenantId = '87654321-4321-4321-4321-cba987654321'

const person = {
  aud: 'https://graph.microsoft.com',
  iss: `https://sts.windows.net/${tenantId}/`,
  iat: nowSeconds - 600,
  nbf: nowSeconds - 600,
  exp: nowSeconds + 3000,
  acr: '1',
  aio: 'AXQAi/8TAAAAzT7c2kVg3nq1f0LhR9sWmPbYxKdJvQ5uEoZt',
  amr: ['pwd', 'mfa'],
  appid: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
  appidacr: '0',
  hasgroups: true,
  name: 'Zoë Müller',
  oid: '11111111-2222-3333-4444-555555555555',
  scp: 'Directory.Read.All Mail.Read User.Read openid profile',
  sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
  tid: tenantId,
  unique_name: 'zoe@contoso.example',
  ver: '1.0',
  wids: ['62e90394-69f5-4237-9190-012177145e10', 'b79fbf4d-3ef9-4689-8143-76b194e85509'],
}

/** Text that would load, run or send something in a page that is careless with it. */
const hostile =
  '"\'><script>document.title="pwned"</script><img src=http://127.0.0.1:9/x onerror=fetch("http://127.0.0.1:9/")>' +
  '<style>body{background:url(http://127.0.0.1:9/s)}</style><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">'

let world: World
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
  world = makeWorld()
})
afterAll(async () => {
  await browser?.close()
  world?.remove()
})

/** Writes the page and opens it. Whatever it asks for beside itself, and whatever it complains of, is in the lists. */
async function open(claims: Record<string, unknown>, options: BrowserContextOptions = {}) {
  const file = join(world.workFolder, 'token.html')
  succeeded(await cli(['inspect', '--html', file], { world, input: unsignedToken(claims) }))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const context = await browser.newContext({ viewport: { width: 1100, height: 1900 }, ...options })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const address = pathToFileURL(file).href
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    if (request.url() !== address) requests.push(request.url())
  })
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(address)
  return { page, requests, complaints }
}

const style = (page: Page, selector: string, property: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)

it.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 360, height: 2600 }, colorScheme: 'light' }],
] as const)('is whole by itself and asks nobody for anything: %s', async (name, options) => {
  const { page, requests, complaints } = await open(person, options)
  await page.getByRole('heading', { name: 'delegated access token (v1.0)' }).waitFor()
  expect(await page.getByText('Global Administrator').isVisible()).toBe(true)
  expect(await page.getByText('a password, more than one factor').isVisible()).toBe(true)
  // The style is the one that the policy allows, or all would be black on white and in one column.
  const ground = await style(page, 'body', 'background-color')
  expect(ground).toBe(name === 'dark' ? 'rgb(20, 23, 26)' : 'rgb(243, 244, 246)')
  const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(isTooWide).toBe(false)
  await keepScreenshot(page, `inspect-html-${name}`)
  expect({ requests, complaints }).toEqual({ requests: [], complaints: [] })
})

it('can be read without a mouse', async () => {
  const { page } = await open(person)
  const details = page.locator('details')
  expect(await details.evaluate((element: HTMLDetailsElement) => element.open)).toBe(false)
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY')
  expect(await style(page, 'summary', 'outline-style')).toBe('solid')
  await page.keyboard.press('Enter')
  expect(await page.locator('pre').isVisible()).toBe(true)
  const json = JSON.parse(await page.locator('pre').innerText()) as Record<string, object>
  expect(json).toMatchObject({ signature: '[left out]', payload: { name: 'Zoë Müller' } })
  expect(json['payload']).toMatchObject({ aio: '[left out, 48 characters]' })
})

it('shows hostile claims and does nothing that they ask for', async () => {
  const claims = {
    [hostile]: hostile,
    aud: hostile,
    ver: hostile,
    tid: hostile,
    roles: [hostile],
    exp: hostile,
  }
  const { page, requests, complaints } = await open(claims)
  await page.getByRole('heading', { name: 'Claims' }).waitFor()
  await page.waitForLoadState('networkidle')
  expect(await page.title()).not.toBe('pwned')
  expect(await page.locator('script, img, iframe, form, a, link').count()).toBe(0)
  expect(await page.locator('main').innerText()).toContain('<script>document.title="pwned"</script>')
  expect({ requests, complaints }).toEqual({ requests: [], complaints: [] })
})

it('could not load anything if it wanted to', async () => {
  const { page, complaints } = await open(person)
  await page.evaluate(() => {
    const image = document.createElement('img')
    image.src = 'http://127.0.0.1:9/x'
    document.body.append(image)
    document.body.setAttribute('style', 'background: red')
  })
  await expect
    .poll(() => complaints.join('\n'))
    .toMatch(/violates the following Content Security Policy directive/)
  expect(await style(page, 'body', 'background-color')).not.toBe('rgb(255, 0, 0)')
})

it('prints black on white, also for whoever likes it dark', async () => {
  const { page } = await open(person, { colorScheme: 'dark' })
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await style(page, 'body', 'background-color')).toBe('rgb(255, 255, 255)')
  expect(await style(page, 'body', 'color')).toBe('rgb(0, 0, 0)')
})
