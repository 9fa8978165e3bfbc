import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AuthorizationCodes } from './identity/authorization-codes.ts'
import { prepareCertificates, writePrivately } from './certificates.ts'
import { SandboxClock } from './clock.ts'
import { Consents } from './identity/consents.ts'
import type { IdentityContext } from './identity/context.ts'
import { type SandboxControl, createControl } from './control.ts'
import { answerControl } from './control-endpoint.ts'
import { DeviceCodes } from './identity/device-codes.ts'
import type { Directory } from './directory.ts'
import { Faults } from './faults.ts'
import { type SandboxRequest, type SandboxResponse, formOf, json } from './http.ts'
import { answerIdentity } from './identity/index.ts'
import { allIssuers } from './identity/issuers.ts'
import { type Answer, listen } from './listener.ts'
import { RefreshTokens } from './identity/refresh-tokens.ts'
import { createResources } from './resources/index.ts'
import { type SeedContext, seedDirectory, workloadSubject } from './seed.ts'
import { Sessions } from './identity/sessions.ts'
import { SigningKeys } from './signing-keys.ts'
import { asSigned } from './identity/tokens.ts'

export interface SandboxOptions {
  /** Default 8443, a fixed one: MSAL keys its cache by host and port. 0 stands for any free port. */
  readonly port?: number
  /** Keeps the authority, the certificates and the control key; made 0700 where missing. */
  readonly folder: string
  /** Further names to answer to, such as `login.microsoftonline.com` behind a test's proxy, with and without a port. */
  readonly hostNames?: readonly string[]
  readonly now?: () => Date
  /** The directory to start with; default: the seed. */
  readonly seed?: (context: SeedContext) => Directory
  /** One line for each request: method, path, status. Never a secret or a token. */
  readonly log?: (line: string) => void
}

export interface Sandbox {
  /** `https://localhost:PORT` */
  readonly origin: string
  readonly port: number
  readonly caFile: string
  readonly directory: Directory
  /** PEM files of the certificate the seeded certificate app proves itself with. */
  readonly clientCertificate: { readonly certFile: string; readonly keyFile: string }
  readonly control: SandboxControl
  /** Holds the key `POST /sandbox/…` asks for. */
  readonly controlKeyFile: string
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
  /** 0 where the connection was dropped. */
  readonly status: number
}

export const defaultPort = 8443

/**
 * Starts a local tenant on loopback: Entra's endpoints, a small Graph, ARM and an API of one's own.
 * State lives in memory and ends with it; certificates are kept.
 * @throws the listener's error, such as EADDRINUSE
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { hostNames = [], log = () => undefined } = options
  const clock = new SandboxClock(options.now ?? (() => new Date()))
  const now = (): Date => clock.now()
  const certificates = await prepareCertificates(options.folder, hostNames)
  const keys = await SigningKeys.create(...certificates.signing)
  const requests: RecordedRequest[] = []
  let answer: Answer = async () => json(503, { error: 'starting' })
  const names = ['localhost', '127.0.0.1', '[::1]', ...hostNames]
  const listener = await listen({
    port: options.port ?? defaultPort,
    certificate: certificates.server,
    hostNames: names,
    now,
    answer: async (request) => {
      const response = await answer(request)
      const record = recorded(request, response?.status ?? 0)
      requests.push(record)
      log(`${record.method} ${record.path} ${record.status}`)
      return response
    },
  })
  const origin = `https://localhost:${listener.port}`
  const directory = (options.seed ?? seedDirectory)({
    origin,
    clientCertificate: certificates.client.certificate,
  })
  const context = identityContext(directory, now, keys)
  const faults = new Faults()
  const control = createControl(context, faults, clock, {
    issuer: `${origin}/workload`,
    subject: workloadSubject,
  })
  const controlKeyFile = join(options.folder, 'control.key')
  const controlKey = randomBytes(32).toString('hex')
  writePrivately(controlKeyFile, controlKey)
  const answerResources = createResources({
    directory,
    now,
    signingKeys: () => keys.published(),
    // Behind a proxy the names are asked for without the port.
    issuers: allIssuers(
      directory,
      names.flatMap((name) => [`https://${name}:${listener.port}`, `https://${name}`]),
    ),
  })
  answer = async (request) =>
    (await answerControl(request, control, controlKey, () => requests)) ??
    withFaults(
      faults,
      request,
      now,
      async () =>
        (await answerIdentity(context, request)) ??
        (await answerResources(asSeenByResources(request))) ??
        json(404, { error: 'not_found' }),
    )
  return {
    origin,
    port: listener.port,
    caFile: certificates.caFile,
    directory,
    clientCertificate: {
      certFile: certificates.client.certFile,
      keyFile: certificates.client.keyFile,
    },
    control,
    controlKeyFile,
    requests,
    close: () => listener.close(),
  }
}

function identityContext(directory: Directory, now: () => Date, keys: SigningKeys): IdentityContext {
  return {
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
}

async function withFaults(
  faults: Faults,
  request: SandboxRequest,
  now: () => Date,
  work: () => Promise<SandboxResponse>,
): Promise<SandboxResponse | undefined> {
  const outcome = faults.strike(request, now())
  if (outcome?.kind === 'answer') return outcome.response
  if (outcome?.kind === 'drop') return undefined
  if (outcome?.kind === 'delay') await delay(outcome.milliseconds)
  return work()
}

/** Graph's tokens arrive in a form nobody can verify; at the door they are turned into what was signed. */
function asSeenByResources(request: SandboxRequest): SandboxRequest {
  const [scheme = '', token] = (request.headers.authorization ?? '').split(' ')
  if (token === undefined || scheme.toLowerCase() !== 'bearer') return request
  return { ...request, headers: { ...request.headers, authorization: `${scheme} ${asSigned(token)}` } }
}

function recorded(request: SandboxRequest, status: number): RecordedRequest {
  const sent = request.method === 'POST' ? formOf(request) : request.url.searchParams
  return {
    method: request.method,
    host: request.url.host,
    path: request.url.pathname,
    grantType: sent.get('grant_type') ?? undefined,
    clientId: sent.get('client_id') ?? undefined,
    status,
  }
}
