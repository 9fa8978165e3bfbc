import { join } from 'node:path'
import { AuthorizationCodes } from './authorization-codes.ts'
import { prepareCertificates } from './certificates.ts'
import { Consents } from './consents.ts'
import type { IdentityContext } from './context.ts'
import { DeviceCodes } from './device-codes.ts'
import type { Directory } from './directory.ts'
import { type SandboxRequest, type SandboxResponse, formOf, json } from './http.ts'
import { answerIdentity } from './identity.ts'
import { listen } from './listener.ts'
import { RefreshTokens } from './refresh-tokens.ts'
import { type SeedContext, seedDirectory } from './seed.ts'
import { Sessions } from './sessions.ts'
import { SigningKeys } from './signing-keys.ts'

export interface SandboxOptions {
  /** Default 8443, a fixed one: MSAL keys its cache by host and port. 0 stands for any free port. */
  readonly port?: number
  /** Keeps the authority and certificates; made 0700 where missing. */
  readonly folder: string
  /** Further names to answer to, such as `login.microsoftonline.com` behind a test's proxy. */
  readonly hostNames?: readonly string[]
  readonly now?: () => Date
  /** The directory to start with; default: the seed. */
  readonly seed?: (context: SeedContext) => Directory
}

export interface Sandbox {
  /** `https://localhost:PORT` */
  readonly origin: string
  readonly port: number
  readonly caFile: string
  readonly directory: Directory
  readonly clientCertificate: { readonly certFile: string; readonly keyFile: string }
  /** What was asked so far, oldest first. Holds no secret and no token. */
  readonly requests: readonly RecordedRequest[]
  close(): Promise<void>
}

export interface RecordedRequest {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly grantType: string | undefined
  readonly clientId: string | undefined
  readonly status: number
}

export const defaultPort = 8443

/** Starts a local tenant. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { hostNames = [], now = () => new Date() } = options
  const [certificates, keys] = await Promise.all([
    prepareCertificates(options.folder, hostNames),
    SigningKeys.create(),
  ])
  const requests: RecordedRequest[] = []
  let context: IdentityContext | undefined
  const listener = await listen({
    port: options.port ?? defaultPort,
    certificate: certificates.server,
    hostNames: ['localhost', '127.0.0.1', '[::1]', ...hostNames],
    now,
    answer: async (request) => {
      const response = context ? await answer(context, request) : undefined
      requests.push(recorded(request, response?.status ?? 0))
      return response
    },
  })
  const origin = `https://localhost:${listener.port}`
  const seed = options.seed ?? seedDirectory
  const directory = seed({ origin, clientCertificate: certificates.client.certificate })
  context = {
    directory,
    now,
    keys,
    settings: { accessTokenLifetimeSeconds: undefined, refreshTokensAreSingleUse: false },
    codes: new AuthorizationCodes(),
    devices: new DeviceCodes(),
    refreshTokens: new RefreshTokens(),
    consents: new Consents(),
    sessions: new Sessions(),
  }
  return {
    origin,
    port: listener.port,
    caFile: join(options.folder, 'ca.pem'),
    directory,
    clientCertificate: {
      certFile: certificates.client.certFile,
      keyFile: certificates.client.keyFile,
    },
    requests,
    close: () => listener.close(),
  }
}

async function answer(context: IdentityContext, request: SandboxRequest): Promise<SandboxResponse> {
  return (await answerIdentity(context, request)) ?? json(404, { error: 'not_found' })
}

function recorded(request: SandboxRequest, status: number): RecordedRequest {
  const form = formOf(request)
  const sent = request.method === 'POST' ? form : request.url.searchParams
  return {
    method: request.method,
    host: request.url.host,
    path: request.url.pathname,
    grantType: sent.get('grant_type') ?? undefined,
    clientId: sent.get('client_id') ?? undefined,
    status,
  }
}
