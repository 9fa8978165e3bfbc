/** The few HTTP shapes the sandbox speaks inside: a request already read, an answer not yet written. */

export interface SandboxRequest {
  readonly method: string
  /** Absolute, as the client sees it: host and port come from the `Host` header. */
  readonly url: URL
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The raw body, at most 1 MiB. */
  readonly body: string
}

export interface SandboxResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}

export function json(
  status: number,
  value: unknown,
  headers: SandboxResponse['headers'] = {},
): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  }
}

export function page(
  status: number,
  html: string,
  headers: SandboxResponse['headers'] = {},
): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: html,
  }
}

export function redirect(location: string): SandboxResponse {
  return { status: 302, headers: { location, 'cache-control': 'no-store' } }
}

/** The fields of a form post; empty where the body is something else. */
export function formOf(request: SandboxRequest): URLSearchParams {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  return new URLSearchParams(isForm ? request.body : '')
}
