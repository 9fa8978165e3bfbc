import { EntraAuthError, type ErrorCode } from '../../errors.ts'
import type { HttpResponse } from '../ports.ts'
import { readChallenges } from '../www-authenticate.ts'
import { isJsonObject, objectAt, textAt } from './json-fields.ts'

/** Microsoft Graph said no. */
export class GraphError extends EntraAuthError {
  /** Of HTTP: 403 says that others may. */
  readonly status: number

  constructor(status: number, code: ErrorCode, fact: string, hint: string, cause?: unknown) {
    super(code, fact, { hint, cause })
    this.status = status
  }
}

/**
 * An answer of Graph's that is no success, in our words: what it means and who must do what.
 * @param what was asked for, such as `app registrations`
 * @param permission that lets a token read it, such as `Application.Read.All`
 * @see https://learn.microsoft.com/graph/errors
 */
export function graphError(response: HttpResponse, what: string, permission: string): GraphError {
  const { status } = response
  const said = saidIn(response)
  if (status === 401) return unauthorized(response, said)
  if (status === 403) {
    return new GraphError(
      status,
      'authentication_failed',
      `Microsoft Graph does not let this token read ${what} (403${said === '' ? '' : `, ${said}`})`,
      `it needs ${permission}, and a person needs a role that may read them too; name a profile that has it with -p, or grant it under "API permissions"`,
    )
  }
  if (status === 404) {
    return new GraphError(
      status,
      'general',
      `Microsoft Graph has no such ${what}`,
      'check the id or the name',
    )
  }
  if (status === 429 || status >= 500) {
    const seconds = /^\s*(\d{1,6})\s*$/.exec(response.headers['retry-after'] ?? '')?.[1]
    const fact =
      status === 429 ? 'Microsoft Graph is being asked too often (429)' : `Microsoft Graph failed (${status})`
    return new GraphError(
      status,
      'network',
      fact,
      seconds === undefined ? 'try again in a minute' : `try again in ${seconds} seconds, as it asks`,
    )
  }
  return new GraphError(
    status,
    'general',
    `Microsoft Graph did not take the request for ${what} (${status}${said === '' ? '' : `, ${said}`})`,
    'add --verbose to see what was asked',
  )
}

/** @see https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function unauthorized({ status, headers }: HttpResponse, said: string): GraphError {
  const challenge = (readChallenges(headers['www-authenticate'] ?? '') ?? [])
    .filter(({ scheme }) => scheme === 'bearer')
    .flatMap(({ parameters }) => parameters.get('claims') ?? [])
    .find((claims) => /^[A-Za-z0-9+/_-]{1,16000}={0,2}$/.test(claims))
  if (challenge !== undefined) {
    return new GraphError(
      status,
      'interaction_required',
      'Microsoft Graph asks for more than this token proves (claims challenge)',
      `run it again with --claims ${challenge}`,
    )
  }
  return new GraphError(
    status,
    'authentication_failed',
    `Microsoft Graph does not take this token (401${said === '' ? '' : `, ${said}`})`,
    'check the cloud: tenant, --authority and --graph-url must belong together',
  )
}

/** Graph's own first words, where it has any. */
function saidIn({ body }: HttpResponse): string {
  try {
    const answer: unknown = JSON.parse(body)
    const error = isJsonObject(answer) ? objectAt(answer, 'error') : {}
    const text = textAt(error, 'message') ?? textAt(error, 'code') ?? ''
    return (
      text
        .split(/[\r\n]/)[0]
        ?.replace(/\.\s*$/, '')
        .slice(0, 300) ?? ''
    )
  } catch {
    return ''
  }
}
