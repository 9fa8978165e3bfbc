import { mkdtempSync, readFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/server.ts'

/** The moment sandboxes under test live in. */
export const testNow = new Date('2026-01-31T10:00:00Z')

const certificateFolder = mkdtempSync(join(tmpdir(), 'sandbox-identity-'))

/** A sandbox on a free port with a clock that stands still. Certificates are made once for a test file. */
export function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({ port: 0, folder: certificateFolder, now: () => testNow, ...options })
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One HTTPS request that trusts the sandbox's authority and follows no redirect. */
export function ask(sandbox: Sandbox, path: string, options: AskOptions = {}): Promise<Answer> {
  const url = path.startsWith('https:') ? path : `${sandbox.origin}${path}`
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      url,
      // By name, whatever the Host header says: tests send other ones.
      { method, headers, ca: readFileSync(sandbox.caFile), agent: false, servername: new URL(url).hostname },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

export function askJson(answer: Answer): Record<string, unknown> {
  return JSON.parse(answer.body) as Record<string, unknown>
}

/** A form post, as clients send it to the token endpoint. */
export function post(
  sandbox: Sandbox,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return ask(sandbox, path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })
}

/** MSAL's network, trusting the sandbox's authority. */
export function networkOf(sandbox: Sandbox): INetworkModule {
  const send = async <T>(
    method: string,
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> => {
    const answer = await ask(sandbox, url, { method, headers: options?.headers, body: options?.body })
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
    )
    return { status: answer.status, headers, body: JSON.parse(answer.body) as T }
  }
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  }
}
