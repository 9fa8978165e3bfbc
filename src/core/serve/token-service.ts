import { EntraAuthError } from '../../errors.ts'
import type { ServedAnswer, ServedRequest } from '../ports.ts'
import type { Profile } from '../profiles/profile.ts'
import { chooseToken, type Permission, type TokenWish } from './audience.ts'
import { azd, azdPath } from './azd-protocol.ts'
import { hostHeaders, pass, type PlainRequest } from './gate.ts'
import { appService, appServicePath, imds, isImdsPath } from './managed-identity-protocols.ts'
import { plain, plainPath } from './plain-protocol.ts'
import { failureOf, type Protocol } from './protocol.ts'
import { Refusal } from './refusal.ts'
import { secretCheck } from './serve-secret.ts'
import type { TokenKeeper } from './token-keeper.ts'

export interface ServiceOptions {
  readonly secret: string
  /** Whether the metadata service of virtual machines is played too, with the secret in its address. */
  readonly imds: boolean
  /** Names beside those of this machine itself by which a Host header may call it. */
  readonly hostNames: readonly string[]
  /** Those that are served, in the order in which they were named. */
  readonly profiles: readonly Profile[]
  readonly permission: Permission
  readonly tokens: TokenKeeper
  readonly now: () => Date
  readonly log: ServiceLog
}

/** Who asked. Both are theirs to choose, and so to be distrusted. */
export interface Asker {
  /** What it calls itself; undefined where it does not. */
  readonly userAgent: string | undefined
  /** Where its connection comes from. */
  readonly address: string
}

/** Is told what happens, without a secret and without a token. */
export interface ServiceLog {
  served(asker: Asker, protocol: string, wish: TokenWish): void
  /** @param reason one clause */
  refused(asker: Asker, reason: string): void
  /** What must not happen: a defect of ours. */
  broken(error: unknown): void
}

/**
 * Answers the requests of programs: first whether it is a request that may be answered at all, then whether it shows the
 * secret and comes from this user, and only then what it wants. Who does not show the secret learns nothing from the
 * answer but that.
 */
export function tokenService(
  options: ServiceOptions,
): (request: ServedRequest, port: number) => Promise<ServedAnswer> {
  const isSecret = secretCheck(options.secret)
  const protocols = protocolTable(options.imds)
  let hosts: ReadonlySet<string> | undefined
  return async (request, port) => {
    const asker = askerOf(request)
    /** Once the asker is trusted: then a refusal is the protocol's, and until then one line. */
    let spoken: Protocol | undefined
    try {
      const passed = pass(request, (hosts ??= hostHeaders(options.hostNames, port)))
      const protocol = protocols(passed)
      if (!isSecret(protocol.secretIn(passed) ?? '')) throw new Refusal(401, 'the secret is missing or wrong')
      if (await request.isAnotherUsers()) throw new Refusal(403, 'this is for another user of this machine')
      request.trust()
      spoken = protocol
      return await grant(request, passed, protocol, asker, options)
    } catch (error) {
      return refuse(error, spoken, asker, options.log)
    }
  }
}

async function grant(
  request: ServedRequest,
  passed: PlainRequest,
  protocol: Protocol,
  asker: Asker,
  { profiles, permission, tokens, now, log }: ServiceOptions,
): Promise<ServedAnswer> {
  const body = passed.method === 'POST' ? await request.readBody() : ''
  if (body === undefined) throw new Refusal(413, 'the body is too large')
  const ask = protocol.read(passed, body)
  const wish = chooseToken(ask, profiles, permission)
  const token = await tokens.get(wish)
  const tenants = [wish.profile.tenantId, token.tenantId].map((tenant) => tenant?.toLowerCase())
  if (ask.tenantId !== undefined && !tenants.includes(ask.tenantId.toLowerCase())) {
    throw new Refusal(400, `profile ${wish.profile.name} gets no tokens of tenant ${ask.tenantId}`)
  }
  log.served(asker, protocol.name, wish)
  const granted = { token, clientId: wish.profile.clientId, resource: ask.resource }
  return answer(200, protocol.token(granted, now()), true)
}

/** The path says the protocol. @throws Refusal for any other, and for a method that is not its own */
function protocolTable(playsImds: boolean): (request: PlainRequest) => Protocol {
  const byPath = new Map([
    [appServicePath, appService],
    [azdPath, azd],
    [plainPath, plain],
  ])
  return ({ path, method }) => {
    const protocol = playsImds && isImdsPath(path) ? imds : byPath.get(path)
    if (!protocol) throw new Refusal(404, 'there is nothing here')
    const allow = protocol.method
    if (method !== allow) throw new Refusal(405, `only ${allow} is answered here`, { allow })
    return protocol
  }
}

function refuse(error: unknown, protocol: Protocol | undefined, asker: Asker, log: ServiceLog): ServedAnswer {
  const failure = failureOf(error)
  if (error instanceof Refusal) log.refused(asker, error.message)
  else if (!(error instanceof EntraAuthError)) log.broken(error)
  const { status, body } = protocol?.error(failure) ?? {
    status: failure.status,
    body: { error: failure.message },
  }
  return answer(status, body, false, error instanceof Refusal ? error.headers : {})
}

function answer(
  status: number,
  body: object,
  keepOpen: boolean,
  headers: Readonly<Record<string, string>> = {},
): ServedAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
    keepOpen,
  }
}

function askerOf({ headers, peerAddress }: ServedRequest): Asker {
  const userAgent = headers.find(([name]) => name === 'user-agent')?.[1]
  return { userAgent: userAgent?.slice(0, 80), address: peerAddress }
}
