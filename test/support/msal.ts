/** MSAL Node as a client in tests: with a network of its own that trusts a given authority and counts requests. */
import { request as httpsRequest } from 'node:https'
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'

/** MSAL's network over `node:https`, trusting only `ca`. It follows no redirect and asks no proxy. */
export function networkTrusting(ca: string): INetworkModule {
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options, ca),
    sendPostRequestAsync: (url, options) => send('POST', url, options, ca),
  }
}

function send<T>(
  method: string,
  url: string,
  options: NetworkRequestOptions | undefined,
  ca: string,
): Promise<NetworkResponse<T>> {
  return new Promise((resolve, reject) => {
    const headers = options?.headers ?? {}
    // A kept connection would keep the server from closing.
    const sent = httpsRequest(url, { method, headers, ca, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('error', reject)
      response.on('end', () => {
        const named = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(named) as Record<string, string>,
          body: JSON.parse(body) as T,
        })
      })
    })
    sent.on('error', reject)
    sent.end(options?.body)
  })
}
