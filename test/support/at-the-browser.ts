/** Everything a sign-in in a browser needs: a sandbox with profiles, a terminal, and Chromium. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { decodeJwt, type JWTPayload } from 'jose'
import { freshPage, launchChromium } from './chromium.ts'
import { rememberAddresses, type OpenedAddresses } from './opened-addresses.ts'
import { startSandboxWorld, type SandboxWorld } from './sandbox-world.ts'
import { TmuxTerminal, type Ended } from './tmux.ts'

/** How `get-token` ended, and the file its stdout went to. */
export interface SignedIn extends Ended {
  readonly stdout: string
}

export class AtTheBrowser {
  readonly world: SandboxWorld
  readonly terminal: TmuxTerminal
  readonly opened: OpenedAddresses
  readonly #browser: Browser

  private constructor(
    world: SandboxWorld,
    terminal: TmuxTerminal,
    opened: OpenedAddresses,
    browser: Browser,
  ) {
    this.world = world
    this.terminal = terminal
    this.opened = opened
    this.#browser = browser
  }

  static async sit(): Promise<AtTheBrowser> {
    // First what a machine may lack.
    const browser = await launchChromium()
    const world = await startSandboxWorld()
    const opened = rememberAddresses(world)
    const terminal = await TmuxTerminal.open(world, { env: { BROWSER: opened.command } })
    return new AtTheBrowser(world, terminal, opened, browser)
  }

  /** Starts `get-token` with stdout in a file and the person at stderr. */
  async getToken(flags: string): Promise<void> {
    await this.terminal.start(`entra-auth-cli get-token ${flags} > stdout.txt`)
  }

  /** A new browser on the address that `get-token` opened. */
  async openedPage(): Promise<Page> {
    const page = await this.freshPage()
    await page.goto(await this.opened.next())
    return page
  }

  freshPage(): Promise<Page> {
    return freshPage(this.#browser)
  }

  /** A page on another machine: it reaches the sandbox, and no program that waits for an answer here. */
  pageElsewhere(): Promise<Page> {
    return freshPage(this.#browser, new URL(this.world.sandbox.origin).host)
  }

  async ended(): Promise<SignedIn> {
    const ended = await this.terminal.ended()
    return { ...ended, stdout: readFileSync(join(this.world.workFolder, 'stdout.txt'), 'utf8') }
  }

  /** Signs out of every profile and closes every page. */
  async forget(): Promise<void> {
    rmSync(join(this.world.home, '.msal'), { recursive: true, force: true })
    await Promise.all(this.#browser.contexts().map((context) => context.close()))
  }

  async leave(): Promise<void> {
    await this.#browser.close()
    await this.terminal.close()
    await this.world.end()
  }
}

/**
 * The claims of the one token that stdout consists of.
 * @throws Error where stdout is anything else
 */
export function onlyToken({ code, stdout, shown }: SignedIn): JWTPayload {
  if (code !== 0 || !/^[\w-]+\.[\w-]+\.[\w-]+\n$/.test(stdout)) {
    throw new Error(`exit ${code}, stdout ${JSON.stringify(stdout)}; the terminal showed:\n${shown}`)
  }
  return decodeJwt(stdout.trim())
}
