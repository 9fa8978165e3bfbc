import { createHash, timingSafeEqual } from 'node:crypto'
import type { App } from '../directory.ts'
import { type ClientAssertion, checkClientAssertion } from './client-assertions.ts'
import type { IdentityContext } from './context.ts'
import { EntraError } from './entra-errors.ts'
import type { SandboxRequest } from '../http.ts'
import type { ClientProof } from './tokens.ts'

/** What a request shows to prove which client sends it. */
export interface PresentedClient {
  readonly clientId: string | undefined
  readonly secret: string | undefined
  readonly assertion: ClientAssertion | undefined
}

/** Client id and proof, from the form or from HTTP Basic (RFC 6749, section 2.3.1). */
export function presentedClient(request: SandboxRequest, form: URLSearchParams): PresentedClient {
  const basic = basicCredentials(request.headers.authorization)
  const assertion = form.get('client_assertion')
  return {
    clientId: form.get('client_id') ?? basic?.user,
    secret: form.get('client_secret') ?? basic?.password,
    assertion:
      assertion === null ? undefined : { jwt: assertion, type: form.get('client_assertion_type') ?? '' },
  }
}

/**
 * Checks the proof a client presents.
 * @returns how it proved itself; `none` where it presented nothing, which the grant may or may not allow
 * @throws EntraError AADSTS7000215, 7000222 for a wrong or expired secret; 70002x for assertions; 700025 for a secret
 *   presented by an app that has none
 */
export async function authenticateClient(
  context: IdentityContext,
  app: App,
  presented: PresentedClient,
  tokenEndpoints: readonly string[],
): Promise<ClientProof> {
  if (presented.assertion) {
    await checkClientAssertion(context, app, presented.assertion, tokenEndpoints)
    return 'key'
  }
  if (presented.secret === undefined || presented.secret === '') return 'none'
  checkSecret(app, presented.secret, context.now())
  return 'secret'
}

/** The refusal of a public client that presents a secret or an assertion. */
export function publicClientWithProof(): EntraError {
  return new EntraError(
    'invalid_client',
    700025,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  )
}

/** The refusal of a client that had to prove itself and did not. Entra words it differently for client credentials. */
export function missingProof(grantType: string): EntraError {
  return grantType === 'client_credentials'
    ? new EntraError(
        'invalid_client',
        7000216,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
      )
    : new EntraError(
        'invalid_client',
        7000218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
      )
}

function checkSecret(app: App, presented: string, now: Date): void {
  if (app.secrets.length === 0 && app.isFallbackPublicClient) throw publicClientWithProof()
  const matching = app.secrets.find(({ value }) => equal(value, presented))
  if (!matching) {
    throw new EntraError(
      'invalid_client',
      7000215,
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not ' +
        `the client secret ID, for a secret added to app '${app.appId}'.`,
    )
  }
  if (matching.expires <= now) {
    throw new EntraError(
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${app.appId}' are expired. Visit the Azure portal to create new keys ` +
        'for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added ' +
        'security: https://aka.ms/certCreds.',
    )
  }
}

function equal(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

function basicCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { user: formDecoded(text.slice(0, colon)), password: formDecoded(text.slice(colon + 1)) }
}

function formDecoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get('v') ?? ''
}
