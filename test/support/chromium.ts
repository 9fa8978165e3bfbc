/** Chromium as installed on this machine, and a person's way through the sandbox's pages in it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { seedPassword } from '../../sandbox/seed.ts'

/** Starts it without a window. `CHROMIUM` names another program than Debian's. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: [
      // As root, as in a container, Chromium does not start with it.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/**
 * A page of somebody who has not been anywhere yet, and trusts the sandbox's certificate.
 * @param onlyHost the one host and port it can reach, as on another machine; undefined: it reaches all
 */
export async function freshPage(browser: Browser, onlyHost?: string): Promise<Page> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    // Nobody listens on port 9; Chromium would go past a proxy to loopback addresses, Playwright keeps it from that.
    ...(onlyHost === undefined ? {} : { proxy: { server: 'http://127.0.0.1:9', bypass: onlyHost } }),
    viewport: { width: 900, height: 700 },
  })
  context.setDefaultTimeout(10_000)
  return context.newPage()
}

/** Types name and password; where the name stands there already, the password alone. */
export async function signIn(page: Page, username: string): Promise<void> {
  const name = page.getByLabel('Username')
  if ((await name.inputValue()) === '') await name.fill(username)
  await page.getByLabel('Password').fill(seedPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The sandbox takes any six digits but zeros. */
export async function giveSecondFactor(page: Page, code = '123456'): Promise<void> {
  await page.getByLabel('One-time code').fill(code)
  await page.getByRole('button', { name: 'Verify' }).click()
}

export async function decideConsent(page: Page, decision: 'Accept' | 'Cancel'): Promise<void> {
  await page.getByRole('button', { name: decision }).click()
}

/** Keeps what the page shows for somebody to look at, where `ENTRA_TEST_SCREENS` names a folder. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['ENTRA_TEST_SCREENS']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
