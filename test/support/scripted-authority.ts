/** An authority that plays a script: it expects certain requests in a certain order, and complains about any other. */
import type { HttpRequest, HttpResponse } from '../../src/core/ports.ts'

/** What a form must hold: the field's text, a pattern of it, or undefined for a field that must be missing. */
export type ExpectedForm = Readonly<Record<string, string | RegExp | undefined>>

/** One request to the token or device endpoint, and its answer. */
export interface Scene {
  readonly endpoint?: 'token' | 'devicecode'
  /** Default: the authority's own tenant. */
  readonly tenant?: string
  readonly form: ExpectedForm
  readonly status?: number
  /** JSON, or what makes it from the form that was sent; an error is thrown as a network's failure. */
  readonly answer: object | Error | ((form: URLSearchParams) => object | Promise<object>)
}

export interface ScriptedAuthority {
  readonly http: (request: HttpRequest) => Promise<HttpResponse>
  /** The forms posted so far. */
  readonly posted: readonly URLSearchParams[]
  /** What was not in the script, in words. MSAL may hide what is thrown, so a test must look here. */
  readonly complaints: readonly string[]
  /** Throws where a request was not as expected or an expected one never came. */
  finish(): void
}

export const publicAuthority = 'https://login.microsoftonline.com'

/** Scopes are compared as sets: OAuth gives their order no meaning. */
function matches(field: string, sent: string | null, expected: string | RegExp | undefined): boolean {
  if (expected === undefined) return sent === null
  if (sent === null) return false
  if (expected instanceof RegExp) return expected.test(sent)
  return field === 'scope' ? words(sent) === words(expected) : sent === expected
}

function words(text: string): string {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .toSorted()
    .join(' ')
}

/** @param authority origin of the authority, without the tenant */
export function scriptedAuthority(
  tenant: string,
  scenes: readonly Scene[],
  authority = publicAuthority,
): ScriptedAuthority {
  const waiting = [...scenes]
  const posted: URLSearchParams[] = []
  const complaints: string[] = []
  const complain = (what: string): never => {
    complaints.push(what)
    throw new Error(what)
  }
  const http = async ({ method, url, body = '' }: HttpRequest): Promise<HttpResponse> => {
    if (method === 'GET') return discovery(url, authority) ?? complain(`GET ${url} is not in the script`)
    const form = new URLSearchParams(body)
    posted.push(form)
    const scene = waiting.shift()
    if (!scene) return complain(`POST ${url} is one request more than the script has`)
    const expectedUrl = `${authority}/${scene.tenant ?? tenant}/oauth2/v2.0/${scene.endpoint ?? 'token'}`
    if (method !== 'POST' || url.split('?')[0] !== expectedUrl)
      complain(`${method} ${url} came where ${expectedUrl} was expected`)
    for (const [field, expected] of Object.entries(scene.form)) {
      if (!matches(field, form.get(field), expected))
        complain(`"${field}" was "${form.get(field)}", not "${String(expected)}"`)
    }
    if (scene.answer instanceof Error) throw scene.answer
    const answer = typeof scene.answer === 'function' ? await scene.answer(form) : scene.answer
    return response(scene.status ?? 200, answer)
  }
  return {
    http,
    posted,
    complaints,
    finish: () => {
      const missing = waiting.map((scene) => `never came: ${JSON.stringify(scene.form)}`)
      const all = [...complaints, ...missing]
      if (all.length > 0) throw new Error(all.join('\n'))
    },
  }
}

/** MSAL knows Microsoft's own endpoints; those of any other authority it asks for. */
function discovery(url: string, authority: string): HttpResponse | undefined {
  const [, tenant] =
    new RegExp(`^${authority}/([^/]+)/v2\\.0/\\.well-known/openid-configuration`).exec(url) ?? []
  if (tenant === undefined) return undefined
  const base = `${authority}/${tenant}`
  return response(200, {
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  })
}

function response(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** The answer to client credentials. */
export function appAnswer(token: string, fields: object = {}): object {
  return { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token, ...fields }
}

export interface Person {
  readonly objectId: string
  readonly tenantId: string
  readonly username: string
}

/** The answer that carries a person's tokens. */
export function personAnswer(
  person: Person,
  token: string,
  scope: string,
  refreshToken: string | undefined,
  fields: object = {},
): object {
  const { objectId, tenantId, username } = person
  const claims = {
    oid: objectId,
    tid: tenantId,
    sub: `sub-${objectId}`,
    preferred_username: username,
    ver: '2.0',
  }
  return {
    token_type: 'Bearer',
    scope,
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: token,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    id_token: `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`,
    client_info: encoded({ uid: objectId, utid: tenantId }),
    ...fields,
  }
}

/** An error body as Entra writes it. */
export function refusal(error: string, entraCode: number, sentence: string, fields: object = {}): object {
  return {
    error,
    error_description: `AADSTS${entraCode}: ${sentence} Trace ID: 0 Correlation ID: 0 Timestamp: 2026-01-31 10:00:00Z`,
    error_codes: [entraCode],
    timestamp: '2026-01-31 10:00:00Z',
    trace_id: '00000000-0000-0000-0000-000000000000',
    correlation_id: '00000000-0000-0000-0000-000000000000',
    ...fields,
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
