/** A browser reduced to what a sign-in needs: redirects, cookies and plain forms. It runs no script. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface BrowserOptions {
  /** PEM of the authority to trust for https. */
  readonly ca: string
  /** What to type or press, by the name of the field or button; fields not named keep their value. */
  readonly answers: Readonly<Record<string, string>>
  /**
   * Whether the authorization response is carried to the client that waits for it. Without it the browser stops
   * there and hands the response to the caller.
   */
  readonly deliver?: boolean
  /** Where hosts really are, by name, for names that lead elsewhere outside a test. Names and SNI stay as they are. */
  readonly connectTo?: Readonly<Record<string, { readonly host: string; readonly port: number }>>
}

/** Where a walk ended. */
export interface Arrival {
  readonly url: URL
  /** The parameters of the authorization response, from the query or the posted form; empty on a page of the server. */
  readonly parameters: URLSearchParams
  /** HTTP status and text of the last page; 0 and empty where the browser stopped before the client. */
  readonly status: number
  readonly html: string
}

interface Step {
  readonly url: URL
  readonly form?: URLSearchParams
}

const mostSteps = 25

/**
 * Walks from `start` through every page of that server, filling in each form, until a page has no form left or
 * the way leads to another server, which is the client's redirect URI.
 *
 * @throws Error when the server sends the browser around in circles
 */
export async function walk(start: string, options: BrowserOptions): Promise<Arrival> {
  const { answers, deliver = false } = options
  const cookies = new CookieJar()
  let step: Step = { url: new URL(start) }
  const home = step.url.origin
  for (let count = 0; count < mostSteps; count++) {
    const atClient = step.url.origin !== home
    const parameters = atClient ? (step.form ?? step.url.searchParams) : new URLSearchParams()
    if (atClient && !deliver) return { url: step.url, parameters, status: 0, html: '' }
    const answer = await send(step, options, atClient ? undefined : cookies)
    const next = atClient ? undefined : nextStep(step.url, answer, answers)
    if (!next) return { url: step.url, parameters, status: answer.status, html: answer.html }
    step = next
  }
  throw new Error(`the sign-in at ${home} did not end within ${mostSteps} pages`)
}

function nextStep(at: URL, answer: Answer, answers: BrowserOptions['answers']): Step | undefined {
  if (answer.location) return { url: new URL(answer.location, at) }
  const form = firstForm(answer.html)
  if (!form) return undefined
  for (const name of form.fields.keys()) {
    const answer = answers[name]
    if (answer !== undefined) form.fields.set(name, answer)
  }
  return { url: new URL(form.action || at.href, at), form: form.fields }
}

/**
 * The first form of a page: where it goes and the fields it would send. Knows inputs, and named buttons: of those it
 * presses the first, as the Enter key does.
 */
function firstForm(html: string): { action: string; fields: URLSearchParams } | undefined {
  const [, attributes = '', content = ''] = /<form([^>]*)>([\s\S]*?)<\/form>/i.exec(html) ?? []
  if (!attributes) return undefined
  const fields = new URLSearchParams()
  for (const [tag] of content.matchAll(/<(?:input|button)\b[^>]*>/gi)) {
    const name = attribute(tag, 'name')
    const isSecondButton = /^<button/i.test(tag) && name !== undefined && fields.has(name)
    if (name && !isSecondButton) fields.append(name, attribute(tag, 'value') ?? '')
  }
  return { action: attribute(attributes, 'action') ?? '', fields }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return value?.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, entity: string) => entities[entity] ?? '')
}

/** Cookies by name and path; one server only, so the domain does not matter. */
class CookieJar {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>()

  store(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const equals = pair.indexOf('=')
      const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)]
      const path = attributes.find((part) => /^path=/i.test(part))?.slice('path='.length) ?? '/'
      const expires = attributes.find((part) => /^expires=/i.test(part))?.slice('expires='.length)
      const key = `${path} ${name}`
      if (!value || (expires && Date.parse(expires) < Date.now())) this.#cookies.delete(key)
      else this.#cookies.set(key, { name, value, path })
    }
  }

  headerFor(path: string): string {
    return [...this.#cookies.values()]
      .filter((cookie) => path.startsWith(cookie.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }
}

interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly html: string
}

function send(
  { url, form }: Step,
  { ca, connectTo = {} }: BrowserOptions,
  cookies: CookieJar | undefined,
): Promise<Answer> {
  const cookie = cookies?.headerFor(url.pathname)
  const headers = {
    host: url.host,
    ...(cookie ? { cookie } : {}),
    ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
  }
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    // A kept connection would keep the server from closing.
    const { host: hostname = url.hostname, port = url.port } = connectTo[url.hostname] ?? {}
    const settings = {
      method: form ? 'POST' : 'GET',
      headers,
      ca,
      agent: false,
      servername: url.hostname,
      hostname,
      port,
    }
    const sent = request(url, settings, (response) => {
      cookies?.store(response.headers['set-cookie'] ?? [])
      let html = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (html += chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, html }),
      )
    })
    sent.on('error', reject)
    sent.end(form?.toString())
  })
}
