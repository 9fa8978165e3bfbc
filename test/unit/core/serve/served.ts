/** Requests as the listener hands them over, and a service that answers them. */
import type { AccessToken } from '../../../../src/core/access-token.ts'
import type { ServedAnswer, ServedRequest } from '../../../../src/core/ports.ts'
import type { Profile } from '../../../../src/core/profiles/profile.ts'
import type { Permission, TokenWish } from '../../../../src/core/serve/audience.ts'
import { TokenKeeper } from '../../../../src/core/serve/token-keeper.ts'
import { tokenService, type ServiceOptions } from '../../../../src/core/serve/token-service.ts'

export const secret = '5ec2e7'.padEnd(64, '0')
export const port = 40123
export const now = new Date('2026-01-31T10:00:00Z')

export function profile(fields: Partial<Profile> = {}): Profile {
  return {
    name: 'graph',
    tenantId: '11111111-1111-4111-8111-111111111111',
    clientId: '22222222-2222-4222-8222-222222222222',
    scopes: ['https://graph.microsoft.com/.default'],
    credential: { kind: 'client-secret', source: { from: 'vault' } },
    defaultFlow: undefined,
    authority: 'https://login.microsoftonline.com',
    graphUrl: 'https://graph.microsoft.com',
    caFile: undefined,
    redirectUri: undefined,
    clientCapabilities: [],
    ...fields,
  }
}

export const nothingMore: Permission = { audiences: [], scopes: [], any: false }

export function token(fields: Partial<AccessToken> = {}): AccessToken {
  return {
    token: 'the.token.itself',
    tokenType: 'Bearer',
    expiresOn: new Date(now.getTime() + 3_600_000),
    scopes: ['https://graph.microsoft.com/.default'],
    tenantId: '11111111-1111-4111-8111-111111111111',
    username: undefined,
    fromCache: false,
    ...fields,
  }
}

export interface AskOptions {
  readonly method?: string
  /** Replaces those that are sent anyway; undefined leaves one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Sent after the others, so that one may come twice. */
  readonly more?: readonly (readonly [string, string])[]
  readonly body?: string
  readonly isAnotherUsers?: boolean
}

export interface Served {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly json: Record<string, unknown>
  /** The whole answer as text. */
  readonly text: string
  readonly keepOpen: boolean
  /** Whether the connection was marked as one of a program that knows the secret. */
  readonly isTrusted: boolean
}

export interface Service {
  ask(target: string, options?: AskOptions): Promise<Served>
  readonly wishes: TokenWish[]
  readonly log: string[]
}

/** A service whose tokens come from `obtain`. */
export function service(
  options: Partial<ServiceOptions> & { readonly obtain?: (wish: TokenWish) => Promise<AccessToken> } = {},
): Service {
  const wishes: TokenWish[] = []
  const log: string[] = []
  const { obtain = async () => token() } = options
  const tokens = new TokenKeeper({
    obtain: (wish) => {
      wishes.push(wish)
      return obtain(wish)
    },
    now: () => now,
    onObtained: () => {},
    onFailure: () => {},
  })
  const answer = tokenService({
    secret,
    imds: false,
    hostNames: [],
    profiles: [profile()],
    permission: nothingMore,
    tokens,
    now: () => now,
    log: {
      served: (asker, protocol, wish) =>
        log.push(`${asker.userAgent ?? '-'} ${protocol} ${wish.profile.name} ${wish.scopes.join(' ')}`),
      refused: (_asker, reason) => log.push(`refused: ${reason}`),
      broken: (error) => log.push(`broken: ${String(error)}`),
    },
    ...options,
  })
  return { ask: (target, how = {}) => ask(answer, target, how), wishes, log }
}

async function ask(
  answer: (request: ServedRequest, port: number) => Promise<ServedAnswer>,
  target: string,
  { method = 'GET', headers = {}, more = [], body = '', isAnotherUsers = false }: AskOptions,
): Promise<Served> {
  const length = body === '' ? {} : { 'content-length': String(body.length) }
  const all = { host: `127.0.0.1:${port}`, 'user-agent': 'test', ...length, ...headers }
  const sent = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  let isTrusted = false
  const request: ServedRequest = {
    method,
    target,
    headers: [...sent, ...more],
    peerAddress: '127.0.0.1',
    trust: () => void (isTrusted = true),
    isAnotherUsers: async () => isAnotherUsers,
    readBody: async () => (body.length > 65_536 ? undefined : body),
  }
  const { body: text, ...rest } = await answer(request, port)
  return {
    ...rest,
    text: JSON.stringify(rest.headers) + text,
    json: JSON.parse(text) as Record<string, unknown>,
    isTrusted,
  }
}

export const graphResource = 'api-version=2019-08-01&resource=https://graph.microsoft.com'
export const appServiceTarget = `/msi/token?${graphResource}`
export const withSecret = { headers: { 'x-identity-header': secret } }
export const bearer = { headers: { authorization: `Bearer ${secret}` } }
