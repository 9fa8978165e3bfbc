/**
 * Stand-ins for the endpoints at which CI jobs ask for their OIDC token, on loopback sockets. They demand what the real
 * ones demand and refuse anything else as they do.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CiTokenEndpoint {
  /** The variables a job of that CI system has. */
  readonly env: Readonly<Record<string, string>>
  /** How often a token was handed out. */
  readonly issued: () => number
  close(): Promise<void>
}

/** Makes the token of the job for an audience. */
export type Mint = (audience: string) => Promise<string>

interface Answer {
  readonly status: number
  readonly body: object | string
  readonly location?: string
}

const defaultAudience = 'api://AzureADTokenExchange'

/**
 * GitHub Actions: a GET with the job's token and the wanted audience.
 * @see https://docs.github.com/actions/reference/security/oidc
 */
export async function startGitHubActions(mint: Mint): Promise<CiTokenEndpoint> {
  const token = 'github-request-token'
  const server = await listen(async (request, url) => {
    if (url.pathname !== '/abc//idtoken/1/2' || url.searchParams.get('api-version') !== '2.0') return notFound
    if (request.method !== 'GET') return { status: 405, body: '' }
    if (request.headers.authorization?.toLowerCase() !== `bearer ${token}`) return { status: 401, body: '' }
    if (!/^application\/json\b/.test(request.headers.accept ?? '')) return { status: 406, body: '' }
    const audience = url.searchParams.get('audience') ?? 'https://github.com/contoso'
    return { status: 200, body: { count: 1, value: await mint(audience) } }
  })
  return {
    ...server,
    env: {
      GITHUB_ACTIONS: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.origin}/abc//idtoken/1/2?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    },
  }
}

/**
 * Azure Pipelines: a POST with the job's token, for a service connection the pipeline may use.
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export async function startAzurePipelines(mint: Mint, serviceConnectionId: string): Promise<CiTokenEndpoint> {
  const token = 'pipelines-access-token'
  const server = await listen(async (request, url) => {
    if (url.pathname !== '/contoso/deploy/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken')
      return notFound
    if (request.method !== 'POST') return { status: 405, body: '' }
    if (request.headers.authorization !== `Bearer ${token}`) {
      const leadsToSignIn = request.headers['x-tfs-fedauthredirect'] !== 'Suppress'
      return leadsToSignIn
        ? { status: 302, body: '', location: 'https://spsprodweu4.vssps.example/_signin' }
        : { status: 401, body: '' }
    }
    if (!request.headers['content-type']?.startsWith('application/json')) return { status: 415, body: '' }
    // Without a length the service's front door closes the connection.
    if (request.headers['content-length'] === undefined) return { status: 411, body: '' }
    if (!/^\d+\.\d+(-preview(\.\d+)?)?$/.test(url.searchParams.get('api-version') ?? ''))
      return { status: 400, body: { message: 'No api-version was supplied.' } }
    if (url.searchParams.get('serviceConnectionId') !== serviceConnectionId)
      return { status: 404, body: { message: 'The service connection does not exist or is not authorized.' } }
    return { status: 200, body: { oidcToken: await mint(defaultAudience) } }
  })
  return {
    ...server,
    env: {
      TF_BUILD: 'True',
      SYSTEM_OIDCREQUESTURI: `${server.origin}/contoso/deploy/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken`,
      SYSTEM_ACCESSTOKEN: token,
    },
  }
}

const notFound: Answer = { status: 404, body: '' }

async function listen(answer: (request: IncomingMessage, url: URL) => Promise<Answer>) {
  let count = 0
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    // Not by way of URL's own joining: a path with two slashes must stay as it is.
    const url = new URL(`http://${request.headers.host}${request.url ?? '/'}`)
    const { status, body, location } = await answer(request, url)
    if (status === 200) count++
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8',
      ...(location !== undefined && { location }),
    })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = createServer((request, response) => {
    request.resume()
    respond(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issued: () => count,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
