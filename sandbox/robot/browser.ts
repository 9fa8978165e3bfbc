import * as http from 'node:http'
import * as https from 'node:https'

export interface BrowserRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  /** The fields of a form, for POST. */
  readonly fields?: Readonly<Record<string, string>>
}

export interface BrowserAnswer {
  readonly status: number
  /** Where a redirect leads. */
  readonly location: URL | undefined
  readonly body: string
}

export interface BrowserOptions {
  /** PEM of the only authorities to trust. Default: those of Node. */
  readonly ca?: string
  /** Of an HTTP proxy that HTTPS is tunnelled through. */
  readonly proxy?: string
  readonly signal?: AbortSignal
}

const timeoutMilliseconds = 30_000

/** Sends requests one after the other and keeps cookies between them. Follows no redirect by itself. */
export class Browser {
  private readonly options: BrowserOptions
  /** By host name: cookies know no ports (RFC 6265, section 8.5). */
  private readonly cookies = new Map<string, Map<string, string>>()

  constructor(options: BrowserOptions) {
    this.options = options
  }

  async send({ method, url, fields }: BrowserRequest): Promise<BrowserAnswer> {
    const body = fields === undefined ? undefined : new URLSearchParams(fields).toString()
    const headers: Record<string, string> = { accept: 'text/html', connection: 'close' }
    if (body !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded'
      headers['content-length'] = String(Buffer.byteLength(body))
    }
    const cookies = [...this.cookiesOf(url)].map(([name, value]) => `${name}=${value}`)
    if (cookies.length > 0) headers['cookie'] = cookies.join('; ')
    const response = await this.exchange(url, { method, headers }, body)
    this.keepCookies(url, response.headers['set-cookie'] ?? [])
    const status = response.statusCode ?? 0
    const { location } = response.headers
    const isRedirect = [301, 302, 303].includes(status) && location !== undefined
    return { status, location: isRedirect ? new URL(location, url) : undefined, body: await textOf(response) }
  }

  private async exchange(
    url: URL,
    options: http.RequestOptions,
    body: string | undefined,
  ): Promise<http.IncomingMessage> {
    const timeout = AbortSignal.timeout(timeoutMilliseconds)
    const signal = AbortSignal.any([timeout, ...(this.options.signal ? [this.options.signal] : [])])
    const secure = url.protocol === 'https:' ? { ca: this.options.ca, agent: await this.agent() } : {}
    const { request } = url.protocol === 'https:' ? https : http
    return new Promise((resolve, reject) => {
      request(url, { ...options, ...secure, signal }, resolve)
        .on('error', reject)
        .end(body)
    })
  }

  private async agent(): Promise<https.Agent | undefined> {
    if (this.options.proxy === undefined) return undefined
    const { HttpsProxyAgent } = await import('https-proxy-agent')
    return new HttpsProxyAgent(this.options.proxy)
  }

  private cookiesOf({ hostname }: URL): Map<string, string> {
    const jar = this.cookies.get(hostname) ?? new Map<string, string>()
    this.cookies.set(hostname, jar)
    return jar
  }

  private keepCookies(url: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^\s*([^=;]+)=([^;]*)/.exec(line) ?? []
      if (/;\s*max-age=0\b/i.test(line) || value === '') this.cookiesOf(url).delete(name)
      else this.cookiesOf(url).set(name, value)
    }
  }
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}
