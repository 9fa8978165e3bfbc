import type { AccessToken } from '../access-token.ts'
import { EntraAuthError } from '../../errors.ts'
import type { PlainRequest } from './gate.ts'
import { Refusal } from './refusal.ts'

/** Which token a program asks for, in no protocol's words. */
export interface TokenAsk {
  /** The API; undefined where scopes say it, or nothing does. */
  readonly resource: string | undefined
  /** Asked for as they stand. Empty: the profile's own, or everything of the resource. */
  readonly scopes: readonly string[]
  /** The name of the profile, where the protocol has a place for it. */
  readonly profile: string | undefined
  /** Of the app or identity whose token it shall be. */
  readonly clientId: string | undefined
  readonly tenantId: string | undefined
}

export const anyToken: TokenAsk = {
  resource: undefined,
  scopes: [],
  profile: undefined,
  clientId: undefined,
  tenantId: undefined,
}

/** What was handed out, for the protocols that repeat it. */
export interface Granted {
  readonly token: AccessToken
  readonly clientId: string
  /** As it was asked for, letter by letter: some clients file the token under it. */
  readonly resource: string | undefined
}

/** One of the ways in which Azure's tools ask a program near them for a token. */
export interface Protocol {
  /** As the log names it. */
  readonly name: string
  readonly method: 'GET' | 'POST'
  /** The secret that a request presents; undefined for none. */
  secretIn(request: PlainRequest): string | undefined
  /** @throws Refusal for what the protocol does not allow */
  read(request: PlainRequest, body: string): TokenAsk
  token(granted: Granted, now: Date): object
  error(failure: Failure): { readonly status: number; readonly body: object }
}

/** Why there is no token, in words for whoever wrote the program that asked. */
export interface Failure {
  readonly status: number
  readonly message: string
  /** Whether nobody is signed in, which somebody could mend. */
  readonly needsPerson: boolean
}

/** Says why there is no token. What is no fault of Entra's or of the request is told in the log alone. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return { status: error.status, message: error.message, needsPerson: false }
  if (!(error instanceof EntraAuthError)) {
    return { status: 500, message: 'the token could not be got', needsPerson: false }
  }
  const message = error.hint === undefined ? error.message : `${error.message} (${error.hint})`
  return { status: statusOf(error), message, needsPerson: error.code === 'interaction_required' }
}

/** Clients try again after 5xx and 404, and give up at once after other 4xx. */
function statusOf({ code }: EntraAuthError): number {
  switch (code) {
    case 'network':
    case 'timeout':
    case 'interrupted':
      return 503
    case 'authentication_failed':
    case 'interaction_required':
    case 'invalid_arguments':
      return 400
    case 'general':
    case 'invalid_token':
    case 'profiles_unreadable':
    case 'file_unusable':
    case 'profile_not_found':
    case 'profile_incomplete':
    case 'store_unavailable':
    case 'unverifiable':
    case 'program_not_executable':
    case 'program_not_found':
      return 500
  }
}

/** A parameter that may stand once. @throws Refusal for one that came again */
export function parameter({ query }: PlainRequest, name: string): string | undefined {
  const [value, ...others] = query.getAll(name)
  if (others.length > 0) throw new Refusal(400, `the parameter ${name} came more than once`)
  return value === '' ? undefined : value
}

/** @throws Refusal for any but the one version that is spoken here */
export function requireVersion(request: PlainRequest, version: string): void {
  const asked = parameter(request, 'api-version')
  if (asked !== version) throw new Refusal(400, `api-version must be ${version}`)
}

/** The text of `Authorization: Bearer`. */
export function bearerIn(request: PlainRequest): string | undefined {
  return /^bearer +([!-~]+)$/i.exec(request.header('authorization') ?? '')?.[1]
}

export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
