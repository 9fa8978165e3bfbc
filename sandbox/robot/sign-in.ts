import { Browser, type BrowserOptions, type BrowserRequest } from './browser.ts'
import { readPage, type ReadPage } from './page.ts'

export interface SignInOptions extends BrowserOptions {
  readonly username: string
  readonly password: string
  /** The answer to a second factor. */
  readonly otp?: string
  /** The answer to a consent page. Default `accept`. */
  readonly consent?: 'accept' | 'cancel'
  /** The answer to the device page, where its address does not carry the code. */
  readonly userCode?: string
  /** How many requests it may take. Default 20. */
  readonly fetchLimit?: number
}

/** The robot met a page it cannot pass; the message says which and what stands on it. */
export class RobotStuck extends Error {
  override readonly name = 'RobotStuck'
}

/**
 * Signs in as a person with a browser would: follows an authorization request or the address of a device sign-in through
 * the sandbox's pages, and delivers the response to the loopback redirect URI. Enters passwords at the origin it was given
 * and nowhere else. Knows the sandbox's pages only.
 * @throws RobotStuck when a page shows an error, is not the sandbox's, or leads elsewhere
 */
export async function signIn(url: string, options: SignInOptions): Promise<void> {
  const browser = new Browser(options)
  const { origin } = new URL(url)
  const limit = options.fetchLimit ?? 20
  let request: BrowserRequest = { method: 'GET', url: new URL(url) }
  for (let count = 0; count < limit; count += 1) {
    if (isLoopbackRedirect(request.url)) return deliver(request, browser)
    if (request.url.origin !== origin)
      throw new RobotStuck(`was led to ${request.url.origin}, which is neither the sandbox nor on loopback`)
    const answer = await browser.send(request)
    if (answer.location) {
      request = { method: 'GET', url: answer.location }
      continue
    }
    const page = readPage(answer.body)
    // A device sign-in that was declined ends on a page that says so, not at the app.
    const hasDeclined = request.fields?.['consent'] === 'cancel' && page.name === 'device'
    if (hasDeclined || page.name === 'device-done' || page.name === 'signed-out') return
    request = fill(page, request.url, answer.status, options)
  }
  throw new RobotStuck(
    `gave up after ${limit} requests, the last to ${request.url.origin}${request.url.pathname}`,
  )
}

function fill(page: ReadPage, url: URL, status: number, options: SignInOptions): BrowserRequest {
  const where = `${url.origin}${url.pathname}`
  if (page.name === undefined) throw new RobotStuck(`met no page of the sandbox at ${where} (HTTP ${status})`)
  const stuck = (why: string) => new RobotStuck(`stuck on "${page.title}": ${why}`)
  if (page.error !== undefined) throw stuck(page.error)
  const entered = entriesFor(page.name, options)
  if (page.form === undefined || entered === undefined) throw stuck('there is nothing to fill in')
  const fields = { ...page.form.fields, ...entered }
  const empty = Object.keys(entered).find((name) => fields[name] === undefined || fields[name] === '')
  if (empty !== undefined) throw stuck(`no ${empty} to enter`)
  return { method: 'POST', url: new URL(page.form.action, url), fields }
}

/** What is entered into the form of a page; undefined for a page without one. */
function entriesFor(page: string, options: SignInOptions): Record<string, string> | undefined {
  switch (page) {
    case 'sign-in':
      return { username: options.username, password: options.password }
    case 'mfa':
      return { otp: options.otp ?? '' }
    case 'consent':
      return { consent: options.consent ?? 'accept' }
    case 'device':
      return options.userCode === undefined ? {} : { user_code: options.userCode }
    case 'form-post':
      return {}
    default:
      return undefined
  }
}

/** Native apps listen on loopback, without TLS (RFC 8252, section 7.3). */
function isLoopbackRedirect({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

async function deliver(request: BrowserRequest, browser: Browser): Promise<void> {
  const { status } = await browser.send(request)
  const carriesError = request.url.searchParams.has('error') || request.fields?.['error'] !== undefined
  // The app may well answer an error with an error page of its own; a response it had no use for is another matter.
  if (status >= 400 && !carriesError)
    throw new RobotStuck(`the app at ${request.url.origin} answered the response with HTTP ${status}`)
}
