import { randomUUID } from 'node:crypto'
import { authorizationErrorPage } from './authorization-response.ts'
import { authorizationEndpoint, authorize } from './authorize.ts'
import type { IdentityContext } from './context.ts'
import { deviceAuthorization } from './device-endpoint.ts'
import { continueDeviceSignIn, deviceSignInPage } from './device-page.ts'
import { instanceDiscovery, keyIssuerOf, openidConfiguration } from './discovery.ts'
import { EntraError, diagnosticsOf, errorResponse } from './entra-errors.ts'
import { type SandboxRequest, type SandboxResponse, formOf, json } from '../http.ts'
import { signOut } from './sign-out.ts'
import { giveSecondFactor, localPath, signIn } from './sign-in.ts'
import { audienceOf } from './tenancy.ts'
import { tokenEndpoint } from './token-endpoint.ts'

/** The identity half of the sandbox; undefined for a path that is none of its own. */
export async function answerIdentity(
  context: IdentityContext,
  request: SandboxRequest,
): Promise<SandboxResponse | undefined> {
  const [, segment = '', ...rest] = request.url.pathname.split('/')
  const path = rest.join('/')
  try {
    return isPage(path)
      ? await showPage(context, request, segment, path)
      : numbered(await answerProgram(context, request, segment, path))
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    const sent = request.method === 'POST' ? formOf(request) : request.url.searchParams
    const diagnostics = diagnosticsOf(request, sent, context.now())
    return isPage(path)
      ? authorizationErrorPage(error, diagnostics)
      : errorResponse(error, diagnostics, request.url.origin)
  }
}

/** Every answer to a program has a number, under which Microsoft's support finds the request. */
function numbered(response: SandboxResponse | undefined): SandboxResponse | undefined {
  return response && { ...response, headers: { 'x-ms-request-id': randomUUID(), ...response.headers } }
}

/** Where people, not programs, are answered. */
function isPage(path: string): boolean {
  return /^(oauth2\/(v2\.0\/)?(authorize|logout|deviceauth)|login|mfa|consent)$/.test(path)
}

async function answerProgram(
  context: IdentityContext,
  request: SandboxRequest,
  segment: string,
  path: string,
): Promise<SandboxResponse | undefined> {
  const { origin, searchParams } = request.url
  const audience = () => audienceOf(context.directory, segment)
  const described = () => audienceOf(context.directory, segment, 'invalid_tenant')
  switch (path) {
    case 'discovery/instance':
      return instanceDiscovery(origin, searchParams.get('authorization_endpoint') ?? '')
    case 'v2.0/.well-known/openid-configuration':
      return openidConfiguration(origin, described(), 2)
    case '.well-known/openid-configuration':
      // Not a tenant but an issuer of its own: the cluster whose assertions the federated app trusts.
      return segment === 'workload'
        ? workloadConfiguration(origin)
        : openidConfiguration(origin, described(), 1)
    case 'discovery/v2.0/keys':
      return signingKeys(context, segment === 'workload' ? undefined : keyIssuerOf(origin, described()))
    case 'discovery/keys':
      described()
      return signingKeys(context, undefined)
    case 'oauth2/v2.0/token':
      return tokenEndpoint(context, request, audience(), 2)
    case 'oauth2/token':
      return tokenEndpoint(context, request, audience(), 1)
    case 'oauth2/v2.0/devicecode':
      return deviceAuthorization(context, request, audience(), 2)
    case 'oauth2/devicecode':
      return deviceAuthorization(context, request, audience(), 1)
    default:
      return undefined
  }
}

/** The public keys. In documents of version 2.0 each says whose tokens it signs, as Entra's do. */
function signingKeys({ keys }: IdentityContext, issuer: string | undefined): SandboxResponse {
  const { keys: published } = keys.published()
  const shown = issuer === undefined ? published : published.map((key) => ({ ...key, issuer }))
  return json(200, { keys: shown }, { 'access-control-allow-origin': '*' })
}

async function showPage(
  context: IdentityContext,
  request: SandboxRequest,
  segment: string,
  path: string,
): Promise<SandboxResponse> {
  const audience = audienceOf(context.directory, segment)
  if (path === 'oauth2/v2.0/authorize') return authorizationEndpoint(context, request, audience, 2)
  if (path === 'oauth2/authorize') return authorizationEndpoint(context, request, audience, 1)
  if (path.endsWith('logout')) return signOut(context, request)
  if (request.method === 'POST' && comesFromElsewhere(request)) {
    return {
      status: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'posted from another site',
    }
  }
  if (path.endsWith('deviceauth')) return deviceSignInPage(context, request)
  if (request.method !== 'POST') {
    throw new EntraError(
      'invalid_request',
      900561,
      `The endpoint only accepts POST requests. Received a ${request.method} request.`,
    )
  }
  if (path === 'login') return signIn(context, request, audience)
  if (path === 'mfa') return giveSecondFactor(context, request, audience)
  return decideConsent(context, request)
}

/** The consent page posts here; it goes on where the page came from. */
function decideConsent(context: IdentityContext, request: SandboxRequest): SandboxResponse {
  const form = formOf(request)
  const returnTo = localPath(request, form.get('returnTo') ?? '')
  const decision = form.get('consent')
  if (returnTo === undefined || (decision !== 'accept' && decision !== 'cancel')) {
    throw new EntraError('invalid_request', 9002313, 'Invalid request. Request is malformed or invalid.')
  }
  const url = new URL(returnTo, request.url.origin)
  if (url.pathname.endsWith('/deviceauth')) {
    return continueDeviceSignIn(context, request, url.searchParams.get('user_code') ?? '', decision)
  }
  return authorize(context, request, {
    audience: audienceOf(context.directory, url.pathname.split('/')[1] ?? ''),
    version: url.pathname.includes('/v2.0/') ? 2 : 1,
    sent: url.searchParams,
    decision,
  })
}

/** Browsers say where a post comes from; a form on another site must not act in a person's name. */
function comesFromElsewhere(request: SandboxRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function workloadConfiguration(origin: string): SandboxResponse {
  const issuer = `${origin}/workload`
  return json(200, {
    issuer,
    jwks_uri: `${issuer}/discovery/v2.0/keys`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  })
}
