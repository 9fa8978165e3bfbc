import type { App, Directory } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { registeredAs } from './redirect-uris.ts'
import { type Audience, clientOf } from './tenancy.ts'

export type ResponseMode = 'query' | 'fragment' | 'form_post'

/** Where an authorization response goes. Known before the rest is judged: later refusals are sent there. */
export interface ReturnAddress {
  readonly app: App
  readonly redirectUri: string
  readonly responseMode: ResponseMode
  readonly state: string | undefined
}

/** A well-formed authorization request (RFC 6749, section 4.1.1; OpenID Connect Core, section 3.1.2.1). */
export interface AuthorizationRequest {
  readonly scope: string
  readonly resource: string | undefined
  readonly prompts: ReadonlySet<string>
  readonly loginHint: string | undefined
  readonly nonce: string | undefined
  readonly claims: string | undefined
  readonly codeChallenge: { readonly method: 'S256' | 'plain'; readonly value: string } | undefined
  readonly wantsClientInfo: boolean
}

/**
 * Who asks and where the answer goes. What is wrong here is told to the person, never to the redirect URI.
 * @throws EntraError AADSTS900144, 700016, 50194, 50011
 */
export function returnAddress(
  directory: Directory,
  audience: Audience,
  sent: URLSearchParams,
): ReturnAddress {
  const app = clientOf(directory, audience, demanded(sent, 'client_id'))
  const redirectUri = sent.get('redirect_uri') ?? onlyRedirectUri(app)
  if (redirectUri === undefined || registeredAs(app, redirectUri) === undefined) {
    throw new EntraError(
      'invalid_request',
      50011,
      `The redirect URI '${redirectUri ?? ''}' specified in the request does not match the redirect URIs configured ` +
        `for the application '${app.appId}'. Make sure the redirect URI sent in the request matches one added to your ` +
        'application in the Azure portal.',
    )
  }
  const mode = sent.get('response_mode') ?? 'query'
  if (mode !== 'query' && mode !== 'fragment' && mode !== 'form_post') {
    throw new EntraError('invalid_request', 70007, `'${mode}' is not a supported value of 'response_mode'.`)
  }
  return { app, redirectUri, responseMode: mode, state: sent.get('state') ?? undefined }
}

/**
 * The rest of the request.
 * @throws EntraError to be sent to the redirect URI
 */
export function authorizationRequest(sent: URLSearchParams, version: 1 | 2): AuthorizationRequest {
  const responseType = demanded(sent, 'response_type')
  if (responseType.split(' ').includes('id_token')) {
    throw new EntraError(
      'unsupported_response_type',
      700054,
      "response_type 'id_token' is not enabled for the application.",
    )
  }
  if (responseType !== 'code') {
    throw new EntraError(
      'unsupported_response_type',
      70005,
      `response_type '${responseType}' is not supported for the application.`,
    )
  }
  return {
    scope: version === 2 ? demanded(sent, 'scope') : '',
    resource: version === 1 ? (sent.get('resource') ?? undefined) : undefined,
    prompts: promptsOf(sent.get('prompt') ?? ''),
    loginHint: sent.get('login_hint') ?? undefined,
    nonce: sent.get('nonce') ?? undefined,
    claims: sent.get('claims') ?? undefined,
    codeChallenge: challengeOf(sent),
    wantsClientInfo: sent.get('client_info') === '1',
  }
}

const knownPrompts = new Set(['none', 'login', 'consent', 'select_account', 'create'])

function promptsOf(prompt: string): ReadonlySet<string> {
  const prompts = new Set(prompt.split(' ').filter((word) => word !== ''))
  const unknown = [...prompts].find((word) => !knownPrompts.has(word))
  if (unknown !== undefined || (prompts.has('none') && prompts.size > 1)) {
    throw new EntraError('invalid_request', 90023, `Unsupported 'prompt' value: '${prompt}'.`)
  }
  return prompts
}

/** @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2 */
function challengeOf(sent: URLSearchParams): AuthorizationRequest['codeChallenge'] {
  const value = sent.get('code_challenge')
  if (value === null) return undefined
  const method = sent.get('code_challenge_method') ?? 'plain'
  if (method !== 'S256' && method !== 'plain') {
    throw new EntraError('invalid_request', 90100, 'code_challenge_method parameter is empty or not valid.')
  }
  if (!/^[\w.~-]{43,128}$/.test(value)) {
    throw new EntraError('invalid_request', 501491, 'Invalid size of Code_Challenge parameter.')
  }
  return { method, value }
}

function demanded(sent: URLSearchParams, name: string): string {
  const value = sent.get(name)
  if (value !== null && value !== '') return value
  throw new EntraError(
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  )
}

/** Without `redirect_uri` the only registered one is meant. */
function onlyRedirectUri(app: App): string | undefined {
  const all = [...app.publicClientRedirectUris, ...app.webRedirectUris]
  return all.length === 1 ? all[0] : undefined
}
