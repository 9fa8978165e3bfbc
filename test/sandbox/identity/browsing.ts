import { readFileSync } from 'node:fs'
import { Browser } from '../../../sandbox/robot/browser.ts'
import { type ReadPage, readPage } from '../../../sandbox/robot/page.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { seedApps, seedPassword } from '../../../sandbox/seed.ts'

/** Where a visit ended: on a page, or on the way to another origin. */
export type Stop =
  | { readonly kind: 'page'; readonly status: number; readonly page: ReadPage; readonly body: string }
  | { readonly kind: 'left'; readonly url: URL }

/** A person's browser at one sandbox; cookies last as long as it does. */
export class Visitor {
  private readonly browser: Browser
  private readonly origin: string

  constructor(sandbox: Sandbox) {
    this.browser = new Browser({ ca: readFileSync(sandbox.caFile, 'utf8') })
    this.origin = sandbox.origin
  }

  async open(path: string): Promise<Stop> {
    return this.follow(new URL(path, this.origin), undefined)
  }

  /** Submits the form of a page with what the person entered. */
  async submit(stop: Stop, entered: Readonly<Record<string, string>>): Promise<Stop> {
    if (stop.kind !== 'page' || !stop.page.form) throw new Error(`no form to submit: ${JSON.stringify(stop)}`)
    const url = new URL(stop.page.form.action, this.origin)
    return this.follow(url, { ...stop.page.form.fields, ...entered })
  }

  async signIn(stop: Stop, username: string, password = seedPassword): Promise<Stop> {
    return this.submit(stop, { username, password })
  }

  private async follow(url: URL, fields: Readonly<Record<string, string>> | undefined): Promise<Stop> {
    const answer = await this.browser.send(fields ? { method: 'POST', url, fields } : { method: 'GET', url })
    if (!answer.location) {
      return { kind: 'page', status: answer.status, page: readPage(answer.body), body: answer.body }
    }
    if (answer.location.origin !== this.origin) return { kind: 'left', url: answer.location }
    return this.follow(answer.location, undefined)
  }
}

/** The path of an authorization request of the desktop app, with changes; an empty value leaves a parameter out. */
export function authorizePath(tenant: string, changes: Readonly<Record<string, string>> = {}): string {
  const all = {
    client_id: seedApps.desktop,
    response_type: 'code',
    redirect_uri: 'http://localhost:4711',
    scope: 'openid offline_access https://graph.microsoft.com/User.Read',
    state: 'state-1',
    nonce: 'nonce-1',
    ...changes,
  }
  const sent = Object.entries(all).filter(([, value]) => value !== '')
  return `/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams(sent).toString()}`
}

/** The parameters of the redirect a visit ended with. */
export function answered(stop: Stop): URLSearchParams {
  if (stop.kind !== 'left') throw new Error(`not sent back to the app: ${stop.page.error ?? stop.page.name}`)
  return stop.url.searchParams
}

/** Signs in and returns the authorization code. */
export async function codeFor(
  sandbox: Sandbox,
  path: string,
  username = 'alice@contoso.com',
): Promise<string> {
  const visitor = new Visitor(sandbox)
  const code = answered(await visitor.signIn(await visitor.open(path), username)).get('code')
  if (code === null) throw new Error('no code was answered')
  return code
}
