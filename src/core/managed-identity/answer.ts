import { EntraAuthError } from '../../errors.ts'
import { isBearerToken } from '../authority-answer.ts'
import { entraRefusal } from '../entra-errors.ts'
import type { HttpResponse } from '../ports.ts'
import type { ManagedIdentity } from '../profiles/profile.ts'
import { endpointNames, type IdentityEndpoint } from './endpoint.ts'

/** A token as an identity endpoint handed it out. */
export interface IdentityToken {
  readonly token: string
  readonly expiresOn: Date
  /** When a new one should be asked for ahead of the end; undefined for a short-lived one. */
  readonly refreshOn: Date | undefined
}

/** What an endpoint answered, as far as it can be read. */
export type IdentityAnswer =
  | {
      readonly kind: 'token'
      readonly token: IdentityToken
      readonly fields: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'refused'; readonly error: EntraAuthError }

/**
 * Reads an answer, distrusting it: the token goes into headers and shells as it is.
 * @throws EntraAuthError `network` for what no identity endpoint says; then something else answered in its place
 */
export function readIdentityAnswer(
  response: HttpResponse,
  endpoint: IdentityEndpoint,
  identity: ManagedIdentity,
  now: Date,
): IdentityAnswer {
  const fields = parse(response.body)
  if (fields === undefined) throw notAnEndpoint(response, endpoint)
  if (response.status !== 200) {
    return { kind: 'refused', error: refusalIn(fields, response.status, endpoint, identity) }
  }
  const expiresOn = endOf(fields, now)
  const isBearer = /^bearer$/i.test(textOf(fields['token_type'] ?? 'Bearer') ?? '')
  const token = fields['access_token']
  if (typeof token !== 'string' || !isBearerToken(token) || !isBearer || expiresOn === undefined) {
    throw notAnEndpoint(response, endpoint)
  }
  return { kind: 'token', token: { token, expiresOn, refreshOn: refreshOf(expiresOn, now) }, fields }
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const latestSeconds = 8_640_000_000_000

/** `expires_on` is in epoch seconds, as a number or as text; the oldest protocol writes it as a date. */
function endOf(fields: Readonly<Record<string, unknown>>, now: Date): Date | undefined {
  const written = fields['expires_on'] ?? undefined
  if (written === undefined) {
    const seconds = Number(fields['expires_in'] ?? Number.NaN)
    return dateOf(now.getTime() / 1000 + seconds)
  }
  if (typeof written === 'number') return dateOf(written)
  if (typeof written !== 'string') return undefined
  return dateOf(/^\d+$/.test(written) ? Number(written) : Date.parse(written) / 1000)
}

function dateOf(seconds: number): Date | undefined {
  return seconds > 0 && seconds <= latestSeconds ? new Date(seconds * 1000) : undefined
}

const renewMilliseconds = 2 * 60 * 60 * 1000

/** At half of a long life, as Azure's own libraries do: the endpoint may be away when the token ends. */
function refreshOf(expiresOn: Date, now: Date): Date | undefined {
  const left = expiresOn.getTime() - now.getTime()
  return left > renewMilliseconds ? new Date(now.getTime() + left / 2) : undefined
}

/** Endpoints do not agree on how they say no: `error` is a word or an object, the sentence has three names. */
function refusalIn(
  fields: Readonly<Record<string, unknown>>,
  status: number,
  { kind }: IdentityEndpoint,
  identity: ManagedIdentity,
): EntraAuthError {
  const nested = fields['error']
  const error = typeof nested === 'object' && nested !== null ? { ...nested } : {}
  const code = textOf(nested) ?? textOf(Reflect.get(error, 'code')) ?? String(status)
  const sentence =
    textOf(fields['error_description']) ??
    textOf(fields['message']) ??
    textOf(Reflect.get(error, 'message')) ??
    `status ${status}`
  if (/AADSTS\d+/.test(sentence)) return entraRefusal(code, sentence)
  const said = sentence.replaceAll(/\s+/g, ' ').slice(0, 300).replace(/\.$/, '')
  const name = endpointNames[kind]
  if (status >= 500) {
    return new EntraAuthError('network', `${name} failed: ${said} (${code})`, {
      hint: 'try again in a minute; look whether the identity is enabled where this runs',
    })
  }
  return new EntraAuthError(
    'authentication_failed',
    `${name} gives no token for ${identityText(identity)}: ${said} (${code})`,
    { hint: assignmentHint(identity) },
  )
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** As in `the managed identity with client id …`. */
function identityText(identity: ManagedIdentity): string {
  return identity.by === 'system'
    ? 'the system-assigned managed identity'
    : `the managed identity with ${identity.by.replace('-', ' ')} ${identity.id}`
}

function assignmentHint(identity: ManagedIdentity): string {
  return identity.by === 'system'
    ? 'enable the system-assigned identity in the portal under Identity, or name a user-assigned one with "entra-auth-cli config create --managed-identity-client-id"'
    : 'look whether that identity is assigned to what this runs on: in the portal under Identity, User assigned'
}

function notAnEndpoint({ status }: HttpResponse, { kind, url }: IdentityEndpoint): EntraAuthError {
  return new EntraAuthError(
    'network',
    `what answers at ${new URL(url).origin} is no identity endpoint of Azure's (status ${status})`,
    {
      hint:
        kind === 'imds'
          ? 'a managed identity works only on an Azure machine or service that has one'
          : `look at the variables that lead there; ${endpointNames[kind]} was expected`,
    },
  )
}
